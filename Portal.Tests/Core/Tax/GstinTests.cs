using Portal.Core.Tax;

namespace Portal.Tests.Core.Tax;

public sealed class GstinTests
{
    [Theory]
    [InlineData("27AAPFU0939F1ZV", GstinForm.Regular, "27", "AAPFU0939F")]
    [InlineData("29AAGCB7383J1Z4", GstinForm.Regular, "29", "AAGCB7383J")]
    [InlineData("27AAPFU0939F1D4", GstinForm.Deductor, "27", "AAPFU0939F")]
    [InlineData("0717USA12345UNP", GstinForm.UnBody, "07", null)]
    [InlineData("3817USA12345NRJ", GstinForm.NonResident, "38", null)]
    [InlineData("9917SGP12345OSK", GstinForm.OnlineFromAbroad, null, null)]
    public void A_number_tells_its_form_its_state_and_its_PAN(string text, GstinForm form, string? state, string? pan)
    {
        var gstin = Gstin.TryParse(text).ShouldNotBeNull();
        (gstin.Form, gstin.StateCode, gstin.Pan).ShouldBe((form, state, pan));
    }

    [Theory]
    [InlineData("27AAPFU0939F1ZW")] // The check digit.
    [InlineData("27AAPFU0939F0Z5")] // Entity 0.
    [InlineData("27aapfu0939f1zv")] // Capital letters only.
    [InlineData("27AAPFU0939F1Z")]
    [InlineData("")]
    [InlineData(null)]
    public void Anything_else_is_none(string? text) => Gstin.IsValid(text).ShouldBeFalse();

    [Fact]
    public void Every_single_wrong_character_is_found()
    {
        const string Right = "27AAPFU0939F1ZV";
        const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        for (var index = 0; index < Right.Length; index++)
        {
            foreach (var letter in Alphabet.Where(letter => letter != Right[index]))
                Gstin.IsValid(string.Concat(Right.AsSpan(0, index), letter.ToString(), Right.AsSpan(index + 1))).ShouldBeFalse();
        }
    }

    [Fact]
    public void It_must_be_of_the_address_s_state()
    {
        Gstin.Complaint("27AAPFU0939F1ZV", "27").ShouldBeNull();
        Gstin.Complaint("27AAPFU0939F1ZV", null).ShouldBeNull();
        Gstin.Complaint("27AAPFU0939F1ZV", "29").ShouldBe("A GSTIN of this state starts with 29.");
        Gstin.Complaint("27AAPFU0939F1ZX", "27")!.ShouldContain("check digit");
    }
}

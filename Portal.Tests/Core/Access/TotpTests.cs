using Portal.Core.Access;

namespace Portal.Tests.Core.Access;

public sealed class TotpTests
{
    // The secret of RFC 6238's test vectors, "12345678901234567890", in Base32.
    private const string Key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    public void Codes_are_those_of_the_RFC(long seconds, string code) => Totp.CodeAt(Key, DateTimeOffset.FromUnixTimeSeconds(seconds)).ShouldBe(code);

    [Theory]
    [InlineData(-60, false)]
    [InlineData(-30, true)]
    [InlineData(0, true)]
    [InlineData(30, true)]
    [InlineData(60, false)]
    public void A_code_counts_one_step_to_either_side(int seconds, bool counts)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

        Totp.Match(Key, Totp.CodeAt(Key, now.AddSeconds(seconds)), null, now).HasValue.ShouldBe(counts);
    }

    [Fact]
    public void A_step_that_was_used_and_those_before_it_don_t_count_again()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        var step = Totp.Match(Key, Totp.CodeAt(Key, now), null, now).ShouldNotBeNull();

        Totp.Match(Key, Totp.CodeAt(Key, now), step, now).ShouldBeNull();
        Totp.Match(Key, Totp.CodeAt(Key, now.AddSeconds(-30)), step, now).ShouldBeNull();
        Totp.Match(Key, Totp.CodeAt(Key, now.AddSeconds(30)), step, now).ShouldBe(step + 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("٠٠٥٩٢٤")]
    [InlineData("abcdef")]
    public void What_is_no_code_is_none(string typed) => Totp.Match(Key, typed, null, DateTimeOffset.FromUnixTimeSeconds(1234567890)).ShouldBeNull();

    [Fact]
    public void Blanks_that_were_typed_don_t_matter() => Totp.Match(Key, " 005 924 ", null, DateTimeOffset.FromUnixTimeSeconds(1234567890)).ShouldNotBeNull();

    [Fact]
    public void Each_key_is_its_own_and_the_address_names_account_and_issuer()
    {
        var setup = SecondFactor.Prepare("o'neil+x@example.com");

        setup.Key.ShouldMatch("^[A-Z2-7]{32}$");
        setup.Key.ShouldNotBe(SecondFactor.Prepare("o'neil+x@example.com").Key);
        setup.Address.ShouldStartWith("otpauth://totp/Billing%20Portal:o%27neil%2Bx%40example.com?");
        setup.Address.ShouldContain($"secret={setup.Key}");
    }
}

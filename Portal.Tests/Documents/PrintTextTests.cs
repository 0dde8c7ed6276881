using Portal.Documents;

namespace Portal.Tests.Documents;

public sealed class PrintTextTests
{
    [Theory]
    [InlineData("Sample\r\nRetail\tLLP", "Sample Retail LLP")]
    [InlineData("  a   b  ", "a b")]
    [InlineData("abc\u202Egpj.exe", "abcgpj.exe")]
    [InlineData("क्‍ष", "क्‍ष")]
    [InlineData("a\u0000b", "a b")]
    public void A_line_is_clean(string typed, string printed) => PrintText.Line(typed).ShouldBe(printed);

    [Fact]
    public void A_long_word_may_break_and_a_short_one_not()
    {
        PrintText.Line("storage.gb_hours").ShouldBe("storage.gb_hours");
        PrintText.Line(new string('x', 60)).Split('\u200B').Max(part => part.Length).ShouldBe(26);
        PrintText.Line("metric_with_a_name.that-goes:on/and/on").Replace("\u200B", "").ShouldBe("metric_with_a_name.that-goes:on/and/on");
    }

    [Fact]
    public void Lines_stay_lines_without_empty_ones_at_the_ends() => PrintText.Lines("\n\na\n\nb\r\n\n").ShouldBe(["a", "", "b"]);
}

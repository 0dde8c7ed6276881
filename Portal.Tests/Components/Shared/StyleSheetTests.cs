using System.Text.RegularExpressions;
using Portal.Tests.Support;

namespace Portal.Tests.Components.Shared;

public sealed partial class StyleSheetTests
{
    public static TheoryData<string> Sheets => [.. Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "wwwroot-assets/src/css"), "*.css").Select(file => Path.GetFileName(file)!)];

    [Theory]
    [MemberData(nameof(Sheets))]
    public void Every_rule_is_closed(string sheet)
    {
        var depth = 0;
        foreach (var line in Comment().Replace(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "wwwroot-assets/src/css", sheet)), "").Split('\n'))
        {
            // A rule that begins in the first column stands in no other.
            if (line.EndsWith('{') && !line.StartsWith(' '))
                depth.ShouldBe(0, $"{sheet}: the rule before '{line}' is not closed");
            depth += line.Count(character => character == '{') - line.Count(character => character == '}');
        }

        depth.ShouldBe(0, sheet);
    }

    [Theory]
    [MemberData(nameof(Sheets))]
    public void Colours_are_named_by_the_tokens_alone(string sheet)
    {
        if (sheet == "tokens.css")
            return;
        Colour().Matches(Comment().Replace(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "wwwroot-assets/src/css", sheet)), "")).Select(match => match.Value).ShouldBeEmpty();
    }

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(")]
    private static partial Regex Colour();
}

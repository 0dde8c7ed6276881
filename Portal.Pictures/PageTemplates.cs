using System.Text.RegularExpressions;
using Portal.Tests.Support;

namespace Portal.Pictures;

/// <summary>A page's route.</summary>
/// <param name="Text">As the page declares it: <c>/admin/organisations/{Id:guid}</c>.</param>
/// <param name="Address">What matches it.</param>
internal sealed record PageTemplate(string Text, Regex Address)
{
    /// <summary>A name for files: the route's own words, and the tab of a page that has some.</summary>
    /// <param name="path">An address of this route.</param>
    public string FileName(string path) => Text == "/" ? "start" : string.Join('-', Text.Split('/', StringSplitOptions.RemoveEmptyEntries)
        .Zip(path.Split('/', StringSplitOptions.RemoveEmptyEntries), (part, value) => part is "{Tab}" ? value : part.Trim('{', '}').Split(':')[0].TrimStart('*')));

    /// <summary>How many of its parts are fixed: the more, the better it fits.</summary>
    public int Fixed => Text.Split('/').Count(part => !part.StartsWith('{'));
}

/// <summary>The routes of all pages, read from their sources, so that a new page can't be forgotten.</summary>
internal static partial class PageTemplates
{
    public static IReadOnlyList<PageTemplate> All { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "Portal", "Components"), "*.razor", SearchOption.AllDirectories)
            .SelectMany(File.ReadLines)
            .Select(line => Declaration().Match(line))
            .Where(match => match.Success)
            .Select(match => match.Groups[1].Value)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Select(text => new PageTemplate(text, AddressOf(text))),
    ];

    /// <summary>The route that an address leads to; null when it is no page.</summary>
    public static PageTemplate? Of(string path) => All.Where(template => template.Address.IsMatch(path)).MaxBy(template => template.Fixed);

    private static Regex AddressOf(string template) => new(
        "^" + Parameter().Replace(template, match => match.Value.Contains(":guid", StringComparison.Ordinal) ? "[0-9a-f-]{36}" : "[^/?]+") + "$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));

    [GeneratedRegex("^@page \"([^\"]+)\"")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}

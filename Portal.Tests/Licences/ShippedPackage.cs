using System.Text;
using System.Text.RegularExpressions;

namespace Portal.Tests.Licences;

/// <summary>A package that goes out with the product, as it was restored.</summary>
/// <param name="Source"><c>NuGet</c> or <c>npm</c>.</param>
/// <param name="Name">The package's name.</param>
/// <param name="Version">As restored.</param>
/// <param name="Folder">Where its files lie.</param>
/// <param name="Declared">An SPDX expression; empty when the package declares nothing that can be read.</param>
internal sealed partial record ShippedPackage(string Source, string Name, string Version, string Folder, string Declared)
{
    /// <summary>The licence texts that it brings, each with its path inside the package. Lists of what others' licences are come in notices, which are not these.</summary>
    public IReadOnlyList<(string Path, string Text)> Texts { get; } =
    [
        .. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Where(file => LicenceName().IsMatch(Path.GetFileName(file)))
            .Select(file => (Path.GetRelativePath(Folder, file), File.ReadAllText(file, Encoding.UTF8))).OrderBy(text => text.Item1, StringComparer.Ordinal),
    ];

    /// <summary>Everything that binds who ships it: what it declares, and what the texts in it say.</summary>
    public IReadOnlyList<string> Licences => [.. LicenceText.Binding(Declared).Concat(Texts.SelectMany(text => LicenceText.Identify(text.Text))).Distinct(StringComparer.Ordinal)];

    /// <summary>What stands against shipping it; empty when nothing does.</summary>
    public IEnumerable<string> Objections()
    {
        if (Declared.Length == 0)
            yield return $"{Name} {Version} declares no licence.";
        foreach (var licence in Licences.Where(licence => licence.Length > 0 && !LicenceText.Allowed.Contains(licence)))
            yield return $"{Name} {Version} is under {licence}, which is not allowed.";
        foreach (var (path, text) in Texts.Where(text => LicenceText.Identify(text.Text).Count == 0))
            yield return $"{Name} {Version} has a licence that nobody knows in {path}: {text[..Math.Min(80, text.Length)].ReplaceLineEndings(" ")}";
        // A package may bring the text of each licence it declares, or none; not the text of another instead.
        var said = Texts.SelectMany(text => LicenceText.Identify(text.Text)).ToHashSet(StringComparer.Ordinal);
        if (said.Count > 0 && !LicenceText.Binding(Declared).Any(said.Contains))
            yield return $"{Name} {Version} declares {Declared}, and its text says {string.Join(", ", said)}.";
    }

    [GeneratedRegex(@"^(LICEN[CS]E|COPYING|UNLICENSE|EULA)([-_.].*)?$", RegexOptions.IgnoreCase)]
    private static partial Regex LicenceName();
}

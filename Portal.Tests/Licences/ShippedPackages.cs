using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Portal.Tests.Support;

namespace Portal.Tests.Licences;

/// <summary>Finds what is shipped in what was restored: the assets file of the Portal, its asset targets, and node_modules.</summary>
internal static partial class ShippedPackages
{
    private static readonly string s_portal = Path.Combine(RepositoryRoot.Path, "Portal");

    /// <summary>Where npm put its packages.</summary>
    public static string NodeModules { get; } = Path.Combine(RepositoryRoot.Path, "wwwroot-assets", "node_modules");

    /// <summary>
    /// The NuGet packages with files that are published, and those that files are taken out of. What is only there to build (analysers) has none.
    /// </summary>
    public static IReadOnlyList<ShippedPackage> FromNuGet()
    {
        using var assets = JsonDocument.Parse(File.ReadAllText(Path.Combine(s_portal, "obj", "project.assets.json")));
        var root = assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name).ToList();
        string Folder(string path) => root.Select(folder => Path.Combine(folder, path)).First(Directory.Exists);

        var libraries = assets.RootElement.GetProperty("libraries");
        var packages = assets.RootElement.GetProperty("targets").EnumerateObject().Single().Value.EnumerateObject()
            .Where(library => library.Value.GetProperty("type").GetString() == "package")
            .Select(library => (library.Name, library.Value, Folder: Folder(libraries.GetProperty(library.Name).GetProperty("path").GetString()!)))
            .Where(library => IsPublished(library.Value) || Directory.Exists(Path.Combine(library.Folder, "staticwebassets")))
            .Select(library => Read(library.Folder));
        var taken = assets.RootElement.GetProperty("project").GetProperty("frameworks").EnumerateObject().Single().Value.GetProperty("downloadDependencies").EnumerateArray()
            .Select(package => Read(Folder(Path.Combine(package.GetProperty("name").GetString()!.ToLowerInvariant(), package.GetProperty("version").GetString()!.Trim('[', ']').Split(',')[0]))));
        return [.. packages.Concat(taken).OrderBy(package => package.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The npm packages that the asset targets copy to the browser's files, or beside the program.</summary>
    public static IReadOnlyList<ShippedPackage> FromNpm() =>
    [
        .. NodeModule().Matches(File.ReadAllText(Path.Combine(s_portal, "Portal.Assets.targets"))).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal)
            .Select(name => Path.Combine(NodeModules, name))
            .SelectMany(folder => File.Exists(Path.Combine(folder, "package.json")) ? [folder] : Directory.GetDirectories(folder))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(ReadNode),
    ];

    private static bool IsPublished(JsonElement library) => new[] { "runtime", "native", "runtimeTargets", "contentFiles" }.Any(kind =>
        library.TryGetProperty(kind, out var files) && files.EnumerateObject().Any(file => !file.Name.EndsWith("/_._", StringComparison.Ordinal)));

    private static ShippedPackage Read(string folder)
    {
        var metadata = XDocument.Load(Directory.GetFiles(folder, "*.nuspec").Single()).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        string? Value(string name) => metadata.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value;

        var licence = metadata.Elements().FirstOrDefault(element => element.Name.LocalName == "license");
        // A bare address of a licence says nothing that could be checked: such a package declares none.
        var declared = licence?.Attribute("type")?.Value switch
        {
            "expression" => licence.Value,
            "file" => string.Join(" AND ", LicenceText.Identify(File.ReadAllText(Path.Combine(folder, licence.Value.Replace('\\', '/'))))),
            _ => "",
        };
        return new ShippedPackage("NuGet", Value("id")!, Value("version")!, folder, declared);
    }

    private static ShippedPackage ReadNode(string folder)
    {
        using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "package.json")));
        var licence = package.RootElement.TryGetProperty("license", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : "";
        return new ShippedPackage("npm", package.RootElement.GetProperty("name").GetString()!, package.RootElement.GetProperty("version").GetString()!, folder, licence);
    }

    [GeneratedRegex(@"\$\(AssetsNodeModulesDir\)((?:@[\w.-]+(?:/[\w.-]+(?=/))?)|[A-Za-z][\w.-]*)")]
    private static partial Regex NodeModule();
}

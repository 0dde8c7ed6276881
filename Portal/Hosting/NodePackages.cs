namespace Portal.Hosting;

/// <summary>
/// The npm packages that the product uses at run time. They lie in <c>wwwroot-assets/node_modules</c>: of the
/// repository, or beside the program when it was published.
/// </summary>
public static class NodePackages
{
    /// <summary>Names the folder that holds <c>node_modules</c> where it is not found by itself.</summary>
    public const string Key = "Billing:AssetsDirectory";

    private const string FolderName = "wwwroot-assets";

    /// <summary>The folder of a package, <c>@scope/name</c>; null when it is not installed.</summary>
    public static string? Find(IConfiguration configuration, IHostEnvironment environment, string package)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(environment);
        var configured = configuration[Key];
        return string.IsNullOrWhiteSpace(configured)
            ? Find([environment.ContentRootPath, AppContext.BaseDirectory], package)
            : FindIn([Path.GetFullPath(configured, environment.ContentRootPath)], package);
    }

    /// <summary>As above, looking for <c>wwwroot-assets</c> in these folders and all above them.</summary>
    public static string? Find(IEnumerable<string> startingPoints, string package) =>
        FindIn(startingPoints.SelectMany(Upwards).Select(folder => Path.Combine(folder, FolderName)), package);

    private static string? FindIn(IEnumerable<string> folders, string package) => folders
        .Select(folder => Path.Combine([folder, "node_modules", .. package.Split('/')]))
        .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "package.json")));

    private static IEnumerable<string> Upwards(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            yield return at.FullName;
        }
    }
}

namespace Portal.Hosting;

/// <summary>Paths as the operating system itself reports them.</summary>
public static class PhysicalPath
{
    /// <summary>The absolute path with every symbolic link on the way followed.</summary>
    public static string Of(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var parent = Path.GetDirectoryName(full);
        if (parent is null)
        {
            return full;
        }

        var here = Path.Combine(Of(parent), Path.GetFileName(full));
        var target = new DirectoryInfo(here).LinkTarget;
        return target is null ? here : Of(Path.GetFullPath(target, Path.GetDirectoryName(here)!));
    }
}

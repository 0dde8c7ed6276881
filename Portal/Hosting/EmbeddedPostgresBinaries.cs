using System.Text.Json;

namespace Portal.Hosting;

/// <summary>
/// A copy of the package's binaries to run from: npm takes the package away under a running server when it
/// reinstalls, does not keep symbolic links, and as root the server's own user could not reach a folder below a
/// private home.
/// </summary>
/// <param name="Folder">Holds <c>bin</c>, <c>lib</c> and <c>share</c>.</param>
public sealed record EmbeddedPostgresBinaries(string Folder)
{
    private const string FolderForRoot = "/var/cache/billing-portal";

    private const UnixFileMode ReadableByAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode RunnableByAll =
        ReadableByAll | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The full path of a program.</summary>
    public string Program(string name) =>
        Path.Combine(Folder, "bin", OperatingSystem.IsWindows() ? name + ".exe" : name);

    /// <summary>Copies the binaries unless that version has been copied before.</summary>
    /// <exception cref="StartupException">There is no place to copy them to.</exception>
    public static EmbeddedPostgresBinaries Install(EmbeddedPostgresPackage package, string folderForOrdinaryUser)
    {
        ArgumentNullException.ThrowIfNull(package);
        var parent = EmbeddedPostgresCommand.DropsRoot ? FolderForRoot : folderForOrdinaryUser;
        var target = Path.Combine(parent, $"postgres-{package.Platform}-{package.Version}");
        if (Directory.Exists(target))
        {
            return new EmbeddedPostgresBinaries(target);
        }

        var partial = $"{target}.{Environment.ProcessId}";
        try
        {
            Copy(new DirectoryInfo(Path.Combine(package.Root, "native")), partial);
            Link(package.Root, partial);
            Directory.Move(partial, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            // Another process was faster; its copy is as good.
            Directory.Delete(partial, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"the embedded PostgreSQL can't be copied to {parent}: {exception.Message}", exception);
        }

        return new EmbeddedPostgresBinaries(target);
    }

    private static void Copy(DirectoryInfo from, string to)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(to);
        }
        else
        {
            Directory.CreateDirectory(to);
            File.SetUnixFileMode(to, RunnableByAll);
        }

        foreach (var folder in from.EnumerateDirectories())
        {
            Copy(folder, Path.Combine(to, folder.Name));
        }

        // Static libraries are for compiling against.
        foreach (var file in from.EnumerateFiles().Where(file => file.Extension is not ".a"))
        {
            var copy = Path.Combine(to, file.Name);
            file.CopyTo(copy, overwrite: true);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(copy, from.Name is "bin" ? RunnableByAll : ReadableByAll);
            }
        }
    }

    // npm packages hold no symbolic links; this one lists those its libraries need: [{"source":"native/lib/a.so.1.2","target":"native/lib/a.so.1"}].
    private static void Link(string packageRoot, string folder)
    {
        var list = Path.Combine(packageRoot, "native", "pg-symlinks.json");
        if (!File.Exists(list))
        {
            return;
        }

        using var links = JsonDocument.Parse(File.ReadAllBytes(list));
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var source = Path.Combine(folder, Path.GetRelativePath("native", link.GetProperty("source").GetString()!));
            var target = Path.Combine(folder, Path.GetRelativePath("native", link.GetProperty("target").GetString()!));
            if (File.Exists(source) && !File.Exists(target))
            {
                File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
            }
        }
    }
}

namespace Portal.Hosting;

/// <summary>
/// The folder of what this installation keeps on disk (<c>Billing:DataDirectory</c>, default <c>.data</c> at the
/// content root). While a process uses the embedded database it holds the folder's lock, which the operating system
/// gives back however the process ends.
/// </summary>
public sealed class DataFolder : IDisposable
{
    /// <summary>The configuration key of the folder.</summary>
    public const string Key = "Billing:DataDirectory";

    private readonly FileStream? claim;

    private DataFolder(string path, FileStream? claim)
    {
        FullPath = path;
        this.claim = claim;
    }

    /// <summary>The absolute path; the folder exists.</summary>
    public string FullPath { get; }

    /// <summary>Whether this process holds the lock.</summary>
    public bool IsClaimed => claim is not null;

    /// <summary>Finds and makes the folder, without claiming it.</summary>
    /// <exception cref="StartupException">The folder can't be made or written.</exception>
    public static DataFolder Open(IConfiguration configuration, IHostEnvironment environment) =>
        new(Make(configuration, environment), null);

    /// <summary>Finds and makes the folder and claims it for this process.</summary>
    /// <exception cref="StartupException">Another process holds it, or it can't be made or written.</exception>
    public static DataFolder Claim(IConfiguration configuration, IHostEnvironment environment)
    {
        var path = Make(configuration, environment);
        return TryLock(path) is { } claim
            ? new DataFolder(path, claim)
            : throw new StartupException(
                $"another Billing Portal is running on the data folder {path}. Stop it first, or set {Key} to another folder.");
    }

    /// <summary>As <see cref="Claim"/>, but opens the folder unclaimed when another process holds it.</summary>
    public static DataFolder ClaimOrJoin(IConfiguration configuration, IHostEnvironment environment)
    {
        var path = Make(configuration, environment);
        return new DataFolder(path, TryLock(path));
    }

    /// <summary>Takes the lock of a folder; null when another process holds it.</summary>
    public static FileStream? TryLock(string folder)
    {
        var file = Path.Combine(folder, ".lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new StartupException($"the data folder {folder} can't be written: {exception.Message}", exception);
        }
        catch (IOException) when (File.Exists(file))
        {
            return null;
        }
    }

    public void Dispose() => claim?.Dispose();

    private static string Make(IConfiguration configuration, IHostEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(environment);
        var configured = configuration[Key];
        var path = string.IsNullOrWhiteSpace(configured)
            ? Path.Combine(RunsFromSources(environment) ? Path.GetDirectoryName(environment.ContentRootPath.TrimEnd(Path.DirectorySeparatorChar))! : environment.ContentRootPath, ".data")
            : Path.GetFullPath(configured, environment.ContentRootPath);
        try
        {
            return PrivateFolder.Make(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"the data folder {path} ({Key}) can't be made: {exception.Message}", exception);
        }
    }

    // In a clone the folder lies beside the solution; a published product keeps it beside itself.
    private static bool RunsFromSources(IHostEnvironment environment) =>
        File.Exists(Path.Combine(environment.ContentRootPath, "..", "Billing.sln"));
}

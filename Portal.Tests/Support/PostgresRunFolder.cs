using Portal.Hosting;

namespace Portal.Tests.Support;

/// <summary>
/// The folder of one test run's cluster. It is locked while the run lives; whoever comes later removes the folders,
/// and stops the servers, of runs that were killed.
/// </summary>
public sealed class PostgresRunFolder : IDisposable
{
    private static readonly string Base = Path.Combine(Path.GetTempPath(), $"billing-portal-tests-{Environment.UserName}");

    /// <summary>A folder below, for the data of a product that a test starts.</summary>
    public const string DataFolderName = "data";

    private readonly FileStream claim;

    private PostgresRunFolder(EmbeddedPostgresSettings settings, FileStream claim)
    {
        Settings = settings;
        this.claim = claim;
    }

    /// <summary>How the cluster in this folder is set up.</summary>
    public EmbeddedPostgresSettings Settings { get; }

    /// <summary>The PostgreSQL of this repository.</summary>
    public static EmbeddedPostgresPackage Package => EmbeddedPostgresPackage.Find([AppContext.BaseDirectory]);

    /// <summary>Clears what killed runs left and makes the folder of this one.</summary>
    public static async Task<PostgresRunFolder> MakeAsync(string runId)
    {
        PrivateFolder.Make(Base);
        foreach (var folder in Directory.GetDirectories(Base, "run-*"))
        {
            await RemoveIfAbandonedAsync(folder);
        }

        return MakeLocked(runId);
    }

    /// <summary>Makes the folder and leaves the others alone.</summary>
    public static PostgresRunFolder MakeLocked(string runId)
    {
        var path = PrivateFolder.Make(Path.Combine(Base, $"run-{runId}"));
        return new PostgresRunFolder(SettingsFor(path), DataFolder.TryLock(path)!);
    }

    public void Dispose()
    {
        Directory.Delete(Settings.Folder, recursive: true);
        claim.Dispose();
    }

    private static EmbeddedPostgresSettings SettingsFor(string path) =>
        EmbeddedPostgresSettings.ForTests(path, Path.Combine(Base, "bin"));

    private static async Task RemoveIfAbandonedAsync(string folder)
    {
        // A folder that was made this very moment may not be locked yet.
        if (TimeProvider.System.GetUtcNow() - Directory.GetCreationTimeUtc(folder) < TimeSpan.FromSeconds(10))
        {
            return;
        }

        using var claim = DataFolder.TryLock(folder);
        if (claim is not null)
        {
            await EmbeddedPostgres.EndAsync(SettingsFor(folder), Package, CancellationToken.None);
            await EmbeddedPostgres.EndAsync(SettingsFor(Path.Combine(folder, DataFolderName)), Package, CancellationToken.None);
            Directory.Delete(folder, recursive: true);
        }
    }
}

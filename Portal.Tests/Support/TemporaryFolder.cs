namespace Portal.Tests.Support;

/// <summary>A folder of one test, removed with what is in it; with a server that was left there, too, when the run was killed.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly PostgresRunFolder run = PostgresRunFolder.MakeLocked($"{Environment.ProcessId:x}t{Random.Shared.Next():x}");

    public TemporaryFolder() => FullPath = Directory.CreateDirectory(Path.Combine(run.Settings.Folder, PostgresRunFolder.DataFolderName)).FullName;

    /// <summary>The absolute path.</summary>
    public string FullPath { get; }

    public void Dispose() => run.Dispose();
}

namespace Portal.Tests.Support;

/// <summary>A folder of one test, removed with what is in it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>The absolute path.</summary>
    public string FullPath { get; } = Directory.CreateTempSubdirectory("billing-portal-").FullName;

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}

namespace Portal.Tests.Support;

/// <summary>Finds the folder of Billing.sln above the running tests.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder)
    {
        for (var directory = new DirectoryInfo(folder); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(directory.FullName, "Billing.sln")))
                return directory.FullName;
        }

        throw new InvalidOperationException($"There is no Billing.sln above {folder}.");
    }
}

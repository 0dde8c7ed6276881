namespace Portal.Hosting;

/// <summary>
/// Where the database is, made ready to be connected to: the operator's server when one is configured, else the
/// embedded one, which is stopped when this is disposed.
/// </summary>
public sealed class DatabaseAddress : IAsyncDisposable
{
    /// <summary>The name of the connection string.</summary>
    public const string Name = "Billing";

    private DatabaseAddress(string connectionString, EmbeddedPostgres? embedded)
    {
        ConnectionString = connectionString;
        Embedded = embedded;
    }

    /// <summary>For Npgsql; holds a password.</summary>
    public string ConnectionString { get; }

    /// <summary>The server that this process runs; null with a configured database, or one that another process runs.</summary>
    public EmbeddedPostgres? Embedded { get; }

    /// <summary>Whether no database is configured, so that the embedded one is used.</summary>
    public static bool IsEmbedded(IConfiguration configuration) =>
        string.IsNullOrWhiteSpace(configuration.GetConnectionString(Name));

    /// <summary>
    /// The data folder, claimed for this process when its database is the embedded one; several nodes may share a
    /// folder on one machine when the database is configured.
    /// </summary>
    /// <exception cref="StartupException">Another process holds the folder, or it can't be written.</exception>
    public static DataFolder OpenFolder(IConfiguration configuration, IHostEnvironment environment) =>
        IsEmbedded(configuration) ? DataFolder.Claim(configuration, environment) : DataFolder.Open(configuration, environment);

    /// <summary>
    /// As <see cref="OpenFolder"/>, for commands that may run beside the product: they use the server it runs.
    /// </summary>
    public static DataFolder OpenFolderForCommand(IConfiguration configuration, IHostEnvironment environment) =>
        IsEmbedded(configuration) ? DataFolder.ClaimOrJoin(configuration, environment) : DataFolder.Open(configuration, environment);

    /// <summary>Checks the configured server, or starts the embedded one and makes its database.</summary>
    /// <exception cref="StartupException">With the one line to print.</exception>
    public static async Task<DatabaseAddress> PrepareAsync(
        DataFolder folder, IConfiguration configuration, IHostEnvironment environment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!IsEmbedded(configuration))
        {
            var configured = configuration.GetConnectionString(Name)!;
            await ConfiguredDatabase.EnsureUsableAsync(configured, cancellationToken);
            return new DatabaseAddress(configured, null);
        }

        var settings = EmbeddedPostgresSettings.ForProduct(folder.FullPath);
        if (!folder.IsClaimed)
        {
            return new DatabaseAddress(EmbeddedPostgres.AddressOfRunning(settings), null);
        }

        var package = EmbeddedPostgresPackage.Find(configuration, environment);
        var server = await EmbeddedPostgres.StartAsync(settings, package, cancellationToken);
        try
        {
            return new DatabaseAddress(await server.EnsureDatabaseAsync(EmbeddedPostgres.ProductDatabase, cancellationToken), server);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Embedded is not null)
        {
            await Embedded.DisposeAsync();
        }
    }
}

using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace Portal.Hosting;

/// <summary>
/// A PostgreSQL server of our own on a cluster folder: made on the first start, on the loopback interface only, with a
/// password, stopped when this is disposed. Whoever makes one must hold the folder's lock.
/// </summary>
public sealed partial class EmbeddedPostgres : IAsyncDisposable
{
    /// <summary>The product's database.</summary>
    public const string ProductDatabase = "billing";

    private const string Superuser = "billing";

    private readonly EmbeddedPostgresSettings settings;
    private readonly EmbeddedPostgresBinaries binaries;
    private readonly string password;
    private readonly SemaphoreSlim gate = new(1, 1);
    private int port;
    private bool stopped;

    private EmbeddedPostgres(EmbeddedPostgresSettings settings, EmbeddedPostgresBinaries binaries, string password, int port)
    {
        this.settings = settings;
        this.binaries = binaries;
        this.password = password;
        this.port = port;
    }

    /// <summary>The server's process; 0 before the first start.</summary>
    public int ProcessId { get; private set; }

    /// <summary>Whether the server's process is there.</summary>
    public bool IsRunning => ProcessId > 0 && EmbeddedPostgresProcesses.IsAlive(ProcessId);

    /// <summary>Makes the cluster where there is none, ends what an earlier process left running on it, and starts it.</summary>
    /// <exception cref="StartupException">With the reason that the server gave.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(
        EmbeddedPostgresSettings settings, EmbeddedPostgresPackage package, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        PrivateFolder.Make(settings.Folder);
        var installed = EmbeddedPostgresBinaries.Install(package, settings.BinariesFolder);
        var secret = await InitialiseAsync(settings, installed, cancellationToken);
        var server = new EmbeddedPostgres(settings, installed, secret, RememberedPort(settings) ?? LoopbackPort.FindFree());
        try
        {
            await server.StartAnywhereAsync(cancellationToken);
            return server;
        }
        catch
        {
            // Told to stop half way: the server may be starting already.
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends whatever server processes still work on a cluster that nobody holds any more.</summary>
    public static async Task EndAsync(EmbeddedPostgresSettings settings, EmbeddedPostgresPackage package, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (Directory.Exists(settings.Cluster))
        {
            var installed = EmbeddedPostgresBinaries.Install(package, settings.BinariesFolder);
            await new EmbeddedPostgres(settings, installed, "", 0).EndLeftoversAsync(cancellationToken);
        }
    }

    /// <summary>The address of the product's database on a server that another process runs.</summary>
    /// <exception cref="StartupException">That process has not come so far yet.</exception>
    public static string AddressOfRunning(EmbeddedPostgresSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return File.Exists(settings.PasswordFile) && File.Exists(settings.PortFile)
            ? Address(ProductDatabase, ReadPort(settings), File.ReadAllText(settings.PasswordFile))
            : throw new StartupException($"the Billing Portal that holds {settings.Folder} is still starting; try again in a moment.");
    }

    /// <summary>For Npgsql; holds the password.</summary>
    public string Address(string database) => Address(database, port, password);

    /// <summary>Makes the database where it is missing.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> EnsureDatabaseAsync(string database, CancellationToken cancellationToken)
    {
        var maintenance = new NpgsqlConnectionStringBuilder(Address("postgres")) { Pooling = false };
        await using var connection = new NpgsqlConnection(maintenance.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var find = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection)
        {
            Parameters = { new NpgsqlParameter { Value = database } },
        };
        if (await find.ExecuteScalarAsync(cancellationToken) is null)
        {
            await using var create = new NpgsqlCommand($"CREATE DATABASE \"{database.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        return Address(database);
    }

    /// <summary>Starts the server again on its port when it has died. Nothing happens once it was stopped.</summary>
    /// <exception cref="StartupException">With the reason that the server gave.</exception>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (!stopped && !IsRunning)
            {
                await LaunchAsync(cancellationToken);
            }
        }
        catch (PortTakenException exception)
        {
            // Everybody holds the address with this port: it must become free again.
            throw new StartupException($"its port {port.ToString(CultureInfo.InvariantCulture)} was taken by another program.", exception);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Stops the server: open transactions are rolled back, everything committed is on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        await gate.WaitAsync();
        try
        {
            if (!stopped)
            {
                stopped = true;
                await StopAsync(CancellationToken.None);
            }
        }
        finally
        {
            gate.Release();
        }
    }

    private static string Address(string database, int port, string password) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Database = database,
        Username = Superuser,
        Password = password,
        // Nothing leaves the machine, and the server has no certificate.
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    private static int? RememberedPort(EmbeddedPostgresSettings settings) =>
        File.Exists(settings.PortFile) && ReadPort(settings) is > 0 and var remembered ? remembered : null;

    private static int ReadPort(EmbeddedPostgresSettings settings) =>
        int.TryParse(File.ReadAllText(settings.PortFile), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0;

    private static string NewPassword() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
}

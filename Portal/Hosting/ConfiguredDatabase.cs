using System.Diagnostics;
using System.Net.Sockets;
using Npgsql;

namespace Portal.Hosting;

/// <summary>A PostgreSQL server that the operator runs and names in <c>ConnectionStrings:Billing</c>.</summary>
public static class ConfiguredDatabase
{
    /// <summary>The oldest PostgreSQL that the product works on.</summary>
    public const int OldestMajorVersion = 15;

    private const string Key = "ConnectionStrings__Billing";

    /// <summary>How long a server that does not answer yet is waited for, as when both start at once.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Connects once and looks at the version.</summary>
    /// <exception cref="StartupException">Not readable, not reachable in ten seconds, refused, or too old. Names host and
    /// port, never the password.</exception>
    public static async Task EnsureUsableAsync(string connectionString, CancellationToken cancellationToken)
    {
        var settings = Read(connectionString);
        var place = $"{settings.Host}:{settings.Port}";
        var started = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await ProbeAsync(settings, started.Elapsed, place, cancellationToken);
                return;
            }
            catch (NpgsqlException exception) when (IsFinal(exception))
            {
                throw new StartupException($"the database at {place} ({Key}) can't be used: {Reason(exception)}.", exception);
            }
            catch (Exception exception) when (IsUnreachable(exception))
            {
                if (started.Elapsed + Pause >= Patience)
                {
                    throw new StartupException($"the database at {place} ({Key}) can't be reached: {Reason(exception)}.", exception);
                }

                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    private static NpgsqlConnectionStringBuilder Read(string connectionString)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException)
        {
#pragma warning disable MA0054 // The inner exception may quote the value, and so the password.
            throw new StartupException($"{Key} can't be read; write it as Host=...;Port=5432;Database=...;Username=...;Password=...");
#pragma warning restore MA0054
        }

        return string.IsNullOrEmpty(settings.Host) ? throw new StartupException($"{Key} names no Host.") : settings;
    }

    private static async Task ProbeAsync(
        NpgsqlConnectionStringBuilder configured, TimeSpan elapsed, string place, CancellationToken cancellationToken)
    {
        var probe = new NpgsqlConnectionStringBuilder(configured.ConnectionString)
        {
            Pooling = false,
            Timeout = Math.Clamp((int)Math.Ceiling((Patience - elapsed).TotalSeconds), 1, 10),
        };
        // Only the version is asked for; types would be loaded with a query of their own.
        var builder = new NpgsqlDataSourceBuilder(probe.ConnectionString).ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        await using var source = builder.Build();
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        if (connection.PostgreSqlVersion.Major < OldestMajorVersion)
        {
            throw new StartupException(
                $"the database at {place} is PostgreSQL {connection.PostgreSqlVersion}; {OldestMajorVersion} or later is needed.");
        }
    }

    // Wrong credentials, no such database, no permission, no TLS: waiting would not mend them. Starting up, too many
    // connections and shutting down pass; what has an inner exception is the network's.
    private static bool IsFinal(NpgsqlException exception) =>
        exception is PostgresException server
            ? server.SqlState is not ("57P03" or "53300" or "57P01")
            : exception.InnerException is null;

    private static bool IsUnreachable(Exception exception) => exception is NpgsqlException or SocketException or TimeoutException;

    private static string Reason(Exception exception) => exception switch
    {
        PostgresException server => server.MessageText,
        { InnerException: SocketException socket } => socket.Message,
        { InnerException: TimeoutException } or TimeoutException => "no answer in time",
        _ => exception.Message,
    };
}

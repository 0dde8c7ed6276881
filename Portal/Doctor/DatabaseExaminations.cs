using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;
using Portal.Hosting;

namespace Portal.Doctor;

/// <summary>Reads figures by hand-written SQL, with a limit of its own.</summary>
internal static class DoctorSql
{
    private const int TimeoutSeconds = 10;

    public static async Task<T> AskAsync<T>(this NpgsqlDataSource dataSource, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.CommandTimeout = TimeoutSeconds;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return read(reader);
    }
}

/// <summary>The server answers and is new enough.</summary>
internal sealed class DatabaseExamination(NpgsqlDataSource dataSource) : IExamination
{
    public string Name => "Database";

    public async Task<Finding> LookAsync(CancellationToken cancellationToken)
    {
        var (version, number, size) = await dataSource.AskAsync(
            "SELECT current_setting('server_version'), current_setting('server_version_num')::integer, pg_size_pretty(pg_database_size(current_database()))",
            reader => (reader.GetString(0), reader.GetInt32(1), reader.GetString(2)), cancellationToken);
        return number / 10_000 >= ConfiguredDatabase.OldestMajorVersion
            ? new Finding(Name, FindingState.Good, $"PostgreSQL {version}, {size}.")
            : new Finding(Name, FindingState.Bad, $"PostgreSQL {version}.", $"Upgrade to PostgreSQL {ConfiguredDatabase.OldestMajorVersion} or later.");
    }
}

/// <summary>The database is at the version of this program.</summary>
internal sealed class MigrationsExamination(IDbContextFactory<BillingDbContext> contexts) : IExamination
{
    public string Name => "Migrations";

    public async Task<Finding> LookAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var applied = (await context.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        var known = context.Database.GetMigrations().ToList();
        if (known.Except(applied).ToList() is { Count: > 0 } missing)
            return new Finding(Name, FindingState.Bad, $"{missing.Count} of {known.Count} are not applied, starting with {missing[0]}.", "Start this version of the portal to apply them.");
        return applied.Except(known).ToList() is { Count: > 0 } newer
            ? new Finding(Name, FindingState.Bad, $"The database is newer than this version: it has {newer[^1]}.", "Install the version that migrated this database, or a later one.")
            : new Finding(Name, FindingState.Good, $"All {known.Count} are applied.");
    }
}

/// <summary>This machine's clock agrees with the database's.</summary>
internal sealed class ClockExamination(NpgsqlDataSource dataSource, TimeProvider clock) : IExamination
{
    private static readonly TimeSpan s_agrees = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_harmful = TimeSpan.FromSeconds(30);

    public string Name => "Clock";

    public async Task<Finding> LookAsync(CancellationToken cancellationToken)
    {
        // Once to have a connection: the second answer tells the time.
        await dataSource.AskAsync("SELECT 1", reader => reader.GetInt32(0), cancellationToken);
        var before = clock.GetUtcNow();
        var theirs = await dataSource.AskAsync("SELECT clock_timestamp()", reader => reader.GetFieldValue<DateTimeOffset>(0), cancellationToken);
        var after = clock.GetUtcNow();
        return Compare(before + ((after - before) / 2), theirs);
    }

    internal Finding Compare(DateTimeOffset ours, DateTimeOffset theirs)
    {
        var apart = (ours - theirs).Duration();
        var found = string.Create(CultureInfo.InvariantCulture, $"{apart.TotalMilliseconds:0} ms off the database clock.");
        const string Advice = "Synchronise the clocks of this machine and the database server with NTP.";
        return apart <= s_agrees ? new Finding(Name, FindingState.Good, found)
            : new Finding(Name, apart > s_harmful ? FindingState.Bad : FindingState.Warning, found, Advice);
    }
}

/// <summary>The scheduler of some node is at work, and nothing waits for long.</summary>
internal sealed class JobsExamination(NpgsqlDataSource dataSource, TimeProvider clock) : IExamination
{
    // The scheduler keeps its times in ticks of 100 ns since the year 1.
    private const string Question = """
        SELECT
            (SELECT count(*) FROM scheduler.qrtz_triggers),
            (SELECT count(*) FROM scheduler.qrtz_triggers WHERE trigger_state = 'ERROR'),
            (SELECT max(last_checkin_time) FROM scheduler.qrtz_scheduler_state),
            (SELECT count(*) FROM outbox WHERE dead_at IS NOT NULL),
            (SELECT min(created_at) FROM outbox WHERE done_at IS NULL AND dead_at IS NULL AND attempts = 0)
        """;

    private static readonly TimeSpan s_silent = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_stuck = TimeSpan.FromMinutes(10);

    public string Name => "Background jobs";

    public async Task<Finding> LookAsync(CancellationToken cancellationToken)
    {
        if (!await dataSource.AskAsync("SELECT to_regclass('scheduler.qrtz_triggers') IS NOT NULL", reader => reader.GetBoolean(0), cancellationToken))
            return new Finding(Name, FindingState.Bad, "The scheduler has never run.", "Start the portal; at least one node needs Scheduling:Enabled set to true.");
        var (jobs, failing, checkIn, dead, oldest) = await dataSource.AskAsync(Question, reader => (
            reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? (DateTimeOffset?)null : new DateTimeOffset(reader.GetInt64(2), TimeSpan.Zero),
            reader.GetInt64(3), reader.IsDBNull(4) ? (DateTimeOffset?)null : reader.GetFieldValue<DateTimeOffset>(4)), cancellationToken);
        return Judge(jobs, failing, checkIn, dead, oldest, clock.GetUtcNow());
    }

    internal Finding Judge(long jobs, long failing, DateTimeOffset? checkIn, long dead, DateTimeOffset? oldest, DateTimeOffset now)
    {
        if (failing > 0)
            return new Finding(Name, FindingState.Bad, $"{failing} of {jobs} jobs keep failing.", "See System, Jobs and the log, fix the cause, then run the job there.");
        if (checkIn is null || now - checkIn > s_silent)
            return new Finding(Name, FindingState.Bad, checkIn is { } last ? $"No node has reported since {last:yyyy-MM-dd HH:mm:ss} UTC." : "No node has reported.", "Start the portal; at least one node needs Scheduling:Enabled set to true.");
        if (oldest is { } waiting && now - waiting > s_stuck)
            return new Finding(Name, FindingState.Warning, $"A message has been waiting to be sent since {waiting:yyyy-MM-dd HH:mm} UTC.", "See System, Outbox, and check the email server and PDF compiler.");
        return dead > 0
            ? new Finding(Name, FindingState.Warning, $"{jobs} jobs are running; {dead} messages failed.", "Retry them under System, Outbox.")
            : new Finding(Name, FindingState.Good, $"{jobs} jobs are running.");
    }
}

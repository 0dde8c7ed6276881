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
            return new Finding(Name, FindingState.Bad, $"{missing.Count} of {known.Count} are not applied, the first is {missing[0]}.", "Start the portal with this version: it applies them.");
        return applied.Except(known).ToList() is { Count: > 0 } newer
            ? new Finding(Name, FindingState.Bad, $"The database is newer than this program: it has {newer[^1]}.", "Install the version that this database was migrated by, or a later one.")
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
        var found = string.Create(CultureInfo.InvariantCulture, $"{apart.TotalMilliseconds:0} ms from the database's.");
        const string Advice = "Let NTP set the clocks of this machine and of the database's.";
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
            return new Finding(Name, FindingState.Bad, "The scheduler has never run.", "Start the portal; on one node at least Scheduling:Enabled must be true.");
        var (jobs, failing, checkIn, dead, oldest) = await dataSource.AskAsync(Question, reader => (
            reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? (DateTimeOffset?)null : new DateTimeOffset(reader.GetInt64(2), TimeSpan.Zero),
            reader.GetInt64(3), reader.IsDBNull(4) ? (DateTimeOffset?)null : reader.GetFieldValue<DateTimeOffset>(4)), cancellationToken);
        return Judge(jobs, failing, checkIn, dead, oldest, clock.GetUtcNow());
    }

    internal Finding Judge(long jobs, long failing, DateTimeOffset? checkIn, long dead, DateTimeOffset? oldest, DateTimeOffset now)
    {
        if (failing > 0)
            return new Finding(Name, FindingState.Bad, $"{failing} of {jobs} jobs have failed for good.", "See System, Jobs, and the log; run the job there once its cause is mended.");
        if (checkIn is null || now - checkIn > s_silent)
            return new Finding(Name, FindingState.Bad, checkIn is { } last ? $"No node has reported since {last:yyyy-MM-dd HH:mm:ss} UTC." : "No node has reported.", "Start the portal; on one node at least Scheduling:Enabled must be true.");
        if (oldest is { } waiting && now - waiting > s_stuck)
            return new Finding(Name, FindingState.Warning, $"A message has waited to leave since {waiting:yyyy-MM-dd HH:mm} UTC.", "See System, Outbox, and whether the mail server and the PDF compiler answer.");
        return dead > 0
            ? new Finding(Name, FindingState.Warning, $"{jobs} jobs are alive; {dead} messages were given up.", "See System, Outbox, and try them again there.")
            : new Finding(Name, FindingState.Good, $"{jobs} jobs are alive.");
    }
}

using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Core.Metering;

namespace Portal.Data.Metering;

/// <summary>
/// Commits gathered requests on a connection of its own. Locks are taken in one order by every writer on every node: metrics, keys by hash,
/// buckets, months, each sorted; so two writers may wait for each other, but never in a circle.
/// </summary>
internal sealed class UsageWriter(NpgsqlDataSource dataSource, MetricCatalogue catalogue, IngestOptions options, TimeProvider clock, ILogger logger) : IUsageWriter
{
    private const int MaxAttempts = 5;
    private const int CarefulAfterRepeat = 50;

    private readonly Gather _gather = new();
    private readonly UsageDeltas _deltas = new();
    private readonly CopyBuffer _rows = new();
    private NpgsqlConnection? _connection;
    private UsageStatements? _statements;
    private bool _commitSent;
    private int _carefulFor;

    public async Task<GatherResult> CommitAsync(IReadOnlyList<UsageSubmission> gather, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.CommitTimeout);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TryCommitAsync(gather, limit.Token);
                return new GatherResult(SubmissionResult.Decided);
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or SocketException or TimeoutException or OperationCanceledException or InvalidOperationException)
            {
                var failure = UsageFailures.Classify(exception, _commitSent);
                await CleanUpAsync(failure);
                if (failure == UsageFailure.MissingPartition)
                    failure = await MakePartitionsAsync(limit.Token) ? UsageFailure.Retry : UsageFailure.NotStored;
                if (!limit.IsCancellationRequested && ((failure == UsageFailure.Retry && attempt < MaxAttempts) || (failure == UsageFailure.ConnectionLost && attempt == 1)))
                {
                    DataLog.GatherRetried(logger, attempt, exception);
                    continue;
                }

                return new GatherResult(failure switch
                {
                    UsageFailure.Unknown => SubmissionResult.Unknown,
                    UsageFailure.Refused => SubmissionResult.Refused,
                    _ => SubmissionResult.NotStored,
                }, exception);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await DropConnectionAsync();
        _rows.Dispose();
    }

    private async Task TryCommitAsync(IReadOnlyList<UsageSubmission> submissions, CancellationToken cancellationToken)
    {
        _commitSent = false;
        var statements = await OpenAsync(cancellationToken);
        var now = Rfc3339.ToMicroseconds(clock.GetUtcNow());
        _gather.Load(submissions);
        var unknown = catalogue.Unknown(_gather.All);
        if (unknown.Count > 0)
            await catalogue.AddAsync(_connection!, unknown, now, cancellationToken);
        if (await TryCommitAtOnceAsync(statements, now, cancellationToken))
            return;

        _commitSent = false;
        _gather.Load(submissions);
        if (!await statements.BeginAsync(_gather.Keyed, now, cancellationToken))
            await SeenKeys.ReadAsync(_connection!, _gather, cancellationToken);
        if (_gather.Corrections.Count > 0)
            await Corrections.ClaimAsync(_connection!, _gather, now, cancellationToken);
        _gather.Decide();
        _deltas.Load(_gather.All);
        if (_gather.All.Exists(gathered => gathered.IsAccepted))
            await CopyAsync(now, cancellationToken);
        _commitSent = true;
        await statements.CommitAsync(_deltas, now, cancellationToken);
    }

    // Few events of which none is expected to be a repeat. Where one was, more are likely to follow, and the next ones go the longer way at once.
    private async Task<bool> TryCommitAtOnceAsync(UsageStatements statements, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_gather.Corrections.Count > 0 || _gather.All.Count >= options.CopyFrom)
            return false;
        if (_carefulFor > 0)
        {
            _carefulFor--;
            return false;
        }

        _gather.Decide();
        _deltas.Load(_gather.All);
        _commitSent = true;
        if (await statements.CommitWholeAsync(_gather, _deltas, now, cancellationToken))
            return true;
        _carefulFor = CarefulAfterRepeat;
        return false;
    }

    private async Task CopyAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        _rows.Begin();
        foreach (var gathered in _gather.All)
        {
            if (!gathered.IsAccepted)
                continue;
            var draft = gathered.Draft;
            _rows.Row(UsageStatements.CopyColumns);
            _rows.Uuid(gathered.Id);
            _rows.Uuid(gathered.Submission.OrganisationId);
            _rows.Uuid(gathered.Submission.ProjectId);
            _rows.Text(draft.MetricName);
            _rows.Numeric(draft.Value);
            _rows.Text(draft.Unit);
            _rows.Timestamp(gathered.Timestamp);
            _rows.Text(draft.IdempotencyKey);
            _rows.Jsonb(draft.Metadata);
            if (draft.Supersedes is { } superseded)
                _rows.Uuid(superseded);
            else
                _rows.Null();
            _rows.Timestamp(now);
            _rows.Integer(gathered.BillingMonth);
            _rows.Uuid(gathered.Submission.ApiKeyId);
        }

        _rows.End();
        await using var copy = await _connection!.BeginRawBinaryCopyAsync(UsageStatements.CopyEvents, cancellationToken);
        await copy.WriteAsync(_rows.Written, cancellationToken);
    }

    private async Task<UsageStatements> OpenAsync(CancellationToken cancellationToken)
    {
        if (_statements is not null)
            return _statements;
        _connection = await dataSource.OpenConnectionAsync(cancellationToken);
        // The plans are the same whatever the arrays hold: made once, not for every transaction.
        await using (var settings = new NpgsqlCommand("SET plan_cache_mode = force_generic_plan; SET jit = off", _connection))
            await settings.ExecuteNonQueryAsync(cancellationToken);
        var statements = new UsageStatements(_connection);
        await statements.PrepareAsync(cancellationToken);
        return _statements = statements;
    }

    private async Task<bool> MakePartitionsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = dataSource.CreateCommand("SELECT ensure_usage_partitions($1, $2)");
            command.Parameters.AddWithValue(DateOnly.FromDateTime(_gather.All.Min(gathered => gathered.Timestamp).UtcDateTime));
            command.Parameters.AddWithValue(DateOnly.FromDateTime(_gather.All.Max(gathered => gathered.Timestamp).UtcDateTime));
            return (int)(await command.ExecuteScalarAsync(cancellationToken))! > 0;
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
        {
            DataLog.PartitionsFailed(logger, exception);
            return false;
        }
    }

    private async Task CleanUpAsync(UsageFailure failure)
    {
        if (failure is UsageFailure.Retry or UsageFailure.Refused or UsageFailure.MissingPartition && _connection is { State: System.Data.ConnectionState.Open })
        {
            try
            {
                await using var rollback = new NpgsqlCommand("ROLLBACK", _connection) { CommandTimeout = 5 };
                await rollback.ExecuteNonQueryAsync(CancellationToken.None);
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException or IOException)
            {
                DataLog.RollbackFailed(logger, exception);
            }
        }

        await DropConnectionAsync();
    }

    private async Task DropConnectionAsync()
    {
        var (statements, connection) = (_statements, _connection);
        (_statements, _connection) = (null, null);
        if (statements is not null)
            await statements.DisposeAsync();
        if (connection is not null)
            await connection.DisposeAsync();
    }
}

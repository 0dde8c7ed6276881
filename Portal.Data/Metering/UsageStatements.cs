using Npgsql;
using NpgsqlTypes;

namespace Portal.Data.Metering;

/// <summary>The statements of a writer, prepared once for its connection; their parameters are lists that are filled anew each time.</summary>
internal sealed class UsageStatements : IAsyncDisposable
{
    private const string EventColumns = """id, organisation_id, project_id, metric_name, metric_value, unit, "timestamp", idempotency_key, metadata, supersedes, ingested_at, billing_month, api_key_id""";

    /// <summary>Sends the events of a large transaction.</summary>
    public const string CopyEvents = $"COPY usage_events ({EventColumns}) FROM STDIN (FORMAT BINARY)";

    /// <summary>The number of columns that <see cref="CopyEvents"/> takes.</summary>
    public const short CopyColumns = 13;

    private readonly NpgsqlCommand _whole;
    private readonly NpgsqlBatch _keys;
    private readonly NpgsqlBatch _commit;

    private readonly List<Guid> _keyHashes = [];
    private readonly List<Guid> _keyEvents = [];
    private readonly List<DateTimeOffset> _keyTimes = [];
    private readonly List<bool> _keyTimesGiven = [];
    private readonly List<long> _keyBodies = [];

    private readonly EventLists _events = new();
    private readonly DeltaLists<DateTimeOffset> _buckets = new();
    private readonly List<Guid> _bucketKeys = [];
    private readonly DeltaLists<int> _months = new();
    private readonly List<NpgsqlParameter<DateTimeOffset>> _now = [];

    public UsageStatements(NpgsqlConnection connection)
    {
        List<NpgsqlParameter> all = [.. Keys(), .. _events.Parameters(), .. Sums()];
        _whole = new NpgsqlCommand($"SELECT ingest_usage({string.Join(", ", Enumerable.Range(1, all.Count).Select(number => $"${number}"))})", connection);
        all.ForEach(parameter => _whole.Parameters.Add(parameter));
        _keys = new NpgsqlBatch(connection) { BatchCommands = { new NpgsqlBatchCommand("BEGIN ISOLATION LEVEL READ COMMITTED"), Command("SELECT claim_usage_keys($1, $2, $3, $4, $5, $6)", [.. Keys(), Now()]) } };
        _commit = new NpgsqlBatch(connection)
        {
            BatchCommands = { Command("SELECT add_usage_sums($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)", Sums()), new NpgsqlBatchCommand("COMMIT") },
        };
    }

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await _whole.PrepareAsync(cancellationToken);
        await _keys.PrepareAsync(cancellationToken);
        await _commit.PrepareAsync(cancellationToken);
    }

    /// <summary>
    /// Claims the idempotency keys, writes events, buckets and aggregates and commits, in one exchange. False: some key was not new, and nothing was stored.
    /// </summary>
    public async Task<bool> CommitWholeAsync(Gather gather, UsageDeltas deltas, DateTimeOffset now, CancellationToken cancellationToken)
    {
        LoadKeys(gather.Keyed);
        _events.Load(gather.All);
        LoadSums(deltas, now);
        return (bool)(await _whole.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Begins the transaction and claims the idempotency keys; true when all of them were new.</summary>
    public async Task<bool> BeginAsync(List<GatheredEvent> keyed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        LoadKeys(keyed);
        SetNow(now);
        return (int)(await _keys.ExecuteScalarAsync(cancellationToken))! == _keyHashes.Count;
    }

    /// <summary>Writes buckets and aggregates and commits, after the events were copied.</summary>
    public async Task CommitAsync(UsageDeltas deltas, DateTimeOffset now, CancellationToken cancellationToken)
    {
        LoadSums(deltas, now);
        await _commit.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _whole.DisposeAsync();
        await _keys.DisposeAsync();
        await _commit.DisposeAsync();
    }

    /// <summary>True when the failing command is the commit itself: only then may the transaction have been committed.</summary>
    public static bool IsCommit(NpgsqlException exception) => exception.BatchCommand is { CommandText: "COMMIT" };

    private void LoadKeys(List<GatheredEvent> keyed)
    {
        _keyHashes.Clear();
        _keyEvents.Clear();
        _keyTimes.Clear();
        _keyTimesGiven.Clear();
        _keyBodies.Clear();
        foreach (var gathered in keyed)
        {
            if (gathered.IsRejected || gathered.Seen is not null)
                continue;
            _keyHashes.Add(gathered.KeyHash);
            _keyEvents.Add(gathered.Id);
            _keyTimes.Add(gathered.Timestamp);
            _keyTimesGiven.Add(gathered.Draft.Timestamp is not null);
            _keyBodies.Add(gathered.BodyHash);
        }
    }

    private void LoadSums(UsageDeltas deltas, DateTimeOffset now)
    {
        _buckets.Load(deltas.Buckets, static row => row.BucketStart);
        _bucketKeys.Clear();
        foreach (var (row, _) in deltas.Buckets)
            _bucketKeys.Add(row.ApiKeyId);
        _months.Load(deltas.Months, static row => (int)row.Time);
        SetNow(now);
    }

    private void SetNow(DateTimeOffset now)
    {
        foreach (var parameter in _now)
            parameter.TypedValue = now;
    }

    // Asked for once per statement: a parameter belongs to one command.
    private NpgsqlParameter[] Keys() =>
    [
        Uuids(_keyHashes), Uuids(_keyEvents), Times(_keyTimes), new NpgsqlParameter<List<bool>> { TypedValue = _keyTimesGiven, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Boolean },
        new NpgsqlParameter<List<long>> { TypedValue = _keyBodies, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
    ];

    private NpgsqlParameter[] Sums() => [.. _buckets.Parameters(NpgsqlDbType.TimestampTz), Uuids(_bucketKeys), .. _months.Parameters(NpgsqlDbType.Integer), Now()];

    private NpgsqlParameter<DateTimeOffset> Now()
    {
        var parameter = new NpgsqlParameter<DateTimeOffset> { NpgsqlDbType = NpgsqlDbType.TimestampTz };
        _now.Add(parameter);
        return parameter;
    }

    private static NpgsqlBatchCommand Command(string sql, params IEnumerable<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    private static NpgsqlParameter<List<Guid>> Uuids(List<Guid> values) => new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };

    private static NpgsqlParameter<List<DateTimeOffset>> Times(List<DateTimeOffset> values) => new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };

    private static NpgsqlParameter<List<string?>> Texts(List<string?> values) => new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    /// <summary>Events that supersede none, column by column.</summary>
    private sealed class EventLists
    {
        private readonly List<Guid> _ids = [];
        private readonly List<Guid> _organisations = [];
        private readonly List<Guid> _projects = [];
        private readonly List<string?> _metrics = [];
        private readonly List<string?> _values = [];
        private readonly List<string?> _units = [];
        private readonly List<DateTimeOffset> _times = [];
        private readonly List<string?> _keys = [];
        private readonly List<string?> _metadata = [];
        private readonly List<int> _months = [];
        private readonly List<Guid> _apiKeys = [];

        public IEnumerable<NpgsqlParameter> Parameters() =>
        [
            Uuids(_ids), Uuids(_organisations), Uuids(_projects), Texts(_metrics), Texts(_values), Texts(_units), Times(_times), Texts(_keys), Texts(_metadata),
            new NpgsqlParameter<List<int>> { TypedValue = _months, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer }, Uuids(_apiKeys),
        ];

        public void Load(List<GatheredEvent> events)
        {
            foreach (System.Collections.IList column in new System.Collections.IList[] { _ids, _organisations, _projects, _metrics, _values, _units, _times, _keys, _metadata, _months, _apiKeys })
                column.Clear();
            foreach (var gathered in events)
            {
                if (!gathered.IsAccepted)
                    continue;
                var draft = gathered.Draft;
                _ids.Add(gathered.Id);
                _organisations.Add(gathered.Submission.OrganisationId);
                _projects.Add(gathered.Submission.ProjectId);
                _metrics.Add(draft.MetricName);
                _values.Add(draft.Value.ToString());
                _units.Add(draft.Unit);
                _times.Add(gathered.Timestamp);
                _keys.Add(draft.IdempotencyKey);
                _metadata.Add(draft.Metadata);
                _months.Add(gathered.BillingMonth);
                _apiKeys.Add(gathered.Submission.ApiKeyId);
            }
        }
    }

    /// <summary>What is added to sums, column by column.</summary>
    private sealed class DeltaLists<TTime>
    {
        private readonly List<Guid> _organisations = [];
        private readonly List<TTime> _times = [];
        private readonly List<Guid> _projects = [];
        private readonly List<string?> _metrics = [];
        private readonly List<string?> _units = [];
        private readonly List<string?> _values = [];
        private readonly List<int> _counts = [];

        public IEnumerable<NpgsqlParameter> Parameters(NpgsqlDbType time) =>
        [
            Uuids(_organisations), new NpgsqlParameter<List<TTime>> { TypedValue = _times, NpgsqlDbType = NpgsqlDbType.Array | time }, Uuids(_projects),
            Texts(_metrics), Texts(_units), Texts(_values), new NpgsqlParameter<List<int>> { TypedValue = _counts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer },
        ];

        public void Load(List<KeyValuePair<UsageDeltas.Row, UsageDeltas.Delta>> rows, Func<UsageDeltas.Row, TTime> time)
        {
            _organisations.Clear();
            _times.Clear();
            _projects.Clear();
            _metrics.Clear();
            _units.Clear();
            _values.Clear();
            _counts.Clear();
            foreach (var (row, delta) in rows)
            {
                _organisations.Add(row.OrganisationId);
                _times.Add(time(row));
                _projects.Add(row.ProjectId);
                _metrics.Add(row.MetricName);
                _units.Add(row.Unit);
                _values.Add(delta.Value.ToString());
                _counts.Add(delta.Count);
            }
        }
    }
}

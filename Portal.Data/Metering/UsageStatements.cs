using Npgsql;
using NpgsqlTypes;

namespace Portal.Data.Metering;

/// <summary>The statements of a writer, prepared once for its connection; their parameters are lists that are filled anew each time.</summary>
internal sealed class UsageStatements : IAsyncDisposable
{
    private const string EventColumns = """id, organisation_id, project_id, metric_name, metric_value, unit, "timestamp", idempotency_key, metadata, supersedes, ingested_at, billing_month""";

    /// <summary>Sends the events of a large transaction.</summary>
    public const string CopyEvents = $"COPY usage_events ({EventColumns}) FROM STDIN (FORMAT BINARY)";

    /// <summary>The number of columns that <see cref="CopyEvents"/> takes.</summary>
    public const short CopyColumns = 12;

    private readonly NpgsqlBatch _keys;
    private readonly NpgsqlBatch _smallCommit;
    private readonly NpgsqlBatch _largeCommit;

    private readonly List<Guid> _keyHashes = [];
    private readonly List<Guid> _keyEvents = [];
    private readonly List<DateTimeOffset> _keyTimes = [];
    private readonly List<bool> _keyTimesGiven = [];
    private readonly List<long> _keyBodies = [];
    private readonly NpgsqlParameter<DateTimeOffset> _keysIngestedAt = new() { NpgsqlDbType = NpgsqlDbType.TimestampTz };

    private readonly EventLists _events = new();
    private readonly DeltaLists<DateTimeOffset> _buckets = new();
    private readonly DeltaLists<int> _months = new();
    private readonly List<NpgsqlParameter<DateTimeOffset>> _now = [];

    public UsageStatements(NpgsqlConnection connection)
    {
        _keys = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("BEGIN ISOLATION LEVEL READ COMMITTED"),
                Command(
                    """
                    INSERT INTO usage_event_keys (key_hash, event_id, "timestamp", timestamp_given, body_hash, ingested_at)
                    SELECT key.*, $6 FROM unnest($1, $2, $3, $4, $5) AS key ON CONFLICT DO NOTHING
                    """,
                    Uuids(_keyHashes), Uuids(_keyEvents), Times(_keyTimes), new NpgsqlParameter<List<bool>> { TypedValue = _keyTimesGiven, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Boolean },
                    new NpgsqlParameter<List<long>> { TypedValue = _keyBodies, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint }, _keysIngestedAt),
            },
        };
        _smallCommit = new NpgsqlBatch(connection) { BatchCommands = { InsertEvents(), UpsertBuckets(), UpsertMonths(), new NpgsqlBatchCommand("COMMIT") } };
        _largeCommit = new NpgsqlBatch(connection) { BatchCommands = { UpsertBuckets(), UpsertMonths(), new NpgsqlBatchCommand("COMMIT") } };
    }

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await _keys.PrepareAsync(cancellationToken);
        await _smallCommit.PrepareAsync(cancellationToken);
        await _largeCommit.PrepareAsync(cancellationToken);
    }

    /// <summary>Begins the transaction and claims the idempotency keys; true when all of them were new.</summary>
    public async Task<bool> BeginAsync(List<GatheredEvent> keyed, DateTimeOffset now, CancellationToken cancellationToken)
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

        _keysIngestedAt.TypedValue = now;
        await _keys.ExecuteNonQueryAsync(cancellationToken);
        return _keys.BatchCommands[1].RecordsAffected == _keyHashes.Count;
    }

    /// <summary>Writes events, buckets and aggregates and commits, in one exchange.</summary>
    public async Task CommitWithEventsAsync(List<GatheredEvent> events, UsageDeltas deltas, DateTimeOffset now, CancellationToken cancellationToken)
    {
        _events.Load(events);
        await CommitAsync(_smallCommit, deltas, now, cancellationToken);
    }

    /// <summary>Writes buckets and aggregates and commits, after the events were copied.</summary>
    public Task CommitAsync(UsageDeltas deltas, DateTimeOffset now, CancellationToken cancellationToken) => CommitAsync(_largeCommit, deltas, now, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _keys.DisposeAsync();
        await _smallCommit.DisposeAsync();
        await _largeCommit.DisposeAsync();
    }

    /// <summary>True when the failing command is the commit itself: only then may the transaction have been committed.</summary>
    public static bool IsCommit(NpgsqlException exception) => exception.BatchCommand is { CommandText: "COMMIT" };

    private async Task CommitAsync(NpgsqlBatch batch, UsageDeltas deltas, DateTimeOffset now, CancellationToken cancellationToken)
    {
        _buckets.Load(deltas.Buckets, static row => row.BucketStart);
        _months.Load(deltas.Months, static row => (int)row.Time);
        foreach (var parameter in _now)
            parameter.TypedValue = now;
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlBatchCommand InsertEvents() => Command(
        $"""
        INSERT INTO usage_events ({EventColumns})
        SELECT e.id, e.organisation_id, e.project_id, e.metric_name, e.metric_value::numeric, e.unit, e.at, e.idempotency_key, e.metadata::jsonb, e.supersedes, $12, e.billing_month
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            AS e(id, organisation_id, project_id, metric_name, metric_value, unit, at, idempotency_key, metadata, supersedes, billing_month)
        """,
        [.. _events.Parameters(), Now()]);

    private NpgsqlBatchCommand UpsertBuckets() => Command(
        """
        INSERT INTO usage_buckets AS b (organisation_id, bucket_start, project_id, metric_name, unit, total_value, event_count)
        SELECT d.organisation_id, d.at, d.project_id, d.metric_name, d.unit, d.value::numeric, d.count
        FROM unnest($1, $2, $3, $4, $5, $6, $7) AS d(organisation_id, at, project_id, metric_name, unit, value, count)
        ON CONFLICT (organisation_id, bucket_start, project_id, metric_name, unit)
        DO UPDATE SET total_value = b.total_value + excluded.total_value, event_count = b.event_count + excluded.event_count
        """,
        _buckets.Parameters(NpgsqlDbType.TimestampTz));

    private NpgsqlBatchCommand UpsertMonths() => Command(
        """
        INSERT INTO usage_aggregates AS a (organisation_id, year, month, project_id, metric_name, unit, total_value, event_count, updated_at)
        SELECT d.organisation_id, d.month / 12, d.month % 12 + 1, d.project_id, d.metric_name, d.unit, d.value::numeric, d.count, $8
        FROM unnest($1, $2, $3, $4, $5, $6, $7) AS d(organisation_id, month, project_id, metric_name, unit, value, count)
        ON CONFLICT (organisation_id, year, month, project_id, metric_name, unit)
        DO UPDATE SET total_value = a.total_value + excluded.total_value, event_count = a.event_count + excluded.event_count, updated_at = excluded.updated_at
        """,
        [.. _months.Parameters(NpgsqlDbType.Integer), Now()]);

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

    /// <summary>Events, column by column.</summary>
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
        private readonly List<Guid?> _superseded = [];
        private readonly List<int> _months = [];

        public IEnumerable<NpgsqlParameter> Parameters() =>
        [
            Uuids(_ids), Uuids(_organisations), Uuids(_projects), Texts(_metrics), Texts(_values), Texts(_units), Times(_times), Texts(_keys), Texts(_metadata),
            new NpgsqlParameter<List<Guid?>> { TypedValue = _superseded, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            new NpgsqlParameter<List<int>> { TypedValue = _months, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer },
        ];

        public void Load(List<GatheredEvent> events)
        {
            foreach (System.Collections.IList column in new System.Collections.IList[] { _ids, _organisations, _projects, _metrics, _values, _units, _times, _keys, _metadata, _superseded, _months })
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
                _superseded.Add(draft.Supersedes);
                _months.Add(gathered.BillingMonth);
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

        // Asked for once per statement: a parameter belongs to one command.
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

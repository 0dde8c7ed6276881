using Portal.Core.Metering;

namespace Portal.Data.Metering;

/// <summary>
/// What the events of one transaction add to buckets, by key, and to monthly aggregates, one row for each. Rows are ordered alike in every writer,
/// so that two that meet wait for one another in one direction only.
/// </summary>
internal sealed class UsageDeltas
{
    private const long BucketTicks = 15 * TimeSpan.TicksPerMinute;

    private readonly Dictionary<Row, Delta> _buckets = [];
    private readonly Dictionary<Row, Delta> _months = [];

    public List<KeyValuePair<Row, Delta>> Buckets { get; } = [];

    public List<KeyValuePair<Row, Delta>> Months { get; } = [];

    public void Load(List<GatheredEvent> events)
    {
        _buckets.Clear();
        _months.Clear();
        foreach (var gathered in events)
        {
            if (!gathered.IsAccepted)
                continue;
            Add(gathered.Submission, gathered.Submission.ApiKeyId, gathered.Draft.MetricName, gathered.Draft.Unit, gathered.Timestamp, gathered.BillingMonth, gathered.Draft.Value, 1);
            if (gathered.Superseded is { } superseded)
                Add(gathered.Submission, superseded.ApiKeyId, superseded.MetricName, superseded.Unit, superseded.Timestamp, superseded.BillingMonth, -superseded.Value, -1);
        }

        Sort(_buckets, Buckets);
        Sort(_months, Months);
    }

    private void Add(UsageSubmission submission, Guid key, string metric, string unit, DateTimeOffset timestamp, int month, UsageValue value, int count)
    {
        var row = new Row(submission.OrganisationId, timestamp.UtcTicks - (timestamp.UtcTicks % BucketTicks), submission.ProjectId, metric, unit, key);
        Add(_buckets, row, value, count);
        Add(_months, row with { Time = month, ApiKeyId = default }, value, count);
    }

    private static void Add(Dictionary<Row, Delta> rows, Row row, UsageValue value, int count)
    {
        ref var delta = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(rows, row, out _);
        delta = new Delta(delta.Value + value, delta.Count + count);
    }

    private static void Sort(Dictionary<Row, Delta> rows, List<KeyValuePair<Row, Delta>> sorted)
    {
        sorted.Clear();
        sorted.AddRange(rows);
        sorted.Sort(static (left, right) => left.Key.CompareTo(right.Key));
    }

    /// <param name="OrganisationId">The owner.</param>
    /// <param name="Time">A bucket's start in ticks, or a month's index.</param>
    /// <param name="ProjectId">The project.</param>
    /// <param name="MetricName">The metric.</param>
    /// <param name="Unit">Its unit.</param>
    /// <param name="ApiKeyId">The key of a bucket's events; empty for months.</param>
    internal readonly record struct Row(Guid OrganisationId, long Time, Guid ProjectId, string MetricName, string Unit, Guid ApiKeyId) : IComparable<Row>
    {
        public DateTimeOffset BucketStart => new(Time, TimeSpan.Zero);

        public int CompareTo(Row other)
        {
            var order = OrganisationId.CompareTo(other.OrganisationId);
            if (order == 0)
                order = Time.CompareTo(other.Time);
            if (order == 0)
                order = ProjectId.CompareTo(other.ProjectId);
            if (order == 0)
                order = string.CompareOrdinal(MetricName, other.MetricName);
            if (order == 0)
                order = string.CompareOrdinal(Unit, other.Unit);
            return order != 0 ? order : ApiKeyId.CompareTo(other.ApiKeyId);
        }
    }

    internal readonly record struct Delta(UsageValue Value, int Count);
}

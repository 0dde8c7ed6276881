using System.Diagnostics.Metrics;

namespace Portal.Core.Metering;

/// <summary>What the intake of usage reports to whoever measures: the meter <c>Portal.Ingest</c>.</summary>
public sealed class IngestMetrics
{
    /// <summary>The meter's name, to be named where metrics are exported.</summary>
    public const string MeterName = "Portal.Ingest";

    private readonly Counter<long> _events;
    private readonly Counter<long> _refusedRequests;
    private readonly Counter<long> _transactions;
    private readonly Histogram<double> _commit;

    public IngestMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(MeterName);
        _events = meter.CreateCounter<long>("billing.ingest.events", "{event}", "Events by what became of them");
        _refusedRequests = meter.CreateCounter<long>("billing.ingest.refused_requests", "{request}", "Requests that were refused as a whole, by code");
        _transactions = meter.CreateCounter<long>("billing.ingest.transactions", "{transaction}", "Transactions that requests were gathered in");
        _commit = meter.CreateHistogram<double>("billing.ingest.commit_duration", "s", "Time that one transaction took");
    }

    /// <summary>One transaction has ended.</summary>
    public void Committed(IReadOnlyList<UsageSubmission> gather, TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(gather);
        _transactions.Add(1);
        _commit.Record(duration.TotalSeconds);
        if (!_events.Enabled)
            return;
        Span<int> counts = stackalloc int[4];
        foreach (var submission in gather)
        {
            foreach (var draft in submission.Events)
                counts[(int)draft.Outcome.Status]++;
        }

        Add(counts[(int)EventStatus.Accepted], "accepted");
        Add(counts[(int)EventStatus.Duplicate], "duplicate");
        Add(counts[(int)EventStatus.Rejected], "rejected");
    }

    /// <summary>A request was refused before any event was stored.</summary>
    public void Refused(string code) => _refusedRequests.Add(1, new KeyValuePair<string, object?>("code", code));

    private void Add(int count, string status)
    {
        if (count > 0)
            _events.Add(count, new KeyValuePair<string, object?>("status", status));
    }
}

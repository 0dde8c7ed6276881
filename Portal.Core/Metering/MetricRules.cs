using Microsoft.EntityFrameworkCore;
using Portal.Core.Kernel;

namespace Portal.Core.Metering;

/// <summary>How every metric is measured in every month. An organisation's session holds those of its own metrics.</summary>
public sealed class MetricRules
{
    private readonly ILookup<(string, string), MetricVersion> _versions;

    public MetricRules(IEnumerable<MetricVersion> versions) =>
        _versions = versions.OrderByDescending(version => version.FromMonth).ToLookup(version => (version.MetricName, version.Unit));

    /// <summary>Reads them all: only metrics that are not simply summed have any.</summary>
    public static async Task<MetricRules> ReadAsync(IBillingDb db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return new MetricRules(await db.MetricVersions.AsNoTracking().ToListAsync(cancellationToken));
    }

    /// <summary>How a metric is measured in a month.</summary>
    public MetricRule Of(string metricName, string unit, BillingMonth month) =>
        _versions[(metricName, unit)].FirstOrDefault(version => version.FromMonth <= month.Index)?.Rule ?? MetricRule.Plain;

    /// <summary>True when some metric is measured by its events in one of the months.</summary>
    public bool NeedEvents(BillingMonth first, BillingMonth last) =>
        _versions.Any(metric => metric.Any(version => version.Rule.NeedsEvents && version.FromMonth <= last.Index)
            && Enumerable.Range(first.Index, last.Index - first.Index + 1).Any(month => Of(metric.Key.Item1, metric.Key.Item2, BillingMonth.FromIndex(month)).NeedsEvents));
}

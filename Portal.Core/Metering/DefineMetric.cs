using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;

namespace Portal.Core.Metering;

/// <summary>A metric as it was typed or sent.</summary>
public sealed record MetricInput
{
    /// <summary>1 to 100 of letters, digits and <c>_ . : -</c>.</summary>
    public string? Name { get; init; }

    /// <summary>1 to 50 characters.</summary>
    public string? Unit { get; init; }

    /// <summary>At most 500 characters.</summary>
    public string? Description { get; init; }

    /// <summary><c>sum</c> (when left out), <c>count</c>, <c>max</c>, <c>last</c> or <c>unique</c>.</summary>
    public string? Aggregation { get; init; }

    /// <summary>Unique: the property of the metadata whose different values are counted; 1 to 100 characters.</summary>
    public string? Property { get; init; }

    /// <summary><c>none</c> (when left out), <c>up</c>, <c>down</c> or <c>nearest</c>: of the month's total.</summary>
    public string? Rounding { get; init; }

    /// <summary>0 (when left out) to 12.</summary>
    public int? Decimals { get; init; }

    /// <summary>The first month measured so, as <c>2026-11</c>; when left out, the one that runs, or the first that is not invoiced.</summary>
    public string? FromMonth { get; init; }
}

/// <summary>
/// Says how a metric is measured, from a month on. A month in which the metric has been invoiced, be it a draft, keeps its rule. A metric that is not there is made.
/// Staff only.
/// </summary>
public sealed partial class DefineMetric(IBillingStore store, IUsageMeasures measures, TimeProvider clock)
{
    private const int MaxDescription = 500;
    private const int MaxProperty = 100;
    private const int MaxDecimals = 12;

    public async Task<Result<MetricDetails>> RunAsync(CallContext call, MetricInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(input);
        if (!call.May(Permissions.PricesWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        var failures = new List<Failure>();
        var rule = Check(input, failures, out var from);
        if (failures.Count > 0)
            return failures;
        var (name, unit, description) = (input.Name!.Trim(), input.Unit!.Trim(), string.IsNullOrWhiteSpace(input.Description) ? null : input.Description.Trim());
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        await measures.HoldBillingAsync(db, cancellationToken);
        var metric = await db.Metrics.SingleOrDefaultAsync(row => row.Name == name && row.Unit == unit, cancellationToken);
        var versions = await db.MetricVersions.Where(version => version.MetricName == name && version.Unit == unit).ToListAsync(cancellationToken);
        var invoiced = await MetricMonths.InvoicedThroughAsync(db, name, unit, cancellationToken);
        var month = from ?? MetricMonths.Next(invoiced, now);
        var before = new MetricRules(versions);
        var isChanged = before.Of(name, unit, month) != rule || versions.Exists(version => version.FromMonth > month.Index);
        if (isChanged && month <= invoiced)
            return Failure.Invalid("fromMonth", $"{invoiced} is already invoiced. The earliest month you can choose is {invoiced.Value.Next}.");
        if (metric is null)
            db.Metrics.Add(metric = Metric.Create(name, unit, description, now));
        var was = new { metric.Description, Rule = Written(before.Of(name, unit, month)) };
        metric.Describe(description);
        if (isChanged)
        {
            // What was to come from then on is what comes now.
            db.MetricVersions.RemoveRange(versions.Where(version => version.FromMonth >= month.Index));
            await db.SaveAsync(cancellationToken);
            db.MetricVersions.Add(MetricVersion.Create(name, unit, month, rule, now));
        }

        db.Audit(call, new AuditRecord("metric.defined", "metric", metric.Id, null, was, new { metric.Description, Rule = Written(rule), From = isChanged ? month.ToString() : null }), now);
        await db.SaveAsync(cancellationToken);
        var details = await GetMetric.ReadAsync(db, metric, now, cancellationToken);
        await db.CommitAsync(cancellationToken);
        return details;
    }

    private static MetricRule Check(MetricInput input, List<Failure> failures, out BillingMonth? from)
    {
        if (input.Name is null || !NamePattern().IsMatch(input.Name.Trim()))
            failures.Add(Failure.Invalid("name", "Enter 1 to 100 letters, digits and _ . : -"));
        if (string.IsNullOrWhiteSpace(input.Unit) || input.Unit.Trim().Length > 50)
            failures.Add(Failure.Invalid("unit", "Enter 1 to 50 characters."));
        if (input.Description?.Trim().Length > MaxDescription)
            failures.Add(Failure.Invalid("description", $"At most {MaxDescription} characters."));
        if (!MetricWords.TryRead<MetricAggregation>(input.Aggregation ?? "sum", out var aggregation))
            failures.Add(Failure.Invalid("aggregation", "Choose sum, count, max, last or unique."));
        if (!MetricWords.TryRead<QuantityRounding>(input.Rounding ?? "none", out var rounding))
            failures.Add(Failure.Invalid("rounding", "Choose none, up, down or nearest."));
        var property = string.IsNullOrWhiteSpace(input.Property) ? null : input.Property.Trim();
        if (aggregation == MetricAggregation.Unique && property is null)
            failures.Add(Failure.Invalid("property", "Enter the metadata property whose distinct values are counted."));
        else if (property?.Length > MaxProperty)
            failures.Add(Failure.Invalid("property", $"At most {MaxProperty} characters."));
        else if (aggregation != MetricAggregation.Unique && property is not null)
            failures.Add(Failure.Invalid("property", "Only unique uses a property."));
        if (input.Decimals is < 0 or > MaxDecimals)
            failures.Add(Failure.Invalid("decimals", $"Enter a number from 0 to {MaxDecimals}."));
        from = null;
        if (!string.IsNullOrWhiteSpace(input.FromMonth))
        {
            if (DateOnly.TryParseExact(input.FromMonth.Trim() + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 2000 and < 3000)
                from = new BillingMonth(day.Year, day.Month);
            else
                failures.Add(Failure.Invalid("fromMonth", "Enter a month such as 2026-11."));
        }

        return new MetricRule(aggregation, property, rounding, rounding == QuantityRounding.None ? 0 : input.Decimals ?? 0);
    }

    private static object Written(MetricRule rule) => new { Aggregation = MetricWords.Name(rule.Aggregation), rule.Property, Rounding = MetricWords.Name(rule.Rounding), rule.Decimals };

    [GeneratedRegex(@"\A[A-Za-z0-9_.:-]{1,100}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex NamePattern();
}

/// <summary>The names that aggregations and roundings go by outside.</summary>
public static class MetricWords
{
    /// <summary>E.g. <c>unique</c>.</summary>
    public static string Name<TEnum>(TEnum value)
        where TEnum : struct, Enum => value.ToString().ToLowerInvariant();

    internal static bool TryRead<TEnum>(string name, out TEnum value)
        where TEnum : struct, Enum
    {
        foreach (var known in Enum.GetValues<TEnum>())
        {
            if (string.Equals(Name(known), name, StringComparison.Ordinal))
            {
                value = known;
                return true;
            }
        }

        value = default;
        return false;
    }
}

/// <summary>Which months of a metric can still change.</summary>
internal static class MetricMonths
{
    /// <summary>The last month in which the metric stands on an invoice, a credit or a write-off of anybody; null when it stands on none.</summary>
    public static async Task<BillingMonth?> InvoicedThroughAsync(IBillingDb db, string name, string unit, CancellationToken cancellationToken)
    {
        // The latest first, of which the first that counts is the one: a maximum would read every line that the metric ever had.
        var lines = await db.Invoices.Where(invoice => invoice.Status != InvoiceStatus.Void)
            .SelectMany(invoice => invoice.Lines).Where(line => line.MetricName == name && line.Unit == unit)
            .OrderByDescending(line => line.UsageYear).ThenByDescending(line => line.UsageMonth)
            .Select(line => (int?)((line.UsageYear * 12) + line.UsageMonth - 1))
            .FirstOrDefaultAsync(cancellationToken);
        var credits = await db.LateUsageCredits.Where(credit => credit.MetricName == name && credit.Unit == unit)
            .MaxAsync(credit => (int?)((credit.UsageYear * 12) + credit.UsageMonth - 1), cancellationToken);
        var writeOffs = await db.LateUsageWriteOffs.Where(writeOff => writeOff.MetricName == name && writeOff.Unit == unit)
            .MaxAsync(writeOff => (int?)((writeOff.UsageYear * 12) + writeOff.UsageMonth - 1), cancellationToken);
        var last = ((int?[])[lines, credits, writeOffs]).Max();
        return last is { } billed ? BillingMonth.FromIndex(billed) : null;
    }

    /// <summary>From when a change holds that names no month: the one that runs, in UTC, or the first that is not invoiced.</summary>
    public static BillingMonth Next(BillingMonth? invoicedThrough, DateTimeOffset now)
    {
        var running = new BillingMonth(now.UtcDateTime.Year, now.UtcDateTime.Month);
        return invoicedThrough is { } billed && billed >= running ? billed.Next : running;
    }
}

using Portal.Access;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Endpoints.Problems;

namespace Portal.Endpoints.Admin;

/// <summary>How a metric is measured; <paramref name="Property"/> for <c>unique</c>.</summary>
internal sealed record MetricRuleBody(string Aggregation, string? Property, string Rounding, int Decimals)
{
    public static MetricRuleBody Of(MetricRule rule) => new(MetricWords.Name(rule.Aggregation), rule.Property, MetricWords.Name(rule.Rounding), rule.Decimals);
}

/// <summary>The rule from a month on.</summary>
internal sealed record MetricVersionBody(string FromMonth, MetricRuleBody Rule, DateTimeOffset CreatedAt);

/// <summary>An entry of the catalogue, as it is measured in the month that runs.</summary>
internal sealed record MetricBody(Guid Id, string Name, string Unit, string? Description, MetricRuleBody Rule, long EventsThisMonth, bool IsPriced, DateTimeOffset CreatedAt);

/// <summary>A metric with its rules, the latest first; months before the earliest are summed. <paramref name="InvoicedThrough"/>: months up to it keep their rule.</summary>
internal sealed record MetricDetailsBody(
    Guid Id, string Name, string Unit, string? Description, MetricRuleBody Rule, IReadOnlyList<MetricVersionBody> Versions, string? InvoicedThrough,
    long EventsThisMonth, int OrganisationsThisMonth, int PricesInForce, DateTimeOffset CreatedAt)
{
    public static MetricDetailsBody Of(MetricDetails metric) => new(
        metric.Id, metric.Name, metric.Unit, metric.Description, MetricRuleBody.Of(metric.Rule),
        [.. metric.Versions.Select(version => new MetricVersionBody(version.From.ToString(), MetricRuleBody.Of(version.Rule), version.CreatedAt))],
        metric.InvoicedThrough?.ToString(), metric.Events, metric.Organisations, metric.Prices, metric.CreatedAt);
}

internal static class MetricEndpoints
{
    public static void MapMetrics(this RouteGroupBuilder admin)
    {
        var group = admin.MapGroup("/metrics").WithTags("Metrics");
        group.MapGet("/", ListAsync).Produces<ListBody<MetricBody>>().WithSummary("List the catalogue, by name");
        group.MapGet("/{id:guid}", GetAsync).Produces<MetricDetailsBody>().WithSummary("Read a metric and its rules");
        group.MapPost("/", DefineAsync).Produces<MetricDetailsBody>().WithSummary("Define a metric from a month; invoiced months keep their rule");
    }

    private static async Task<IResult> ListAsync(int? limit, int? offset, string? search, HttpContext http, ListMetrics list, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > 200)
            return new[] { Failure.Invalid("limit", "Enter 1 to 200.") }.ToProblem();
        if (offset < 0)
            return new[] { Failure.Invalid("offset", "Enter 0 or more.") }.ToProblem();
        var page = await list.RunAsync(http.Call(), new ListRequest { Take = limit ?? 50, Skip = offset ?? 0, Search = search }, cancellationToken);
        return page.ToOk(rows => new ListBody<MetricBody>(
            [.. rows.Items.Select(row => new MetricBody(row.Id, row.Name, row.Unit, row.Description, MetricRuleBody.Of(row.Rule), row.Events ?? 0, row.IsPriced, row.CreatedAt))], null));
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext http, GetMetric get, CancellationToken cancellationToken) =>
        (await get.RunAsync(http.Call(), id, cancellationToken)).ToOk(MetricDetailsBody.Of);

    private static async Task<IResult> DefineAsync(MetricInput body, HttpContext http, DefineMetric define, CancellationToken cancellationToken) =>
        (await define.RunAsync(http.Call(), body, cancellationToken)).ToOk(MetricDetailsBody.Of);
}

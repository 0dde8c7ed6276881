using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Discounts;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Plans;
using Portal.Core.Simulations;
using Portal.Core.Tax;
using Portal.Data.Kernel;

namespace Portal.Data.Simulations;

/// <summary>Reads what months are replayed from: a dozen queries, whatever the number of organisations.</summary>
internal sealed class SimulationInputs : ISimulationInputs
{
    public async Task<SimulationInput> LoadAsync(IBillingDb db, IReadOnlyList<Guid> organisationIds, SimulationSpan span, DateTimeOffset knownAt, CancellationToken cancellationToken)
    {
        await using (var reading = db.Command("SET TRANSACTION READ ONLY"))
            await reading.ExecuteNonQueryAsync(cancellationToken);
        Guid[] ids = [.. organisationIds];
        var day = span.PricedOn;
        var usage = await UsageAsync(db, ids, span, cancellationToken);
        // Of a subscription's phases on the day there is one: the database sees to it.
        var phases = (await db.SubscriptionPhases.AsNoTracking()
            .Where(phase => ids.Contains(phase.OrganisationId) && phase.StartsOn <= day && (phase.EndsOn == null || phase.EndsOn > day)).ToListAsync(cancellationToken))
            .GroupBy(phase => phase.OrganisationId).ToDictionary(group => group.Key, group => group.First());
        var services = await db.Services.AsNoTracking().Where(service => ids.Contains(service.OrganisationId) && service.Status == ServiceStatus.Active).OrderBy(service => service.Id).ToListAsync(cancellationToken);
        var metrics = usage.SelectMany(group => group).Select(used => used.MetricName).Distinct().ToList();
        var plans = phases.Values.Select(phase => phase.PlanId).Distinct().ToList();
        var prices = await db.Prices.AsNoTracking().Include(price => price.Tiers)
            .Where(price => metrics.Contains(price.MetricName) && price.CreatedAt <= knownAt
                && (price.PlanId == null || plans.Contains(price.PlanId.Value))
                && (price.OrganisationId == null || ids.Contains(price.OrganisationId.Value))
                && price.EffectiveFrom <= day && (price.EffectiveTo == null || price.EffectiveTo > day))
            .ToListAsync(cancellationToken);
        return new SimulationInput(
            await db.Organisations.Where(organisation => ids.Contains(organisation.Id)).AsNoTracking().ToListAsync(cancellationToken),
            usage,
            prices,
            phases,
            services.ToLookup(service => service.OrganisationId),
            await DiscountsAsync(db, ids, new BillingMonth(day.Year, day.Month), cancellationToken),
            await db.TaxTablesAsync(ids, (span.First, span.Last), cancellationToken));
    }

    // The very quantities that a billing run rates.
    private static async Task<ILookup<Guid, MeteredUsage>> UsageAsync(IBillingDb db, Guid[] ids, SimulationSpan span, CancellationToken cancellationToken)
    {
        const string Sql = """
            SELECT used.organisation_id, used.month, used.metric_name, used.unit,
                CASE WHEN covered.quantity IS NULL THEN used.quantity ELSE greatest(used.quantity - covered.quantity, 0) END, used.events,
                CASE WHEN covered.quantity IS NOT NULL THEN least(covered.quantity, used.quantity) END, covered.credits
            FROM usage_quantities($1, $2, $3) used
            LEFT JOIN prepaid_coverages covered ON covered.organisation_id = used.organisation_id AND covered.month = used.month
                AND covered.metric_name = used.metric_name AND covered.unit = used.unit AND covered.quantity > 0
            """;
        var noProjects = new Dictionary<Guid, decimal>();
        var rows = new List<(Guid Organisation, MeteredUsage Usage)>();
        await using var command = db.Command(Sql).With(ids).With(span.First.Index).With(span.Last.Index);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add((reader.GetGuid(0), new MeteredUsage(
                BillingMonth.FromIndex(reader.GetInt32(1)),
                reader.GetString(2),
                reader.GetString(3),
                reader.GetDecimal(4),
                reader.GetInt64(5),
                noProjects,
                Covered: await reader.IsDBNullAsync(6, cancellationToken) ? null : new CoveredUsage(reader.GetDecimal(6), reader.GetDecimal(7)))));
        }

        return rows.ToLookup(row => row.Organisation, row => row.Usage);
    }

    private static async Task<ILookup<Guid, DiscountTerms>> DiscountsAsync(IBillingDb db, Guid[] ids, BillingMonth month, CancellationToken cancellationToken)
    {
        var index = month.Index;
        var rows = await (
            from given in db.OrganisationDiscounts.AsNoTracking()
            where ids.Contains(given.OrganisationId) && given.FirstMonth <= index && (given.EndMonth == null || given.EndMonth > index)
            join discount in db.Discounts on given.DiscountId equals discount.Id
            orderby given.Id
            select new { given, discount }).ToListAsync(cancellationToken);
        return rows.ToLookup(
            row => row.given.OrganisationId,
            row => new DiscountTerms(
                row.given.Id, row.discount.Name, row.discount.Kind, row.discount.Value, row.discount.Currency, row.discount.MetricName, row.discount.Unit, row.given.FirstMonth, row.given.EndMonth));
    }
}

/// <summary>Registers what simulations need of PostgreSQL.</summary>
public static class SimulationDataServices
{
    public static IServiceCollection AddSimulationData(this IServiceCollection services) => services
        .AddSingleton<ISimulationInputs, SimulationInputs>()
        .AddSingleton<ISimulationQueue, SimulationQueue>();
}

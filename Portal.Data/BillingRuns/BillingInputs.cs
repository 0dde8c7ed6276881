using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Core.BillingRuns;
using Portal.Core.Discounts;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Organisations;
using Portal.Core.Plans;
using Portal.Core.PrepaidCredits;
using Portal.Core.Pricing;
using Portal.Core.Tax;
using Portal.Data.Kernel;
using Portal.Data.Metering;

namespace Portal.Data.BillingRuns;

/// <summary>Reads what invoices are made of: some fifteen queries, whatever the number of organisations.</summary>
internal sealed class BillingInputs(IPrepaidBook prepaid) : IBillingInputs
{
    public async Task<BillingInput> LoadAsync(IBillingDb db, IReadOnlyList<Guid> organisationIds, BillingInputRequest request, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. organisationIds];
        if (request.Lock)
            await BoundAsync(db, cancellationToken);
        var organisations = await OrganisationsAsync(db, ids, request.Lock, cancellationToken);
        var (invoices, supplements, runs) = await BilledMonthsAsync(db, ids, request, cancellationToken);
        Guid[] remade = [.. invoices.SelectMany(group => group).Where(invoice => invoice.IsRemade).Select(invoice => invoice.Id)];
        if (request.CoverAt is { } now)
        {
            // Those with prepaid credits are few; their usage is covered before what is left of it is rated.
            foreach (var organisation in await prepaid.WithCreditsAsync(db, ids, request.Month, cancellationToken))
                await prepaid.CoverAsync(db, organisation, [request.Month], now, cancellationToken);
        }

        var usage = await UsageAsync(db, ids, remade, request, cancellationToken);
        var recurring = await RecurringAsync(db, ids, remade, request.WithFees, cancellationToken);
        return new BillingInput(
            organisations, usage, invoices, runs, await PricesAsync(db, ids, usage, recurring, request, cancellationToken),
            await db.TaxTablesAsync(ids, (request.Month, request.Month), cancellationToken), supplements)
        {
            Recurring = recurring,
            Discounts = await DiscountsAsync(db, ids, request, cancellationToken),
        };
    }

    // Subscriptions and services with their phases, and what invoices that count have of their charges. Most organisations have none of them.
    // Without fees, subscriptions say whose plan's prices hold, and that is all.
    private static async Task<Dictionary<Guid, RecurringInput>> RecurringAsync(IBillingDb db, Guid[] ids, Guid[] remade, bool withFees, CancellationToken cancellationToken)
    {
        const string Sql = """
            SELECT l.organisation_id, l.charge_key, sum(coalesce(l.original_amount, l.charge)),
                sum(CASE WHEN l.discount = 0 THEN 0 ELSE l.discount * coalesce(l.original_amount, l.charge) / l.charge END)
            FROM invoice_lines l JOIN invoices i ON i.organisation_id = l.organisation_id AND i.id = l.invoice_id
            WHERE l.organisation_id = ANY ($1) AND l.charge_key IS NOT NULL AND i.status <> 'void' AND i.id <> ALL ($2)
            GROUP BY l.organisation_id, l.charge_key
            """;
        var subscriptions = (await db.Subscriptions.AsNoTracking().Include(subscription => subscription.Phases)
            .Where(subscription => ids.Contains(subscription.OrganisationId)).OrderBy(subscription => subscription.Id).ToListAsync(cancellationToken)).ToLookup(subscription => subscription.OrganisationId);
        var services = (withFees
            ? await db.Services.AsNoTracking().Include(service => service.Phases).Where(service => ids.Contains(service.OrganisationId)).OrderBy(service => service.Id).ToListAsync(cancellationToken)
            : []).ToLookup(service => service.OrganisationId);
        if (subscriptions.Count == 0 && services.Count == 0)
            return [];
        var billed = new Dictionary<Guid, Dictionary<string, BilledCharge>>();
        if (withFees)
        {
            await using var command = db.Command(Sql).With(ids).With(remade);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var organisation = reader.GetGuid(0);
                if (!billed.TryGetValue(organisation, out var keys))
                    billed[organisation] = keys = new Dictionary<string, BilledCharge>(StringComparer.Ordinal);
                keys[reader.GetString(1)] = new BilledCharge(reader.GetDecimal(2), reader.GetDecimal(3));
            }
        }

        return subscriptions.Select(group => group.Key).Union(services.Select(group => group.Key)).ToDictionary(
            id => id,
            id => new RecurringInput([.. subscriptions[id]], [.. services[id]], billed.GetValueOrDefault(id) ?? new Dictionary<string, BilledCharge>(StringComparer.Ordinal)));
    }

    // The rules of metrics stay as they are until the chunk is through. A node that hangs in the middle of a chunk must not hold its organisations for ever, nor must the one that waits for them.
    private static async Task BoundAsync(IBillingDb db, CancellationToken cancellationToken)
    {
        await using var command = db.Command($"SELECT set_config('idle_in_transaction_session_timeout', '60s', true), set_config('lock_timeout', '20s', true), pg_advisory_xact_lock_shared({UsageMeasures.RulesLock})");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // The lock on an organisation's row lets nobody else bill it until the session ends: not another node, and not a run of another
    // month, which might find the same late usage. It does not hold up anything that only refers to the organisation.
    private static async Task<IReadOnlyList<Organisation>> OrganisationsAsync(IBillingDb db, Guid[] ids, bool withLock, CancellationToken cancellationToken) => withLock
        ? await db.Organisations.FromSql($"SELECT * FROM organisations WHERE id = ANY ({ids}) ORDER BY id FOR NO KEY UPDATE").AsNoTracking().ToListAsync(cancellationToken)
        : await db.Organisations.Where(organisation => ids.Contains(organisation.Id)).AsNoTracking().ToListAsync(cancellationToken);

    // What the months in question have already: invoices, the highest supplement, whose number is not given again when it is called off, and runs that
    // were completed. Drafts that are to be made anew are locked, so that nobody issues them meanwhile.
    private static async Task<(ILookup<Guid, MonthInvoice> Invoices, IReadOnlyDictionary<Guid, int> Supplements, IReadOnlyList<CompletedRun> Runs)> BilledMonthsAsync(
        IBillingDb db, Guid[] ids, BillingInputRequest request, CancellationToken cancellationToken)
    {
        const string Sql = """
            SELECT organisation_id, id, year, month, status, status = 'draft' AND year * 12 + month = $3 AND ($4 OR hold_reason IS NOT NULL), 0, NULL::timestamptz
            FROM invoices
            WHERE organisation_id = ANY ($1) AND status <> 'void' AND supplement = 0 AND year * 12 + month BETWEEN $2 AND $3
            UNION ALL
            SELECT organisation_id, NULL, year, month, NULL, NULL, max(supplement), NULL
            FROM invoices
            WHERE organisation_id = ANY ($1) AND year = $5 AND month = $6 AND supplement > 0
            GROUP BY organisation_id, year, month
            UNION ALL
            SELECT organisation_id, NULL, year, month, NULL, NULL, 0, max(created_at)
            FROM billing_runs
            WHERE state = 'completed' AND NOT late_only AND year * 12 + month >= $2 AND year * 12 + month < $3
            GROUP BY organisation_id, year, month
            """;
        if (request.Lock)
        {
            await using var locking = db.Command("SELECT id FROM invoices WHERE organisation_id = ANY ($1) AND year = $2 AND month = $3 AND supplement = 0 AND status = 'draft' ORDER BY id FOR UPDATE")
                .With(ids).With(request.Month.Year).With(request.Month.Month);
            await locking.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var command = db.Command(Sql).With(ids).With(Ordinal(request.FirstMonth)).With(Ordinal(request.Month)).With(request.RemakeDrafts).With(request.Month.Year).With(request.Month.Month);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (invoices, supplements, runs) = (new List<(Guid Organisation, MonthInvoice Invoice)>(), new Dictionary<Guid, int>(), new List<CompletedRun>());
        while (await reader.ReadAsync(cancellationToken))
        {
            var month = new BillingMonth(reader.GetInt32(2), reader.GetInt32(3));
            if (!await reader.IsDBNullAsync(1, cancellationToken))
                invoices.Add((reader.GetGuid(0), new MonthInvoice(reader.GetGuid(1), month, EnumText.Read<InvoiceStatus>(reader.GetString(4)), reader.GetBoolean(5))));
            else if (reader.GetInt32(6) is > 0 and var supplement)
                supplements[reader.GetGuid(0)] = supplement;
            else
                runs.Add(new CompletedRun(month, await reader.IsDBNullAsync(0, cancellationToken) ? null : reader.GetGuid(0), await reader.GetFieldValueAsync<DateTimeOffset>(7, cancellationToken)));
        }

        return (invoices.ToLookup(row => row.Organisation, row => row.Invoice), supplements, runs);
    }

    // The month's usage, and that of earlier months where it is not what was billed; the database compares.
    private static async Task<ILookup<Guid, MeteredUsage>> UsageAsync(IBillingDb db, Guid[] ids, Guid[] remade, BillingInputRequest request, CancellationToken cancellationToken)
    {
        const string Sql = """
            WITH months AS (SELECT i / 12 AS year, i % 12 + 1 AS month FROM generate_series($2::int, $3::int) AS i),
            used AS MATERIALIZED (
                SELECT u.organisation_id, u.month / 12 AS year, u.month % 12 + 1 AS month, u.metric_name, u.unit, u.quantity, u.events, u.projects, u.quantities,
                    u.aggregation, u.property, u.rounding, u.decimals, u.measured
                FROM usage_quantities($1, $2, $3) u),
            charged AS (
                SELECT l.organisation_id, l.usage_year AS year, l.usage_month AS month, l.metric_name, l.unit, l.quantity, l.event_count,
                    coalesce(l.original_amount, l.charge) AS amount, coalesce(l.original_currency, i.currency) AS currency, l.price_id, i.created_at
                FROM invoice_lines l JOIN months ON months.year = l.usage_year AND months.month = l.usage_month JOIN invoices i ON i.organisation_id = l.organisation_id AND i.id = l.invoice_id
                WHERE l.organisation_id = ANY ($1) AND l.price_id IS NOT NULL AND i.status <> 'void' AND i.id <> ALL ($4)
                UNION ALL
                SELECT c.organisation_id, c.usage_year, c.usage_month, c.metric_name, c.unit, c.quantity, c.event_count,
                    -coalesce(c.original_amount, c.amount + c.discount), coalesce(c.original_currency, c.currency), c.price_id, c.created_at
                FROM late_usage_credits c JOIN months ON months.year = c.usage_year AND months.month = c.usage_month
                WHERE c.organisation_id = ANY ($1)
                UNION ALL
                SELECT w.organisation_id, w.usage_year, w.usage_month, w.metric_name, w.unit, w.quantity, w.event_count, w.amount, w.currency, w.price_id, w.created_at
                FROM late_usage_write_offs w JOIN months ON months.year = w.usage_year AND months.month = w.usage_month
                WHERE w.organisation_id = ANY ($1)),
            billed AS MATERIALIZED (
                SELECT organisation_id, year, month, metric_name, unit, sum(quantity) AS quantity, sum(event_count)::bigint AS events, sum(amount) AS amount,
                    min(currency) AS currency, (array_agg(price_id ORDER BY created_at))[1] AS price_id
                FROM charged
                GROUP BY organisation_id, year, month, metric_name, unit)
            SELECT used.organisation_id, used.year, used.month, used.metric_name, used.unit, rest.quantity, used.events, used.projects, used.quantities,
                billed.quantity, billed.events, billed.amount, billed.currency, billed.price_id, used.aggregation, used.property, used.rounding, used.decimals, used.measured,
                CASE WHEN covered.quantity IS NOT NULL THEN least(covered.quantity, used.quantity) END, covered.credits
            FROM used LEFT JOIN billed USING (organisation_id, year, month, metric_name, unit)
            -- What prepaid credits covered is not rated.
            LEFT JOIN prepaid_coverages covered ON covered.organisation_id = used.organisation_id AND covered.month = used.year * 12 + used.month - 1
                AND covered.metric_name = used.metric_name AND covered.unit = used.unit AND covered.quantity > 0
            CROSS JOIN LATERAL (SELECT CASE WHEN covered.quantity IS NULL THEN used.quantity ELSE greatest(used.quantity - covered.quantity, 0) END AS quantity) rest
            WHERE (used.year * 12 + used.month - 1 = $3) OR rest.quantity IS DISTINCT FROM billed.quantity OR used.events IS DISTINCT FROM billed.events
            """;
        await using var command = db.Command(Sql).With(ids).With(request.FirstMonth.Index).With(request.Month.Index).With(remade);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<(Guid Organisation, MeteredUsage Usage)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var projects = await reader.GetFieldValueAsync<Guid[]>(7, cancellationToken);
            var quantities = await reader.GetFieldValueAsync<decimal[]>(8, cancellationToken);
            rows.Add((reader.GetGuid(0), new MeteredUsage(
                new BillingMonth(reader.GetInt32(1), reader.GetInt32(2)),
                reader.GetString(3),
                reader.GetString(4),
                reader.GetDecimal(5),
                reader.GetInt64(6),
                projects.Zip(quantities).ToDictionary(pair => pair.First, pair => pair.Second),
                await reader.IsDBNullAsync(9, cancellationToken) ? null : new BilledUsage(reader.GetDecimal(9), reader.GetInt64(10), reader.GetDecimal(11), reader.GetString(12), reader.GetGuid(13)),
                await MeasureAsync(reader, cancellationToken),
                await reader.IsDBNullAsync(19, cancellationToken) ? null : new CoveredUsage(reader.GetDecimal(19), reader.GetDecimal(20)))));
        }

        return rows.ToLookup(row => row.Organisation, row => row.Usage);
    }

    // Nothing for the plain sum, as nearly every metric is.
    private static async Task<MeasuredBy?> MeasureAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var rule = new MetricRule(
            EnumText.Read<MetricAggregation>(reader.GetString(14)),
            await reader.IsDBNullAsync(15, cancellationToken) ? null : reader.GetString(15),
            EnumText.Read<QuantityRounding>(reader.GetString(16)),
            reader.GetInt32(17));
        return rule == MetricRule.Plain ? null : new MeasuredBy(rule, reader.GetDecimal(18));
    }

    // Of every month in question: percentages are also for late usage of the months that they were given for.
    private static async Task<ILookup<Guid, DiscountTerms>> DiscountsAsync(IBillingDb db, Guid[] ids, BillingInputRequest request, CancellationToken cancellationToken)
    {
        var (first, last) = (request.FirstMonth.Index, request.Month.Index);
        var rows = await (
            from given in db.OrganisationDiscounts.AsNoTracking()
            where ids.Contains(given.OrganisationId) && given.FirstMonth <= last && (given.EndMonth == null || given.EndMonth > first)
            join discount in db.Discounts on given.DiscountId equals discount.Id
            orderby given.Id
            select new { given, discount }).ToListAsync(cancellationToken);
        return rows.ToLookup(
            row => row.given.OrganisationId,
            row => new DiscountTerms(
                row.given.Id, row.discount.Name, row.discount.Kind, row.discount.Value, row.discount.Currency, row.discount.MetricName, row.discount.Unit, row.given.FirstMonth, row.given.EndMonth));
    }

    // The prices of the metrics that were used, in force on the first day of one of the months, and those that were billed by.
    private static async Task<PriceBook> PricesAsync(IBillingDb db, Guid[] ids, ILookup<Guid, MeteredUsage> usage, Dictionary<Guid, RecurringInput> recurring, BillingInputRequest request, CancellationToken cancellationToken)
    {
        var plans = recurring.Values.SelectMany(input => input.Subscriptions).SelectMany(subscription => subscription.Phases).Select(phase => phase.PlanId).Distinct().ToList();
        var used = usage.SelectMany(group => group).ToList();
        var metrics = used.Select(usage => usage.MetricName).Distinct().ToList();
        var billedBy = used.Where(usage => usage.Billed is not null).Select(usage => usage.Billed!.PriceId).Distinct().ToList();
        var (first, last) = (request.FirstMonth.FirstDay, request.Month.FirstDay);
        return new PriceBook(await db.Prices.AsNoTracking().Include(price => price.Tiers)
            .Where(price => billedBy.Contains(price.Id)
                || (metrics.Contains(price.MetricName)
                    && (price.PlanId == null || plans.Contains(price.PlanId.Value))
                    && (price.OrganisationId == null || ids.Contains(price.OrganisationId.Value))
                    && price.EffectiveFrom <= last
                    && (price.EffectiveTo == null || price.EffectiveTo > first)))
            .ToListAsync(cancellationToken));
    }

    private static int Ordinal(BillingMonth month) => (month.Year * 12) + month.Month;
}

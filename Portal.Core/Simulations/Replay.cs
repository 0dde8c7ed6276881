using Portal.Core.Currencies;
using Portal.Core.Invoicing;
using Portal.Core.Metering;
using Portal.Core.Organisations;
using Portal.Core.Plans;
using Portal.Core.Pricing;

namespace Portal.Core.Simulations;

/// <summary>What an organisation's months come to.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Months">In order.</param>
/// <param name="Unpriced">Combinations of metric and unit without a price under the draft.</param>
/// <param name="Jump">Set where the whole rises by more than the limit.</param>
public sealed record ReplayedOrganisation(string Currency, IReadOnlyList<SimulatedMonth> Months, int Unpriced, SimulatedJump? Jump)
{
    public decimal Current => Months.Sum(month => month.Current);

    public decimal Simulated => Months.Sum(month => month.Simulated);
}

/// <summary>A price is in a currency that nothing converts on a month's last day.</summary>
public sealed class NotConvertedException : Exception
{
    public NotConvertedException() { }

    public NotConvertedException(string message) : base(message) { }

    public NotConvertedException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>
/// Replays months twice with the invoice's own builder: under what is in force on one day, and with the draft in place of a part of it. Every month
/// is on its own: its usage, one month's share of each recurring fee, discounts, the true-up to a commitment; what is compared is what is left
/// before tax. Pure.
/// </summary>
public sealed class Replay
{
    private readonly SimulationInput _input;
    private readonly SimulationSpan _span;
    private readonly PlanDraft? _plan;
    private readonly decimal _cliffPercent;
    private readonly PriceBook _current;
    private readonly PriceBook _simulated;

    public Replay(SimulationInput input, SimulationSpan span, SimulationDraft draft, decimal cliffPercent)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(span);
        ArgumentNullException.ThrowIfNull(draft);
        (_input, _span, _plan, _cliffPercent) = (input, span, draft.Plan, cliffPercent);
        List<PriceDefinition> today = [.. input.Prices.Select(Always)], drafted = [.. draft.Definitions()];
        var replaced = drafted.Select(Scope).ToHashSet();
        _current = Book(today);
        _simulated = Book([.. today.Where(price => !replaced.Contains(Scope(price))), .. drafted]);
    }

    /// <summary>One organisation.</summary>
    /// <exception cref="NotConvertedException">An amount is in a currency that nothing converts.</exception>
    public ReplayedOrganisation Of(Organisation organisation)
    {
        ArgumentNullException.ThrowIfNull(organisation);
        var usage = _input.Usage[organisation.Id].ToLookup(used => used.Month);
        var months = new List<(SimulatedMonth Month, InvoiceDraft Current, InvoiceDraft Simulated)>();
        foreach (var month in _span.Months)
        {
            var (current, simulated) = (Build(organisation, month, usage[month], _current, null), Build(organisation, month, usage[month], _simulated, _plan));
            months.Add((new SimulatedMonth(month.ToString(), Net(current), Net(simulated)), current, simulated));
        }

        var unpriced = months.SelectMany(month => month.Simulated.Unpriced).Select(used => (used.MetricName, used.Unit)).Distinct().Count();
        var all = new ReplayedOrganisation(organisation.Currency, [.. months.Select(month => month.Month)], unpriced, null);
        if (all.Simulated <= all.Current || (all.Simulated - all.Current) * 100 <= all.Current * _cliffPercent)
            return all;
        var steepest = months.MaxBy(month => month.Month.Simulated - month.Month.Current);
        return all with { Jump = Jump(steepest.Month, steepest.Current, steepest.Simulated) };
    }

    private InvoiceDraft Build(Organisation organisation, BillingMonth month, IEnumerable<MeteredUsage> usage, PriceBook prices, PlanDraft? plan)
    {
        var draft = InvoiceDraftBuilder.Build(
            organisation, month, usage, prices, _input.Tax, _span.PricedOn, Recurring(organisation.Id, month, plan),
            [.. _input.Discounts[organisation.Id].Select(discount => discount with { FirstMonth = int.MinValue, EndMonth = null })]);
        return draft.NotConverted.Count == 0
            ? draft
            : throw new NotConvertedException($"No exchange rate to {organisation.Currency} in force at the end of {month} for: {string.Join("; ", draft.NotConverted)}.");
    }

    // Fees as they are on the day, as if each were of the one month: a yearly fee a twelfth.
    private RecurringInput? Recurring(Guid organisationId, BillingMonth month, PlanDraft? draft)
    {
        var services = _input.Services[organisationId].Select(service => Of(service, month)).ToList();
        if (!_input.Phases.TryGetValue(organisationId, out var phase))
            return services.Count == 0 ? null : RecurringInput.None with { Services = services };
        var replaced = draft?.PlanId == phase.PlanId ? draft : null;
        var (fee, cycle) = replaced?.Cycle is { } drafted ? (replaced.PriceAmount!.Value, drafted) : (phase.Fee, phase.Cycle);
        var commitment = replaced?.MinimumCommitment ?? phase.MinimumCommitment;
        return new RecurringInput([Subscription.Replay(phase, PerMonth(fee, cycle, phase.Currency), commitment is 0 ? null : commitment, month)], services, RecurringInput.None.Billed);
    }

    private static Service Of(Service service, BillingMonth month)
    {
        var day = new DateTimeOffset(month.FirstDay, TimeOnly.MinValue, TimeSpan.Zero);
        var replayed = Service.Activate(
            new ServiceTerms
            {
                OrganisationId = service.OrganisationId,
                Name = service.Name,
                Type = service.Type,
                UnitPrice = PerMonth(service.Fee, service.Cycle, service.Currency),
                Currency = service.Currency,
                HsnSac = service.HsnSac,
            },
            month.FirstDay,
            day);
        replayed.Cancel(month.Next.FirstDay, day);
        return replayed;
    }

    private static decimal PerMonth(decimal fee, BillingCycle cycle, string currency) => Currency.Of(currency).Round(fee / cycle.Months);

    private static decimal Net(InvoiceDraft draft) => draft.Subtotal - draft.Discount;

    // What rises most in the month, and which bound of the draft's tiers it has passed.
    private static SimulatedJump Jump(SimulatedMonth month, InvoiceDraft current, InvoiceDraft simulated)
    {
        var before = current.Lines.ToLookup(Key);
        var rise = simulated.Lines.MaxBy(line => line.Amount - line.Discount - before[Key(line)].Sum(one => one.Amount - one.Discount));
        return rise is not { Kind: InvoiceLineKind.Usage } line
            ? new SimulatedJump(month.Month, month.Current, month.Simulated, null, null, null, null)
            : new SimulatedJump(month.Month, month.Current, month.Simulated, line.MetricName, line.Unit, line.Quantity, Threshold(line));
    }

    private static (InvoiceLineKind Kind, string Metric, string Unit, string Description) Key(DraftLine line) =>
        (line.Kind, line.MetricName, line.Unit, line.Kind == InvoiceLineKind.Service ? line.Description : "");

    private static decimal? Threshold(DraftLine line) =>
        PriceModels.HasTiers(line.Explanation.Terms.Model) && line.Explanation.Rated.Rows is { Count: > 0 } rows && rows[^1].From is > 0 and var from ? from + line.Explanation.Terms.Included : null;

    private static PriceDefinition Always(Price price) => new(price.MetricName, price.Unit, price.Terms, DateOnly.MinValue, null, price.OrganisationId, price.PlanId, price.HsnSac);

    private static PriceBook Book(IEnumerable<PriceDefinition> prices) => new(prices.Select(price => Price.Create(price, DateTimeOffset.UnixEpoch)));

    private static (Guid?, Guid?, string, string) Scope(PriceDefinition price) => (price.OrganisationId, price.PlanId, price.MetricName, price.Unit);
}

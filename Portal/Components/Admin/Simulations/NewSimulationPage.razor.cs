using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Access;
using Portal.Components.Admin.Prices;
using Portal.Components.Shared;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Plans;
using Portal.Core.Pricing;
using Portal.Core.Simulations;

namespace Portal.Components.Admin.Simulations;

/// <summary>Asks for a simulation, and leads to its progress.</summary>
public sealed partial class NewSimulationPage(ICallContexts calls, StartSimulation start, GetSimulation getSimulation, GetPrice getPrice, ListPlans listPlans, ListMetrics listMetrics, NavigationManager navigation)
{
    private const int Most = 200;

    private static readonly Crumb[] s_crumbs = [new("Simulations", "/admin/simulations")];

    private static readonly (string, string)[] s_scopes = [("everybody", "All organisations"), ("plan", "One plan"), ("organisation", "One organisation")];

    private static readonly (string, string)[] s_cycles = [("month-1", "Month"), ("month-3", "3 months"), ("month-6", "6 months"), ("year-1", "Year")];

    private static readonly IReadOnlyList<(string, string)> s_months =
        [.. Enumerable.Range(1, 12).Select(count => (count.ToString(CultureInfo.InvariantCulture), Words.Count(count, "month", "months")))];

    /// <summary>A simulation to begin from.</summary>
    [SupplyParameterFromQuery(Name = "from")] private string? From { get; set; }

    /// <summary>A price to begin from.</summary>
    [SupplyParameterFromQuery(Name = "price")] private string? Price { get; set; }

    /// <summary>A plan to begin from.</summary>
    [SupplyParameterFromQuery(Name = "plan")] private string? Plan { get; set; }

    private async Task<Result<SimulationStart>> StartAsync(CancellationToken cancellation)
    {
        var call = await calls.ForStaffAsync(cancellation);
        var metrics = await listMetrics.RunAsync(call, new ListRequest { Take = Most }, withEvents: false, cancellation);
        if (!metrics.Succeeded)
            return metrics.Failure;
        var plans = await listPlans.RunAsync(call, new PlanFilter(), new ListRequest { Take = Most, Sort = "name" }, cancellation);
        var form = new SimulationForm();
        if (Guid.TryParse(From, out var source))
        {
            var simulation = await getSimulation.RunAsync(call, source, cancellation);
            if (!simulation.Succeeded)
                return simulation.Failure;
            form = SimulationForm.Of(simulation.Value.Simulation);
        }
        else if (Guid.TryParse(Price, out var priceId))
        {
            var price = await getPrice.RunAsync(call, priceId, cancellation);
            if (!price.Succeeded)
                return price.Failure;
            form.TakePrice(PriceForm.Of(price.Value));
        }
        else if (Guid.TryParse(Plan, out var planId))
        {
            (form.IsPlan, form.PlanId) = (true, planId.ToString());
        }

        return new SimulationStart(form, metrics.Value.Items, plans.Succeeded ? [.. plans.Value.Items.Select(row => row.Plan)] : []);
    }

    private async Task<IReadOnlyList<Failure>> RunAsync(SimulationForm form, CancellationToken cancellation)
    {
        if (form is { IsPlan: false, Scope: "organisation", Price.OrganisationId: null })
            return [Failure.Invalid("price.organisationId", "Choose an organisation.")];
        if (form is { IsPlan: false, Scope: "plan", PlanId: null or "" })
            return [Failure.Invalid("price.planId", "Choose a plan.")];
        var started = await start.RunAsync(await calls.ForStaffAsync(cancellation), form.ToRequest(), cancellation);
        if (started.Succeeded)
            navigation.NavigateTo($"/admin/simulations/{started.Value.Id}");
        return started.Failures;
    }

    private static void TakePlan(SimulationStart start)
    {
        foreach (var price in start.Form.Prices)
            price.Currency = start.PlanCurrency;
    }
}

/// <summary>What the page begins with.</summary>
internal sealed record SimulationStart(SimulationForm Form, IReadOnlyList<MetricRow> Metrics, IReadOnlyList<Plan> Plans)
{
    public IReadOnlyList<(string, string)> PlanChoices => [.. Plans.Select(plan => (plan.Id.ToString(), plan.IsActive ? plan.Name : $"{plan.Name} (archived)"))];

    public string PlanHelp => Plans.Count == 0 ? "There are no plans yet." : "Its current subscribers are replayed with it.";

    public string? PlanCurrency => Plans.FirstOrDefault(plan => plan.Id.ToString() == Form.PlanId)?.Currency ?? (Plans is [var first, ..] ? first.Currency : "INR");
}

/// <summary>A simulation as it is being typed.</summary>
internal sealed class SimulationForm
{
    public bool IsPlan { get; set; }

    public PriceForm Price { get; private set; } = new() { Currency = "INR" };

    /// <summary><c>everybody</c>, <c>plan</c> or <c>organisation</c>.</summary>
    public string? Scope { get; set; } = "everybody";

    public string? PlanId { get; set; }

    public decimal? Fee { get; set; }

    /// <summary>Interval and count, as <c>month-3</c>.</summary>
    public string? Cycle { get; set; }

    public decimal? Commitment { get; set; }

    public List<PriceForm> Prices { get; } = [];

    public string? Months { get; set; } = "3";

    public decimal? CliffPercent { get; set; } = 25;

    public Guid? OrganisationId { get; set; }

    public static SimulationForm Of(SimulationDetails simulation)
    {
        var form = new SimulationForm { Months = simulation.Months.ToString(CultureInfo.InvariantCulture), CliffPercent = simulation.CliffPercent, OrganisationId = simulation.OrganisationId };
        if (simulation.Draft.Price is { } price)
            form.TakePrice(PriceForm.Of(price));
        if (simulation.Draft.Plan is { } plan)
        {
            (form.IsPlan, form.PlanId, form.Fee, form.Commitment) = (true, plan.PlanId?.ToString(), plan.PriceAmount, plan.MinimumCommitment);
            form.Cycle = plan.PriceAmount is null ? null : $"{plan.Interval ?? "month"}-{plan.IntervalCount ?? 1}";
            form.Prices.AddRange((plan.Prices ?? []).Select(PriceForm.Of));
        }

        return form;
    }

    public void TakePrice(PriceForm price)
    {
        Price = price;
        (Scope, PlanId) = (price.OrganisationId is not null ? "organisation" : price.PlanId is not null ? "plan" : "everybody", price.PlanId?.ToString());
    }

    public StartSimulationRequest ToRequest() => new()
    {
        Months = int.TryParse(Months, NumberStyles.None, CultureInfo.InvariantCulture, out var months) ? months : null,
        OrganisationId = OrganisationId,
        CliffPercent = CliffPercent,
        Draft = IsPlan ? new SimulationDraft { Plan = PlanDraft() } : new SimulationDraft { Price = PriceDraft() },
    };

    private PlanDraft PlanDraft() => new()
    {
        PlanId = Id(PlanId),
        PriceAmount = Fee,
        Interval = Cycle is { Length: > 0 } cycle ? cycle.Split('-')[0] : null,
        IntervalCount = Cycle is { Length: > 0 } && int.TryParse(Cycle.Split('-')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null,
        MinimumCommitment = Commitment,
        Prices = [.. Prices.Select(price => Bare(price.ToInput()))],
    };

    private PriceInput PriceDraft() => Bare(Price.ToInput()) with { OrganisationId = Scope == "organisation" ? Price.OrganisationId : null, PlanId = Scope == "plan" ? Id(PlanId) : null };

    // Of no day, and in place of nothing that is kept.
    private static PriceInput Bare(PriceInput input) => input with { EffectiveFrom = null, EffectiveTo = null, Replaces = null, OrganisationId = null, PlanId = null };

    private static Guid? Id(string? text) => Guid.TryParse(text, out var id) ? id : null;
}

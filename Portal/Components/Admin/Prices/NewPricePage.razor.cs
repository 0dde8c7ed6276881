using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Access;
using Portal.Components.Layout;
using Portal.Components.Shared;
using Portal.Core.Currencies;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Organisations;
using Portal.Core.Plans;
using Portal.Core.Pricing;
using Portal.Core.Simulations;

namespace Portal.Components.Admin.Prices;

/// <summary>Makes a price, from nothing or from another one.</summary>
public sealed partial class NewPricePage(
    ICallContexts calls, GetPrice getPrice, CreatePrice createPrice, GetOrganisation getOrganisation, ListMetrics listMetrics, ListPlans listPlans, GetSimulation getSimulation, NavigationManager navigation, Toasts toasts, TimeProvider clock)
{
    private const int MostMetrics = 200;

    private OrganisationChoice? _whom;
    private string? _whomError;

    [CascadingParameter] private Viewer Viewer { get; set; } = Viewer.Default;

    /// <summary>The price to begin from.</summary>
    [SupplyParameterFromQuery(Name = "from")] private string? Source { get; set; }

    /// <summary>The organisation that it is for.</summary>
    [SupplyParameterFromQuery(Name = "organisation")] private string? Organisation { get; set; }

    /// <summary>The plan whose subscribers it is for.</summary>
    [SupplyParameterFromQuery(Name = "plan")] private string? ForPlan { get; set; }

    /// <summary>The price that a new version takes the place of.</summary>
    [SupplyParameterFromQuery(Name = "replaces")] private string? Replaced { get; set; }

    /// <summary>The metric to begin with, as from a list of unpriced usage.</summary>
    [SupplyParameterFromQuery(Name = "metric")] private string? Metric { get; set; }

    [SupplyParameterFromQuery(Name = "unit")] private string? Unit { get; set; }

    /// <summary>The simulation whose draft is to be made.</summary>
    [SupplyParameterFromQuery(Name = "simulation")] private string? Simulated { get; set; }

    /// <summary>With a simulation of a plan: which of its prices, from 0.</summary>
    [SupplyParameterFromQuery(Name = "part")] private int? Part { get; set; }

    /// <summary>The first day in force to begin with.</summary>
    [SupplyParameterFromQuery(Name = "day")] private string? FirstDay { get; set; }

    private async Task<Result<PriceStart>> StartAsync(CancellationToken cancellation)
    {
        var call = await calls.ForStaffAsync(cancellation);
        var metrics = await listMetrics.RunAsync(call, new ListRequest { Take = MostMetrics }, withEvents: false, cancellation);
        if (!metrics.Succeeded)
            return metrics.Failure;
        var today = DateFormat.DayIn(clock.GetUtcNow(), Viewer.TimeZone);
        var form = new PriceForm { Currency = "INR" };
        (form.MetricName, form.Unit) = (Metric, Unit);
        var replaces = Guid.TryParse(Replaced, out var replaced);
        if (replaces || Guid.TryParse(Source, out _))
        {
            var source = replaces ? replaced : Guid.Parse(Source!, CultureInfo.InvariantCulture);
            var price = await getPrice.RunAsync(call, source, cancellation);
            if (!price.Succeeded)
                return price.Failure;
            form = PriceForm.Of(price.Value);
            form.Replaces = replaces ? source : null;
        }

        if (Guid.TryParse(Simulated, out var simulation))
        {
            var simulated = await getSimulation.RunAsync(call, simulation, cancellation);
            if (!simulated.Succeeded)
                return simulated.Failure;
            form = OfDraft(simulated.Value.Simulation.Draft) ?? form;
            if (form.OrganisationId is { } owner && await getOrganisation.RunAsync(call, owner, cancellation) is { Succeeded: true, Value: var known })
                form.OrganisationName = known.Name;
            if (form.PlanId is { } drafted && await listPlans.GetAsync(call, drafted, cancellation) is { Succeeded: true, Value: var found })
                form.PlanName = found.Plan.Name;
        }

        if (Guid.TryParse(Organisation, out var id))
        {
            var organisation = await getOrganisation.RunAsync(call, id, cancellation);
            if (!organisation.Succeeded)
                return organisation.Failure;
            (form.OrganisationId, form.OrganisationName, form.Currency) = (id, organisation.Value.Name, organisation.Value.Currency);
        }

        if (Guid.TryParse(ForPlan, out var planId))
        {
            var plan = await listPlans.GetAsync(call, planId, cancellation);
            if (!plan.Succeeded)
                return plan.Failure;
            (form.PlanId, form.PlanName, form.Currency) = (planId, plan.Value.Plan.Name, plan.Value.Plan.Currency);
        }

        var next = new DateOnly(today.Year, today.Month, 1).AddMonths(1);
        (form.EffectiveFrom, form.EffectiveTo) = (DateOnly.TryParseExact(FirstDay, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : next, null);
        return new PriceStart(form, metrics.Value.Items);
    }

    private PriceForm? OfDraft(SimulationDraft draft)
    {
        if (draft.Price is { } price)
            return PriceForm.Of(price);
        if (draft.Plan is not { Prices: { } prices } plan || prices.ElementAtOrDefault(Part ?? 0) is not { } part)
            return null;
        var form = PriceForm.Of(part);
        form.PlanId = plan.PlanId;
        return form;
    }

    private async Task<IReadOnlyList<Failure>> SaveAsync(PriceForm form, CancellationToken cancellation)
    {
        _whomError = _whom is { IsMissing: true } ? "Choose an organisation." : null;
        if (_whomError is not null)
            return [Failure.Invalid("organisationId", _whomError)];
        var created = await createPrice.RunAsync(await calls.ForStaffAsync(cancellation), form.ToInput(), cancellation);
        if (created.Succeeded)
        {
            toasts.Done($"Price for {created.Value.MetricName} created.");
            navigation.NavigateTo($"/admin/prices/{created.Value.Id}");
        }

        return created.Failures;
    }

    private void Choose(PriceForm form, OrganisationChoice.ChosenOrganisation? row)
    {
        (form.OrganisationId, form.OrganisationName, _whomError) = (row?.Id, row?.Name, null);
        if (row is not null)
            form.Currency = row.Currency;
    }
}

/// <summary>What the page begins with.</summary>
internal sealed record PriceStart(PriceForm Form, IReadOnlyList<MetricRow> Metrics);

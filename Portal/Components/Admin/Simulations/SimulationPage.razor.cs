using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Access;
using Portal.Components.Layout;
using Portal.Components.Shared;
using Portal.Components.Shared.Charts;
using Portal.Components.Shared.Tables;
using Portal.Core.Currencies;
using Portal.Core.Kernel;
using Portal.Core.Pricing;
using Portal.Core.Simulations;

namespace Portal.Components.Admin.Simulations;

/// <summary>One simulation: its progress while it runs, then who pays more and who less.</summary>
public sealed partial class SimulationPage(ICallContexts calls, GetSimulation get, ListSimulationResults list, CancelSimulation cancel, NavigationManager navigation, Toasts toasts)
{
    private static readonly Crumb[] s_crumbs = [new("Simulations", "/admin/simulations")];

    private static readonly (string, string)[] s_changes =
    [
        ("more", "Pay more"), ("less", "Pay less"), .. SimulationWords.Bands.Select(band => (band.Key, band.Text)), ("cliff", "Above the limit"), ("unpriced", "Unpriced usage"), ("failed", "Could not be replayed"),
    ];

    // The rate moves with the clock, not only with what the database says.
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    private LoadView<SimulationOverview>? _view;
    private DataTable<SimulationRow>? _rows;
    private SimulationDetails? _simulation;
    private int _listedThrough;
    private bool _cancelling;

    [Parameter] public Guid Id { get; set; }

    [SupplyParameterFromQuery(Name = "currency")] public string? Currency { get; set; }

    [CascadingParameter] private Viewer Viewer { get; set; } = Viewer.Default;

    private NavigationManager Navigation => navigation;

    /// <summary>What the address asks for.</summary>
    internal static SimulationResultFilter FilterOf(Func<string, string?> value) =>
        new(value("change") is { Length: > 0 } change ? change : null, value("in") is { Length: > 0 } currency ? currency : null);

    private async Task<Result<SimulationOverview>> LoadAsync(CancellationToken cancellation)
    {
        var result = await get.RunAsync(await calls.ForStaffAsync(cancellation), Id, cancellation);
        _simulation = result.Succeeded ? result.Value.Simulation : null;
        return result;
    }

    private async Task<Result<PagedList<SimulationRow>>> LoadRowsAsync(TableRequest request, CancellationToken cancellation) =>
        await list.RunAsync(
            await calls.ForStaffAsync(cancellation), Id, FilterOf(request.Filter), request.List.Sort is null ? request.List with { Sort = "difference", Descending = true } : request.List, cancellation);

    private async Task ReloadAsync()
    {
        if (_view is null)
            return;
        await _view.ReloadAsync();
        if (_simulation is not { } simulation || simulation.Done + simulation.Failed == _listedThrough)
            return;
        _listedThrough = simulation.Done + simulation.Failed;
        await (_rows?.ReloadAsync() ?? Task.CompletedTask);
    }

    private async Task CancelAsync()
    {
        if (_cancelling)
            return;
        _cancelling = true;
        try
        {
            var cancelled = await cancel.RunAsync(await calls.ForStaffAsync(), Id, CancellationToken.None);
            if (cancelled.Succeeded)
                toasts.Done("Simulation cancelled.");
            else
                toasts.Failed(cancelled.Failure.Message);
            await ReloadAsync();
        }
        finally
        {
            _cancelling = false;
        }
    }

    private SimulationSummary? Chosen(SimulationOverview overview) => overview.Currencies.FirstOrDefault(one => one.Currency == Currency) ?? (overview.Currencies is [var first, ..] ? first : null);

    private static Dictionary<string, object?> Of(string? currency) => new(StringComparer.Ordinal) { ["currency"] = currency, ["in"] = null, ["change"] = null, ["page"] = null };

    private string Show(string change, string? currency) =>
        navigation.GetUriWithQueryParameters(new Dictionary<string, object?>(StringComparer.Ordinal) { ["change"] = change, ["in"] = currency, ["page"] = null, ["q"] = null });

    private string LeadOf(SimulationDetails simulation) =>
        $"{SimulationWords.Months(simulation, Viewer.Locale)}, {simulation.OrganisationName ?? "all organisations"}, started by {simulation.StartedBy}";

    private string Compared(SimulationDetails simulation) =>
        $"“Current” is what the prices, plans and discounts of {DateFormat.Day(simulation.PricedOn, Viewer.Locale)} give for the usage of these months, not what was invoiced then. Usage includes late events, yearly fees count one twelfth per month, and tax is excluded.";

    private string Share(int count, SimulationSummary sums) => sums.Organisations == 0 ? "" : $"{MoneyFormat.Percent(Math.Round(count * 100m / sums.Organisations, 1, MidpointRounding.AwayFromZero), Viewer.Locale)} of {Counted(sums.Organisations)}";

    private List<BarRow> RowsOf(SimulationSummary sums) =>
    [
        .. SimulationWords.Bands.Select(band =>
        {
            var count = sums.Bands.GetValueOrDefault(band.Band);
            return new BarRow(
                band.Text, count, builder => builder.AddContent(0, Counted(count)), count == 0 ? "" : Share(count, sums).Split(" of ")[0], count == 0 ? null : Show(band.Key, sums.Currency),
                band.Band switch { > SimulationBand.Same => BadgeTone.Warn, < SimulationBand.Same => BadgeTone.Good, _ => BadgeTone.Info });
        }),
    ];

    private static IReadOnlyList<PriceTerms> TermsOf(SimulationDetails simulation)
    {
        var inputs = simulation.Draft.Price is { } price ? [price] : simulation.Draft.Plan?.Prices ?? [];
        return [.. inputs.Select(input => PriceValidation.CheckTerms(input, [])).OfType<PriceTerms>()];
    }

    private static string? MakeHref(SimulationDetails simulation) =>
        simulation.Draft.Price is not null || simulation.Draft.Plan is { Prices.Count: > 0 } ? $"/admin/prices/new?simulation={simulation.Id}" : null;

    private string Counted(int count) => MoneyFormat.Number(count, Viewer.Locale);

    private static RenderFragment Amount(SimulationRow row, decimal amount) => builder =>
    {
        if (row.Currency is not { } currency)
        {
            builder.AddContent(0, "–");
            return;
        }

        builder.OpenComponent<MoneyText>(1);
        builder.AddComponentParameter(2, nameof(MoneyText.Amount), amount);
        builder.AddComponentParameter(3, nameof(MoneyText.Currency), currency);
        builder.CloseComponent();
    };

    private string Why(SimulationRow row) => row switch
    {
        { Reason: { } reason } => reason,
        { Jump: { MetricName: { } metric, Threshold: { } threshold } jump } => string.Create(CultureInfo.InvariantCulture, $"{metric} above {MoneyFormat.Number(threshold, Viewer.Locale)} {jump.Unit}, most in {jump.Month}"),
        { Jump: { MetricName: { } metric } jump } => $"{metric}, most in {jump.Month}",
        { Jump: { } jump } => $"Fee or commitment, most in {jump.Month}",
        { Unpriced: > 0 } => "Unpriced usage",
        _ => "–",
    };
}

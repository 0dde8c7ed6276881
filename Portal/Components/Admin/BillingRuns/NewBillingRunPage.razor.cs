using Microsoft.AspNetCore.Components;
using Portal.Access;
using Portal.Components.Layout;
using Portal.Components.Listing;
using Portal.Components.Shared;
using Portal.Core.BillingRuns;
using Portal.Core.Kernel;
using Portal.Core.Metering;

namespace Portal.Components.Admin.BillingRuns;

/// <summary>Asks for a run, and leads to its progress.</summary>
public sealed partial class NewBillingRunPage(ICallContexts calls, StartBillingRun start, NavigationManager navigation, TimeProvider clock)
{
    private static readonly Crumb[] s_crumbs = [new("Billing runs", "/admin/billing/runs")];

    private static readonly (string, string)[] s_then =
        [("settings", "Use the settings"), ("review", "Leave drafts for review"), ("issue", "Issue immediately")];

    private string? _month;
    private Guid? _organisationId;
    private string? _then = "settings";
    private bool _remake;

    /// <summary>A month to begin with, as <c>2026-10</c>; without it, the last one.</summary>
    [SupplyParameterFromQuery(Name = "month")] public string? Month { get; set; }

    /// <summary>An organisation to begin with.</summary>
    [SupplyParameterFromQuery(Name = "organisation")] public Guid? Organisation { get; set; }

    [CascadingParameter] private Viewer Viewer { get; set; } = Viewer.Default;

    private BillingMonth LastMonth => new BillingMonth(clock.GetUtcNow().Year, clock.GetUtcNow().Month).Previous;

    private IReadOnlyList<(string, string)> Months => Choices.Months(clock.GetUtcNow(), 25, Viewer.Locale);

    protected override void OnInitialized() => (_month, _organisationId) = ((Choices.ParseMonth(Month) ?? LastMonth).ToString(), Organisation);

    private async Task<IReadOnlyList<Failure>> StartAsync(CancellationToken cancellation)
    {
        var month = Choices.ParseMonth(_month) ?? LastMonth;
        var started = await start.RunAsync(
            await calls.ForStaffAsync(cancellation),
            new StartBillingRunRequest { Year = month.Year, Month = month.Month, OrganisationId = _organisationId, AutoIssue = _then switch { "issue" => true, "review" => false, _ => null }, Remake = _remake },
            cancellation);
        if (started.Succeeded)
            navigation.NavigateTo($"/admin/billing/runs/{started.Value.Id}");
        return started.Failures;
    }
}

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

    private IReadOnlyList<Failure> _failures = [];
    private string? _organisationError;
    private string _month = "";
    private bool _onlyOne;
    private Guid? _organisationId;
    private bool? _issue;
    private bool _remake;
    private bool _busy;

    /// <summary>A month to begin with, as <c>2026-10</c>; without it, the last one.</summary>
    [SupplyParameterFromQuery(Name = "month")] public string? Month { get; set; }

    /// <summary>An organisation to begin with.</summary>
    [SupplyParameterFromQuery(Name = "organisation")] public Guid? Organisation { get; set; }

    [CascadingParameter] private Viewer Viewer { get; set; } = Viewer.Default;

    private BillingMonth LastMonth => new BillingMonth(clock.GetUtcNow().Year, clock.GetUtcNow().Month).Previous;

    private IReadOnlyList<Choice> Months => Choices.Months(clock.GetUtcNow(), 25, Viewer.Locale);

    protected override void OnInitialized()
    {
        _month = (Choices.ParseMonth(Month) ?? LastMonth).ToString();
        (_onlyOne, _organisationId) = (Organisation is not null, Organisation);
    }

    private async Task SubmitAsync()
    {
        if (_busy)
            return;
        (_failures, _organisationError) = ([], null);
        if (_onlyOne && _organisationId is null)
        {
            _organisationError = "Choose an organisation, or run all.";
            return;
        }

        _busy = true;
        try
        {
            var month = Choices.ParseMonth(_month) ?? LastMonth;
            var request = new StartBillingRunRequest { Year = month.Year, Month = month.Month, OrganisationId = _onlyOne ? _organisationId : null, AutoIssue = _issue, Remake = _remake };
            var started = await start.RunAsync(await calls.ForStaffAsync(), request, CancellationToken.None);
            if (started.Succeeded)
                navigation.NavigateTo($"/admin/billing/runs/{started.Value.Id}");
            else
                _failures = started.Failures;
        }
        finally
        {
            _busy = false;
        }
    }
}

using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Access;
using Portal.Components.Layout;
using Portal.Components.Listing;
using Portal.Components.Shared;
using Portal.Components.Shared.Tables;
using Portal.Core.BillingRuns;
using Portal.Core.Currencies;
using Portal.Core.Kernel;
using Portal.Core.Metering;

namespace Portal.Components.Admin.BillingRuns;

/// <summary>One run: its progress while it runs, and then what came of every organisation.</summary>
public sealed partial class BillingRunPage(ICallContexts calls, GetBillingRun get, ListBillingRunItems listItems, ListUnpricedUsage listUnpriced, ListLateUsage listLate, NavigationManager navigation, TimeProvider clock)
{
    private static readonly Crumb[] s_crumbs = [new("Billing runs", "/admin/billing/runs")];

    // The rate moves with the clock, not only with what the database says.
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    private LoadView<BillingRunDetails>? _view;
    private DataTable<BillingRunItemDetails>? _items;
    private DataTable<UnpricedUsageDetails>? _unpriced;
    private BillingRunDetails? _run;
    private int _listedThrough;

    [Parameter] public Guid Id { get; set; }

    /// <summary><c>failed</c>, <c>skipped</c>, <c>done</c>, <c>unpriced</c> or <c>late</c>; without it, what matters most.</summary>
    [SupplyParameterFromQuery(Name = "show")] public string? Wanted { get; set; }

    [CascadingParameter] private Viewer Viewer { get; set; } = Viewer.Default;

    private async Task<Result<BillingRunDetails>> LoadAsync(CancellationToken cancellation)
    {
        var result = await get.RunAsync(await calls.ForStaffAsync(cancellation), Id, cancellation);
        _run = result.Succeeded ? result.Value : null;
        return result;
    }

    private async Task<Result<PagedList<BillingRunItemDetails>>> LoadItemsAsync(TableRequest request, CancellationToken cancellation) =>
        await listItems.RunAsync(await calls.ForStaffAsync(cancellation), Id, Choices.Parse<BillingRunItemState>(_run is { } run ? Shown(run) : Wanted), request.List, cancellation);

    private async Task<Result<PagedList<UnpricedUsageDetails>>> LoadUnpricedAsync(TableRequest request, CancellationToken cancellation) =>
        await listUnpriced.RunAsync(await calls.ForStaffAsync(cancellation), Id, request.List, cancellation);

    private async Task<Result<PagedList<LateUsageDetails>>> LoadLateAsync(TableRequest request, CancellationToken cancellation) =>
        await listLate.RunAsync(await calls.ForStaffAsync(cancellation), Id, request.List, cancellation);

    private async Task ReloadAsync()
    {
        if (_view is null)
            return;
        await _view.ReloadAsync();
        if (_run is not { } run || Through(run) + run.Unpriced == _listedThrough)
            return;
        _listedThrough = Through(run) + run.Unpriced;
        await (_items?.ReloadAsync() ?? Task.CompletedTask);
        await (_unpriced?.ReloadAsync() ?? Task.CompletedTask);
    }

    private string Shown(BillingRunDetails run) => Wanted is "failed" or "skipped" or "done" or "unpriced" or "late" ? Wanted
        : run.Failed > 0 ? "failed"
        : run.Unpriced > 0 && HasEnded(run) ? "unpriced"
        : run.Done == 0 && run.Skipped > 0 ? "skipped"
        : "done";

    private static IEnumerable<(string Key, string Label, int Count)> Tabs(BillingRunDetails run) =>
        [("failed", "Failed", run.Failed), ("unpriced", "Unpriced usage", run.Unpriced), ("skipped", "Skipped", run.Skipped), ("done", "Invoiced", run.Done)];

    private string Show(string what) => navigation.GetUriWithQueryParameters(new Dictionary<string, object?>(StringComparer.Ordinal) { ["show"] = what, ["list.page"] = null, ["list.q"] = null });

    private static string ItemHref(BillingRunItemDetails item) => item.InvoiceId is { } invoice ? $"/admin/billing/invoices/{invoice}" : $"/admin/organisations/{item.OrganisationId}";

    private static string AgainHref(BillingRunDetails run) => $"/admin/billing/runs/new?month={run.Month}{(run.OrganisationId is { } organisation ? $"&organisation={organisation}" : "")}";

    private static bool HasEnded(BillingRunDetails run) => run.State is BillingRunState.Completed or BillingRunState.Failed;

    private static int Through(BillingRunDetails run) => run.Done + run.Skipped + run.Failed;

    private string MonthOf(BillingMonth month) => DateFormat.Month(month.Year, month.Month, Viewer.Locale);

    private string Counted(int count) => MoneyFormat.Number(count, Viewer.Locale);

    private string Duration(BillingRunDetails run)
    {
        var took = (run.FinishedAt ?? clock.GetUtcNow()) - run.StartedAt!.Value;
        return took.TotalSeconds < 10 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, took.TotalSeconds):0.0} s")
            : took.TotalMinutes < 1 ? string.Create(CultureInfo.InvariantCulture, $"{took.TotalSeconds:0} s")
            : took.TotalHours < 1 ? string.Create(CultureInfo.InvariantCulture, $"{took.Minutes} min {took.Seconds} s")
            : string.Create(CultureInfo.InvariantCulture, $"{(int)took.TotalHours} h {took.Minutes} min");
    }

    private string? RateOf(BillingRunDetails run)
    {
        if (run.StartedAt is not { } started || Through(run) == 0)
            return null;
        var perSecond = Through(run) / Math.Max(0.1, ((run.FinishedAt ?? clock.GetUtcNow()) - started).TotalSeconds);
        return $"{MoneyFormat.Number(Math.Round((decimal)perSecond, perSecond < 10 ? 1 : 0, MidpointRounding.AwayFromZero), Viewer.Locale)} organisations per second";
    }

    private static string LeadOf(BillingRunDetails run) => string.Join(" · ", new[]
    {
        run.OrganisationName ?? "All organisations",
        $"started by {run.StartedBy}",
        run.AutoIssue ? "issues invoices automatically" : "leaves drafts for review",
        run.Remake ? "regenerates drafts" : null,
    }.OfType<string>());

    private string EmptyTitle(BillingRunDetails run) => Shown(run) switch
    {
        "failed" => "Nothing failed",
        "skipped" => "None skipped",
        _ => "No invoices created",
    };

    private string EmptyText(BillingRunDetails run) => Shown(run) switch
    {
        "failed" => "Every organisation in this run succeeded.",
        "skipped" => "Every organisation in this run was invoiced or failed.",
        _ => HasEnded(run) ? "See the other lists for the reasons." : "They appear here as they are created.",
    };
}

using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Access;
using Portal.Components.Layout;
using Portal.Components.Listing;
using Portal.Components.Shared;
using Portal.Core.BillingRuns;
using Portal.Core.Currencies;
using Portal.Core.Kernel;
using Portal.Core.Metering;

namespace Portal.Components.Admin.BillingRuns;

/// <summary>One run: its progress while it runs, and then what came of every organisation.</summary>
public sealed partial class BillingRunPage(ICallContexts calls, GetBillingRun get, ListBillingRunItems listItems, ListUnpricedUsage listUnpriced, NavigationManager navigation, TimeProvider clock)
{
    private static readonly Crumb[] s_crumbs = [new("Billing runs", "/admin/billing/runs")];

    // The rate moves with the clock, not only with what the database says.
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    private LoadView<BillingRunDetails>? _view;
    private DataTable<BillingRunItemDetails>? _items;
    private DataTable<UnpricedUsageDetails>? _unpriced;
    private int _listedThrough;

    [Parameter] public Guid Id { get; set; }

    /// <summary><c>failed</c>, <c>skipped</c>, <c>done</c> or <c>unpriced</c>; without it, what matters most.</summary>
    [SupplyParameterFromQuery(Name = "show")] public string? Wanted { get; set; }

    [CascadingParameter] private Viewer Viewer { get; set; } = Viewer.Default;

    private async Task<Result<BillingRunDetails>> LoadAsync(CancellationToken stop) => await get.RunAsync(await calls.ForStaffAsync(stop), Id, stop);

    private async Task<Result<PagedList<BillingRunItemDetails>>> LoadItemsAsync(ListRequest request, CancellationToken stop) =>
        await listItems.RunAsync(await calls.ForStaffAsync(stop), Id, Choices.Parse<BillingRunItemState>(_view?.Value is { } run ? Shown(run) : Wanted), request, stop);

    private async Task<Result<PagedList<UnpricedUsageDetails>>> LoadUnpricedAsync(ListRequest request, CancellationToken stop) =>
        await listUnpriced.RunAsync(await calls.ForStaffAsync(stop), Id, request, stop);

    private async Task ReloadAsync()
    {
        if (_view is null)
            return;
        await _view.ReloadAsync();
        if (_view.Value is not { } run || Through(run) + run.Unpriced == _listedThrough)
            return;
        _listedThrough = Through(run) + run.Unpriced;
        await (_items?.ReloadAsync() ?? Task.CompletedTask);
        await (_unpriced?.ReloadAsync() ?? Task.CompletedTask);
    }

    private string Shown(BillingRunDetails run) => Wanted is "failed" or "skipped" or "done" or "unpriced" ? Wanted
        : run.Failed > 0 ? "failed"
        : run.Unpriced > 0 && HasEnded(run) ? "unpriced"
        : run.Done == 0 && run.Skipped > 0 ? "skipped"
        : "done";

    private static IEnumerable<(string Key, string Label, int Count)> Tabs(BillingRunDetails run) =>
        [("failed", "Failed", run.Failed), ("unpriced", "Unpriced usage", run.Unpriced), ("skipped", "Skipped", run.Skipped), ("done", "Invoiced", run.Done)];

    private string Show(string what) => navigation.GetUriWithQueryParameters(new Dictionary<string, object?>(StringComparer.Ordinal) { ["show"] = what, ["page"] = null, ["q"] = null });

    private static string ItemHref(BillingRunItemDetails item) => item.InvoiceId is { } invoice ? $"/admin/billing/invoices/{invoice}" : $"/admin/organisations/{item.OrganisationId}";

    private static string DraftsHref(BillingRunDetails run) => $"/admin/billing/invoices?run={run.Id}&status=draft";

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
        var seconds = Math.Max(0.1, ((run.FinishedAt ?? clock.GetUtcNow()) - started).TotalSeconds);
        var perSecond = Through(run) / seconds;
        var rate = $"{MoneyFormat.Number(Math.Round((decimal)perSecond, perSecond < 10 ? 1 : 0, MidpointRounding.AwayFromZero), Viewer.Locale)} organisations a second";
        var left = run.Total - Through(run);
        return HasEnded(run) || left <= 0 || seconds < 3 ? rate : $"{rate}, about {Counted((int)Math.Ceiling(left / perSecond))} s left";
    }

    private string EmptyTitle(BillingRunDetails run) => Shown(run) switch
    {
        "failed" => "Nothing failed",
        "skipped" => "Nobody was skipped",
        _ => "No invoices made",
    };

    private string EmptyText(BillingRunDetails run) => Shown(run) switch
    {
        "failed" => "Every organisation of this run came through.",
        "skipped" => "Every organisation of this run got an invoice, or failed.",
        _ => HasEnded(run) ? "See the other lists for the reasons." : "They appear here as they are made.",
    };
}

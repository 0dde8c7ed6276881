using Microsoft.AspNetCore.Components;
using Portal.Access;
using Portal.Components.Layout;
using Portal.Components.Listing;
using Portal.Components.Shared.Tables;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;

namespace Portal.Components.Admin.Invoices;

/// <summary>All invoices, and the issuing of many drafts at once.</summary>
public sealed partial class InvoicesPage(ICallContexts calls, ListInvoices list, TimeProvider clock)
{
    private static readonly IReadOnlyList<(string, string)> s_statuses = Choices.Of<InvoiceStatus>();

    private static readonly (string, string)[] s_held = [("held", "On hold"), ("ready", "Ready to issue")];

    private static readonly (string, string)[] s_owed =
    [
        ("open", "All open"),
        ("past_due", "Past due"),
        (Choices.Key(ReceivableAge.NotDue), "Not yet due"),
        (Choices.Key(ReceivableAge.UpTo30Days), "1 to 30 days past due"),
        (Choices.Key(ReceivableAge.UpTo60Days), "31 to 60 days past due"),
        (Choices.Key(ReceivableAge.UpTo90Days), "61 to 90 days past due"),
        (Choices.Key(ReceivableAge.Older), "Over 90 days past due"),
    ];

    private DataTable<InvoiceSummary>? _table;
    private IReadOnlyList<Guid> _chosen = [];
    private bool _issuing;

    [SupplyParameterFromQuery(Name = "run")] public string? Run { get; set; }

    [SupplyParameterFromQuery(Name = "month")] public string? Month { get; set; }

    [CascadingParameter] private Viewer Viewer { get; set; } = Viewer.Default;

    private Guid? RunId => Guid.TryParse(Run, out var id) ? id : null;

    private IReadOnlyList<(string, string)> Months => Choices.Months(clock.GetUtcNow(), 25, Viewer.Locale);

    /// <summary>The filter that an address asks for; shared with the export.</summary>
    internal static InvoiceFilter FilterOf(Func<string, string?> value) => new()
    {
        Status = Choices.Parse<InvoiceStatus>(value("status")),
        Month = Choices.ParseMonth(value("month")),
        Held = value("held") switch { "held" => true, "ready" => false, _ => null },
        BillingRunId = Guid.TryParse(value("run"), out var run) ? run : null,
        OrganisationId = Guid.TryParse(value("organisation"), out var organisation) ? organisation : null,
        Open = value("owed") == "open" ? true : null,
        PastDue = value("owed") == "past_due" ? true : null,
        Age = Choices.Parse<ReceivableAge>(value("owed")),
        BilledIn = Choices.ParseMonth(value("billed")),
        Currency = value("currency"),
    };

    private async Task<Result<PagedList<InvoiceSummary>>> LoadAsync(TableRequest request, CancellationToken cancellation) =>
        await list.RunAsync(await calls.ForStaffAsync(cancellation), FilterOf(request.Filter), request.List, cancellation);

    private Task ReloadAsync() => _table?.ReloadAsync() ?? Task.CompletedTask;

    private static bool IsIssuable(InvoiceSummary row) => row is { Status: InvoiceStatus.Draft, HoldReason: null };

    private static string NameOf(InvoiceSummary row) => row.Number ?? $"the draft for {row.OrganisationName}";

    private void OpenIssuing(IReadOnlyList<InvoiceSummary> drafts) => (_chosen, _issuing) = ([.. drafts.Select(draft => draft.Id)], true);

    private async Task IssuedAsync()
    {
        _issuing = false;
        await ReloadAsync();
    }
}

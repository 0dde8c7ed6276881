namespace Portal.Core.Access;

/// <summary>Everything that can be allowed, as <c>resource:action</c>. Pages, buttons and endpoints ask for these names.</summary>
public static class Permissions
{
    public const string OrganisationsRead = "organisations:read";
    public const string OrganisationsWrite = "organisations:write";
    public const string ProjectsRead = "projects:read";
    public const string ProjectsWrite = "projects:write";
    public const string KeysRead = "keys:read";
    public const string KeysWrite = "keys:write";
    public const string UsageRead = "usage:read";
    public const string PricesRead = "prices:read";
    public const string PricesWrite = "prices:write";
    public const string PlansRead = "plans:read";
    public const string PlansWrite = "plans:write";
    public const string SubscriptionsRead = "subscriptions:read";
    public const string SubscriptionsWrite = "subscriptions:write";
    public const string BillingRunsRead = "billing-runs:read";
    public const string BillingRunsStart = "billing-runs:start";
    public const string InvoicesRead = "invoices:read";
    public const string InvoicesIssue = "invoices:issue";
    public const string InvoicesVoid = "invoices:void";
    public const string InvoicesPay = "invoices:pay";
    public const string PaymentsRead = "payments:read";
    public const string PaymentsRecord = "payments:record";
    public const string CreditsRead = "credits:read";
    public const string CreditsWrite = "credits:write";
    public const string DiscountsRead = "discounts:read";
    public const string DiscountsWrite = "discounts:write";
    public const string SimulationsRead = "simulations:read";
    public const string SimulationsWrite = "simulations:write";
    public const string AnalyticsRead = "analytics:read";
    public const string LedgerRead = "ledger:read";
    public const string SupportRead = "support:read";
    public const string SupportWrite = "support:write";
    public const string AuditRead = "audit:read";
    public const string PeopleRead = "people:read";
    public const string PeopleWrite = "people:write";
    public const string SystemRead = "system:read";
    public const string SettingsWrite = "settings:write";

    /// <summary>True for a permission that lets somebody look, and no more.</summary>
    public static bool IsReading(string permission)
    {
        ArgumentNullException.ThrowIfNull(permission);
        return permission.EndsWith(":read", StringComparison.Ordinal);
    }

    public static IReadOnlyList<string> All { get; } =
    [
        OrganisationsRead, OrganisationsWrite, ProjectsRead, ProjectsWrite, KeysRead, KeysWrite, UsageRead, PricesRead, PricesWrite,
        PlansRead, PlansWrite, SubscriptionsRead, SubscriptionsWrite,
        BillingRunsRead, BillingRunsStart, InvoicesRead, InvoicesIssue, InvoicesVoid, InvoicesPay, PaymentsRead, PaymentsRecord,
        CreditsRead, CreditsWrite, DiscountsRead, DiscountsWrite, SimulationsRead, SimulationsWrite, AnalyticsRead, LedgerRead, SupportRead, SupportWrite, AuditRead, PeopleRead, PeopleWrite, SystemRead, SettingsWrite,
    ];
}

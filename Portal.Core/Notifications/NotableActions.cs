using Portal.Core.Access;

namespace Portal.Core.Notifications;

/// <summary>Which of all audited changes people are told of, and what they must be allowed to read for it.</summary>
public static class NotableActions
{
    private static readonly (string Action, string Permission)[] s_both =
    [
        ("payment.failed", Permissions.PaymentsRead),
        ("ticket.replied", Permissions.SupportRead),
        ("organisation.suspended", Permissions.OrganisationsRead),
        ("organisation.restored", Permissions.OrganisationsRead),
        ("subscription.changed", Permissions.SubscriptionsRead),
        ("subscription.cancelled", Permissions.SubscriptionsRead),
        ("prepaid_purchase.paid", Permissions.CreditsRead),
    ];

    /// <summary>What the staff's portal tells of: what needs a person, and what customers did.</summary>
    public static IReadOnlyDictionary<string, string> Staff { get; } = s_both.Concat(
    [
        ("billing_run.completed", Permissions.BillingRunsRead),
        ("billing_run.failed", Permissions.BillingRunsRead),
        ("invoice.held", Permissions.InvoicesRead),
        ("payment.amount_mismatch", Permissions.PaymentsRead),
        ("payment.refunded_at_provider", Permissions.PaymentsRead),
        ("ticket.opened", Permissions.SupportRead),
        ("user.locked_out", Permissions.PeopleRead),
    ]).ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);

    /// <summary>What a customer's portal tells of: money, answers, and changes of who has access.</summary>
    public static IReadOnlyDictionary<string, string> Customer { get; } = s_both.Concat(
    [
        ("invoice.issued", Permissions.InvoicesRead),
        ("invoice.overdue", Permissions.InvoicesRead),
        ("invoice.voided", Permissions.InvoicesRead),
        ("payment.captured", Permissions.PaymentsRead),
        ("payment.recorded", Permissions.PaymentsRead),
        ("account_credit.granted", Permissions.PaymentsRead),
        ("prepaid_credits.granted", Permissions.CreditsRead),
        ("prepaid_credits.expired", Permissions.CreditsRead),
        ("discount.given", Permissions.DiscountsRead),
        ("subscription.started", Permissions.SubscriptionsRead),
        ("api_key.issued", Permissions.KeysRead),
        ("api_key.rotated", Permissions.KeysRead),
        ("api_key.revoked", Permissions.KeysRead),
        ("invitation.accepted", Permissions.PeopleRead),
    ]).ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);
}

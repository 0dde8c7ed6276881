using Portal.Components.Listing;
using Portal.Core.Notifications;

namespace Portal.Components.Layout;

/// <summary>A notification in a sentence, and the page that it leads to.</summary>
internal static class NotificationWords
{
    public static string Of(Notification notification)
    {
        var invoice = notification.Subject is { } number ? $"Invoice {number}" : "An invoice";
        var ticket = notification.Subject is { } subject ? $"“{subject}”" : "A ticket";
        return notification.Action switch
        {
            "invoice.issued" => $"{invoice} was issued",
            "invoice.overdue" => $"{invoice} is past due",
            "invoice.voided" => $"{invoice} was voided",
            "invoice.held" => "A draft invoice is on hold",
            "payment.captured" or "payment.recorded" => "A payment was received",
            "payment.failed" => "A payment failed",
            "payment.amount_mismatch" => "A payment has an unexpected amount",
            "payment.refunded_at_provider" => "A payment was refunded at the provider",
            "ticket.opened" => $"Ticket {ticket} was opened",
            "ticket.replied" => $"{ticket} has a new reply",
            "organisation.suspended" => "The account was suspended",
            "organisation.restored" => "The account was restored",
            "account_credit.granted" => "Account credit was granted",
            "prepaid_credits.granted" => "Prepaid credits were granted",
            "prepaid_credits.expired" => "Prepaid credits expired",
            "prepaid_purchase.paid" => "A top-up was paid",
            "discount.given" => "A discount was applied",
            "subscription.started" => "A subscription started",
            "subscription.changed" => "The subscription was changed",
            "subscription.cancelled" => "The subscription was cancelled",
            "api_key.issued" => "An API key was created",
            "api_key.rotated" => "An API key was rotated",
            "api_key.revoked" => "An API key was revoked",
            "invitation.accepted" => $"{notification.ActorName} joined the team",
            "user.locked_out" => $"{notification.ActorName} was locked out after too many wrong passwords",
            "billing_run.completed" => "A billing run finished",
            "billing_run.failed" => "A billing run failed",
            _ => Choices.Happened(notification.Action),
        };
    }

    /// <param name="notification">What it is about.</param>
    /// <param name="root"><c>/admin</c> or <c>/o/{id}</c>.</param>
    public static string Href(Notification notification, string root) => root == "/admin"
        ? notification.EntityType switch
        {
            "invoice" => $"/admin/billing/invoices/{notification.EntityId}",
            "payment" => $"/admin/billing/payments/{notification.EntityId}",
            "ticket" => $"/admin/support/{notification.EntityId}",
            "billing_run" => $"/admin/billing/runs/{notification.EntityId}",
            "user" => "/admin/people",
            _ => notification.OrganisationId is { } organisation ? $"/admin/organisations/{organisation}" : $"/admin/audit?entity={notification.EntityId}",
        }
        : notification.EntityType switch
        {
            "invoice" => $"{root}/invoices/{notification.EntityId}",
            "payment" => $"{root}/payments/{notification.EntityId}",
            "ticket" => $"{root}/support/{notification.EntityId}",
            "api_key" => $"{root}/projects",
            "user" or "invitation" => $"{root}/team",
            "subscription" => $"{root}/subscription",
            "prepaid_purchase" or "prepaid_grant" or "organisation_discount" => $"{root}/credits",
            "account_credit" => $"{root}/payments",
            _ => root,
        };
}

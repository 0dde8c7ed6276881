using Portal.Core.ApiKeys;
using Portal.Core.BillingRuns;
using Portal.Core.Invoicing;
using Portal.Core.Organisations;
using Portal.Core.Plans;
using Portal.Core.Simulations;

namespace Portal.Components.Shared;

/// <summary>What a badge says besides its word.</summary>
public enum BadgeTone
{
    Idle,
    Info,
    Good,
    Warn,
    Bad,

    /// <summary>Called off.</summary>
    Struck,
}

/// <summary>The tone of every status that is shown.</summary>
public static class BadgeTones
{
    public static BadgeTone Of(Enum status) => status switch
    {
        InvoiceStatus invoice => invoice switch
        {
            InvoiceStatus.Draft => BadgeTone.Idle,
            InvoiceStatus.Issued => BadgeTone.Info,
            InvoiceStatus.PartiallyPaid => BadgeTone.Warn,
            InvoiceStatus.Paid => BadgeTone.Good,
            InvoiceStatus.Overdue => BadgeTone.Bad,
            InvoiceStatus.Void => BadgeTone.Struck,
            InvoiceStatus.Refunded => BadgeTone.Idle,
        },
        OrganisationStatus organisation => organisation switch
        {
            OrganisationStatus.Active => BadgeTone.Good,
            OrganisationStatus.Overdue => BadgeTone.Warn,
            OrganisationStatus.Suspended => BadgeTone.Bad,
        },
        ApiKeyState key => key switch
        {
            ApiKeyState.Active => BadgeTone.Good,
            ApiKeyState.Rotated => BadgeTone.Warn,
            ApiKeyState.Expired => BadgeTone.Idle,
            ApiKeyState.Revoked => BadgeTone.Struck,
        },
        BillingRunState run => run switch
        {
            BillingRunState.Queued => BadgeTone.Idle,
            BillingRunState.Running => BadgeTone.Info,
            BillingRunState.Completed => BadgeTone.Good,
            BillingRunState.Failed => BadgeTone.Bad,
        },
        SimulationState simulation => simulation switch
        {
            SimulationState.Queued => BadgeTone.Idle,
            SimulationState.Running => BadgeTone.Info,
            SimulationState.Completed => BadgeTone.Good,
            SimulationState.Failed => BadgeTone.Bad,
            SimulationState.Cancelled => BadgeTone.Struck,
        },
        BillingRunItemState item => item switch
        {
            BillingRunItemState.Pending => BadgeTone.Idle,
            BillingRunItemState.Done => BadgeTone.Good,
            BillingRunItemState.Skipped => BadgeTone.Idle,
            BillingRunItemState.Failed => BadgeTone.Bad,
        },
        SubscriptionStatus subscription => subscription switch
        {
            SubscriptionStatus.Trialing => BadgeTone.Info,
            SubscriptionStatus.Active => BadgeTone.Good,
            SubscriptionStatus.PastDue => BadgeTone.Warn,
            SubscriptionStatus.Cancelled => BadgeTone.Struck,
            SubscriptionStatus.Expired => BadgeTone.Idle,
        },
        ServiceStatus service => service switch
        {
            ServiceStatus.Active => BadgeTone.Good,
            ServiceStatus.Suspended => BadgeTone.Warn,
            ServiceStatus.Cancelled => BadgeTone.Struck,
        },
        _ => BadgeTone.Idle,
    };
}

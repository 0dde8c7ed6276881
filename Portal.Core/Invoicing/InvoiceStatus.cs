namespace Portal.Core.Invoicing;

/// <summary>Where an invoice stands. <c>draft -> issued -> partially_paid -> paid</c>; stored as text.</summary>
public enum InvoiceStatus
{
    /// <summary>Made by a run, not yet numbered; can be thrown away and made again.</summary>
    Draft,

    /// <summary>Numbered, immutable, owed.</summary>
    Issued,

    PartiallyPaid,

    Paid,

    /// <summary>Past its due date with an amount due.</summary>
    Overdue,

    /// <summary>Called off while nothing was paid; keeps its number.</summary>
    Void,

    /// <summary>All that was paid went back.</summary>
    Refunded,
}

/// <summary>What a line charges for.</summary>
public enum InvoiceLineKind
{
    /// <summary>Usage of the invoice's own month.</summary>
    Usage,

    /// <summary>Usage of an earlier month that arrived after that month was invoiced.</summary>
    LateUsage,

    /// <summary>A plan's recurring fee, or what remains of it for the rest of a period.</summary>
    Subscription,

    /// <summary>A service's recurring fee, or what remains of it for the rest of a period.</summary>
    Service,

    /// <summary>Unused days of a fee, given back: the one kind whose amount is negative.</summary>
    ProrationCredit,

    /// <summary>What the month's usage fell short of what was promised.</summary>
    MinimumCommitment,
}

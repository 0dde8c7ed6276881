namespace Portal.Core.Support;

/// <summary>How a ticket stands; stored as text.</summary>
public enum TicketStatus
{
    /// <summary>Waits for staff.</summary>
    Open,

    /// <summary>Somebody of staff works on it.</summary>
    InProgress,

    /// <summary>Waits for the customer's answer.</summary>
    WaitingOnCustomer,

    /// <summary>Answered; an answer of the customer opens it again.</summary>
    Resolved,

    /// <summary>Ended for good.</summary>
    Closed,
}

/// <summary>What a ticket is about; stored as text.</summary>
public enum TicketCategory
{
    Question,
    Billing,
    Technical,
    Account,
    Other,
}

/// <summary>How soon it is to be answered, the least first; stored as text.</summary>
public enum TicketPriority
{
    Low,
    Normal,
    High,
    Urgent,
}

/// <summary>Who wrote a message; stored as text.</summary>
public enum TicketAuthor
{
    Customer,
    Staff,
}

/// <summary>Which ways a ticket may go.</summary>
public static class TicketTransitions
{
    /// <summary>Where staff can take it from here.</summary>
    public static IReadOnlyList<TicketStatus> ForStaff(TicketStatus from) => from switch
    {
        TicketStatus.Open => [TicketStatus.InProgress, TicketStatus.WaitingOnCustomer, TicketStatus.Resolved, TicketStatus.Closed],
        TicketStatus.InProgress => [TicketStatus.Open, TicketStatus.WaitingOnCustomer, TicketStatus.Resolved, TicketStatus.Closed],
        TicketStatus.WaitingOnCustomer => [TicketStatus.Open, TicketStatus.InProgress, TicketStatus.Resolved, TicketStatus.Closed],
        TicketStatus.Resolved => [TicketStatus.Open, TicketStatus.InProgress, TicketStatus.Closed],
        TicketStatus.Closed => [],
    };

    /// <summary>Where the customer can take it: settled, and back while it is not closed.</summary>
    public static IReadOnlyList<TicketStatus> ForCustomer(TicketStatus from) => from switch
    {
        TicketStatus.Open or TicketStatus.InProgress or TicketStatus.WaitingOnCustomer => [TicketStatus.Resolved],
        TicketStatus.Resolved => [TicketStatus.Open, TicketStatus.Closed],
        TicketStatus.Closed => [],
    };

    /// <summary>How it stands once the customer has written.</summary>
    public static TicketStatus AfterCustomer(TicketStatus from) => from switch
    {
        TicketStatus.WaitingOnCustomer or TicketStatus.Resolved => TicketStatus.Open,
        TicketStatus.Open or TicketStatus.InProgress or TicketStatus.Closed => from,
    };
}

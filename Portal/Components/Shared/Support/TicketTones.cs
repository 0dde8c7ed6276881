using Portal.Core.Support;

namespace Portal.Components.Shared.Support;

/// <summary>What the badges of tickets say besides their words.</summary>
internal static class TicketTones
{
    public static BadgeTone Of(TicketStatus status) => status switch
    {
        TicketStatus.Open => BadgeTone.Warn,
        TicketStatus.InProgress => BadgeTone.Info,
        TicketStatus.WaitingOnCustomer => BadgeTone.Idle,
        TicketStatus.Resolved => BadgeTone.Good,
        TicketStatus.Closed => BadgeTone.Idle,
    };

    public static BadgeTone Of(TicketPriority priority) => priority switch
    {
        TicketPriority.Low or TicketPriority.Normal => BadgeTone.Idle,
        TicketPriority.High => BadgeTone.Warn,
        TicketPriority.Urgent => BadgeTone.Bad,
    };

    /// <summary>How a status reads to whom it is shown: what waits on the customer waits on <em>you</em>.</summary>
    public static string Word(TicketStatus status, bool isStaff) => status == TicketStatus.WaitingOnCustomer && !isStaff ? "Waiting on you" : Words.Sentence(status);
}

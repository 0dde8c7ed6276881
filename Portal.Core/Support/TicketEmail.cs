using Portal.Core.Emails;

namespace Portal.Core.Support;

/// <summary>Brings a message of a ticket to whoever waits for it.</summary>
public sealed record TicketEmail
{
    private const int MostLines = 200;

    public required string SellerName { get; init; }

    public required string CustomerName { get; init; }

    /// <summary>E.g. <c>SUP-1001</c>.</summary>
    public required string Reference { get; init; }

    /// <summary>Of the ticket.</summary>
    public required string TicketSubject { get; init; }

    public required string AuthorName { get; init; }

    public required string Body { get; init; }

    public int Files { get; init; }

    /// <summary>True: it goes to the customer; false: to staff.</summary>
    public required bool ToCustomer { get; init; }

    /// <summary>True for the message that opened the ticket.</summary>
    public bool IsFirst { get; init; }

    public required Uri ViewLink { get; init; }

    public EmailContent Compose() => new EmailLayout
    {
        Subject = $"[{Reference}] {TicketSubject}",
        Preview = $"{AuthorName}: {Body}"[..Math.Min($"{AuthorName}: {Body}".Length, 120)],
        Brand = SellerName,
        Heading = IsFirst ? TicketSubject : $"Re: {TicketSubject}",
        Paragraphs =
        [
            $"{AuthorName} wrote:",
            .. Body.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).Take(MostLines),
        ],
        Facts =
        [
            new EmailFact("Ticket", Reference),
            .. ToCustomer ? Array.Empty<EmailFact>() : [new EmailFact("Customer", CustomerName)],
            .. Files > 0 ? [new EmailFact("Files", Files == 1 ? "1 file attached to the ticket" : $"{Files} files attached to the ticket")] : Array.Empty<EmailFact>(),
        ],
        Action = new EmailAction("View and reply", ViewLink),
        Closing = ToCustomer ? ["Reply in the portal so your reply is kept with the ticket."] : [],
        Footer = [ToCustomer ? $"You received this email because of a support ticket of {CustomerName} at {SellerName}." : $"You received this email because you answer support tickets at {SellerName}."],
    }.Render();
}

using System.Security.Cryptography;
using Portal.Core.Kernel;

namespace Portal.Core.Support;

/// <summary>Something that was written to a ticket. Never changed; the database refuses it.</summary>
public sealed class TicketMessage : IOrganisationOwned
{
    /// <summary>The longest text, in characters.</summary>
    public const int MaxBody = 20_000;

    private TicketMessage() { }

    public Guid Id { get; private set; }

    public Guid OrganisationId { get; private set; }

    public Guid TicketId { get; private set; }

    public TicketAuthor Author { get; private set; }

    /// <summary>The person; null for a key.</summary>
    public Guid? AuthorId { get; private set; }

    /// <summary>As they were called then.</summary>
    public string AuthorName { get; private set; } = "";

    /// <summary>Plain text, 1 to <see cref="MaxBody"/> characters.</summary>
    public string Body { get; private set; } = "";

    /// <summary>True: a note among staff. The database shows it to no customer.</summary>
    public bool IsInternal { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    internal static TicketMessage Write(Ticket ticket, TicketAuthor author, Guid? authorId, string authorName, string body, bool isInternal, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        OrganisationId = ticket.OrganisationId,
        TicketId = ticket.Id,
        Author = author,
        AuthorId = authorId,
        AuthorName = authorName,
        Body = body,
        IsInternal = isInternal && author == TicketAuthor.Staff,
        CreatedAt = now,
    };
}

/// <summary>A file that came with a message. Its bytes lie in the database, found by an id that says nothing about them.</summary>
public sealed class TicketAttachment : IOrganisationOwned
{
    private TicketAttachment() { }

    public Guid Id { get; private set; }

    public Guid OrganisationId { get; private set; }

    public Guid MessageId { get; private set; }

    /// <summary>What the sender called it, made safe; only shown and offered to whoever saves it.</summary>
    public string FileName { get; private set; } = "";

    /// <summary>What the bytes are, whatever the sender said.</summary>
    public string ContentType { get; private set; } = "";

    /// <summary>Bytes.</summary>
    public int Size { get; private set; }

    /// <summary>SHA-256 of the bytes; the database checks it.</summary>
    public byte[] Sha256 { get; private set; } = [];

    public byte[] Content { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }

    internal static TicketAttachment Of(TicketMessage message, CheckedFile file, DateTimeOffset now) => new()
    {
        // Made of chance alone: an address can't be guessed from another.
        Id = new Guid(RandomNumberGenerator.GetBytes(16)),
        OrganisationId = message.OrganisationId,
        MessageId = message.Id,
        FileName = file.FileName,
        ContentType = file.ContentType,
        Size = file.Content.Length,
        Sha256 = SHA256.HashData(file.Content),
        Content = file.Content,
        CreatedAt = now,
    };
}

/// <summary>Up to when a person has read a ticket.</summary>
public sealed class TicketReading : IOrganisationOwned
{
    private TicketReading() { }

    public Guid OrganisationId { get; private set; }

    public Guid TicketId { get; private set; }

    public Guid UserId { get; private set; }

    public DateTimeOffset SeenAt { get; private set; }

    internal static TicketReading Of(Ticket ticket, Guid userId, DateTimeOffset now) => new() { OrganisationId = ticket.OrganisationId, TicketId = ticket.Id, UserId = userId, SeenAt = now };

    internal void See(DateTimeOffset now) => SeenAt = now > SeenAt ? now : SeenAt;
}

using System.Globalization;
using Portal.Core.Kernel;

namespace Portal.Core.Support;

/// <summary>A customer's question or problem, with everything that was written about it.</summary>
public sealed class Ticket : IOrganisationOwned
{
    /// <summary>The longest subject, in characters.</summary>
    public const int MaxSubject = 200;

    private Ticket() { }

    public Guid Id { get; private set; }

    public Guid OrganisationId { get; private set; }

    /// <summary>Given by the database, growing; read <see cref="Reference"/>.</summary>
    public long Number { get; private set; }

    /// <summary>1 to <see cref="MaxSubject"/> characters.</summary>
    public string Subject { get; private set; } = "";

    public TicketCategory Category { get; private set; }

    public TicketPriority Priority { get; private set; }

    public TicketStatus Status { get; private set; }

    /// <summary>The member of staff who looks after it.</summary>
    public Guid? AssigneeId { get; private set; }

    /// <summary>The person who opened it, for the customer or as staff; null for a key.</summary>
    public Guid? OpenedById { get; private set; }

    /// <summary>As they were called then.</summary>
    public string OpenedByName { get; private set; } = "";

    /// <summary>Where staff's answers are mailed.</summary>
    public string RequesterEmail { get; private set; } = "";

    /// <summary>The invoice that it is about.</summary>
    public Guid? InvoiceId { get; private set; }

    /// <summary>The project key that it is about.</summary>
    public Guid? ApiKeyId { get; private set; }

    /// <summary>The project that it is about.</summary>
    public Guid? ProjectId { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>When something was written last that the customer can read.</summary>
    public DateTimeOffset LastMessageAt { get; private set; }

    /// <summary>When staff first answered.</summary>
    public DateTimeOffset? FirstResponseAt { get; private set; }

    /// <summary>Since when it is resolved or closed.</summary>
    public DateTimeOffset? ResolvedAt { get; private set; }

    /// <summary>How people name it: <c>SUP-1001</c>.</summary>
    public string Reference => ReferenceOf(Number);

    /// <summary>The name of a number.</summary>
    public static string ReferenceOf(long number) => string.Create(CultureInfo.InvariantCulture, $"SUP-{number}");

    /// <summary>The number that somebody searches for: <c>SUP-1001</c> or <c>1001</c>; null when it is none.</summary>
    public static long? NumberOf(string? text)
    {
        var digits = text?.Trim() ?? "";
        if (digits.StartsWith("SUP-", StringComparison.OrdinalIgnoreCase))
            digits = digits[4..];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    internal static Ticket Open(TicketFacts facts, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        OrganisationId = facts.OrganisationId,
        Subject = facts.Subject,
        Category = facts.Category,
        Priority = facts.Priority,
        Status = TicketStatus.Open,
        OpenedById = facts.OpenedById,
        OpenedByName = facts.OpenedByName,
        RequesterEmail = facts.RequesterEmail,
        InvoiceId = facts.About.InvoiceId,
        ApiKeyId = facts.About.ApiKeyId,
        ProjectId = facts.About.ProjectId,
        CreatedAt = now,
        UpdatedAt = now,
        LastMessageAt = now,
    };

    /// <summary>Something was written that the customer can read.</summary>
    internal void Written(TicketAuthor author, DateTimeOffset now)
    {
        if (Status == TicketStatus.Closed)
            throw new IllegalTransitionException("Nothing is written to a closed ticket.");
        (LastMessageAt, UpdatedAt) = (now, now);
        if (author == TicketAuthor.Staff)
            FirstResponseAt ??= now;
        else if (TicketTransitions.AfterCustomer(Status) is var next && next != Status)
            Enter(next, now);
    }

    /// <summary>Takes it to another status; who may take it where is in <see cref="TicketTransitions"/>.</summary>
    internal void MoveTo(TicketStatus next, TicketAuthor by, DateTimeOffset now)
    {
        var allowed = by == TicketAuthor.Staff ? TicketTransitions.ForStaff(Status) : TicketTransitions.ForCustomer(Status);
        if (!allowed.Contains(next))
            throw new IllegalTransitionException($"A ticket that is {Status} can't become {next}.");
        Enter(next, now);
    }

    internal void Sort(TicketCategory category, TicketPriority priority, Guid? assigneeId, DateTimeOffset now) =>
        (Category, Priority, AssigneeId, UpdatedAt) = (category, priority, assigneeId, now);

    private void Enter(TicketStatus next, DateTimeOffset now)
    {
        var isSettled = next is TicketStatus.Resolved or TicketStatus.Closed;
        (Status, UpdatedAt, ResolvedAt) = (next, now, isSettled ? ResolvedAt ?? now : null);
    }
}

/// <summary>What a ticket is tied to; at most one of each, all of its organisation.</summary>
public sealed record TicketSubjects(Guid? InvoiceId = null, Guid? ApiKeyId = null, Guid? ProjectId = null)
{
    public static TicketSubjects None { get; } = new();
}

/// <summary>What a ticket begins with.</summary>
internal sealed record TicketFacts(
    Guid OrganisationId, string Subject, TicketCategory Category, TicketPriority Priority, TicketSubjects About, Guid? OpenedById, string OpenedByName, string RequesterEmail);

using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Organisations;

/// <summary>What staff wrote down about an organisation, for staff alone. Written once; who was wrong writes another, or removes it.</summary>
public sealed class OrganisationNote : IOrganisationOwned
{
    /// <summary>The longest note, in characters.</summary>
    public const int MaxLength = 4000;

    private OrganisationNote() { }

    public Guid Id { get; private set; }

    public Guid OrganisationId { get; private set; }

    /// <summary>Plain text.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Null for a key without a person.</summary>
    public Guid? AuthorId { get; private set; }

    public string AuthorName { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    public static OrganisationNote Create(Guid organisationId, string text, Actor author, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(author);
        return new OrganisationNote { Id = Guid.CreateVersion7(now), OrganisationId = organisationId, Text = text, AuthorId = author.Id, AuthorName = author.Name, CreatedAt = now };
    }
}

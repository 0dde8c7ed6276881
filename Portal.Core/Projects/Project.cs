using Portal.Core.Kernel;

namespace Portal.Core.Projects;

/// <summary>What usage and keys hang on, inside an organisation.</summary>
public sealed class Project : IOrganisationOwned
{
    private Project() { }

    public Guid Id { get; private set; }

    public Guid OrganisationId { get; private set; }

    /// <summary>1 to 100 characters, unique in the organisation.</summary>
    public string Name { get; private set; } = "";

    public string? Description { get; private set; }

    /// <summary>False: its keys are refused.</summary>
    public bool IsActive { get; private set; } = true;

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public static Project Create(Guid organisationId, string name, string? description, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        OrganisationId = organisationId,
        Name = name,
        Description = description,
        CreatedAt = now,
        UpdatedAt = now,
    };

    public void Change(string name, string? description, bool isActive, DateTimeOffset now) =>
        (Name, Description, IsActive, UpdatedAt) = (name, description, isActive, now);
}

namespace Portal.Core.Kernel;

/// <summary>A row that belongs to one organisation. The session filters every such type and the database holds it by row-level security.</summary>
public interface IOrganisationOwned
{
    /// <summary>The owner; never changes after the row is written.</summary>
    Guid OrganisationId { get; }
}

using Portal.Core.Kernel;

namespace Portal.Core.Access;

/// <summary>Where a role's permissions hold.</summary>
public enum RoleKind
{
    /// <summary>Staff: every organisation.</summary>
    Platform,

    /// <summary>Members of one organisation.</summary>
    Organisation,
}

/// <summary>A named set of permissions. System roles can't be edited.</summary>
public sealed class Role
{
    private readonly List<RolePermission> _permissions = [];

    private Role() { }

    public Guid Id { get; private set; }

    /// <summary>Lower-case, unique within its kind, e.g. <c>owner</c>.</summary>
    public string Name { get; private set; } = "";

    public string Description { get; private set; } = "";

    public RoleKind Kind { get; private set; }

    public bool IsSystem { get; private set; }

    public IReadOnlyList<RolePermission> Permissions => _permissions;

    /// <summary>A role that ships with the product.</summary>
    public static Role System(Guid id, RoleKind kind, string name, string description, IEnumerable<string> permissions)
    {
        var role = new Role { Id = id, Kind = kind, Name = name, Description = description, IsSystem = true };
        role._permissions.AddRange(permissions.Select(permission => new RolePermission(id, permission)));
        return role;
    }

    /// <summary>A role that staff put together.</summary>
    public static Role Custom(RoleKind kind, string name, string description, IEnumerable<string> permissions, DateTimeOffset now)
    {
        var role = new Role { Id = Guid.CreateVersion7(now), Kind = kind, Name = name, Description = description };
        role._permissions.AddRange(permissions.Select(permission => new RolePermission(role.Id, permission)));
        return role;
    }

    public void Describe(string name, string description)
    {
        if (IsSystem)
            throw new IllegalTransitionException("A role that ships with the product can't be edited.");
        (Name, Description) = (name, description);
    }
}

/// <summary>One permission of a role, as <c>resource:action</c>.</summary>
public sealed record RolePermission(Guid RoleId, string Permission);

/// <summary>A role held by a person: in one organisation, or on the platform when <see cref="OrganisationId"/> is null.</summary>
public sealed class RoleAssignment
{
    private RoleAssignment() { }

    public Guid Id { get; private set; }

    public Guid UserId { get; private set; }

    public Guid RoleId { get; private set; }

    public Guid? OrganisationId { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public Role? Role { get; private set; }

    public User? User { get; private set; }

    public static RoleAssignment Create(Guid userId, Guid roleId, Guid? organisationId, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        UserId = userId,
        RoleId = roleId,
        OrganisationId = organisationId,
        CreatedAt = now,
    };
}

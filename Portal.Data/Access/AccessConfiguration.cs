using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Access;
using Portal.Core.Organisations;

namespace Portal.Data.Access;

internal sealed class RoleConfiguration : IEntityTypeConfiguration<Role>
{
    public void Configure(EntityTypeBuilder<Role> builder)
    {
        builder.ToTable("roles", table => table.HasCheckConstraint("roles_kind_check", "kind IN ('platform', 'organisation')"));
        builder.HasIndex(role => new { role.Kind, role.Name }).IsUnique();
        builder.HasMany(role => role.Permissions).WithOne().HasForeignKey(permission => permission.RoleId);
    }
}

internal sealed class RolePermissionConfiguration : IEntityTypeConfiguration<RolePermission>
{
    public void Configure(EntityTypeBuilder<RolePermission> builder)
    {
        builder.ToTable("role_permissions", table => table.HasCheckConstraint("role_permissions_permission_check", "permission ~ '^[a-z-]+:[a-z-]+$'"));
        builder.HasKey(permission => new { permission.RoleId, permission.Permission });
    }
}

internal sealed class RoleAssignmentConfiguration : IEntityTypeConfiguration<RoleAssignment>
{
    public void Configure(EntityTypeBuilder<RoleAssignment> builder)
    {
        builder.ToTable("user_roles");
        builder.HasOne(assignment => assignment.User).WithMany().HasForeignKey(assignment => assignment.UserId);
        builder.HasOne(assignment => assignment.Role).WithMany().HasForeignKey(assignment => assignment.RoleId);
        builder.HasOne<Organisation>().WithMany().HasForeignKey(assignment => assignment.OrganisationId);
        // One role of a person per organisation (or on the platform); serves the permissions of a person.
        builder.HasIndex(assignment => new { assignment.UserId, assignment.OrganisationId }).IsUnique().AreNullsDistinct(false);
        // The people of an organisation.
        builder.HasIndex(assignment => assignment.OrganisationId);
    }
}

internal sealed class AdminApiKeyConfiguration : IEntityTypeConfiguration<AdminApiKey>
{
    public void Configure(EntityTypeBuilder<AdminApiKey> builder)
    {
        builder.ToTable("admin_api_keys", table => table.HasCheckConstraint("admin_api_keys_key_hash_check", "octet_length(key_hash) = 32"));
        builder.HasOne<User>().WithMany().HasForeignKey(key => key.UserId);
        // The look-up of a presented key.
        builder.HasIndex(key => key.KeyHash).IsUnique();
        builder.HasIndex(key => key.Prefix).IsUnique();
        builder.HasIndex(key => key.UserId);
    }
}

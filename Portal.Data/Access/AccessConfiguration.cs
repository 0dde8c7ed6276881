using Microsoft.AspNetCore.Identity;
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
        builder.Property(key => key.Scopes).HasColumnType("text[]");
    }
}

internal sealed class UserSessionConfiguration : IEntityTypeConfiguration<UserSession>
{
    public void Configure(EntityTypeBuilder<UserSession> builder)
    {
        builder.ToTable("user_sessions");
        builder.HasOne<User>().WithMany().HasForeignKey(session => session.UserId);
        // The sessions of a person.
        builder.HasIndex(session => session.UserId);
    }
}

internal sealed class InvitationConfiguration : IEntityTypeConfiguration<Invitation>
{
    public void Configure(EntityTypeBuilder<Invitation> builder)
    {
        builder.ToTable("invitations", table => table.HasCheckConstraint("invitations_closed_check", "accepted_at IS NULL OR revoked_at IS NULL"));
        builder.HasOne<Organisation>().WithMany().HasForeignKey(invitation => invitation.OrganisationId);
        builder.HasOne(invitation => invitation.Role).WithMany().HasForeignKey(invitation => invitation.RoleId);
        builder.HasOne<User>().WithMany().HasForeignKey(invitation => invitation.AcceptedById);
        // One open invitation of an address in one place.
        builder.HasIndex(invitation => new { invitation.OrganisationId, invitation.NormalizedEmail }).IsUnique().AreNullsDistinct(false)
            .HasFilter("accepted_at IS NULL AND revoked_at IS NULL");
        // What a mailed link leads to.
        builder.HasIndex(invitation => invitation.LinkId).IsUnique();
        // Whether a role is asked for.
        builder.HasIndex(invitation => invitation.RoleId);
    }
}

internal sealed class AccountLinkConfiguration : IEntityTypeConfiguration<AccountLink>
{
    public void Configure(EntityTypeBuilder<AccountLink> builder)
    {
        builder.ToTable("account_links", table => table.HasCheckConstraint("account_links_purpose_check", "purpose IN ('reset_password', 'change_address')"));
        builder.HasOne<User>().WithMany().HasForeignKey(link => link.UserId);
        // What a person has asked for lately.
        builder.HasIndex(link => new { link.UserId, link.Purpose, link.CreatedAt });
    }
}

internal sealed class LinkSecretConfiguration : IEntityTypeConfiguration<LinkSecret>
{
    public void Configure(EntityTypeBuilder<LinkSecret> builder)
    {
        builder.ToTable("link_secrets", table => table.HasCheckConstraint("link_secrets_hash_check", "octet_length(hash) = 32"));
        builder.HasKey(secret => new { secret.LinkId, secret.Hash });
    }
}

internal sealed class RecoveryCodeConfiguration : IEntityTypeConfiguration<RecoveryCode>
{
    public void Configure(EntityTypeBuilder<RecoveryCode> builder)
    {
        builder.ToTable("recovery_codes", table => table.HasCheckConstraint("recovery_codes_hash_check", "octet_length(hash) = 32"));
        builder.HasOne<User>().WithMany().HasForeignKey(code => code.UserId);
        // The look-up of a code that was typed.
        builder.HasIndex(code => new { code.UserId, code.Hash }).IsUnique();
    }
}

internal sealed class PasskeyConfiguration : IEntityTypeConfiguration<IdentityUserPasskey<Guid>>
{
    public void Configure(EntityTypeBuilder<IdentityUserPasskey<Guid>> builder)
    {
        // The longest credential id that WebAuthn allows.
        builder.ToTable("passkeys", table => table.HasCheckConstraint("passkeys_credential_id_check", "octet_length(credential_id) BETWEEN 1 AND 1023"));
        builder.HasKey(key => key.CredentialId);
        builder.OwnsOne(key => key.Data).ToJson("data");
        builder.HasOne<User>().WithMany().HasForeignKey(key => key.UserId);
        // The passkeys of a person.
        builder.HasIndex(key => key.UserId);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.ApiKeys;
using Portal.Core.Projects;

namespace Portal.Data.ApiKeys;

internal sealed class ApiKeyConfiguration : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.ToTable("api_keys", table =>
        {
            table.HasCheckConstraint("api_keys_name_check", "char_length(name) BETWEEN 1 AND 100");
            table.HasCheckConstraint("api_keys_key_hash_check", "octet_length(key_hash) = 32");
            table.HasCheckConstraint("api_keys_rate_limit_check", "rate_limit_per_hour > 0");
            table.HasCheckConstraint("api_keys_scopes_check", "cardinality(scopes) > 0 AND scopes <@ ARRAY['usage:write', 'usage:read', 'usage:correct']");
        });
        builder.HasOne<Project>().WithMany()
            .HasForeignKey(key => new { key.OrganisationId, key.ProjectId })
            .HasPrincipalKey(project => new { project.OrganisationId, project.Id });
        // The look-up of a presented key.
        builder.HasIndex(key => key.KeyHash).IsUnique();
        // Search by the public part.
        builder.HasIndex(key => key.Prefix).IsUnique();
        // The keys of a project.
        builder.HasIndex(key => new { key.OrganisationId, key.ProjectId });
        builder.Property(key => key.Scopes).HasColumnType("text[]");
    }
}

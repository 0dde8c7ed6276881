using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Audit;

namespace Portal.Data.Audit;

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("audit_log");
        builder.Property(entry => entry.Before).HasColumnType("jsonb");
        builder.Property(entry => entry.After).HasColumnType("jsonb");
        // The timeline of a thing.
        builder.HasIndex(entry => new { entry.EntityId, entry.Id });
        // The log of an organisation, newest first.
        builder.HasIndex(entry => new { entry.OrganisationId, entry.Id });
        // What somebody is told of lately: by what happened, newest first.
        builder.HasIndex(entry => new { entry.Action, entry.CreatedAt });
    }
}

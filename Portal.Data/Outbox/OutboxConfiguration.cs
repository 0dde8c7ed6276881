using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Outbox;

namespace Portal.Data.Outbox;

internal sealed class OutboxMessageConfiguration : IEntityTypeConfiguration<OutboxMessage>
{
    public void Configure(EntityTypeBuilder<OutboxMessage> builder)
    {
        builder.ToTable("outbox");
        // What is due.
        builder.HasIndex(message => message.DueAt).HasFilter("done_at IS NULL AND dead_at IS NULL");
        // The messages about a thing.
        builder.HasIndex(message => message.SubjectId);
    }
}

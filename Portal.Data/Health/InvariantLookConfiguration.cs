using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Health;

namespace Portal.Data.Health;

internal sealed class InvariantLookConfiguration : IEntityTypeConfiguration<InvariantLook>
{
    public void Configure(EntityTypeBuilder<InvariantLook> builder)
    {
        builder.ToTable("invariant_looks");
        builder.HasKey(look => look.Id);
    }
}

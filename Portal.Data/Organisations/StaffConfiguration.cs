using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Access;
using Portal.Core.Organisations;

namespace Portal.Data.Organisations;

internal sealed class OrganisationNoteConfiguration : IEntityTypeConfiguration<OrganisationNote>
{
    public void Configure(EntityTypeBuilder<OrganisationNote> builder)
    {
        builder.ToTable("organisation_notes", table => table.HasCheckConstraint("organisation_notes_text_check", "char_length(text) BETWEEN 1 AND 4000"));
        builder.HasOne<Organisation>().WithMany().HasForeignKey(note => note.OrganisationId);
        // The notes of an organisation, newest first.
        builder.HasIndex(note => new { note.OrganisationId, note.Id });
    }
}

internal sealed class StaffViewConfiguration : IEntityTypeConfiguration<StaffView>
{
    public void Configure(EntityTypeBuilder<StaffView> builder)
    {
        builder.ToTable("staff_views");
        builder.HasOne<Organisation>().WithMany().HasForeignKey(view => view.OrganisationId);
        builder.HasOne<User>().WithMany().HasForeignKey(view => view.UserId);
        // A person has one view at a time; read with what they may do.
        builder.HasIndex(view => view.UserId).IsUnique().HasFilter("ended_at IS NULL");
        // Views that ran out.
        builder.HasIndex(view => view.EndsAt).HasFilter("ended_at IS NULL");
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Organisations;
using Portal.Core.Projects;

namespace Portal.Data.Projects;

internal sealed class ProjectConfiguration : IEntityTypeConfiguration<Project>
{
    public void Configure(EntityTypeBuilder<Project> builder)
    {
        builder.ToTable("projects", table => table.HasCheckConstraint("projects_name_check", "char_length(name) BETWEEN 1 AND 100"));
        builder.HasAlternateKey(project => new { project.OrganisationId, project.Id });
        builder.HasOne<Organisation>().WithMany().HasForeignKey(project => project.OrganisationId);
        // One name, one project, within an organisation.
        builder.HasIndex(project => new { project.OrganisationId, project.Name }).IsUnique();
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Organisations;

namespace Portal.Data.Organisations;

internal sealed class OrganisationConfiguration : IEntityTypeConfiguration<Organisation>
{
    public void Configure(EntityTypeBuilder<Organisation> builder)
    {
        builder.ToTable("organisations", table =>
        {
            table.HasCheckConstraint("organisations_name_check", "char_length(name) BETWEEN 1 AND 200");
            table.HasCheckConstraint("organisations_currency_check", "currency ~ '^[A-Z]{3}$'");
            table.HasCheckConstraint("organisations_country_check", "country ~ '^[A-Z]{2}$'");
            table.HasCheckConstraint("organisations_payment_terms_days_check", "payment_terms_days BETWEEN 0 AND 365");
            table.HasCheckConstraint("organisations_status_check", "status IN ('active', 'overdue', 'suspended')");
            table.HasCheckConstraint("organisations_next_time_zone_check", "(next_time_zone IS NULL) = (time_zone_changes_at IS NULL)");
        });
        builder.Ignore(organisation => organisation.Calendar);
        // Serves the list of organisations sorted by name.
        builder.HasIndex(organisation => new { organisation.Name, organisation.Id });
    }
}

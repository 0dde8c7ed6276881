using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Organisations;
using Portal.Core.Plans;
using Portal.Core.Pricing;

namespace Portal.Data.Pricing;

internal sealed class PriceConfiguration : IEntityTypeConfiguration<Price>
{
    public void Configure(EntityTypeBuilder<Price> builder)
    {
        builder.ToTable("prices", table =>
        {
            table.HasCheckConstraint("prices_model_check", "model IN ('standard', 'graduated', 'volume', 'package', 'stair_step', 'percentage', 'graduated_percentage')");
            table.HasCheckConstraint("prices_currency_check", "currency ~ '^[A-Z]{3}$'");
            table.HasCheckConstraint("prices_unit_price_check", "unit_price >= 0 AND (unit_price IS NOT NULL) = (model IN ('standard', 'package'))");
            table.HasCheckConstraint("prices_package_check", "package_size > 0 AND free_quantity >= 0 AND (package_size IS NOT NULL) = (model = 'package') AND (free_quantity = 0 OR model IN ('package', 'percentage'))");
            table.HasCheckConstraint("prices_percentage_check", "rate >= 0 AND event_fee >= 0 AND free_events >= 0 AND (rate IS NOT NULL) = (model = 'percentage') AND ((event_fee = 0 AND free_events = 0) OR model = 'percentage')");
            table.HasCheckConstraint("prices_bounds_check", "included >= 0 AND minimum >= 0 AND maximum >= 0 AND minimum <= maximum");
            table.HasCheckConstraint("prices_effective_check", "effective_to > effective_from");
        });
        builder.HasOne<Organisation>().WithMany().HasForeignKey(price => price.OrganisationId);
        builder.HasOne<Plan>().WithMany().HasForeignKey(price => price.PlanId);
        builder.HasMany(price => price.Tiers).WithOne().HasForeignKey(tier => tier.PriceId);
        builder.Ignore(price => price.Terms);
        // The prices of an organisation.
        builder.HasIndex(price => price.OrganisationId);
    }
}

internal sealed class PriceTierConfiguration : IEntityTypeConfiguration<PriceTier>
{
    public void Configure(EntityTypeBuilder<PriceTier> builder)
    {
        builder.ToTable("price_tiers", table => table.HasCheckConstraint("price_tiers_check", "up_to > 0 AND unit_price >= 0 AND flat_fee >= 0 AND position >= 0"));
        builder.HasKey(tier => new { tier.PriceId, tier.Position });
    }
}

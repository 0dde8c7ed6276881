using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Discounts;
using Portal.Core.Organisations;

namespace Portal.Data.Discounts;

internal sealed class DiscountConfiguration : IEntityTypeConfiguration<Discount>
{
    public void Configure(EntityTypeBuilder<Discount> builder)
    {
        builder.ToTable("discounts", table =>
        {
            table.HasCheckConstraint("discounts_kind_check", "kind IN ('percentage', 'amount')");
            table.HasCheckConstraint("discounts_value_check", "value > 0 AND (kind <> 'percentage' OR value <= 100)");
            table.HasCheckConstraint("discounts_currency_check", "(kind = 'amount') = (currency IS NOT NULL) AND currency ~ '^[A-Z]{3}$'");
            table.HasCheckConstraint("discounts_code_check", "code ~ '^[A-Z0-9][A-Z0-9-]{3,39}$'");
            table.HasCheckConstraint("discounts_line_check", "unit IS NULL OR metric_name IS NOT NULL");
            table.HasCheckConstraint("discounts_bounds_check", "periods >= 1 AND max_redemptions >= 1");
            table.HasCheckConstraint("discounts_redemptions_check", "redemptions >= 0 AND redemptions <= max_redemptions");
        });
        builder.HasIndex(discount => discount.Code).IsUnique();
    }
}

internal sealed class OrganisationDiscountConfiguration : IEntityTypeConfiguration<OrganisationDiscount>
{
    public void Configure(EntityTypeBuilder<OrganisationDiscount> builder)
    {
        builder.ToTable("organisation_discounts", table =>
        {
            table.HasCheckConstraint("organisation_discounts_source_check", "source IN ('code', 'staff') AND (source = 'code' OR reason IS NOT NULL)");
            table.HasCheckConstraint("organisation_discounts_months_check", "end_month >= first_month");
        });
        builder.HasOne<Organisation>().WithMany().HasForeignKey(given => given.OrganisationId);
        builder.HasOne<Discount>().WithMany().HasForeignKey(given => given.DiscountId);
        // An organisation gets a discount once. Also the discounts of an organisation: the billing run reads those of a chunk.
        builder.HasIndex(given => new { given.OrganisationId, given.DiscountId }).IsUnique();
    }
}

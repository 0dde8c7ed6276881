using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Currencies;
using Portal.Core.Organisations;
using Portal.Core.Settings;
using Portal.Core.Tax;

namespace Portal.Data.Tax;

internal sealed class TaxRateConfiguration : IEntityTypeConfiguration<TaxRate>
{
    public void Configure(EntityTypeBuilder<TaxRate> builder) => builder.ToTable("tax_rates", table =>
    {
        table.HasCheckConstraint("tax_rates_country_check", "country ~ '^[A-Z]{2}$'");
        table.HasCheckConstraint("tax_rates_rate_check", "rate BETWEEN 0 AND 100");
        table.HasCheckConstraint("tax_rates_hsn_sac_check", "hsn_sac ~ '^[0-9]{2,8}$'");
        table.HasCheckConstraint("tax_rates_effective_check", "effective_to > effective_from");
    });
}

internal sealed class SellerTaxProfileConfiguration : IEntityTypeConfiguration<SellerTaxProfile>
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    public void Configure(EntityTypeBuilder<SellerTaxProfile> builder)
    {
        builder.ToTable("seller_tax_profiles", table => table.HasCheckConstraint("seller_tax_profiles_effective_check", "effective_to > effective_from"));
        // A document that invoices copy whole.
        builder.Property(version => version.Profile).HasColumnType("jsonb").HasConversion(
            profile => JsonSerializer.Serialize(profile, s_json),
            text => JsonSerializer.Deserialize<SellerProfile>(text, s_json)!,
            new ValueComparer<SellerProfile>((left, right) => left == right, profile => profile.GetHashCode(), profile => profile));
    }
}

internal sealed class OrganisationTaxProfileConfiguration : IEntityTypeConfiguration<OrganisationTaxProfile>
{
    public void Configure(EntityTypeBuilder<OrganisationTaxProfile> builder)
    {
        builder.ToTable("organisation_tax_profiles", table =>
        {
            table.HasCheckConstraint("organisation_tax_profiles_country_check", "country ~ '^[A-Z]{2}$'");
            table.HasCheckConstraint("organisation_tax_profiles_own_rate_check", "own_rate BETWEEN 0 AND 100");
            table.HasCheckConstraint("organisation_tax_profiles_effective_check", "effective_to > effective_from");
        });
        builder.HasOne<Organisation>().WithMany().HasForeignKey(profile => profile.OrganisationId);
        builder.Ignore(profile => profile.Facts);
        // The versions of an organisation: the billing run reads those of a chunk.
        builder.HasIndex(profile => profile.OrganisationId);
    }
}

internal sealed class ExchangeRateConfiguration : IEntityTypeConfiguration<ExchangeRate>
{
    public void Configure(EntityTypeBuilder<ExchangeRate> builder) => builder.ToTable("exchange_rates", table =>
    {
        table.HasCheckConstraint("exchange_rates_currency_check", "base_currency ~ '^[A-Z]{3}$' AND target_currency ~ '^[A-Z]{3}$' AND base_currency <> target_currency");
        table.HasCheckConstraint("exchange_rates_rate_check", "rate > 0");
        table.HasCheckConstraint("exchange_rates_effective_check", "effective_to > effective_from");
    });
}

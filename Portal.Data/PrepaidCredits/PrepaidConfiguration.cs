using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Ledger;
using Portal.Core.Organisations;
using Portal.Core.Payments;
using Portal.Core.PrepaidCredits;

namespace Portal.Data.PrepaidCredits;

internal sealed class CreditProductConfiguration : IEntityTypeConfiguration<CreditProduct>
{
    public void Configure(EntityTypeBuilder<CreditProduct> builder)
    {
        builder.ToTable("credit_products", table =>
        {
            table.HasCheckConstraint("credit_products_numbers_check", "credits > 0 AND price > 0 AND validity_days > 0");
            table.HasCheckConstraint("credit_products_currency_check", "currency ~ '^[A-Z]{3}$'");
            table.HasCheckConstraint("credit_products_hsn_sac_check", "hsn_sac ~ '^[0-9]{4,8}$'");
        });
        builder.HasIndex(product => product.Name).IsUnique();
        builder.HasIndex(product => product.ProviderPriceId).IsUnique();
    }
}

internal sealed class CreditCostConfiguration : IEntityTypeConfiguration<CreditCost>
{
    public void Configure(EntityTypeBuilder<CreditCost> builder)
    {
        builder.ToTable("credit_costs", table =>
        {
            table.HasCheckConstraint("credit_costs_cost_check", "credits_per_unit > 0 AND scale(trim_scale(credits_per_unit)) <= 6");
            table.HasCheckConstraint("credit_costs_effective_check", "effective_to > effective_from");
        });
        builder.Property(cost => cost.Metadata).HasColumnType("jsonb");
    }
}

internal sealed class PrepaidWalletConfiguration : IEntityTypeConfiguration<PrepaidWallet>
{
    public void Configure(EntityTypeBuilder<PrepaidWallet> builder)
    {
        builder.ToTable("prepaid_wallets", table => table.HasCheckConstraint("prepaid_wallets_check", "balance >= 0 AND movements >= 0"));
        builder.HasKey(wallet => wallet.OrganisationId);
        builder.HasOne<Organisation>().WithMany().HasForeignKey(wallet => wallet.OrganisationId);
    }
}

internal sealed class PrepaidGrantConfiguration : IEntityTypeConfiguration<PrepaidGrant>
{
    public void Configure(EntityTypeBuilder<PrepaidGrant> builder)
    {
        builder.ToTable("prepaid_grants", table =>
        {
            table.HasCheckConstraint("prepaid_grants_kind_check", "kind IN ('purchase', 'plan', 'promotional', 'staff')");
            table.HasCheckConstraint("prepaid_grants_remaining_check", "credits > 0 AND remaining >= 0 AND remaining <= credits");
            table.HasCheckConstraint("prepaid_grants_expiry_check", "expires_at > granted_at");
            table.HasCheckConstraint("prepaid_grants_reason_check", "kind NOT IN ('promotional', 'staff') OR reason IS NOT NULL");
        });
        builder.HasAlternateKey(grant => new { grant.OrganisationId, grant.Id });
        builder.HasOne<Organisation>().WithMany().HasForeignKey(grant => grant.OrganisationId);
        // Nothing is granted twice for one cause.
        builder.HasIndex(grant => new { grant.Kind, grant.SourceId }).IsUnique();
        // What there is to use, soonest expiry first.
        builder.HasIndex(grant => new { grant.OrganisationId, grant.ExpiresAt }).HasFilter("remaining > 0");
    }
}

internal sealed class PrepaidMovementConfiguration : IEntityTypeConfiguration<PrepaidMovement>
{
    public void Configure(EntityTypeBuilder<PrepaidMovement> builder)
    {
        builder.ToTable("prepaid_movements", table =>
        {
            table.HasCheckConstraint("prepaid_movements_kind_check", "kind IN ('purchased', 'earned', 'consumed', 'returned', 'expired')");
            table.HasCheckConstraint("prepaid_movements_amount_check", "amount <> 0 AND (amount > 0) = (kind IN ('purchased', 'earned', 'returned')) AND balance_after >= 0");
            table.HasCheckConstraint("prepaid_movements_usage_check", "num_nonnulls(metric_name, unit, month, quantity) = CASE WHEN kind IN ('consumed', 'returned') THEN 4 ELSE 0 END");
        });
        builder.HasOne<PrepaidGrant>().WithMany()
            .HasForeignKey(movement => new { movement.OrganisationId, movement.GrantId })
            .HasPrincipalKey(grant => new { grant.OrganisationId, grant.Id });
        builder.HasOne<CreditCost>().WithMany().HasForeignKey(movement => movement.CreditCostId);
        builder.Property(movement => movement.Metadata).HasColumnType("jsonb");
        // The movements of an organisation in their order: each balance follows from the one before.
        builder.HasIndex(movement => new { movement.OrganisationId, movement.Sequence }).IsUnique();
        // The balance of a day, and what was used of late.
        builder.HasIndex(movement => new { movement.OrganisationId, movement.CreatedAt });
        // What was taken for a month's usage.
        builder.HasIndex(movement => new { movement.OrganisationId, movement.Month, movement.MetricName, movement.Unit });
    }
}

internal sealed class PrepaidCoverageConfiguration : IEntityTypeConfiguration<PrepaidCoverage>
{
    public void Configure(EntityTypeBuilder<PrepaidCoverage> builder)
    {
        builder.ToTable("prepaid_coverages", table => table.HasCheckConstraint("prepaid_coverages_check", "quantity >= 0 AND credits >= 0"));
        builder.HasKey(covered => new { covered.OrganisationId, covered.Month, covered.MetricName, covered.Unit });
        builder.HasOne<Organisation>().WithMany().HasForeignKey(covered => covered.OrganisationId);
    }
}

internal sealed class PrepaidPurchaseConfiguration : IEntityTypeConfiguration<PrepaidPurchase>
{
    public void Configure(EntityTypeBuilder<PrepaidPurchase> builder)
    {
        builder.ToTable("prepaid_purchases", table =>
        {
            table.HasCheckConstraint("prepaid_purchases_status_check", "status IN ('pending', 'paid')");
            table.HasCheckConstraint("prepaid_purchases_amounts_check", "credits > 0 AND net > 0 AND tax >= 0 AND total = net + tax");
            table.HasCheckConstraint("prepaid_purchases_paid_check", "num_nonnulls(number, seller, customer, payment_id, paid_at) = CASE status WHEN 'paid' THEN 5 ELSE 0 END");
            table.HasCheckConstraint("prepaid_purchases_number_check", "number ~ '^[A-Za-z0-9][A-Za-z0-9/-]{0,15}$'");
        });
        builder.HasAlternateKey(purchase => new { purchase.OrganisationId, purchase.Id });
        builder.HasOne<Organisation>().WithMany().HasForeignKey(purchase => purchase.OrganisationId);
        builder.HasOne<CreditProduct>().WithMany().HasForeignKey(purchase => purchase.CreditProductId);
        builder.HasOne<Payment>().WithMany()
            .HasForeignKey(purchase => new { purchase.OrganisationId, purchase.PaymentId })
            .HasPrincipalKey(payment => new { payment.OrganisationId, payment.Id });
        builder.Property(purchase => purchase.Taxes).HasColumnType("jsonb");
        builder.Property(purchase => purchase.TaxTreatment).HasColumnType("jsonb");
        builder.Property(purchase => purchase.Seller).HasColumnType("jsonb");
        builder.Property(purchase => purchase.Customer).HasColumnType("jsonb");
        builder.HasIndex(purchase => purchase.Number).IsUnique();
        // A payment pays one purchase.
        builder.HasIndex(purchase => purchase.PaymentId).IsUnique();
        // The purchases of an organisation, newest first.
        builder.HasIndex(purchase => new { purchase.OrganisationId, purchase.Id });
    }
}

internal sealed class PrepaidVoucherFileConfiguration : IEntityTypeConfiguration<PrepaidVoucherFile>
{
    public void Configure(EntityTypeBuilder<PrepaidVoucherFile> builder)
    {
        builder.ToTable("prepaid_voucher_files", table => table.HasCheckConstraint("prepaid_voucher_files_sha256_check", "sha256 = sha256(content)"));
        builder.HasKey(file => file.PurchaseId);
        builder.HasOne<PrepaidPurchase>().WithMany()
            .HasForeignKey(file => new { file.OrganisationId, file.PurchaseId })
            .HasPrincipalKey(purchase => new { purchase.OrganisationId, purchase.Id });
    }
}

internal sealed class PrepaidReleaseConfiguration : IEntityTypeConfiguration<PrepaidRelease>
{
    public void Configure(EntityTypeBuilder<PrepaidRelease> builder)
    {
        builder.ToTable("prepaid_releases", table => table.HasCheckConstraint("prepaid_releases_amount_check", "amount <> 0"));
        builder.HasOne<PrepaidPurchase>().WithMany()
            .HasForeignKey(release => new { release.OrganisationId, release.PurchaseId })
            .HasPrincipalKey(purchase => new { purchase.OrganisationId, purchase.Id });
        builder.HasOne<LedgerTransaction>().WithMany().HasForeignKey(release => release.TransactionId);
        builder.HasIndex(release => release.PurchaseId);
    }
}

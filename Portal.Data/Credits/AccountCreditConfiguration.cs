using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Credits;
using Portal.Core.Organisations;

namespace Portal.Data.Credits;

internal sealed class AccountCreditBalanceConfiguration : IEntityTypeConfiguration<AccountCreditBalance>
{
    public void Configure(EntityTypeBuilder<AccountCreditBalance> builder)
    {
        builder.ToTable("account_credit_balances", table => table.HasCheckConstraint("account_credit_balances_check", "balance >= 0"));
        builder.HasKey(credit => new { credit.OrganisationId, credit.Currency });
        builder.HasOne<Organisation>().WithMany().HasForeignKey(credit => credit.OrganisationId);
    }
}

internal sealed class AccountCreditMovementConfiguration : IEntityTypeConfiguration<AccountCreditMovement>
{
    public void Configure(EntityTypeBuilder<AccountCreditMovement> builder)
    {
        builder.ToTable("account_credit_movements", table => table.HasCheckConstraint("account_credit_movements_check", "amount <> 0 AND balance_after >= 0"));
        builder.HasOne<Organisation>().WithMany().HasForeignKey(movement => movement.OrganisationId);
        // Nothing is credited or used twice for one reason.
        builder.HasIndex(movement => new { movement.Reason, movement.SourceId }).IsUnique();
        // The movements of an organisation, newest first.
        builder.HasIndex(movement => new { movement.OrganisationId, movement.Id });
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Ledger;
using Portal.Core.Organisations;

namespace Portal.Data.Ledger;

internal sealed class LedgerTransactionConfiguration : IEntityTypeConfiguration<LedgerTransaction>
{
    public void Configure(EntityTypeBuilder<LedgerTransaction> builder)
    {
        builder.ToTable("ledger_transactions");
        builder.HasAlternateKey(transaction => new { transaction.OrganisationId, transaction.Id });
        builder.HasOne<Organisation>().WithMany().HasForeignKey(transaction => transaction.OrganisationId);
        builder.HasMany(transaction => transaction.Entries).WithOne()
            .HasForeignKey(entry => new { entry.OrganisationId, entry.TransactionId })
            .HasPrincipalKey(transaction => new { transaction.OrganisationId, transaction.Id });
        // Nothing is booked twice.
        builder.HasIndex(transaction => new { transaction.SourceId, transaction.Kind }).IsUnique();
    }
}

internal sealed class LedgerEntryConfiguration : IEntityTypeConfiguration<LedgerEntry>
{
    public void Configure(EntityTypeBuilder<LedgerEntry> builder)
    {
        builder.ToTable("ledger_entries", table =>
        {
            table.HasCheckConstraint("ledger_entries_sides_check", "debit >= 0 AND credit >= 0 AND (debit = 0) <> (credit = 0)");
            table.HasCheckConstraint("ledger_entries_account_check", "account IN ('accounts_receivable', 'revenue', 'tax_payable', 'provider_clearing', 'bank', 'cash_on_hand', 'tds_receivable', 'customer_credit', 'deferred_revenue', 'refunds')");
        });
        builder.HasKey(entry => new { entry.TransactionId, entry.Position });
    }
}

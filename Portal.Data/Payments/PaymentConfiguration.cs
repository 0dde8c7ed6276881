using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Invoicing;
using Portal.Core.Organisations;
using Portal.Core.Payments;
using Portal.Core.PrepaidCredits;

namespace Portal.Data.Payments;

internal sealed class PaymentConfiguration : IEntityTypeConfiguration<Payment>
{
    public void Configure(EntityTypeBuilder<Payment> builder)
    {
        builder.ToTable("payments", table =>
        {
            table.HasCheckConstraint("payments_method_check", "method IN ('razorpay', 'bank_transfer', 'cash', 'cheque', 'account_credit')");
            table.HasCheckConstraint("payments_status_check", "status IN ('pending', 'authorized', 'captured', 'failed', 'partially_refunded', 'refunded')");
            table.HasCheckConstraint("payments_amount_check", "amount >= 0 AND tds_amount >= 0 AND amount + tds_amount > 0");
            table.HasCheckConstraint("payments_tds_check", "coalesce(tds_rate > 0 AND tds_rate <= 100, true) AND (tds_amount > 0 OR (tds_rate IS NULL AND tds_certificate IS NULL))");
            table.HasCheckConstraint("payments_provider_check", "(method = 'razorpay') = (provider_payment_id IS NOT NULL)");
        });
        builder.HasAlternateKey(payment => new { payment.OrganisationId, payment.Id });
        builder.HasOne<Organisation>().WithMany().HasForeignKey(payment => payment.OrganisationId);
        builder.HasMany(payment => payment.Allocations).WithOne()
            .HasForeignKey(allocation => new { allocation.OrganisationId, allocation.PaymentId })
            .HasPrincipalKey(payment => new { payment.OrganisationId, payment.Id });
        builder.Ignore(payment => payment.Settles).Ignore(payment => payment.CanAuthorize).Ignore(payment => payment.CanCapture).Ignore(payment => payment.CanFail);
        // A provider's payment is booked once.
        builder.HasIndex(payment => payment.ProviderPaymentId).IsUnique();
        // The payments of an organisation, newest first.
        builder.HasIndex(payment => new { payment.OrganisationId, payment.Id });
        // Payments whose outcome is still open: the reconciliation job.
        builder.HasIndex(payment => payment.UpdatedAt).HasFilter("status IN ('pending', 'authorized')");
    }
}

internal sealed class PaymentAllocationConfiguration : IEntityTypeConfiguration<PaymentAllocation>
{
    public void Configure(EntityTypeBuilder<PaymentAllocation> builder)
    {
        builder.ToTable("payment_allocations", table => table.HasCheckConstraint("payment_allocations_amount_check", "amount > 0"));
        builder.HasOne<Invoice>().WithMany()
            .HasForeignKey(allocation => new { allocation.OrganisationId, allocation.InvoiceId })
            .HasPrincipalKey(invoice => new { invoice.OrganisationId, invoice.Id });
        // Ours, so that a part given by a stored payment is inserted, not taken for one that is stored already.
        builder.Property(allocation => allocation.Id).ValueGeneratedNever();
        // A payment settles an invoice once.
        builder.HasIndex(allocation => new { allocation.PaymentId, allocation.InvoiceId }).IsUnique();
        // What settled an invoice.
        builder.HasIndex(allocation => allocation.InvoiceId);
    }
}

internal sealed class PaymentOrderConfiguration : IEntityTypeConfiguration<PaymentOrder>
{
    public void Configure(EntityTypeBuilder<PaymentOrder> builder)
    {
        builder.ToTable("payment_orders", table =>
        {
            table.HasCheckConstraint("payment_orders_status_check", "status IN ('intended', 'open', 'unknown', 'paid', 'closed')");
            table.HasCheckConstraint("payment_orders_subject_check", "num_nonnulls(invoice_id, prepaid_purchase_id) = 1");
            table.HasCheckConstraint("payment_orders_amount_check", "amount > 0 AND char_length(receipt) <= 40");
        });
        builder.HasOne<Invoice>().WithMany()
            .HasForeignKey(order => new { order.OrganisationId, order.InvoiceId })
            .HasPrincipalKey(invoice => new { invoice.OrganisationId, invoice.Id });
        builder.HasOne<PrepaidPurchase>().WithMany()
            .HasForeignKey(order => new { order.OrganisationId, order.PrepaidPurchaseId })
            .HasPrincipalKey(purchase => new { purchase.OrganisationId, purchase.Id });
        builder.Ignore(order => order.IsOpen);
        // At most one order of an invoice or a purchase can be paid at any time.
        builder.HasIndex(order => order.PrepaidPurchaseId).IsUnique().HasFilter("status IN ('intended', 'open', 'unknown')");
        builder.HasIndex(order => order.InvoiceId).IsUnique().HasFilter("status IN ('intended', 'open', 'unknown')");
        builder.HasIndex(order => order.Receipt).IsUnique();
        // The order that a webhook or a callback names.
        builder.HasIndex(order => order.ProviderOrderId).IsUnique();
        // Orders that the reconciliation job asks about, replaced ones too: the customer may still have one on screen.
        builder.HasIndex(order => order.CreatedAt).HasFilter("status <> 'paid'");
    }
}

internal sealed class ProviderEventConfiguration : IEntityTypeConfiguration<ProviderEvent>
{
    public void Configure(EntityTypeBuilder<ProviderEvent> builder)
    {
        builder.ToTable("provider_events");
        // An event is taken in once, however often it is sent.
        builder.HasIndex(provider => provider.EventId).IsUnique();
        // What is still to be worked off.
        builder.HasIndex(provider => provider.DueAt).HasFilter("processed_at IS NULL AND dead_at IS NULL");
    }
}

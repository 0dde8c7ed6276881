using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.BillingRuns;
using Portal.Core.Invoicing;
using Portal.Core.Organisations;
using Portal.Core.Plans;
using Portal.Core.Pricing;
using Portal.Core.Projects;

namespace Portal.Data.Invoicing;

internal sealed class InvoiceConfiguration : IEntityTypeConfiguration<Invoice>
{
    public void Configure(EntityTypeBuilder<Invoice> builder)
    {
        builder.ToTable("invoices", table =>
        {
            table.HasCheckConstraint("invoices_status_check", "status IN ('draft', 'issued', 'partially_paid', 'paid', 'overdue', 'void', 'refunded')");
            table.HasCheckConstraint("invoices_number_check", "number ~ '^[A-Za-z0-9][A-Za-z0-9/-]{0,15}$' AND (status = 'draft') = (number IS NULL)");
            table.HasCheckConstraint("invoices_issued_check", "(status = 'draft') = (issued_at IS NULL) AND (status = 'draft') = (due_at IS NULL)");
            table.HasCheckConstraint("invoices_amounts_check", "total = subtotal - discount + tax AND subtotal >= 0 AND discount >= 0 AND tax >= 0");
            table.HasCheckConstraint("invoices_paid_check", "amount_paid >= 0 AND amount_paid <= total AND (status NOT IN ('draft', 'void') OR amount_paid = 0) AND (status <> 'paid' OR amount_paid = total)");
            table.HasCheckConstraint("invoices_period_check", "period_end > period_start AND month BETWEEN 1 AND 12 AND supplement >= 0");
        });
        builder.HasAlternateKey(invoice => new { invoice.OrganisationId, invoice.Id });
        builder.HasOne<Organisation>().WithMany().HasForeignKey(invoice => invoice.OrganisationId);
        builder.HasOne<BillingRun>().WithMany().HasForeignKey(invoice => invoice.BillingRunId);
        builder.HasMany(invoice => invoice.Lines).WithOne()
            .HasForeignKey(line => new { line.OrganisationId, line.InvoiceId })
            .HasPrincipalKey(invoice => new { invoice.OrganisationId, invoice.Id });
        builder.HasMany(invoice => invoice.Taxes).WithOne()
            .HasForeignKey(tax => new { tax.OrganisationId, tax.InvoiceId })
            .HasPrincipalKey(invoice => new { invoice.OrganisationId, invoice.Id });
        builder.Ignore(invoice => invoice.BillingMonth).Ignore(invoice => invoice.IsOpen);
        builder.Property(invoice => invoice.AmountDue).HasComputedColumnSql("total - amount_paid", stored: true);
        builder.Property(invoice => invoice.Seller).HasColumnType("jsonb");
        builder.Property(invoice => invoice.Customer).HasColumnType("jsonb");
        builder.Property(invoice => invoice.TaxTreatment).HasColumnType("jsonb");
        // One invoice that counts per organisation and month; late usage that is billed at once has supplements of their own number.
        builder.HasIndex(invoice => new { invoice.OrganisationId, invoice.Year, invoice.Month, invoice.Supplement }).IsUnique().HasFilter("status <> 'void'");
        builder.HasIndex(invoice => invoice.Number).IsUnique();
        // What was issued in a month: tax reports.
        builder.HasIndex(invoice => invoice.IssuedAt);
        // The review list and the lists by status, newest first.
        builder.HasIndex(invoice => new { invoice.Status, invoice.Id });
        // Open invoices of an organisation, oldest due first: where a payment goes.
        builder.HasIndex(invoice => new { invoice.OrganisationId, invoice.DueAt }).HasFilter("status IN ('issued', 'partially_paid', 'overdue')");
        // Invoices of a run.
        builder.HasIndex(invoice => invoice.BillingRunId);
    }
}

internal sealed class InvoiceLineConfiguration : IEntityTypeConfiguration<InvoiceLine>
{
    public void Configure(EntityTypeBuilder<InvoiceLine> builder)
    {
        builder.ToTable("invoice_lines", table =>
        {
            table.HasCheckConstraint("invoice_lines_kind_check", "kind IN ('usage', 'late_usage', 'subscription', 'service', 'proration_credit', 'minimum_commitment')");
            table.HasCheckConstraint("invoice_lines_amount_check", "CASE WHEN kind = 'proration_credit' THEN amount <= 0 ELSE amount >= 0 END");
            table.HasCheckConstraint("invoice_lines_source_check", "(price_id IS NULL) = (charge_key IS NOT NULL) AND (charge_key IS NULL) = (kind IN ('usage', 'late_usage')) AND num_nonnulls(subscription_phase_id, service_phase_id) = CASE WHEN charge_key IS NULL THEN 0 ELSE 1 END");
            table.HasCheckConstraint("invoice_lines_service_check", "service_to > service_from AND num_nonnulls(service_from, service_to) IN (0, 2) AND (charge_key IS NULL OR service_from IS NOT NULL)");
            table.HasCheckConstraint("invoice_lines_discount_check", "discount >= 0 AND discount <= greatest(charge, 0)");
            table.HasCheckConstraint("invoice_lines_tax_check", "CASE WHEN kind = 'proration_credit' THEN tax_amount <= 0 ELSE tax_amount >= 0 END AND charge = amount + CASE WHEN is_tax_inclusive THEN tax_amount ELSE 0 END");
            table.HasCheckConstraint("invoice_lines_conversion_check", "num_nonnulls(original_amount, original_currency, exchange_rate, exchange_rate_day) IN (0, 4)");
        });
        builder.HasOne<Project>().WithMany()
            .HasForeignKey(line => new { line.OrganisationId, line.ProjectId })
            .HasPrincipalKey(project => new { project.OrganisationId, project.Id });
        builder.HasOne<Price>().WithMany().HasForeignKey(line => line.PriceId);
        builder.HasOne<SubscriptionPhase>().WithMany()
            .HasForeignKey(line => new { line.OrganisationId, line.SubscriptionPhaseId })
            .HasPrincipalKey(phase => new { phase.OrganisationId, phase.Id });
        builder.HasOne<ServicePhase>().WithMany()
            .HasForeignKey(line => new { line.OrganisationId, line.ServicePhaseId })
            .HasPrincipalKey(phase => new { phase.OrganisationId, phase.Id });
        builder.Property(line => line.Explanation).HasColumnType("jsonb");
        // What was charged of a recurring fee before.
        builder.HasIndex(line => new { line.OrganisationId, line.ChargeKey }).HasFilter("charge_key IS NOT NULL");
        // The lines of an invoice, in order.
        builder.HasIndex(line => new { line.InvoiceId, line.Position }).IsUnique();
        // What was billed for a month's usage before: late usage.
        builder.HasIndex(line => new { line.OrganisationId, line.UsageYear, line.UsageMonth });
        // The last month that a metric was billed in.
        builder.HasIndex(line => new { line.MetricName, line.Unit, line.UsageYear, line.UsageMonth });
    }
}

internal sealed class InvoiceTaxConfiguration : IEntityTypeConfiguration<InvoiceTax>
{
    public void Configure(EntityTypeBuilder<InvoiceTax> builder)
    {
        builder.ToTable("invoice_taxes", table => table.HasCheckConstraint("invoice_taxes_check", "rate BETWEEN 0 AND 100 AND amount >= 0"));
        builder.HasKey(tax => new { tax.InvoiceId, tax.Position });
    }
}

internal sealed class InvoiceFileConfiguration : IEntityTypeConfiguration<InvoiceFile>
{
    public void Configure(EntityTypeBuilder<InvoiceFile> builder)
    {
        builder.ToTable("invoice_files", table => table.HasCheckConstraint("invoice_files_sha256_check", "sha256 = sha256(content)"));
        builder.HasKey(file => file.InvoiceId);
        builder.HasOne<Invoice>().WithMany()
            .HasForeignKey(file => new { file.OrganisationId, file.InvoiceId })
            .HasPrincipalKey(invoice => new { invoice.OrganisationId, invoice.Id });
    }
}

internal sealed class NumberSeriesConfiguration : IEntityTypeConfiguration<NumberSeries>
{
    public void Configure(EntityTypeBuilder<NumberSeries> builder)
    {
        builder.ToTable("number_series", table => table.HasCheckConstraint("number_series_check", "last_number >= 0"));
        builder.HasKey(series => new { series.Series, series.FinancialYear });
    }
}

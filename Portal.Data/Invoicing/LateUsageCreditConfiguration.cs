using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.BillingRuns;
using Portal.Core.Invoicing;
using Portal.Core.Organisations;
using Portal.Core.Pricing;

namespace Portal.Data.Invoicing;

internal sealed class LateUsageCreditConfiguration : IEntityTypeConfiguration<LateUsageCredit>
{
    public void Configure(EntityTypeBuilder<LateUsageCredit> builder)
    {
        builder.ToTable("late_usage_credits", table => table.HasCheckConstraint("late_usage_credits_amount_check", "amount >= 0 AND discount >= 0 AND amount + discount > 0"));
        builder.HasOne<Organisation>().WithMany().HasForeignKey(credit => credit.OrganisationId);
        builder.HasOne<BillingRun>().WithMany().HasForeignKey(credit => credit.BillingRunId);
        builder.HasOne<Price>().WithMany().HasForeignKey(credit => credit.PriceId);
        builder.Property(credit => credit.Explanation).HasColumnType("jsonb");
        // What was credited for a month's usage before: late usage.
        builder.HasIndex(credit => new { credit.OrganisationId, credit.UsageYear, credit.UsageMonth });
    }
}

internal sealed class LateUsageWriteOffConfiguration : IEntityTypeConfiguration<LateUsageWriteOff>
{
    public void Configure(EntityTypeBuilder<LateUsageWriteOff> builder)
    {
        builder.ToTable("late_usage_write_offs", table => table.HasCheckConstraint("late_usage_write_offs_check", "amount > 0 AND char_length(reason) BETWEEN 1 AND 500"));
        builder.HasOne<Organisation>().WithMany().HasForeignKey(writeOff => writeOff.OrganisationId);
        builder.HasOne<Price>().WithMany().HasForeignKey(writeOff => writeOff.PriceId);
        builder.Property(writeOff => writeOff.Explanation).HasColumnType("jsonb");
        // What was given up of a month's usage before: late usage.
        builder.HasIndex(writeOff => new { writeOff.OrganisationId, writeOff.UsageYear, writeOff.UsageMonth });
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.BillingRuns;
using Portal.Core.Organisations;

namespace Portal.Data.BillingRuns;

internal sealed class BillingRunConfiguration : IEntityTypeConfiguration<BillingRun>
{
    public void Configure(EntityTypeBuilder<BillingRun> builder)
    {
        builder.ToTable("billing_runs", table =>
        {
            table.HasCheckConstraint("billing_runs_state_check", "state IN ('queued', 'running', 'completed', 'failed')");
            table.HasCheckConstraint("billing_runs_month_check", "month BETWEEN 1 AND 12 AND year BETWEEN 2000 AND 2999");
        });
        builder.HasOne<Organisation>().WithMany().HasForeignKey(run => run.OrganisationId);
        builder.Ignore(run => run.BillingMonth);
        // Runs that a node can take up.
        builder.HasIndex(run => run.LeaseUntil).HasFilter("state IN ('queued', 'running')");
    }
}

internal sealed class BillingRunItemConfiguration : IEntityTypeConfiguration<BillingRunItem>
{
    public void Configure(EntityTypeBuilder<BillingRunItem> builder)
    {
        builder.ToTable("billing_run_items", table => table.HasCheckConstraint("billing_run_items_state_check", "state IN ('pending', 'done', 'skipped', 'failed')"));
        builder.HasKey(item => new { item.BillingRunId, item.OrganisationId });
        builder.HasOne<BillingRun>().WithMany().HasForeignKey(item => item.BillingRunId);
        builder.HasOne<Organisation>().WithMany().HasForeignKey(item => item.OrganisationId);
    }
}

internal sealed class UnpricedUsageConfiguration : IEntityTypeConfiguration<UnpricedUsage>
{
    public void Configure(EntityTypeBuilder<UnpricedUsage> builder)
    {
        builder.ToTable("billing_run_unpriced");
        builder.HasKey(usage => new { usage.BillingRunId, usage.OrganisationId, usage.MetricName, usage.Unit, usage.UsageYear, usage.UsageMonth });
        builder.HasOne<BillingRun>().WithMany().HasForeignKey(usage => usage.BillingRunId);
        builder.HasOne<Organisation>().WithMany().HasForeignKey(usage => usage.OrganisationId);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Analytics;
using Portal.Core.Organisations;

namespace Portal.Data.Analytics;

internal sealed class MrrMovementConfiguration : IEntityTypeConfiguration<MrrMovement>
{
    public void Configure(EntityTypeBuilder<MrrMovement> builder)
    {
        builder.ToTable("mrr_movements", table =>
        {
            table.HasCheckConstraint("mrr_movements_kind_check", "kind IN ('new', 'expansion', 'contraction', 'churn', 'reactivation')");
            table.HasCheckConstraint("mrr_movements_amount_check", "CASE WHEN kind IN ('contraction', 'churn') THEN amount < 0 ELSE amount > 0 END AND mrr_after >= 0 AND (kind = 'churn') = (mrr_after = 0)");
            table.HasCheckConstraint("mrr_movements_month_check", "month = extract(year FROM day)::int * 12 + extract(month FROM day)::int - 1");
        });
        builder.HasOne<Organisation>().WithMany().HasForeignKey(movement => movement.OrganisationId);
        builder.HasIndex(movement => movement.CauseKey).IsUnique();
        // The movements of a month.
        builder.HasIndex(movement => new { movement.Month, movement.Currency, movement.Kind });
    }
}

internal sealed class MrrPositionConfiguration : IEntityTypeConfiguration<MrrPosition>
{
    public void Configure(EntityTypeBuilder<MrrPosition> builder)
    {
        builder.ToTable("mrr_positions", table => table.HasCheckConstraint("mrr_positions_amounts_check", "mrr >= 0 AND trial_mrr >= 0"));
        builder.HasKey(position => new { position.OrganisationId, position.Currency });
        builder.HasOne<Organisation>().WithMany().HasForeignKey(position => position.OrganisationId);
    }
}

internal sealed class MrrMonthConfiguration : IEntityTypeConfiguration<MrrMonth>
{
    public void Configure(EntityTypeBuilder<MrrMonth> builder)
    {
        builder.ToTable("mrr_months");
        builder.HasKey(month => new { month.Month, month.Currency, month.Kind });
    }
}

internal sealed class RevenueCellConfiguration : IEntityTypeConfiguration<RevenueCell>
{
    public void Configure(EntityTypeBuilder<RevenueCell> builder)
    {
        builder.ToTable("revenue_months");
        builder.HasKey(cell => new { cell.Month, cell.Currency, cell.Country, cell.MetricName, cell.Unit, cell.PlanId });
    }
}

internal sealed class OrganisationRevenueConfiguration : IEntityTypeConfiguration<OrganisationRevenue>
{
    public void Configure(EntityTypeBuilder<OrganisationRevenue> builder)
    {
        builder.ToTable("organisation_revenue_months");
        builder.HasKey(row => new { row.Month, row.OrganisationId, row.Currency });
        builder.HasOne<Organisation>().WithMany().HasForeignKey(row => row.OrganisationId);
    }
}

internal sealed class CohortCellConfiguration : IEntityTypeConfiguration<CohortCell>
{
    public void Configure(EntityTypeBuilder<CohortCell> builder)
    {
        builder.ToTable("cohort_months");
        builder.HasKey(cell => new { cell.Cohort, cell.Currency, cell.Since });
    }
}

internal sealed class AnalyticsMarkConfiguration : IEntityTypeConfiguration<AnalyticsMark>
{
    public void Configure(EntityTypeBuilder<AnalyticsMark> builder)
    {
        builder.ToTable("analytics_marks");
        builder.HasKey(mark => mark.Name);
    }
}

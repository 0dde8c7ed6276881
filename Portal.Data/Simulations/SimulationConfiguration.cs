using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Organisations;
using Portal.Core.Simulations;

namespace Portal.Data.Simulations;

internal sealed class SimulationConfiguration : IEntityTypeConfiguration<Simulation>
{
    public void Configure(EntityTypeBuilder<Simulation> builder)
    {
        builder.ToTable("simulations", table =>
        {
            table.HasCheckConstraint("simulations_state_check", "state IN ('queued', 'running', 'completed', 'failed', 'cancelled')");
            table.HasCheckConstraint("simulations_kind_check", "kind IN ('price', 'plan')");
            table.HasCheckConstraint("simulations_months_check", "last_month - first_month BETWEEN 0 AND 11");
        });
        builder.HasOne<Organisation>().WithMany().HasForeignKey(simulation => simulation.OrganisationId);
        builder.Property(simulation => simulation.Draft).HasColumnType("jsonb");
        builder.Ignore(simulation => simulation.First).Ignore(simulation => simulation.Last).Ignore(simulation => simulation.Months);
        // Those that a node can take up.
        builder.HasIndex(simulation => simulation.LeaseUntil).HasFilter("state IN ('queued', 'running')");
    }
}

internal sealed class SimulationResultConfiguration : IEntityTypeConfiguration<SimulationResult>
{
    public void Configure(EntityTypeBuilder<SimulationResult> builder)
    {
        builder.ToTable("simulation_results", table =>
        {
            table.HasCheckConstraint("simulation_results_state_check", "state IN ('pending', 'done', 'failed')");
            table.HasCheckConstraint("simulation_results_currency_check", "currency ~ '^[A-Z]{3}$' AND (state <> 'done' OR currency IS NOT NULL)");
            table.HasCheckConstraint("simulation_results_reason_check", "(state = 'failed') = (reason IS NOT NULL)");
        });
        builder.HasKey(result => new { result.SimulationId, result.OrganisationId });
        builder.HasOne<Simulation>().WithMany().HasForeignKey(result => result.SimulationId);
        builder.HasOne<Organisation>().WithMany().HasForeignKey(result => result.OrganisationId);
        builder.Property(result => result.Difference).HasComputedColumnSql("simulated - current", stored: true);
        builder.Property(result => result.Percent).HasComputedColumnSql("CASE WHEN current > 0 THEN round((simulated - current) * 100 / current, 2) END", stored: true);
        builder.Property(result => result.Months).HasColumnType("jsonb");
        builder.Property(result => result.Jump).HasColumnType("jsonb");
        // The list of a simulation, largest change first.
        builder.HasIndex(result => new { result.SimulationId, result.Currency, result.Difference });
    }
}

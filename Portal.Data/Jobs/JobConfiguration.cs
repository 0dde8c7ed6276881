using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Jobs;

namespace Portal.Data.Jobs;

internal sealed class JobRunConfiguration : IEntityTypeConfiguration<JobRun>
{
    public void Configure(EntityTypeBuilder<JobRun> builder)
    {
        builder.ToTable("job_runs", table => table.HasCheckConstraint("job_runs_outcome_check", "outcome IN ('done', 'failed')"));
        // The runs of a job, newest first.
        builder.HasIndex(run => new { run.Job, run.Id });
    }
}

internal sealed class PausedJobConfiguration : IEntityTypeConfiguration<PausedJob>
{
    public void Configure(EntityTypeBuilder<PausedJob> builder)
    {
        builder.ToTable("paused_jobs");
        builder.HasKey(paused => paused.Job);
    }
}

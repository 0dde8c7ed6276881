using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Metering;

namespace Portal.Data.Metering;

internal sealed class MetricConfiguration : IEntityTypeConfiguration<Metric>
{
    public void Configure(EntityTypeBuilder<Metric> builder)
    {
        builder.ToTable("metrics", table =>
        {
            table.HasCheckConstraint("metrics_name_check", "name ~ '^[A-Za-z0-9_.:-]{1,100}$'");
            table.HasCheckConstraint("metrics_unit_check", "char_length(unit) BETWEEN 1 AND 50");
        });
        builder.HasAlternateKey(metric => new { metric.Name, metric.Unit });
    }
}

internal sealed class MetricVersionConfiguration : IEntityTypeConfiguration<MetricVersion>
{
    public void Configure(EntityTypeBuilder<MetricVersion> builder)
    {
        builder.ToTable("metric_versions", table =>
        {
            table.HasCheckConstraint("metric_versions_aggregation_check", "aggregation IN ('sum', 'count', 'max', 'last', 'unique') AND (property IS NOT NULL) = (aggregation = 'unique')");
            table.HasCheckConstraint("metric_versions_rounding_check", "rounding IN ('none', 'up', 'down', 'nearest') AND decimals BETWEEN 0 AND 12");
        });
        builder.HasKey(version => new { version.MetricName, version.Unit, version.FromMonth });
        builder.HasOne<Metric>().WithMany().HasForeignKey(version => new { version.MetricName, version.Unit }).HasPrincipalKey(metric => new { metric.Name, metric.Unit });
        builder.Ignore(version => version.Rule);
    }
}

// The tables of usage are made by hand in SQL (partitions, storage settings); EF only reads them.
internal sealed class UsageEventConfiguration : IEntityTypeConfiguration<UsageEvent>
{
    public void Configure(EntityTypeBuilder<UsageEvent> builder)
    {
        builder.ToTable("usage_events", table => table.ExcludeFromMigrations());
        builder.HasKey(usage => new { usage.Id, usage.Timestamp });
        builder.Property(usage => usage.Metadata).HasColumnType("jsonb");
    }
}

internal sealed class UsageBucketConfiguration : IEntityTypeConfiguration<UsageBucket>
{
    public void Configure(EntityTypeBuilder<UsageBucket> builder)
    {
        builder.ToTable("usage_buckets", table => table.ExcludeFromMigrations());
        builder.HasKey(bucket => new { bucket.OrganisationId, bucket.BucketStart, bucket.ProjectId, bucket.MetricName, bucket.Unit });
    }
}

internal sealed class UsageDaySumConfiguration : IEntityTypeConfiguration<UsageDaySum>
{
    public void Configure(EntityTypeBuilder<UsageDaySum> builder)
    {
        builder.ToTable("usage_days", table => table.ExcludeFromMigrations());
        builder.HasKey(sum => new { sum.OrganisationId, sum.Day, sum.ProjectId, sum.MetricName, sum.Unit, sum.ApiKeyId });
    }
}

internal sealed class UsageAggregateConfiguration : IEntityTypeConfiguration<UsageAggregate>
{
    public void Configure(EntityTypeBuilder<UsageAggregate> builder)
    {
        builder.ToTable("usage_aggregates", table => table.ExcludeFromMigrations());
        builder.HasKey(aggregate => new { aggregate.OrganisationId, aggregate.Year, aggregate.Month, aggregate.ProjectId, aggregate.MetricName, aggregate.Unit });
    }
}

internal sealed class UsageSupersessionConfiguration : IEntityTypeConfiguration<UsageSupersession>
{
    public void Configure(EntityTypeBuilder<UsageSupersession> builder)
    {
        builder.ToTable("usage_supersessions", table => table.ExcludeFromMigrations());
        builder.HasKey(supersession => new { supersession.OrganisationId, supersession.EventId });
    }
}

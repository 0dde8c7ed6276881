using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Npgsql;

namespace Portal.Data.Kernel;

/// <summary>How a context is set up; one place for the host, the tests and the migrations' tool.</summary>
public static class BillingDbOptions
{
    public static DbContextOptionsBuilder UseBilling(this DbContextOptionsBuilder builder, NpgsqlDataSource dataSource) =>
        builder.UseNpgsql(dataSource, postgres => postgres.MigrationsHistoryTable("schema_migrations").CommandTimeout(30).UseQuerySplittingBehavior(QuerySplittingBehavior.SplitQuery));
}

/// <summary>Used by the migrations' tool only; it never connects.</summary>
internal sealed class DesignTimeContextFactory : IDesignTimeDbContextFactory<BillingDbContext>
{
    public BillingDbContext CreateDbContext(string[] args)
    {
        var builder = new DbContextOptionsBuilder<BillingDbContext>();
        builder.UseBilling(NpgsqlDataSource.Create("Host=localhost"));
        return new BillingDbContext(builder.Options);
    }
}

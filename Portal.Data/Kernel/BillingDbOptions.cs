using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Npgsql;

namespace Portal.Data.Kernel;

/// <summary>How a context is set up; one place for the host, the tests and the migrations' tool.</summary>
public static class BillingDbOptions
{
    /// <remarks>A thing and its parts are one question: fewer ways to the server, and nothing can come between. The lists of parts here are short.</remarks>
    public static DbContextOptionsBuilder UseBilling(this DbContextOptionsBuilder builder, NpgsqlDataSource dataSource) =>
        builder.UseNpgsql(dataSource, postgres => postgres.MigrationsHistoryTable("schema_migrations").CommandTimeout(30).UseQuerySplittingBehavior(QuerySplittingBehavior.SingleQuery));
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

using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Core.Access;

namespace Portal.Data.Kernel;

/// <summary>Brings a database to the version of this build. May run on several nodes at once and as often as one likes.</summary>
public static class DatabaseMigrator
{
    /// <summary>Months of usage partitions before and after now that always exist.</summary>
    private const int PartitionMonths = 3;

    /// <summary>Migrates, writes the system roles, and makes the partitions around <paramref name="now"/>.</summary>
    public static async Task MigrateAsync(NpgsqlDataSource dataSource, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var builder = new DbContextOptionsBuilder<BillingDbContext>();
        builder.UseBilling(dataSource);
        await using var context = new BillingDbContext(builder.Options);
        // A migration takes the time that its data need.
        context.Database.SetCommandTimeout(0);
        await context.Database.MigrateAsync(cancellationToken);
        await WriteSystemRolesAsync(context, cancellationToken);
        await EnsurePartitionsAsync(dataSource, now, cancellationToken);
    }

    /// <summary>Makes the partitions of usage that the months around <paramref name="now"/> need; returns how many were new.</summary>
    public static async Task<int> EnsurePartitionsAsync(NpgsqlDataSource dataSource, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        await using var command = dataSource.CreateCommand("SELECT ensure_usage_partitions($1, $2)");
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        command.Parameters.AddWithValue(today.AddMonths(-PartitionMonths));
        command.Parameters.AddWithValue(today.AddMonths(PartitionMonths));
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    // Written at every start: a permission that a new build brings reaches the roles that ship with it.
    private static async Task WriteSystemRolesAsync(BillingDbContext context, CancellationToken cancellationToken)
    {
        foreach (var role in SystemRoles.All)
        {
            var kind = EnumText.Of(role.Kind);
            var permissions = role.Permissions.Select(permission => permission.Permission).ToArray();
            await context.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO roles (id, name, description, kind, is_system) VALUES ({role.Id}, {role.Name}, {role.Description}, {kind}, true)
                ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description;
                DELETE FROM role_permissions WHERE role_id = {role.Id} AND permission <> ALL ({permissions});
                INSERT INTO role_permissions (role_id, permission) SELECT {role.Id}, unnest({permissions}) ON CONFLICT DO NOTHING;
                """,
                cancellationToken);
        }
    }
}

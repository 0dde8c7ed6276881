using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Core.Kernel;
using Portal.Data;
using Portal.Data.Kernel;
using Portal.Tests.Support;

namespace Portal.Tests.Structure;

/// <summary>Walks every entity: none that belongs to an organisation can be left without its walls.</summary>
public sealed class TenancyWalls : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private NpgsqlDataSource _source = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(async connectionString =>
        {
            await using var source = NpgsqlDataSource.Create(connectionString);
            await DatabaseMigrator.MigrateAsync(source, TimeProvider.System.GetUtcNow(), default);
        });
        _source = NpgsqlDataSource.Create(_database.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Every_organisation_s_type_has_a_filter_a_concurrency_token_and_row_level_security()
    {
        var builder = new DbContextOptionsBuilder<BillingDbContext>();
        builder.UseBilling(_source);
        await using var context = new BillingDbContext(builder.Options);
        var owned = context.Model.GetEntityTypes().Where(type => typeof(IOrganisationOwned).IsAssignableFrom(type.ClrType)).ToList();
        owned.Count.ShouldBeGreaterThan(15);
        owned.Where(type => type.GetDeclaredQueryFilters().Count == 0).Select(type => type.Name).ShouldBeEmpty("without a filter");
        owned.Select(type => type.FindProperty(nameof(IOrganisationOwned.OrganisationId))!).Where(property => !property.IsConcurrencyToken && !property.IsPrimaryKey())
            .Select(property => property.DeclaringType.Name).ShouldBeEmpty("without a concurrency token");
        var walled = await NamesAsync("SELECT relname FROM pg_class JOIN pg_policies ON tablename = relname WHERE relrowsecurity AND 'billing_tenant' = ANY (roles)");
        owned.Select(type => type.GetTableName()!).Except(walled, StringComparer.Ordinal).ShouldBeEmpty("without row-level security");
    }

    [Fact]
    public async Task Every_table_with_an_organisation_is_walled_or_out_of_the_customers_reach()
    {
        var open = await NamesAsync(
            """
            SELECT table_name FROM information_schema.columns
            JOIN pg_class ON relname = table_name
            WHERE table_schema = 'public' AND column_name = 'organisation_id' AND relkind IN ('r', 'p') AND NOT relispartition AND NOT relrowsecurity
                AND has_table_privilege('billing_tenant', pg_class.oid, 'SELECT, INSERT, UPDATE, DELETE')
            """);
        open.ShouldBeEmpty();
    }

    [Fact]
    public async Task Raw_SQL_under_an_organisation_s_role_sees_its_own_rows_only_and_none_without_a_name()
    {
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        foreach (var id in new[] { first, second })
        {
            await ExecuteAsync(
                $"""
                INSERT INTO organisations (id, name, billing_email, currency, time_zone, locale, country, payment_terms_days, status, is_active, created_at, updated_at)
                VALUES ('{id}', 'Walls', 'walls@example.com', 'INR', 'Asia/Kolkata', 'en-IN', 'IN', 15, 'active', true, now(), now());
                INSERT INTO projects (id, organisation_id, name, is_active, created_at, updated_at) VALUES (gen_random_uuid(), '{id}', 'Walls', true, now(), now());
                """);
        }

        (await CountAsync(first, "SELECT count(*) FROM projects")).ShouldBe(1);
        (await CountAsync(first, $"SELECT count(*) FROM projects WHERE organisation_id = '{second}'")).ShouldBe(0);
        (await CountAsync(first, "SELECT count(*) FROM organisations")).ShouldBe(1);
        (await CountAsync(null, "SELECT count(*) FROM projects")).ShouldBe(0);
        (await CountAsync(null, "SELECT count(*) FROM organisations")).ShouldBe(0);
        await Should.ThrowAsync<PostgresException>(() => CountAsync(first,
            $"WITH stolen AS (INSERT INTO projects (id, organisation_id, name, is_active, created_at, updated_at) VALUES (gen_random_uuid(), '{second}', 'Mine', true, now(), now()) RETURNING 1) SELECT count(*) FROM stolen"));
        (await CountAsync(first, $"WITH changed AS (UPDATE projects SET name = 'Mine' WHERE organisation_id = '{second}' RETURNING 1) SELECT count(*) FROM changed")).ShouldBe(0);
        await Should.ThrowAsync<PostgresException>(() => CountAsync(first, "SELECT count(password_hash) FROM users"));
    }

    private async Task<long> CountAsync(Guid? organisation, string sql)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var step = new NpgsqlCommand($"SET LOCAL ROLE {TenantRole.Name}; SELECT set_config('app.organisation_id', '{organisation}', true)", connection, transaction))
            await step.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<List<string>> NamesAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var names = new List<string>();
        while (await reader.ReadAsync())
            names.Add(reader.GetString(0));
        return names;
    }
}

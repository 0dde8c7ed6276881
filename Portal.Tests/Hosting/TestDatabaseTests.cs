using Npgsql;
using Portal.Tests.Support;

namespace Portal.Tests.Hosting;

public class TestDatabaseTests
{
    private static int migrations;

    [Fact]
    public async Task Databases_of_one_template_are_migrated_once_and_do_not_see_each_other()
    {
        var databases = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TestDatabase.CreateAsync(MigrateAsync, "once")));
        try
        {
            migrations.ShouldBe(1);
            await ScalarAsync(databases[0], "INSERT INTO probe VALUES (1)");
            (await ScalarAsync(databases[0], "SELECT count(*) FROM probe")).ShouldBe(1L);
            (await ScalarAsync(databases[1], "SELECT count(*) FROM probe")).ShouldBe(0L);
        }
        finally
        {
            foreach (var database in databases)
            {
                await database.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_disposed_database_is_gone()
    {
        var database = await TestDatabase.CreateEmptyAsync();
        await ScalarAsync(database, "CREATE TABLE probe (id int)");
        await database.DisposeAsync();

        var missing = await Should.ThrowAsync<PostgresException>(() => ScalarAsync(database, "SELECT 1"));

        missing.SqlState.ShouldBe(PostgresErrorCodes.InvalidCatalogName);
    }

    private static async Task MigrateAsync(string connectionString)
    {
        Interlocked.Increment(ref migrations);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("CREATE TABLE probe (id int)", connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(TestDatabase database, string statement)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync();
    }
}

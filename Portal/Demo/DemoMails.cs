using Npgsql;

namespace Portal.Demo;

/// <summary>The mails of the demo's past.</summary>
internal sealed class DemoMails(NpgsqlDataSource dataSource)
{
    /// <summary>Mails that are older than <paramref name="before"/> have been sent.</summary>
    public async Task MakeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var statement in DemoScript.Read("mails"))
        {
            await using var command = new NpgsqlCommand(statement, connection);
            command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = before });
            if (statement.Contains("$2", StringComparison.Ordinal))
            {
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = DemoPeople.Seller });
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = DemoPeople.SellerMail });
            }

            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }
}

/// <summary>The statements of the demo's SQL files.</summary>
internal static class DemoScript
{
    /// <summary>Those of <c>{name}.sql</c>, one after another.</summary>
    public static IReadOnlyList<string> Read(string name)
    {
        using var stream = typeof(DemoScript).Assembly.GetManifestResourceStream($"Portal.Demo.{name}.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}

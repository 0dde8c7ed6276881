using Microsoft.EntityFrameworkCore.Migrations;

namespace Portal.Data.Kernel;

/// <summary>What EF can't say, in SQL files beside the migrations.</summary>
internal static class SqlScript
{
    /// <summary>Runs <c>Migrations/Sql/{name}.sql</c>.</summary>
    public static void Run(this MigrationBuilder builder, string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var assembly = typeof(SqlScript).Assembly;
        using var stream = assembly.GetManifestResourceStream($"Portal.Data.Migrations.Sql.{name}.sql")
            ?? throw new InvalidOperationException($"There is no script {name}.");
        using var reader = new StreamReader(stream);
        builder.Sql(reader.ReadToEnd());
    }
}

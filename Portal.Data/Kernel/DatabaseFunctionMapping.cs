using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Portal.Core.Kernel;

namespace Portal.Data.Kernel;

/// <summary>How <see cref="DatabaseFunctions"/> is written in SQL.</summary>
internal static class DatabaseFunctionMapping
{
    public static void AddDatabaseFunctions(this ModelBuilder builder) =>
        builder.HasDbFunction(typeof(DatabaseFunctions).GetMethod(nameof(DatabaseFunctions.SpanOf))!).HasTranslation(arguments => new SqlFunctionExpression(
            "width_bucket", arguments, nullable: true, argumentsPropagateNullability: [true, true], typeof(int), typeMapping: null));
}

using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Portal.Core.Metering;

namespace Portal.Data.Metering;

/// <summary>How <see cref="UsageFunctions"/> is written in SQL.</summary>
internal static class UsageFunctionMapping
{
    public static void AddUsageFunctions(this ModelBuilder builder) =>
        builder.HasDbFunction(typeof(UsageFunctions).GetMethod(nameof(UsageFunctions.Holds))!).HasTranslation(arguments => new SqlFunctionExpression(
            "jsonb_contains",
            // What is looked for comes as text, and is what the column is.
            [arguments[0], new SqlUnaryExpression(ExpressionType.Convert, arguments[1], arguments[1].Type, arguments[0].TypeMapping)],
            nullable: true,
            argumentsPropagateNullability: [true, true],
            typeof(bool),
            typeMapping: null));
}

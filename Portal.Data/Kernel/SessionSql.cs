using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;
using Portal.Core.Kernel;

namespace Portal.Data.Kernel;

/// <summary>Hand-written SQL within a session's transaction.</summary>
internal static class SessionSql
{
    /// <summary>The context behind a session.</summary>
    public static BillingDbContext Context(this IBillingDb db) => (BillingDbContext)db;

    /// <summary>A command in the session's transaction; parameters are positional, <c>$1</c> and so on.</summary>
    public static NpgsqlCommand Command(this IBillingDb db, string sql)
    {
        var database = db.Context().Database;
        return new NpgsqlCommand(sql, (NpgsqlConnection)database.GetDbConnection(), (NpgsqlTransaction?)database.CurrentTransaction?.GetDbTransaction());
    }

    public static NpgsqlCommand With<T>(this NpgsqlCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }

    /// <summary>A value that may be missing, or an array with missing values.</summary>
    public static NpgsqlCommand With(this NpgsqlCommand command, object? value, NpgsqlDbType type)
    {
        command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
        return command;
    }
}

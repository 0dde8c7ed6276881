using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Data.Kernel;

namespace Portal.Benchmarks.Pages;

/// <summary>Fills a fresh database by <c>seed.sql</c> and <c>seed-plans.sql</c>; then somebody of staff and the owner of the largest organisation get a password.</summary>
internal static class PagesSeed
{
    public const string Staff = "staff-of-the-benchmark@example.com";
    public const string Owner = "person-1@example.com";

    /// <summary>Whether an earlier run filled it: all of it or nothing, in one transaction.</summary>
    public static async Task<bool> IsFilledAsync(BenchmarkServer server) =>
        await server.ScalarAsync<bool>("SELECT to_regclass('organisations') IS NOT NULL") && await server.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM organisations)");

    /// <summary>How long it took.</summary>
    public static async Task<TimeSpan> FillAsync(BenchmarkServer server, int organisations, int events)
    {
        var watch = Stopwatch.StartNew();
        await DatabaseMigrator.MigrateAsync(server.Database, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        var folder = Path.Combine(AppContext.BaseDirectory, "Pages");
        // In one command, and so in one transaction.
        var script = (await File.ReadAllTextAsync(Path.Combine(folder, "seed.sql")) + await File.ReadAllTextAsync(Path.Combine(folder, "seed-plans.sql")))
            .Replace("$ORGANISATIONS", organisations.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("$EVENTS", events.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        await server.ExecuteAsync(script);
        await server.ExecuteAsync("VACUUM (ANALYZE)");
        await server.ExecuteAsync("CHECKPOINT");
        return watch.Elapsed;
    }

    /// <summary>Lets the two sign in by a password.</summary>
    public static async Task AdmitAsync(BenchmarkServer server, string password)
    {
        var now = TimeProvider.System.GetUtcNow();
        var hash = new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 })).HashPassword(User.Create(Staff, "", now), password);
        await using var command = server.Database.CreateCommand(
            """
            WITH made AS (
                INSERT INTO users (id, display_name, is_active, created_at, user_name, normalized_user_name, email, normalized_email, email_confirmed, password_hash, security_stamp, concurrency_stamp, phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count)
                SELECT gen_random_uuid(), 'Staff', true, now(), $1, upper($1), $1, upper($1), true, $3, 'stamp', 'stamp', false, false, true, 0
                WHERE NOT EXISTS (SELECT FROM users WHERE normalized_email = upper($1)) RETURNING id),
            appointed AS (INSERT INTO user_roles (id, user_id, role_id, created_at) SELECT gen_random_uuid(), id, $4, now() FROM made)
            UPDATE users SET password_hash = $3 WHERE normalized_email IN (upper($1), upper($2))
            """);
        command.Parameters.AddWithValue(Staff);
        command.Parameters.AddWithValue(Owner);
        command.Parameters.AddWithValue(hash);
        command.Parameters.AddWithValue(SystemRoles.Admin);
        await command.ExecuteNonQueryAsync();
    }
}

using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Core.ApiKeys;
using Portal.Core.Kernel;
using Portal.Core.Organisations;
using Portal.Core.Projects;
using Portal.Data;

namespace Portal.Benchmarks.Ingest;

/// <summary>20 projects of 4 organisations with a key each, and the events that are sent for them.</summary>
internal static class IngestWorld
{
    private static readonly string[] s_metrics = ["api_calls", "storage", "egress", "compute", "messages"];

    /// <summary>Makes them; the keys' secrets.</summary>
    public static async Task<IReadOnlyList<string>> MakeAsync(BenchmarkServer server)
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var services = new ServiceCollection().AddBillingData(server.Address).BuildServiceProvider();
        await using var db = await services.GetRequiredService<IBillingStore>().OpenAsync(new AccessScope.System("benchmark"), default);
        List<string> keys = [];
        for (var number = 0; number < 4; number++)
        {
            var organisation = Organisation.Create(
                new OrganisationProfile { Name = $"Organisation {number}", BillingEmail = "billing@example.com", Currency = "INR", TimeZone = "Asia/Kolkata", Country = "IN" }, now);
            ((DbContext)db).Add(organisation);
            for (var place = 0; place < 5; place++)
            {
                var project = Project.Create(organisation.Id, $"Project {place}", null, now);
                var secret = SecretKey.Create(SecretKey.ProjectMark);
                ((DbContext)db).Add(project);
                ((DbContext)db).Add(ApiKey.Issue(new ApiKeyIssue(organisation.Id, project.Id, "Benchmark", [ApiKeyScopes.UsageWrite], null, null), secret, now));
                keys.Add(secret.Value);
            }
        }

        await db.CommitAsync(default);
        return keys;
    }

    /// <summary>One event, as a client would send it, with an idempotency key that comes once.</summary>
    public static void Write(StringBuilder text, Random random, DateTimeOffset now, string idempotencyKey) => text.Append(CultureInfo.InvariantCulture,
        $$"""{"metricName":"{{s_metrics[random.Next(s_metrics.Length)]}}","metricValue":{{random.Next(100_000)}}.{{random.Next(100):D2}},"unit":"count","timestamp":"{{now.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}}","metadata":{"region":"ap-south-1"},"idempotencyKey":"{{idempotencyKey}}"}""");

    /// <summary>36 characters without order, as most clients use.</summary>
    public static string Key(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }
}

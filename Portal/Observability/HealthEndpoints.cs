using Npgsql;
using Quartz;

namespace Portal.Observability;

/// <summary>What a load balancer and a monitor ask.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").AllowAnonymous().WithTags("Operations");
        group.MapGet("/health/live", () => TypedResults.Text("alive")).WithSummary("The process runs; says nothing about the database");
        group.MapGet("/health/ready", ReadyAsync).WithSummary("Database, migrations and scheduler are there");
        group.MapGet("/metrics", (PrometheusMetrics metrics) => TypedResults.Text(metrics.Write(), "text/plain; version=0.0.4")).WithSummary("Prometheus text");
    }

    private static async Task<IResult> ReadyAsync(NpgsqlDataSource dataSource, ISchedulerFactory schedulers, CancellationToken cancellationToken)
    {
        var database = await CheckAsync(async token =>
        {
            await using var command = dataSource.CreateCommand("SELECT count(*) FROM schema_migrations");
            command.CommandTimeout = 3;
            return (long)(await command.ExecuteScalarAsync(token))! > 0;
        }, cancellationToken);
        var scheduler = await CheckAsync(async token => await (await schedulers.GetScheduler(token)).GetStatus(token) is SchedulerStatus.Running, cancellationToken);
        var body = new ReadyBody(database && scheduler ? "ready" : "not_ready", database ? "ok" : "unavailable", scheduler ? "ok" : "not_started");
        return TypedResults.Json(body, statusCode: body.Status == "ready" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    // Not ready for whatever reason is an answer here, not an error.
    private static async Task<bool> CheckAsync(Func<CancellationToken, Task<bool>> check, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(4));
        try
        {
            return await check(limit.Token);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or OperationCanceledException or SchedulerException)
        {
            return false;
        }
    }
}

/// <summary>Whether the node can serve, and if not, what is missing.</summary>
internal sealed record ReadyBody(string Status, string Database, string Scheduler);

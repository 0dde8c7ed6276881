using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Changes;
using Portal.Core.Access;
using Portal.Core.ApiKeys;
using Portal.Core.Kernel;
using Portal.Core.Organisations;
using Portal.Core.Projects;
using Portal.Data;
using Portal.Data.Kernel;
using Portal.Endpoints.Ingest;
using Portal.Tests.Support;

namespace Portal.Tests.Endpoints.Ingest;

/// <summary>The ingest endpoints on a real server and a real database, with one organisation, project and key.</summary>
public sealed class IngestHost : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] s_allScopes = [.. ApiKeyScopes.All];

    private readonly TestDatabase _database;
    private readonly WebApplication _app;

    private IngestHost(TestDatabase database, MovableClock clock, WebApplication app)
    {
        (_database, Clock, _app) = (database, clock, app);
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromSeconds(60) };
    }

    public MovableClock Clock { get; }

    public HttpClient Http { get; }

    public Organisation Organisation { get; private set; } = null!;

    public Project Project { get; private set; } = null!;

    /// <summary>The secret of a key with every scope.</summary>
    public string Key { get; private set; } = "";

    public string ConnectionString => _database.ConnectionString;

    public CallContext Staff { get; } = new(new Actor(ActorKind.User, Guid.CreateVersion7(Start), "staff@example.com"), new AccessScope.Staff(), new HashSet<string>(Permissions.All), "test");

    public static Task<TestDatabase> DatabaseAsync() => TestDatabase.CreateAsync(async address =>
    {
        await using var source = NpgsqlDataSource.Create(address);
        await DatabaseMigrator.MigrateAsync(source, Start, CancellationToken.None);
    }, "ingest");

    public static Task<IngestHost> StartAsync(params (string Key, string Value)[] settings) => StartAsync(null, settings);

    /// <param name="address">Where the host finds its database, if not where it is: a proxy that a test can cut.</param>
    /// <param name="settings">Configuration.</param>
    public static async Task<IngestHost> StartAsync(Func<string, string>? address, params (string Key, string Value)[] settings)
    {
        var database = await DatabaseAsync();
        var clock = new MovableClock(Start);
        var app = await RunAsync(address?.Invoke(database.ConnectionString) ?? database.ConnectionString, clock, settings);
        var host = new IngestHost(database, clock, app);
        await host.SeedAsync();
        return host;
    }

    /// <summary>Another node on the same database.</summary>
    public async Task<(WebApplication App, HttpClient Http)> SecondNodeAsync()
    {
        var app = await RunAsync(ConnectionString, Clock, []);
        return (app, new HttpClient { BaseAddress = new Uri(app.Urls.First()) });
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public async Task<(ApiKey Key, string Secret)> IssueKeyAsync(Guid organisationId, Guid projectId, string[]? scopes = null, int? limit = null, DateTimeOffset? expires = null)
    {
        var secret = SecretKey.Create(SecretKey.ProjectMark);
        var key = ApiKey.Issue(new ApiKeyIssue(organisationId, projectId, "Test", scopes ?? s_allScopes, limit, expires), secret, Clock.Now);
        await AddAsync(key);
        return (key, secret.Value);
    }

    public async Task<Organisation> OrganisationAsync(string timeZone = "Asia/Kolkata")
    {
        var organisation = Organisation.Create(
            new OrganisationProfile { Name = $"Organisation {Guid.CreateVersion7(Clock.Now)}", BillingEmail = "billing@example.com", Currency = "INR", TimeZone = timeZone, Country = "IN" }, Clock.Now);
        await AddAsync(organisation);
        return organisation;
    }

    public async Task<Project> ProjectAsync(Guid organisationId)
    {
        var project = Project.Create(organisationId, $"Project {Guid.CreateVersion7(Clock.Now)}", null, Clock.Now);
        await AddAsync(project);
        return project;
    }

    public async Task<(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Answer)> PostAsync(string body, string? key = null, string contentType = "application/json", bool gzip = false)
    {
        using HttpContent content = gzip ? new ByteArrayContent(Gzip(Encoding.UTF8.GetBytes(body))) : new StringContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (gzip)
            content.Headers.ContentEncoding.Add("gzip");
        return await SendAsync(Http, content, key ?? Key);
    }

    public static async Task<(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Answer)> SendAsync(HttpClient http, HttpContent content, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/ingest") { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone(), answer);
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return target.ToArray();
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Events, buckets, days and aggregates agree, and so do keys and events.</summary>
    public async Task ShouldAgreeAsync()
    {
        (await ScalarAsync<long>(
            """
            SELECT count(*) FROM (
                SELECT organisation_id, project_id, metric_name, unit, billing_month, sum(metric_value) AS total, count(*) AS n
                FROM usage_events e WHERE NOT EXISTS (SELECT FROM usage_supersessions s WHERE s.organisation_id = e.organisation_id AND s.event_id = e.id) GROUP BY 1, 2, 3, 4, 5) e
            FULL JOIN (SELECT *, year * 12 + month - 1 AS billing_month FROM usage_aggregates WHERE event_count <> 0 OR total_value <> 0) a USING (organisation_id, project_id, metric_name, unit, billing_month)
            WHERE e.total IS DISTINCT FROM a.total_value OR e.n IS DISTINCT FROM a.event_count
            """)).ShouldBe(0);
        (await ScalarAsync<long>(
            """
            SELECT count(*) FROM (
                SELECT organisation_id, project_id, metric_name, unit, to_timestamp(floor(extract(epoch FROM "timestamp") / 900) * 900) AS bucket_start, sum(metric_value) AS total, count(*) AS n
                FROM usage_events e WHERE NOT EXISTS (SELECT FROM usage_supersessions s WHERE s.organisation_id = e.organisation_id AND s.event_id = e.id) GROUP BY 1, 2, 3, 4, 5) e
            FULL JOIN (SELECT * FROM usage_buckets WHERE event_count <> 0 OR total_value <> 0) b USING (organisation_id, project_id, metric_name, unit, bucket_start)
            WHERE e.total IS DISTINCT FROM b.total_value OR e.n IS DISTINCT FROM b.event_count
            """)).ShouldBe(0);
        (await ScalarAsync<long>(
            """
            SELECT count(*) FROM (
                SELECT b.organisation_id, b.project_id, b.metric_name, b.unit, usage_day(b.bucket_start, o.time_zone, o.next_time_zone, o.time_zone_changes_at) AS day, sum(b.total_value) AS total, sum(b.event_count) AS n
                FROM usage_buckets b JOIN organisations o ON o.id = b.organisation_id GROUP BY 1, 2, 3, 4, 5) b
            FULL JOIN (SELECT organisation_id, project_id, metric_name, unit, day, sum(total_value) AS total, sum(event_count) AS n FROM usage_days GROUP BY 1, 2, 3, 4, 5) d USING (organisation_id, project_id, metric_name, unit, day)
            WHERE b.total IS DISTINCT FROM d.total OR b.n IS DISTINCT FROM d.n
            """)).ShouldBe(0);
        (await ScalarAsync<long>(
            """
            SELECT count(*) FROM (
                SELECT organisation_id, project_id, metric_name, unit, api_key_id, sum(metric_value) AS total, count(*) AS n
                FROM usage_events e WHERE NOT EXISTS (SELECT FROM usage_supersessions s WHERE s.organisation_id = e.organisation_id AND s.event_id = e.id) GROUP BY 1, 2, 3, 4, 5) e
            FULL JOIN (SELECT organisation_id, project_id, metric_name, unit, api_key_id, sum(total_value) AS total, sum(event_count) AS n FROM usage_days GROUP BY 1, 2, 3, 4, 5 HAVING sum(event_count) <> 0 OR sum(total_value) <> 0) d
                USING (organisation_id, project_id, metric_name, unit, api_key_id)
            WHERE e.total IS DISTINCT FROM d.total OR e.n IS DISTINCT FROM d.n
            """)).ShouldBe(0);
        (await ScalarAsync<long>("SELECT count(*) FROM usage_event_keys k FULL JOIN (SELECT * FROM usage_events WHERE idempotency_key IS NOT NULL) e ON e.id = k.event_id WHERE e.id IS NULL OR k.event_id IS NULL")).ShouldBe(0);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static async Task<WebApplication> RunAsync(string address, TimeProvider clock, (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(pair => pair.Key, pair => (string?)pair.Value));
        builder.Services.AddSingleton(clock);
        builder.Services.AddBillingData(address);
        builder.Services.AddDatabaseChanges();
        builder.Services.AddIngest(builder.Configuration);
        var app = builder.Build();
        app.MapIngest();
        await app.StartAsync();
        return app;
    }

    private async Task SeedAsync()
    {
        Organisation = await OrganisationAsync();
        Project = await ProjectAsync(Organisation.Id);
        (_, Key) = await IssueKeyAsync(Organisation.Id, Project.Id);
    }

    private async Task AddAsync(object entity)
    {
        // Straight to the database: the node under test may be cut off from it.
        await using var provider = new ServiceCollection().AddBillingData(ConnectionString).BuildServiceProvider();
        await using var db = await provider.GetRequiredService<IBillingStore>().OpenAsync(Staff.Scope, default);
        ((Microsoft.EntityFrameworkCore.DbContext)db).Add(entity);
        await db.CommitAsync(default);
    }
}

/// <summary>A clock that runs from a given time on and can be set.</summary>
public sealed class MovableClock(DateTimeOffset start) : TimeProvider
{
    private long _ticks = start.UtcTicks;

    public DateTimeOffset Now
    {
        get => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);
        set => Interlocked.Exchange(ref _ticks, value.UtcTicks);
    }

    public override DateTimeOffset GetUtcNow() => Now;
}

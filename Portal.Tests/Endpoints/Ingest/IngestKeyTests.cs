using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Portal.Changes;
using Portal.Core.ApiKeys;
using Portal.Core.Metering;
using Portal.Endpoints.Ingest;
using Portal.Tests.Support;

namespace Portal.Tests.Endpoints.Ingest;

public sealed class IngestKeyTests : IAsyncLifetime
{
    private const string Body = """{"metricName":"m","metricValue":1,"unit":"u"}""";
    private IngestHost _host = null!;

    public async Task InitializeAsync() => _host = await IngestHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Every_key_that_cannot_be_used_gets_one_and_the_same_answer()
    {
        var expired = (await _host.IssueKeyAsync(_host.Organisation.Id, _host.Project.Id, expires: _host.Clock.Now)).Secret;
        var revoked = await _host.IssueKeyAsync(_host.Organisation.Id, _host.Project.Id);
        await _host.ExecuteAsync($"UPDATE api_keys SET revoked_at = now() WHERE id = '{revoked.Key.Id}'");
        var closedProject = await _host.ProjectAsync(_host.Organisation.Id);
        var ofClosedProject = (await _host.IssueKeyAsync(_host.Organisation.Id, closedProject.Id)).Secret;
        await _host.ExecuteAsync($"UPDATE projects SET is_active = false WHERE id = '{closedProject.Id}'");
        var closed = await _host.OrganisationAsync();
        var ofClosed = (await _host.IssueKeyAsync(closed.Id, (await _host.ProjectAsync(closed.Id)).Id)).Secret;
        await _host.ExecuteAsync($"UPDATE organisations SET is_active = false WHERE id = '{closed.Id}'");
        var flipped = _host.Key[..^1] + (_host.Key[^1] == '0' ? '1' : '0');
        var adminKey = SecretKey.Create(SecretKey.AdminMark).Value;

        List<string> answers = [];
        foreach (var header in new[] { null, "", "Bearer", "Bearer ", "Bearer nonsense", $"Basic {_host.Key}", _host.Key, $"Bearer {flipped}", $"Bearer {SecretKey.Create(SecretKey.ProjectMark).Value}",
            $"Bearer {adminKey}", $"Bearer {expired}", $"Bearer {revoked.Secret}", $"Bearer {ofClosedProject}", $"Bearer {ofClosed}" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/ingest") { Content = new StringContent(Body) };
            if (header is not null)
                request.Headers.TryAddWithoutValidation("Authorization", header);
            var answer = await _host.Http.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, header);
            answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
            answers.Add(await answer.Content.ReadAsStringAsync());
        }

        answers.Distinct().ShouldHaveSingleItem().ShouldContain("\"code\":\"unauthorized\"");
        (await _host.PostAsync(Body)).Status.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task A_key_revoked_a_second_ago_is_refused_on_every_node()
    {
        var (app, second) = await _host.SecondNodeAsync();
        await using var node = app;
        using var http = second;
        var (key, secret) = await _host.IssueKeyAsync(_host.Organisation.Id, _host.Project.Id);
        foreach (var client in new[] { _host.Http, http })
            (await SendAsync(client, secret)).ShouldBe(HttpStatusCode.Accepted);

        await _host.ExecuteAsync($"UPDATE api_keys SET revoked_at = now() WHERE id = '{key.Id}'");
        var since = Stopwatch.StartNew();
        foreach (var client in new[] { _host.Http, http })
        {
            HttpStatusCode status;
            do
            {
                var asked = since.Elapsed;
                status = await SendAsync(client, secret);
                if (status == HttpStatusCode.Accepted)
                    asked.ShouldBeLessThan(TimeSpan.FromSeconds(1));
            }
            while (status == HttpStatusCode.Accepted);

            status.ShouldBe(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task A_suspended_organisation_is_refused_and_let_in_again()
    {
        (await _host.PostAsync(Body)).Status.ShouldBe(HttpStatusCode.Accepted);
        await _host.ExecuteAsync($"UPDATE organisations SET status = 'suspended' WHERE id = '{_host.Organisation.Id}'");
        await Eventually.HoldsAsync(async () => await StatusAndCodeAsync() == (HttpStatusCode.Forbidden, "organisation_suspended"), "the suspension is seen", TimeSpan.FromSeconds(2));
        await _host.ExecuteAsync($"UPDATE organisations SET status = 'active' WHERE id = '{_host.Organisation.Id}'");
        await Eventually.HoldsAsync(async () => (await StatusAndCodeAsync()).Status == HttpStatusCode.Accepted, "the organisation is let in", TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_key_needs_its_scopes()
    {
        var reader = (await _host.IssueKeyAsync(_host.Organisation.Id, _host.Project.Id, [ApiKeyScopes.UsageRead])).Secret;
        var (status, body, _) = await _host.PostAsync(Body, reader);
        (status, body.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.Forbidden, "insufficient_scope"));

        var writer = (await _host.IssueKeyAsync(_host.Organisation.Id, _host.Project.Id, [ApiKeyScopes.UsageWrite])).Secret;
        var correction = $$"""{"metricName":"m","metricValue":1,"unit":"u","supersedes":"{{Guid.CreateVersion7(_host.Clock.Now)}}"}""";
        (status, body, _) = await _host.PostAsync(correction, writer);
        (status, body.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.Forbidden, "insufficient_scope"));
        (status, body, _) = await _host.PostAsync($"[{Body},{correction}]", writer);
        status.ShouldBe(HttpStatusCode.Accepted);
        body.GetProperty("rejected")[0].GetProperty("code").GetString().ShouldBe("insufficient_scope");
    }

    [Fact]
    public async Task Beyond_its_hourly_limit_a_key_waits_for_the_next_hour()
    {
        _host.Clock.Now = IngestHost.Start.AddMinutes(45);
        var limited = (await _host.IssueKeyAsync(_host.Organisation.Id, _host.Project.Id, limit: 3)).Secret;
        for (var request = 0; request < 3; request++)
            (await _host.PostAsync(Body, limited)).Status.ShouldBe(HttpStatusCode.Accepted);
        var (status, body, answer) = await _host.PostAsync(Body, limited);
        (status, body.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.TooManyRequests, "rate_limited"));
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromMinutes(15));
        (await _host.PostAsync(Body)).Status.ShouldBe(HttpStatusCode.Accepted);
        _host.Clock.Now = IngestHost.Start.AddHours(1);
        (await _host.PostAsync(Body, limited)).Status.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task When_a_key_was_last_used_is_written_later()
    {
        await _host.PostAsync(Body);
        _host.Clock.Now += TimeSpan.FromSeconds(30);
        await _host.PostAsync(Body);
        (await _host.ScalarAsync<long>("SELECT count(*) FROM api_keys WHERE last_used_at IS NOT NULL")).ShouldBe(0);
        await _host.Get<KeyUses>().FlushAsync(default);
        (await _host.ScalarAsync<DateTime>("SELECT last_used_at FROM api_keys")).ShouldBe(_host.Clock.Now.UtcDateTime);
        // An older time never replaces a newer one.
        await _host.ExecuteAsync("UPDATE api_keys SET last_used_at = '2026-12-01Z'");
        _host.Clock.Now += TimeSpan.FromSeconds(30);
        await _host.PostAsync(Body);
        await _host.Get<KeyUses>().FlushAsync(default);
        (await _host.ScalarAsync<DateTime>("SELECT last_used_at FROM api_keys")).Month.ShouldBe(12);
    }

    [Fact]
    public async Task When_the_node_stops_the_last_uses_are_written()
    {
        var (app, http) = await _host.SecondNodeAsync();
        (await SendAsync(http, _host.Key)).ShouldBe(HttpStatusCode.Accepted);
        await app.StopAsync();
        await app.DisposeAsync();
        http.Dispose();
        (await _host.ScalarAsync<long>("SELECT count(*) FROM api_keys WHERE last_used_at IS NOT NULL")).ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_no_longer_hears_changes_does_not_trust_what_it_knows(bool silently)
    {
        var server = new NpgsqlConnectionStringBuilder(_host.ConnectionString);
        await using var proxy = new CuttableProxy(server.Host!, server.Port);
        // The listening connection goes through the proxy, the look-ups past it.
        await using var deaf = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_host.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port, Timeout = 2 }.ConnectionString);
        await using var provider = new ServiceCollection().AddLogging().AddSingleton(deaf).AddDatabaseChanges().BuildServiceProvider();
        var feed = provider.GetRequiredService<IDatabaseChanges>();
        foreach (var service in provider.GetServices<IHostedService>())
            await service.StartAsync(default);
        await Eventually.HoldsAsync(() => feed.IsCurrent, "the feed hears");
        using var cache = new IngestKeyCache(_host.Get<IProjectKeys>(), feed);
        var (key, secret) = await _host.IssueKeyAsync(_host.Organisation.Id, _host.Project.Id);
        (await cache.FindAsync(secret))!.IsInForce.ShouldBeTrue();

        if (silently)
            proxy.Silence();
        else
            proxy.Cut();
        await _host.ExecuteAsync($"UPDATE api_keys SET revoked_at = now() WHERE id = '{key.Id}'");
        var since = Stopwatch.StartNew();
        TimeSpan asked;
        do
        {
            asked = since.Elapsed;
        }
        while ((await cache.FindAsync(secret))!.IsInForce);

        asked.ShouldBeLessThan(TimeSpan.FromSeconds(1));
        feed.IsCurrent.ShouldBeFalse();
        proxy.Mend();
        await Eventually.HoldsAsync(() => feed.IsCurrent, "the feed hears again");
        (await cache.FindAsync(secret))!.IsInForce.ShouldBeFalse();
        foreach (var service in provider.GetServices<IHostedService>())
            await service.StopAsync(default);
    }

    private async Task<(HttpStatusCode Status, string? Code)> StatusAndCodeAsync()
    {
        var (status, body, _) = await _host.PostAsync(Body);
        return (status, body.TryGetProperty("code", out var code) ? code.GetString() : null);
    }

    private static async Task<HttpStatusCode> SendAsync(HttpClient http, string key)
    {
        using var content = new StringContent(Body);
        return (await IngestHost.SendAsync(http, content, key)).Status;
    }
}

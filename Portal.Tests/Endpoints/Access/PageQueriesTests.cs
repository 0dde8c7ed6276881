using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Portal.Core.Access;

namespace Portal.Tests.Endpoints.Access;

/// <summary>How often a page asks the database until its first content is there. A number, never a time: times are for the benchmark.</summary>
public sealed class PageQueriesTests : IAsyncLifetime, IDisposable
{
    private const int Most = 12;
    private readonly ConcurrentQueue<(string Trace, string Statement)> _statements = new();
    private ActivityListener _listener = null!;
    private AccessHost _host = null!;

    public async Task InitializeAsync()
    {
        // Whoever listens to both is told which request a command was for.
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Microsoft.AspNetCore" or "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("db.query.text") is string statement)
                    _statements.Enqueue((activity.TraceId.ToHexString(), statement));
            },
        };
        ActivitySource.AddActivityListener(_listener);
        _host = await AccessHost.StartAsync();
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData("/admin")]
    [InlineData("/admin/organisations")]
    [InlineData("/admin/organisations?q=acme")]
    [InlineData("/admin/organisations/{acme}")]
    [InlineData("/admin/organisations/{acme}/projects")]
    [InlineData("/admin/organisations/{acme}/people")]
    [InlineData("/admin/projects/{project}")]
    [InlineData("/admin/billing/runs")]
    [InlineData("/admin/billing/invoices")]
    [InlineData("/admin/billing/invoices?q=acme")]
    [InlineData("/admin/prices")]
    [InlineData("/admin/audit")]
    [InlineData("/admin/support")]
    [InlineData("/admin/people")]
    [InlineData("/admin/people/everybody")]
    [InlineData("/admin/people/roles")]
    public async Task A_page_of_staff_asks_the_database_seldom(string path) => await ShouldAskSeldomAsync(_host.World.Admin, path);

    [Theory]
    [InlineData("/o/{acme}")]
    [InlineData("/o/{acme}/projects")]
    [InlineData("/o/{acme}/projects/{project}")]
    [InlineData("/o/{acme}/invoices")]
    [InlineData("/o/{acme}/support")]
    [InlineData("/o/{acme}/team")]
    [InlineData("/o/{acme}/settings")]
    public async Task A_page_of_a_customer_asks_the_database_seldom(string path) => await ShouldAskSeldomAsync(_host.World.Owner, path);

    private async Task ShouldAskSeldomAsync(User person, string path)
    {
        using var browser = await _host.SignedInAsync(person);
        var address = path.Replace("{acme}", _host.World.Acme.Id.ToString(), StringComparison.Ordinal).Replace("{project}", _host.World.AcmeProject.Id.ToString(), StringComparison.Ordinal);
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(TestBrowser.Root, address));
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01");

        using var answer = await browser.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var asked = _statements.Where(statement => statement.Trace == trace).Select(statement => statement.Statement).ToList();
        asked.Count.ShouldBeInRange(1, Most, string.Join("\n\n", asked));
        // Who looks, and what they may do, is asked once.
        asked.Count(statement => statement.Contains("security_stamp", StringComparison.Ordinal) && statement.Contains("user_roles", StringComparison.Ordinal)).ShouldBe(1);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Core.Access;
using Portal.Core.Analytics;
using Portal.Core.BillingRuns;
using Portal.Core.Currencies;
using Portal.Core.Discounts;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Organisations;
using Portal.Core.Plans;
using Portal.Core.PrepaidCredits;
using Portal.Core.Pricing;
using Portal.Core.Projects;
using Portal.Core.Settings;
using Portal.Core.Simulations;
using Portal.Core.Tax;
using Portal.Data;
using Portal.Data.Analytics;
using Portal.Data.BillingRuns;
using Portal.Data.Kernel;
using Portal.Data.Simulations;
using Portal.Tests.Support;

namespace Portal.Tests.Data.BillingRuns;

/// <summary>A clock that stands until it is moved.</summary>
public sealed class StandingClock(DateTimeOffset now) : TimeProvider
{
    private long _ticks = now.UtcTicks;

    public DateTimeOffset Now
    {
        get => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);
        set => Interlocked.Exchange(ref _ticks, value.UtcTicks);
    }

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>A migrated database with the actions of billing on it, a clock, and short ways to bring about what tests start from.</summary>
public sealed class BillingWorld : IAsyncLifetime
{
    public static readonly BillingMonth October = new(2026, 10);
    public static readonly BillingMonth November = new(2026, 11);

    private TestDatabase _database = null!;
    private int _organisations;

    /// <summary>Noon of 3 November 2026 in India.</summary>
    public StandingClock Clock { get; } = new(new DateTimeOffset(2026, 11, 3, 6, 30, 0, TimeSpan.Zero));

    public CallContext Staff { get; } = new(new Actor(ActorKind.User, Guid.CreateVersion7(DateTimeOffset.UnixEpoch), "staff@example.com"), new AccessScope.Staff(), new HashSet<string>(Permissions.All), "test") { ConfirmedAt = DateTimeOffset.MaxValue };

    public ServiceProvider Services { get; private set; } = null!;

    public string ConnectionString => _database.ConnectionString;

    public IBillingStore Store => Get<IBillingStore>();

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(async address =>
        {
            await using var source = NpgsqlDataSource.Create(address);
            await DatabaseMigrator.MigrateAsync(source, new DateTimeOffset(2026, 11, 3, 0, 0, 0, TimeSpan.Zero), CancellationToken.None);
        });
        Services = Build();
        await SettingsAsync(new PlatformSettings { Seller = new SellerProfile { LegalName = "Example Seller Pvt Ltd", Address = "1 Example Street\nBengaluru" } });
    }

    public async Task DisposeAsync()
    {
        await Services.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>The same services again, as another node would have them; <paramref name="change"/> puts other parts in.</summary>
    public ServiceProvider Build(Action<IServiceCollection>? change = null, int chunkSize = 500)
    {
        var services = new ServiceCollection()
            .AddLogging(logging => logging.AddConsole().SetMinimumLevel(Microsoft.Extensions.Logging.LogLevel.Warning))
            .AddSingleton<TimeProvider>(Clock)
            .AddBillingData(ConnectionString)
            .AddBillingRunData()
            .AddDiscounts()
            .AddPrepaidCredits()
            .AddPricing()
            .AddPlans()
            .AddTax()
            .AddCurrencies()
            .AddInvoicing()
            .AddBillingRuns()
            .AddSimulations()
            .AddAnalytics()
            .AddAnalyticsData()
            .AddSimulationData()
            .AddSingleton(Options.Create(new BillingOptions { ChunkSize = chunkSize }));
        change?.Invoke(services);
        return services.BuildServiceProvider();
    }

    public CallContext Customer(Guid organisationId) => Staff with { Scope = new AccessScope.Organisation(organisationId) };

    public async Task SettingsAsync(PlatformSettings settings)
    {
        await using var db = await Store.OpenAsync(Staff.Scope, default);
        await db.SavePlatformSettingsAsync(settings, Clock.Now, default);
        await db.CommitAsync(default);
    }

    /// <summary>An organisation that pays a flat rate of its own, or, with null, whatever its profile and the tables come to.</summary>
    public async Task<Organisation> OrganisationAsync(string currency = "INR", string timeZone = "Asia/Kolkata", decimal? taxRate = 18, int terms = 15, string country = "IN", string? state = null, string? taxId = null)
    {
        var organisation = Organisation.Create(
            new OrganisationProfile
            {
                Name = $"Organisation {Interlocked.Increment(ref _organisations):00000}",
                BillingEmail = "billing@example.com",
                Currency = currency,
                TimeZone = timeZone,
                Country = country,
                StateCode = state,
                TaxId = taxId,
                Address = taxId is null && country == "IN" ? null : "1 Customer Street",
                PaymentTermsDays = terms,
            },
            Clock.Now);
        await AddAsync(organisation);
        if (taxRate is { } own)
            await AddAsync(OrganisationTaxProfile.Create(organisation.Id, CustomerTaxFacts.Of(organisation) with { OwnRate = own, OwnLabel = "GST" }, new DateOnly(2020, 1, 1), null, Clock.Now));
        return organisation;
    }

    public async Task<Guid> ProjectAsync(Guid organisationId, string name = "Default")
    {
        var project = Project.Create(organisationId, name, null, Clock.Now);
        await AddAsync(project);
        return project.Id;
    }

    public async Task<Guid> PriceAsync(string metric, decimal price, Guid? organisationId = null, string currency = "INR", DateOnly? from = null) =>
        await PriceAsync(new PriceInput { MetricName = metric, Unit = "calls", Currency = currency, Model = "standard", Price = price, OrganisationId = organisationId, EffectiveFrom = from ?? new DateOnly(2026, 1, 1) });

    public async Task<Guid> PriceAsync(PriceInput input)
    {
        var created = await Get<CreatePrice>().RunAsync(Staff, input, default);
        created.Succeeded.ShouldBeTrue(created.Succeeded ? null : created.Failure.Message);
        return created.Value.Id;
    }

    /// <summary>Adds usage to a month's aggregate, as ingest would.</summary>
    public async Task UsageAsync(Guid organisationId, Guid projectId, BillingMonth month, string metric, decimal quantity, long events = 1) => await SqlAsync(
        """
        INSERT INTO usage_aggregates AS a (organisation_id, year, month, project_id, metric_name, unit, total_value, event_count, updated_at)
        VALUES ($1, $2, $3, $4, $5, 'calls', $6, $7, $8)
        ON CONFLICT (organisation_id, year, month, project_id, metric_name, unit) DO UPDATE SET total_value = a.total_value + excluded.total_value, event_count = a.event_count + excluded.event_count
        """,
        organisationId, month.Year, month.Month, projectId, metric, quantity, events, Clock.Now);

    /// <summary>An organisation with one project that used 100 calls in October, at 1.00 for everybody when <paramref name="metric"/> is priced.</summary>
    public async Task<Guid> BillableAsync(string metric = "api_calls", decimal quantity = 100, BillingMonth? month = null)
    {
        var organisation = await OrganisationAsync();
        await UsageAsync(organisation.Id, await ProjectAsync(organisation.Id), month ?? October, metric, quantity);
        return organisation.Id;
    }

    /// <summary>Queues a run and works off all that waits.</summary>
    public async Task<BillingRunDetails> RunAsync(BillingMonth month, bool autoIssue = false, bool remake = false, Guid? organisationId = null, ServiceProvider? node = null)
    {
        var id = await QueueAsync(month, autoIssue, remake, organisationId);
        await WorkAsync(node);
        return await RunAsync(id);
    }

    public async Task<Guid> QueueAsync(BillingMonth month, bool autoIssue = false, bool remake = false, Guid? organisationId = null)
    {
        var started = await Get<StartBillingRun>().RunAsync(Staff, new StartBillingRunRequest { Year = month.Year, Month = month.Month, AutoIssue = autoIssue, Remake = remake, OrganisationId = organisationId }, default);
        started.Succeeded.ShouldBeTrue(started.Succeeded ? null : started.Failure.Message);
        return started.Value.Id;
    }

    public async Task WorkAsync(ServiceProvider? node = null)
    {
        while (await (node ?? Services).GetRequiredService<RunBilling>().RunNextAsync(default))
        {
        }
    }

    public async Task<BillingRunDetails> RunAsync(Guid id) => (await Get<GetBillingRun>().RunAsync(Staff, id, default)).Value;

    /// <summary>The invoices of an organisation, oldest month first, with lines and taxes.</summary>
    public async Task<List<Invoice>> InvoicesAsync(Guid? organisationId = null)
    {
        await using var db = await Store.OpenAsync(Staff.Scope, default);
        return await db.Invoices.AsNoTracking().Include(invoice => invoice.Lines).Include(invoice => invoice.Taxes)
            .Where(invoice => organisationId == null || invoice.OrganisationId == organisationId)
            .OrderBy(invoice => invoice.Year).ThenBy(invoice => invoice.Month).ThenBy(invoice => invoice.Id).ToListAsync();
    }

    public async Task IssueAllAsync(BillingMonth month)
    {
        var issued = await Get<IssueInvoices>().RunAsync(Staff, new IssueInvoicesRequest { Month = month }, default);
        issued.Succeeded.ShouldBeTrue(issued.Succeeded ? null : issued.Failure.Message);
    }

    public async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = Get<NpgsqlDataSource>().CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task SqlAsync(string sql, params object[] values)
    {
        await using var command = Get<NpgsqlDataSource>().CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        await command.ExecuteNonQueryAsync();
    }

    private async Task AddAsync<T>(T row)
        where T : class
    {
        await using var db = await Store.OpenAsync(Staff.Scope, default);
        await db.InsertManyAsync([row], default);
        await db.CommitAsync(default);
    }
}

using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Core.Access;
using Portal.Core.Analytics;
using Portal.Core.ApiKeys;
using Portal.Core.Audit;
using Portal.Core.BillingRuns;
using Portal.Core.Currencies;
using Portal.Core.FirstRun;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Notifications;
using Portal.Core.Organisations;
using Portal.Core.Plans;
using Portal.Core.PrepaidCredits;
using Portal.Core.Pricing;
using Portal.Core.Projects;
using Portal.Core.Search;
using Portal.Core.Support;
using Portal.Core.Tax;
using Portal.Data;
using Portal.Data.Analytics;
using Portal.Data.BillingRuns;
using Portal.Data.Kernel;

namespace Portal.Tests.Support;

/// <summary>A database with staff, two organisations, their people, a project and a key in each.</summary>
public sealed class AccessWorld : IAsyncDisposable
{
    public const string Password = "correct horse battery";
    public static readonly DateTimeOffset Start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly TestDatabase _database;

    private AccessWorld(TestDatabase database) => _database = database;

    public WorldClock Clock { get; } = new(Start);

    public CallContext Staff { get; } = new(
        new Actor(ActorKind.User, Guid.CreateVersion7(Start), "staff@example.com"), new AccessScope.Staff(), new HashSet<string>(Permissions.All), "test") { ConfirmedAt = DateTimeOffset.MaxValue };

    public string ConnectionString => _database.ConnectionString;

    public ServiceProvider Services { get; private set; } = null!;

    public User Admin { get; private set; } = null!;

    public User Viewer { get; private set; } = null!;

    /// <summary>Of <see cref="Acme"/>.</summary>
    public User Owner { get; private set; } = null!;

    /// <summary>Views and pays invoices of <see cref="Acme"/>.</summary>
    public User Billing { get; private set; } = null!;

    /// <summary>Owner of <see cref="Globex"/>, and nothing in <see cref="Acme"/>.</summary>
    public User Stranger { get; private set; } = null!;

    /// <summary>Belongs nowhere.</summary>
    public User Nobody { get; private set; } = null!;

    public Organisation Acme { get; private set; } = null!;

    public Organisation Globex { get; private set; } = null!;

    public Project AcmeProject { get; private set; } = null!;

    public Project GlobexProject { get; private set; } = null!;

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public static async Task<AccessWorld> CreateAsync()
    {
        var database = await TestDatabase.CreateAsync(async address =>
        {
            await using var source = NpgsqlDataSource.Create(address);
            await DatabaseMigrator.MigrateAsync(source, Start, CancellationToken.None);
        });
        var world = new AccessWorld(database);
        world.Services = world.Compose(new ServiceCollection()).BuildServiceProvider();
        await world.FillAsync();
        return world;
    }

    /// <summary>The data and the actions that people and pages need.</summary>
    public IServiceCollection Compose(IServiceCollection services)
    {
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddBillingData(ConnectionString);
        services.AddOrganisations().AddProjects().AddApiKeys().AddAudit().AddAnalytics().AddAnalyticsData().AddSearch().AddNotifications().AddSupport().AddFirstRun().AddAccessActions();
        services.AddPricing().AddPlans().AddTax().AddCurrencies().AddInvoicing().AddBillingRuns().AddBillingRunData().AddSingleton(Options.Create(new BillingOptions())).AddSingleton<GetPrepaidCredits>();
        services.AddSingleton(new LockoutRules()).AddSingleton<ISecretSeal, GlassSeal>();
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.AddSingleton<ILookupNormalizer, UpperInvariantLookupNormalizer>();
        // A password takes a tenth of a second in earnest; here it is not what is tried.
        services.Configure<PasswordHasherOptions>(hashing => hashing.IterationCount = 1000);
        return services;
    }

    public async Task<User> PersonAsync(string email, Guid? roleId = null, Guid? organisationId = null)
    {
        var user = (await Get<CreateUser>().RunAsync(Staff, new UserRequest(email, email.Split('@')[0], Password), default)).Value;
        if (roleId is { } role)
            (await Get<AssignRole>().RunAsync(Staff, user.Id, role, organisationId, default)).Failures.ShouldBeEmpty();
        return user;
    }

    /// <summary>The call of somebody who has just signed in: about themselves, or in an organisation.</summary>
    public async Task<CallContext> CallOfAsync(User user, Guid? organisationId = null)
    {
        var start = new CallContext(new Actor(ActorKind.User, user.Id, user.Email!), new AccessScope.Organisation(organisationId ?? Guid.Empty), new HashSet<string>(), "test", "192.0.2.9", "Firefox/140.0 (Linux)");
        var session = await Get<Sessions>().BeginAsync(start, TimeSpan.FromHours(12), default);
        var access = (await Get<GetAccess>().RunAsync(user.Id, session.Id, default))!;
        return start with { SessionId = session.Id, ConfirmedAt = access.ConfirmedAt, Permissions = organisationId is { } id ? access.In(id)!.Permissions : start.Permissions };
    }

    public async Task<T> ReadAsync<T>(Func<IBillingDb, Task<T>> read)
    {
        await using var db = await Get<IBillingStore>().OpenAsync(new AccessScope.System("Tests look"), default);
        return await read(db);
    }

    /// <summary>For what no action brings about yet.</summary>
    public async Task ExecuteAsync(FormattableString statement)
    {
        await using var context = await Get<IDbContextFactory<BillingDbContext>>().CreateDbContextAsync();
        (await context.Database.ExecuteSqlAsync(statement)).ShouldBeGreaterThan(0);
    }

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task FillAsync()
    {
        Acme = await OrganisationAsync("Acme");
        Globex = await OrganisationAsync("Globex");
        AcmeProject = (await Get<SaveProject>().CreateAsync(Staff, Acme.Id, new ProjectFacts("Shop", "The live service"), default)).Value;
        GlobexProject = (await Get<SaveProject>().CreateAsync(Staff, Globex.Id, new ProjectFacts("Store", null), default)).Value;
        Admin = await PersonAsync("admin@example.com", SystemRoles.Admin);
        Viewer = await PersonAsync("viewer@example.com", SystemRoles.Viewer);
        Owner = await PersonAsync("owner@acme.example.com", SystemRoles.Owner, Acme.Id);
        Billing = await PersonAsync("billing@acme.example.com", SystemRoles.Billing, Acme.Id);
        Stranger = await PersonAsync("owner@globex.example.com", SystemRoles.Owner, Globex.Id);
        Nobody = await PersonAsync("nobody@example.com");
    }

    private async Task<Organisation> OrganisationAsync(string name)
    {
        var profile = new OrganisationProfile
        {
            Name = name,
            BillingEmail = $"billing@{name.ToLowerInvariant()}.example.com",
            Currency = "INR",
            TimeZone = "Asia/Kolkata",
            Country = "IN",
            StateCode = "29",
        };
        return (await Get<CreateOrganisation>().RunAsync(Staff, profile, default)).Value;
    }
}

/// <summary>Seals nothing: what is sealed can be looked at.</summary>
internal sealed class GlassSeal : ISecretSeal
{
    public string Seal(string secret) => "sealed:" + secret;

    public string? Open(string sealedSecret) => sealedSecret["sealed:".Length..];
}

/// <summary>A clock that stands until it is moved; its timers run on real time.</summary>
public sealed class WorldClock(DateTimeOffset start) : TimeProvider
{
    private long _ticks = start.UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}

using System.Collections.Concurrent;
using System.Security.Claims;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.Changes;
using Portal.Components.Layout;
using Portal.Components.Shared;
using Portal.Core.Access;
using Portal.Core.Analytics;
using Portal.Core.Audit;
using Portal.Core.BillingRuns;
using Portal.Core.Currencies;
using Portal.Core.Emails;
using Portal.Core.FirstRun;
using Portal.Core.Health;
using Portal.Core.Invoicing;
using Portal.Core.Jobs;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Notifications;
using Portal.Core.Organisations;
using Portal.Core.Outbox;
using Portal.Core.Payments;
using Portal.Core.Plans;
using Portal.Core.Pricing;
using Portal.Core.Projects;
using Portal.Core.Search;
using Portal.Core.Settings;
using Portal.Core.Simulations;
using Portal.Core.Support;
using Portal.Core.Tax;
using Portal.Data;
using Portal.Data.Analytics;
using Portal.Data.BillingRuns;
using Portal.Data.Credits;
using Portal.Data.Health;
using Portal.Data.Metering;
using Portal.Data.Outbox;
using Portal.Data.Payments;
using Portal.Data.Simulations;
using Portal.Scheduling;
using Portal.Tests.Data.BillingRuns;
using Portal.Tests.Data.Payments;
using Portal.Tests.Support;
using Quartz;
using Radzen;

namespace Portal.Tests.Components.Support;

/// <summary>Pages over a real database: who looks is a fake, and the way to the database can be held up.</summary>
public sealed class PageWorld : IAsyncLifetime
{
    private readonly SignedIn _person = new();

    public BillingWorld Billing { get; } = new();

    public BunitContext Pages { get; } = new();

    public FakeCalls Calls { get; private set; } = null!;

    /// <summary>The way to the database.</summary>
    public GateStore Store { get; private set; } = null!;

    /// <summary>What the database says has changed.</summary>
    public FakeChanges Changes { get; } = new();

    /// <summary>The request that a page without a circuit answers.</summary>
    public HttpContext Request { get; } = new DefaultHttpContext();

    /// <summary>Where the portal runs.</summary>
    public IHostEnvironment Place { get; } = new HostingEnvironment { EnvironmentName = "Production" };

    public NavigationManager Navigation => Pages.Services.GetRequiredService<NavigationManager>();

    public Toasts Toasts => Get<Toasts>();

    internal FakeGateway Gateway { get; private set; } = null!;

    internal FakeTransport Mail { get; } = new();

    public async Task InitializeAsync()
    {
        await Billing.InitializeAsync();
        Store = new GateStore(Billing.Store);
        Calls = new FakeCalls(Billing.Staff, Store);
        Gateway = new FakeGateway(Billing.Clock);
        var documents = new FakeDocuments();
        BunitContext.DefaultWaitTimeout = TimeSpan.FromSeconds(20);
        Pages.JSInterop.Mode = JSRuntimeMode.Loose;
        // A chart asks the browser how large it is.
        Pages.JSInterop.Setup<Radzen.Blazor.Rendering.Rect>("Radzen.createChart", _ => true).SetResult(new Radzen.Blazor.Rendering.Rect { Width = 800, Height = 300 });
        Pages.Services
            .AddSingleton<TimeProvider>(Billing.Clock)
            .AddBillingData(Billing.ConnectionString)
            .AddUsageStore()
            .AddMetering()
            .AddPricing()
            .AddOrganisations()
            .AddProjects()
            .AddAudit()
            .AddAnalytics()
            .AddAnalyticsData()
            .AddSearch()
            .AddNotifications()
            .AddTax()
            .AddPlans()
            .AddCurrencies()
            .AddInvoicing()
            .AddBillingRunData()
            .AddBillingRuns()
            .AddSimulations()
            .AddSimulationData()
            .AddPaymentActions()
            .AddPaymentsData()
            .AddCreditsData()
            .AddOutboxActions()
            .AddOutboxData()
            .AddSupport()
            .AddFirstRun()
            .AddInvariants()
            .AddInvariantData()
            .AddSettings()
            .AddAccessActions()
            .AddSingleton(new LockoutRules())
            .AddSingleton<ISecretSeal, GlassSeal>()
            .AddSingleton<IInvoiceFiles>(documents)
            .AddSingleton<IInvoicePdf>(documents)
            .AddSingleton<IPortalLinks, FakeLinks>()
            .AddSingleton<IEmailTransport>(Mail)
            .AddSingleton<IPaymentGateway>(Gateway)
            .AddSingleton<IDatabaseChanges>(Changes)
            .AddSingleton(Place)
            .AddSingleton<IHttpContextAccessor>(new OneRequest(Request))
            .AddSingleton<AntiforgeryStateProvider, NoAntiforgery>()
            .AddSingleton(Options.Create(new BillingOptions()))
            .AddSingleton<JobHistory>()
            .AddSingleton<JobBoard>()
            .AddSingleton<IBillingStore>(Store)
            .AddSingleton<ICallContexts>(Calls)
            .AddScoped<CallOrigin>()
            .AddScoped<PersonAccessReader>()
            .AddScoped<PortalAddress>()
            .AddScoped<Handoff>()
            .AddScoped<Toasts>()
            .AddMemoryCache()
            .AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>()
            .AddSingleton<ILookupNormalizer, UpperInvariantLookupNormalizer>()
            .AddSingleton<AuthenticationStateProvider>(_person)
            .AddCascadingAuthenticationState()
            .AddRadzenComponents();
        // Its jobs wait: nothing starts it.
        Pages.Services.AddQuartz(quartz => quartz.ConfigureScheduler(scheduler => scheduler.InstanceName = $"pages-{Guid.NewGuid():n}")).AddRecurringJob<IdleJob>("mark-overdue", TimeSpan.FromHours(1));
        Pages.AddBunitPersistentComponentState();
        // Last: it brings the renderer to life, and with it the services.
        Pages.SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        await BecomeAsync(SystemRoles.Admin);
        Calls.Permissions = Billing.Staff.Permissions;
    }

    /// <summary>From now on somebody looks who has one role, and may do what it allows: in the organisations, or on the platform. Null: somebody without any.</summary>
    public async Task BecomeAsync(Guid? roleId, params IReadOnlyList<Guid> organisationIds)
    {
        var now = Billing.Clock.Now;
        var user = User.Create($"somebody-{Guid.CreateVersion7(now):n}@example.com", "Somebody", now);
        await using var db = await Billing.Store.OpenAsync(Billing.Staff.Scope, default);
        db.Users.Add(user);
        if (roleId is { } role)
            db.RoleAssignments.AddRange((organisationIds is [] ? [null] : organisationIds.Select(id => (Guid?)id)).Select(id => RoleAssignment.Create(user.Id, role, id, now)));
        await db.CommitAsync(default);
        _person.Become(user.Id);
        Calls.Permissions = SystemRoles.All.Where(role => role.Id == roleId).SelectMany(role => role.Permissions).Select(held => held.Permission).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>A page, inside of the boundary that keeps its errors, at an address.</summary>
    public IRenderedComponent<PageBoundary> Open<TPage>(string address, Action<ComponentParameterCollectionBuilder<TPage>>? parameters = null)
        where TPage : IComponent
    {
        Navigation.NavigateTo(address);
        return Pages.Render<PageBoundary>(boundary => boundary.AddChildContent(parameters ?? (_ => { })));
    }

    /// <summary>
    /// Two quick clicks: the second is on its way before the answer to the first can grey the button. Answers with how often what is behind it began.
    /// </summary>
    /// <param name="find">The button, or for <c>submit</c> its form.</param>
    /// <param name="happening"><c>click</c> or <c>submit</c>.</param>
    public Task<int> TwiceAsync(Func<IElement> find, string happening = "click") => Clicks.TwiceAsync(Pages.Renderer, Store, find, happening);

    public async Task DisposeAsync()
    {
        await Pages.DisposeAsync();
        await Billing.DisposeAsync();
    }

    public T Get<T>()
        where T : notnull => Pages.Services.GetRequiredService<T>();

    /// <summary>Sends one event of one unit to a project, as ingest would.</summary>
    public async Task SendAsync(Organisation organisation, Guid projectId, DateTimeOffset at, decimal value, string metric = "api_calls", string unit = "calls", string? key = null, string? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(organisation);
        var bearer = new ProjectKey
        {
            Id = Guid.CreateVersion7(Billing.Clock.Now),
            Prefix = "bk_test",
            OrganisationId = organisation.Id,
            ProjectId = projectId,
            Scopes = [],
            RateLimitPerHour = null,
            ExpiresAt = null,
            IsInForce = true,
            IsSuspended = false,
            Calendar = organisation.Calendar,
        };
        var draft = new UsageEventDraft
        {
            Index = 0,
            MetricName = metric,
            Unit = unit,
            Value = UsageValue.ReadStored(value.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            Timestamp = at,
            IdempotencyKey = key,
            Metadata = metadata,
        };
        await using var writer = Get<IUsageEventStore>().OpenWriter();
        var result = await writer.CommitAsync([new UsageSubmission(bearer, Billing.Clock.Now, [draft])], default);
        result.Result.ShouldBe(SubmissionResult.Decided, result.Error?.Message);
        draft.Outcome.Status.ShouldBe(EventStatus.Accepted);
    }
}

/// <summary>Somebody who is signed in.</summary>
internal sealed class SignedIn : AuthenticationStateProvider
{
    private ClaimsPrincipal _person = new(new ClaimsIdentity());

    public void Become(Guid userId)
    {
        _person = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, userId.ToString())], "test"));
        NotifyAuthenticationStateChanged(GetAuthenticationStateAsync());
    }

    public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(_person));
}

/// <summary>The person who looks; what they may do is read on the way to the database, as in earnest.</summary>
public sealed class FakeCalls(CallContext staff, GateStore store) : ICallContexts
{
    /// <summary>What the person may do.</summary>
    public IReadOnlySet<string> Permissions { get; set; } = staff.Permissions;

    public async Task<CallContext> ForStaffAsync(CancellationToken cancellationToken = default)
    {
        await store.PassAsync(cancellationToken);
        // Who may do nothing as staff is none.
        return staff with { Permissions = Permissions, Scope = Permissions.Count == 0 ? new AccessScope.Organisation(Guid.Empty) : new AccessScope.Staff() };
    }

    public async Task<CallContext> ForOrganisationAsync(Guid organisationId, CancellationToken cancellationToken = default)
    {
        await store.PassAsync(cancellationToken);
        return staff with { Permissions = Permissions, Scope = new AccessScope.Organisation(organisationId) };
    }

    public async Task<CallContext> ForSelfAsync(CancellationToken cancellationToken = default)
    {
        await store.PassAsync(cancellationToken);
        return staff with { Permissions = new HashSet<string>(), Scope = new AccessScope.Organisation(Guid.Empty) };
    }
}

/// <summary>Says that something changed when it is told to.</summary>
public sealed class FakeChanges : IDatabaseChanges
{
    private readonly ConcurrentDictionary<Subscription, byte> _subscriptions = new();

    public bool IsCurrent => true;

    public int Epoch => 1;

    public IDisposable Subscribe(string kind, Action<Guid?> changed, Action? missed = null)
    {
        var subscription = new Subscription(this, kind, changed);
        _subscriptions.TryAdd(subscription, 0);
        return subscription;
    }

    /// <summary>One of <see cref="ChangeKinds"/> changed.</summary>
    public void Say(string kind, Guid id)
    {
        var heard = _subscriptions.Keys.Where(subscription => subscription.Kind == kind).ToList();
        heard.ShouldNotBeEmpty($"nobody listens to {kind}");
        heard.ForEach(subscription => subscription.Changed(id));
    }

    private sealed class Subscription(FakeChanges owner, string kind, Action<Guid?> changed) : IDisposable
    {
        public string Kind => kind;

        public Action<Guid?> Changed => changed;

        public void Dispose() => owner._subscriptions.TryRemove(this, out _);
    }
}

/// <summary>The same request wherever it is asked for.</summary>
internal sealed class OneRequest(HttpContext request) : IHttpContextAccessor
{
    public HttpContext? HttpContext { get; set; } = request;
}

/// <summary>Forms here are sent to nobody else.</summary>
internal sealed class NoAntiforgery : AntiforgeryStateProvider
{
    public override AntiforgeryRequestToken? GetAntiforgeryToken() => null;
}

/// <summary>A job of which only its being asked to run matters.</summary>
internal sealed class IdleJob : IJob
{
    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => default;
}

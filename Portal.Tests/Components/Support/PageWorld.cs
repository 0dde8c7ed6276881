using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access;
using Portal.Components.Shared;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Organisations;
using Portal.Core.Pricing;
using Portal.Data;
using Portal.Data.Metering;
using Portal.Tests.Data.BillingRuns;
using Radzen;

namespace Portal.Tests.Components.Support;

/// <summary>Pages over a real database: who looks is a fake, and the way to the database can be held up.</summary>
public sealed class PageWorld : IAsyncLifetime
{
    public BillingWorld Billing { get; } = new();

    public BunitContext Pages { get; } = new();

    public FakeCalls Calls { get; private set; } = null!;

    /// <summary>The way to the database.</summary>
    public HeldStore Store { get; private set; } = null!;

    public NavigationManager Navigation => Pages.Services.GetRequiredService<NavigationManager>();

    public async Task InitializeAsync()
    {
        await Billing.InitializeAsync();
        Calls = new FakeCalls(Billing.Staff);
        Store = new HeldStore(Billing.Store);
        BunitContext.DefaultWaitTimeout = TimeSpan.FromSeconds(20);
        Pages.JSInterop.Mode = JSRuntimeMode.Loose;
        Pages.Services
            .AddSingleton<TimeProvider>(Billing.Clock)
            .AddBillingData(Billing.ConnectionString)
            .AddUsageStore()
            .AddMetering()
            .AddPricing()
            .AddOrganisations()
            .AddAccessActions()
            .AddSingleton<IBillingStore>(Store)
            .AddSingleton<ICallContexts>(Calls)
            .AddScoped<PersonAccessReader>()
            .AddScoped<Handoff>()
            .AddScoped<Toasts>()
            .AddMemoryCache()
            .AddRadzenComponents();
        Pages.AddBunitPersistentComponentState();
        Pages.AddAuthorization();
        // Last: it brings the renderer to life, and with it the services.
        Pages.SetRendererInfo(new RendererInfo("Server", isInteractive: true));
    }

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

/// <summary>The person who looks.</summary>
public sealed class FakeCalls(CallContext staff) : ICallContexts
{
    /// <summary>What the person may do.</summary>
    public IReadOnlySet<string> Permissions { get; set; } = staff.Permissions;

    public Task<CallContext> ForStaffAsync(CancellationToken cancellationToken = default) => Task.FromResult(staff with { Permissions = Permissions });

    public Task<CallContext> ForOrganisationAsync(Guid organisationId, CancellationToken cancellationToken = default) =>
        Task.FromResult(staff with { Permissions = Permissions, Scope = new AccessScope.Organisation(organisationId) });
}

/// <summary>Lets sessions open when it is told to.</summary>
public sealed class HeldStore(IBillingStore inner) : IBillingStore
{
    private TaskCompletionSource? _held;

    public void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void LetGo() => _held?.SetResult();

    public async Task<IBillingDb> OpenAsync(AccessScope scope, CancellationToken cancellationToken)
    {
        if (_held is { } held)
            await held.Task.WaitAsync(cancellationToken);
        return await inner.OpenAsync(scope, cancellationToken);
    }
}

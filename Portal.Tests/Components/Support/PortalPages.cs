using System.Security.Claims;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access;
using Portal.Changes;
using Portal.Components.Layout;
using Portal.Components.Shared;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Tests.Support;
using Radzen;

namespace Portal.Tests.Components.Support;

/// <summary>Pages over a real database with real people: what they see is decided as in the product. The way to the database can be held up, or break.</summary>
public sealed class PortalPages : IAsyncLifetime
{
    private readonly Visitor _visitor = new();

    public AccessWorld World { get; private set; } = null!;

    public BunitContext Context { get; } = new();

    /// <summary>What the database says has changed.</summary>
    public FakeChanges Changes { get; } = new();

    /// <summary>The way to the database.</summary>
    public GateStore Store { get; private set; } = null!;

    public NavigationManager Navigation => Context.Services.GetRequiredService<NavigationManager>();

    public Toasts Toasts => Context.Services.GetRequiredService<Toasts>();

    public async Task InitializeAsync()
    {
        World = await AccessWorld.CreateAsync();
        Store = new GateStore(World.Get<IBillingStore>());
        BunitContext.DefaultWaitTimeout = TimeSpan.FromSeconds(20);
        Context.JSInterop.Mode = JSRuntimeMode.Loose;
        // A chart asks the browser how large it is.
        Context.JSInterop.Setup<Radzen.Blazor.Rendering.Rect>("Radzen.createChart", _ => true).SetResult(new Radzen.Blazor.Rendering.Rect { Width = 800, Height = 300 });
        World.Compose(Context.Services);
        Context.Services
            .AddSingleton<IBillingStore>(Store)
            .AddSingleton<IDatabaseChanges>(Changes)
            .AddHttpContextAccessor()
            .AddScoped<CallOrigin>()
            .AddScoped<PersonAccessReader>()
            .AddScoped<ICallContexts, CallContexts>()
            .AddScoped<PortalAddress>()
            .AddScoped<Handoff>()
            .AddSingleton<AntiforgeryStateProvider, NoForgery>()
            .AddScoped<Toasts>()
            .AddMemoryCache()
            .AddRadzenComponents();
        Context.AddBunitPersistentComponentState();
        Context.Services.AddSingleton<AuthenticationStateProvider>(_visitor);
        Context.RenderTree.Add<CascadingAuthenticationState>();
        Context.SetRendererInfo(new RendererInfo("Server", isInteractive: true));
    }

    /// <inheritdoc cref="Clicks.TwiceAsync" />
    public Task<int> TwiceAsync(Func<AngleSharp.Dom.IElement> find, string happening = "click") => Clicks.TwiceAsync(Context.Renderer, Store, find, happening);

    public async Task DisposeAsync()
    {
        await Context.DisposeAsync();
        await World.DisposeAsync();
    }

    public T Get<T>()
        where T : notnull => Context.Services.GetRequiredService<T>();

    /// <summary>From now on this person looks, at this address.</summary>
    public void As(User user, string address)
    {
        _visitor.Become(user);
        Navigation.NavigateTo(address);
    }

    /// <summary>As <see cref="As"/>, with a session that has just begun; answers with its id.</summary>
    public async Task<Guid> SignInAsync(User user, string address)
    {
        ArgumentNullException.ThrowIfNull(user);
        var session = (await World.CallOfAsync(user)).SessionId!.Value;
        _visitor.Become(user, session);
        Navigation.NavigateTo(address);
        return session;
    }

    public IRenderedComponent<TPage> Open<TPage>(Action<ComponentParameterCollectionBuilder<TPage>>? parameters = null)
        where TPage : IComponent => Context.Render(parameters ?? (_ => { }));

    /// <summary>Who looks.</summary>
    private sealed class Visitor : AuthenticationStateProvider
    {
        private ClaimsPrincipal _person = new(new ClaimsIdentity());

        public void Become(User user, Guid? session = null)
        {
            _person = new ClaimsPrincipal(new ClaimsIdentity(
                [
                    new Claim(ClaimTypes.NameIdentifier, user.Id.ToString()), new Claim(ClaimTypes.Name, user.Email!),
                    .. session is { } id ? [new Claim(PersonClaims.Session, id.ToString())] : Array.Empty<Claim>(),
                ],
                "test"));
            NotifyAuthenticationStateChanged(GetAuthenticationStateAsync());
        }

        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(_person));
    }

    // A circuit's token comes from the request that began it; here is none.
    private sealed class NoForgery : AntiforgeryStateProvider
    {
        public override AntiforgeryRequestToken? GetAntiforgeryToken() => new("a token", "__RequestVerificationToken");
    }
}

/// <summary>Lets sessions open when it is told to, or not at all.</summary>
public sealed class GateStore(IBillingStore inner) : IBillingStore
{
    private TaskCompletionSource? _held;
    private int _opened;
    private int _waited;

    /// <summary>Set: opening fails with it.</summary>
    public Exception? Fault { get; set; }

    /// <summary>How many sessions were asked for.</summary>
    public int Opened => _opened;

    /// <summary>How many have had to wait.</summary>
    public int Waited => _waited;

    public void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void LetGo()
    {
        _held?.SetResult();
        _held = null;
    }

    public async Task<IBillingDb> OpenAsync(AccessScope scope, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _opened);
        await PassAsync(cancellationToken);
        return await inner.OpenAsync(scope, cancellationToken);
    }

    /// <summary>Goes as far as the gate, for what stands in for a question to the database.</summary>
    public async Task PassAsync(CancellationToken cancellationToken)
    {
        if (_held is { } held)
        {
            Interlocked.Increment(ref _waited);
            await held.Task.WaitAsync(cancellationToken);
        }

        if (Fault is { } fault)
            throw fault;
    }
}

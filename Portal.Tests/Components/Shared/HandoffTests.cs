using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Portal.Components.Shared;
using Portal.Core.Kernel;

namespace Portal.Tests.Components.Shared;

public sealed class HandoffTests
{
    [Fact]
    public void What_was_loaded_for_the_first_answer_is_not_loaded_again_by_the_circuit()
    {
        using var cache = new MemoryCache(new MemoryCacheOptions());
        var loads = 0;
        using var request = new Side(cache, null);
        request.Load(() => loads++).WaitForAssertion(() => loads.ShouldBe(1));

        using var circuit = new Side(cache, request.Persisted());
        var page = circuit.Load(() => loads++);

        loads.ShouldBe(1);
        page.Markup.ShouldContain("Loaded thing");
    }

    [Fact]
    public void A_ticket_is_good_once()
    {
        using var cache = new MemoryCache(new MemoryCacheOptions());
        var loads = 0;
        using var request = new Side(cache, null);
        request.Load(() => loads++);
        var ticket = request.Persisted();
        using var first = new Side(cache, ticket);
        first.Load(() => loads++);

        using var second = new Side(cache, ticket);
        second.Load(() => loads++);

        loads.ShouldBe(2);
    }

    [Fact]
    public void Whoever_has_gone_on_to_another_page_loads_it_afresh()
    {
        using var cache = new MemoryCache(new MemoryCacheOptions());
        var loads = 0;
        using var request = new Side(cache, null);
        request.Load(() => loads++);
        using var circuit = new Side(cache, request.Persisted());
        circuit.Begin();
        circuit.Navigation.NavigateTo("/elsewhere");
        circuit.Navigation.NavigateTo("/");

        circuit.Load(() => loads++);

        loads.ShouldBe(2);
    }

    [Fact]
    public void On_a_node_that_does_not_know_the_ticket_the_page_loads_again()
    {
        using var one = new MemoryCache(new MemoryCacheOptions());
        using var other = new MemoryCache(new MemoryCacheOptions());
        var loads = 0;
        using var request = new Side(one, null);
        request.Load(() => loads++);

        using var circuit = new Side(other, request.Persisted());
        circuit.Load(() => loads++);

        loads.ShouldBe(2);
    }

    private static Task<Result<string>> LoadThing(Action count)
    {
        count();
        return Task.FromResult<Result<string>>("Loaded thing");
    }

    /// <summary>The request that makes the page, or the circuit that takes it on.</summary>
    private sealed class Side : IDisposable
    {
        private readonly BunitContext _context = new();
        private readonly Bunit.TestDoubles.BunitPersistentComponentState _state;

        public Side(MemoryCache cache, string? ticket)
        {
            _context.Services.AddSingleton<IMemoryCache>(cache).AddScoped<Handoff>().AddSingleton(TimeProvider.System);
            _state = _context.AddBunitPersistentComponentState();
            _context.SetRendererInfo(new RendererInfo("Server", isInteractive: ticket is not null));
            if (ticket is not null)
                _state.Persist("handoff", ticket);
        }

        public NavigationManager Navigation => _context.Services.GetRequiredService<NavigationManager>();

        public void Begin() => _context.Services.GetRequiredService<Handoff>();

        public IRenderedComponent<LoadView<string>> Load(Action count) => _context.Render<LoadView<string>>(view => view
            .Add(it => it.Load, new Loader(count).LoadAsync)
            .Add(it => it.ChildContent, text => text));

        public string Persisted()
        {
            _state.TriggerOnPersisting();
            _state.TryTake<string>("handoff", out var ticket).ShouldBeTrue();
            return ticket!;
        }

        public void Dispose() => _context.Dispose();
    }

    // A page loads by the same method in the request and in the circuit.
    private sealed class Loader(Action count)
    {
        public Task<Result<string>> LoadAsync(CancellationToken cancellationToken) => LoadThing(count);
    }
}

using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Caching.Memory;

namespace Portal.Components.Shared;

/// <summary>
/// Hands what a page loaded while it was made as HTML over to the circuit that then takes the page on, so that nothing is read twice and nothing
/// flickers back to a skeleton. The data stays in this process, under a random ticket that travels in the page's protected state; it is given
/// out once, and forgotten after seconds or with the first step to another page. On another node there is none, and the page loads again.
/// </summary>
public sealed class Handoff : IDisposable
{
    private const string StateKey = "handoff";
    private static readonly TimeSpan s_kept = TimeSpan.FromSeconds(20);

    private readonly IMemoryCache _cache;
    private readonly NavigationManager _navigation;
    private readonly PersistingComponentStateSubscription? _persisting;
    private readonly Dictionary<string, object> _given = new(StringComparer.Ordinal);
    private Dictionary<string, object>? _taken;

    public Handoff(PersistentComponentState state, IMemoryCache cache, NavigationManager navigation)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(navigation);
        (_cache, _navigation) = (cache, navigation);
        if (state.TryTakeFromJson<string>(StateKey, out var ticket))
        {
            if (ticket is not null && cache.TryGetValue(ticket, out Dictionary<string, object>? waiting))
            {
                cache.Remove(ticket);
                _taken = waiting;
                navigation.LocationChanged += Forget;
            }

            return;
        }

        _persisting = state.RegisterOnPersisting(
            () =>
            {
                if (_given.Count > 0)
                {
                    var fresh = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
                    cache.Set(fresh, _given, s_kept);
                    state.PersistAsJson(StateKey, fresh);
                }

                return Task.CompletedTask;
            },
            RenderMode.InteractiveServer);
    }

    /// <summary>Keeps something for the circuit; does nothing in a circuit.</summary>
    public void Give<T>(string key, T value)
        where T : class
    {
        if (_persisting is not null)
            _given[Key(key)] = value;
    }

    /// <summary>What was loaded under the same key at the same address, once.</summary>
    public bool TryTake<T>(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T? value)
        where T : class
    {
        value = _taken is not null && _taken.Remove(Key(key), out var found) ? found as T : null;
        return value is not null;
    }

    public void Dispose()
    {
        _persisting?.Dispose();
        _navigation.LocationChanged -= Forget;
    }

    private string Key(string key) => $"{_navigation.Uri} {key}";

    private void Forget(object? sender, LocationChangedEventArgs arguments) => _taken = null;
}

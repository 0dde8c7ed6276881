using Microsoft.AspNetCore.Components;
using Portal.Changes;

namespace Portal.Components.Live;

/// <summary>
/// Calls back when the database says that something changed, on whichever node, so that a page shows it without being reloaded. Many changes in a
/// row are one call. Draws nothing.
/// </summary>
/// <example><c>&lt;LiveReload Kind="@ChangeKinds.Invoice" Id="Id" Changed="() => _view.ReloadAsync()" /&gt;</c></example>
public sealed class LiveReload : ComponentBase, IDisposable
{
    // Long enough to make one of a burst, short enough to feel at once.
    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _gone = new();
    private readonly List<IDisposable> _subscriptions = [];
    private int _isWaiting;
    private ITimer? _timer;
    private TimeSpan? _ticking;

    /// <summary>One of <see cref="ChangeKinds"/>.</summary>
    [Parameter, EditorRequired] public string Kind { get; set; } = "";

    /// <summary>Only this row; null: any.</summary>
    [Parameter] public Guid? Id { get; set; }

    /// <summary>What to do: read again.</summary>
    [Parameter, EditorRequired] public EventCallback Changed { get; set; }

    /// <summary>Also calls back this often, for what moves with the clock, and where a message may have been missed; null: never.</summary>
    [Parameter] public TimeSpan? Every { get; set; }

    [Inject] private IDatabaseChanges Changes { get; set; } = null!;

    [Inject] private TimeProvider Clock { get; set; } = null!;

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
        _timer?.Dispose();
        _subscriptions.ForEach(subscription => subscription.Dispose());
    }

    protected override void OnAfterRender(bool firstRender)
    {
        // Only in a circuit: what is made as plain HTML is not looked at again.
        if (firstRender)
            _subscriptions.Add(Changes.Subscribe(Kind, id => Hear(id), Wake));
        if (_ticking == Every)
            return;
        _ticking = Every;
        _timer?.Dispose();
        _timer = Every is { } period ? Clock.CreateTimer(_ => Wake(), null, period, period) : null;
    }

    private void Hear(Guid? id)
    {
        if (Id is null || id is null || id == Id)
            Wake();
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _isWaiting, 1) == 0)
            _ = InvokeAsync(CallAsync);
    }

    private async Task CallAsync()
    {
        try
        {
            await Task.Delay(s_gather, Clock, _gone.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            return; // The page is gone.
        }

        Interlocked.Exchange(ref _isWaiting, 0);
        try
        {
            await Changed.InvokeAsync();
        }
        catch (Exception exception) when (!_gone.IsCancellationRequested)
        {
            await DispatchExceptionAsync(exception);
        }
    }
}

namespace Portal.Components.Shared;

/// <summary>A short message at the corner of the page.</summary>
public sealed record Toast(long Id, BadgeTone Tone, string Text);

/// <summary>
/// Says that something was done, or failed, without taking the reader away from where they are: <c>Toasts.Done("Key revoked.")</c>.
/// Survives a step to another page of the same circuit.
/// </summary>
public sealed class Toasts(TimeProvider clock)
{
    private const int Most = 3;
    private static readonly TimeSpan s_shown = TimeSpan.FromSeconds(6);

    private readonly List<Toast> _current = [];
    private long _lastId;

    /// <summary>Raised when the list has changed; may come from another thread.</summary>
    public event EventHandler? Changed;

    public IReadOnlyList<Toast> Current
    {
        get
        {
            lock (_current)
                return [.. _current];
        }
    }

    /// <summary>It worked. Goes away by itself.</summary>
    public void Done(string text) => Add(BadgeTone.Good, text, stays: false);

    /// <summary>It did not work. Stays until it is closed.</summary>
    public void Failed(string text) => Add(BadgeTone.Bad, text, stays: true);

    /// <summary>Something to know. Goes away by itself.</summary>
    public void Say(string text) => Add(BadgeTone.Info, text, stays: false);

    public void Close(long id)
    {
        lock (_current)
            _current.RemoveAll(toast => toast.Id == id);
        Changed?.Invoke(this, EventArgs.Empty);
    }

    private void Add(BadgeTone tone, string text, bool stays)
    {
        var id = Interlocked.Increment(ref _lastId);
        lock (_current)
        {
            _current.Add(new Toast(id, tone, text));
            if (_current.Count > Most)
                _current.RemoveAt(0);
        }

        Changed?.Invoke(this, EventArgs.Empty);
        if (!stays)
            _ = CloseLaterAsync(id);
    }

    private async Task CloseLaterAsync(long id)
    {
        await Task.Delay(s_shown, clock);
        Close(id);
    }
}

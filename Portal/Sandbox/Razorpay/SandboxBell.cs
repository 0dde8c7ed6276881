using System.Threading.Channels;

namespace Portal.Sandbox.Razorpay;

/// <summary>Wakes one waiter; rings that nobody hears are remembered once.</summary>
internal sealed class SandboxBell
{
    private readonly Channel<bool> _rings = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Ring() => _rings.Writer.TryWrite(true);

    /// <summary>Waits for a ring, at most so long.</summary>
    public async Task WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var alarm = Task.Delay(longest, time, either.Token);
        await Task.WhenAny(_rings.Reader.WaitToReadAsync(either.Token).AsTask(), alarm);
        await either.CancelAsync();
        _rings.Reader.TryRead(out _);
        cancellationToken.ThrowIfCancellationRequested();
    }
}

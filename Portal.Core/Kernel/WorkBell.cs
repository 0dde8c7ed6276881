using System.Threading.Channels;

namespace Portal.Core.Kernel;

/// <summary>Wakes this node's workers when something was queued for them. Only saves time: what waits is found in the database anyway.</summary>
public abstract class WorkBell
{
    private readonly Channel<bool> _rings = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Ring() => _rings.Writer.TryWrite(true);

    /// <summary>Returns once it has rung since the last time.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken) => await _rings.Reader.ReadAsync(cancellationToken);
}

using System.Threading.Channels;

namespace Portal.Core.BillingRuns;

/// <summary>Wakes this node's workers when a run was queued. Only saves time: what waits is found in the database anyway.</summary>
public sealed class BillingRunBell
{
    private readonly Channel<bool> _rings = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Ring() => _rings.Writer.TryWrite(true);

    /// <summary>Returns once it has rung since the last time.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken) => await _rings.Reader.ReadAsync(cancellationToken);
}

namespace Portal.Demo;

/// <summary>The time at which something of the demo happens: it lies in the past, and is moved by hand.</summary>
internal sealed class DemoClock : TimeProvider
{
    private long _ticks;

    public DateTimeOffset Now
    {
        get => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);
        set => Interlocked.Exchange(ref _ticks, value.UtcTicks);
    }

    public override DateTimeOffset GetUtcNow() => Now;
}

using System.Text;

namespace Portal.Benchmarks.Ingest;

/// <summary>A rendered body in which only the idempotency keys are written anew each time.</summary>
internal sealed class EventTemplate
{
    private const int KeyLength = 36;
    private readonly int[] _keysAt;

    private EventTemplate(byte[] body, int[] keysAt) => (Body, _keysAt) = (body, keysAt);

    public byte[] Body { get; }

    public int Events => _keysAt.Length;

    /// <param name="random">Where metrics and values come from.</param>
    /// <param name="events">How many; none: one event by itself, not a list.</param>
    /// <param name="halves">True: the second half repeats the first, so that either half can be sent under the other's keys.</param>
    public static EventTemplate Make(Random random, int? events, bool halves = false)
    {
        var now = TimeProvider.System.GetUtcNow();
        var mark = new string('k', KeyLength);
        var seed = random.Next();
        var text = new StringBuilder();
        List<int> keysAt = [];
        for (var number = 0; number < (events ?? 1); number++)
        {
            text.Append(number > 0 ? "," : events is null ? "" : "[");
            var source = halves ? new Random(seed + (number % (events!.Value / 2))) : random;
            IngestWorld.Write(text, source, now, mark);
            keysAt.Add(text.Length - KeyLength - 2);
        }

        return new EventTemplate(Encoding.ASCII.GetBytes(text.Append(events is null ? "" : "]").ToString()), [.. keysAt]);
    }

    /// <summary>A fresh key for every event from <paramref name="from"/> on.</summary>
    public void Renew(Random random, int from = 0)
    {
        Span<byte> bytes = stackalloc byte[16];
        foreach (var at in _keysAt.AsSpan(from))
        {
            random.NextBytes(bytes);
            new Guid(bytes).TryFormat(Body.AsSpan(at, KeyLength), out _);
        }
    }

    /// <summary>Gives the events of the first half the keys of the second.</summary>
    public void RepeatSecondHalf()
    {
        var half = _keysAt.Length / 2;
        for (var number = 0; number < half; number++)
            Body.AsSpan(_keysAt[half + number], KeyLength).CopyTo(Body.AsSpan(_keysAt[number], KeyLength));
    }
}

namespace Portal.Core.Health;

/// <summary>What the last look at an invariant found.</summary>
public sealed class InvariantLook
{
    private InvariantLook() { }

    /// <summary>E.g. <c>I1</c>.</summary>
    public string Id { get; private set; } = "";

    public bool Ok { get; private set; }

    public string Detail { get; private set; } = "";

    public DateTimeOffset LookedAt { get; private set; }

    /// <summary>How long it took, in milliseconds.</summary>
    public int TookMilliseconds { get; private set; }

    public static InvariantLook Of(InvariantResult result, TimeSpan took, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(result);
        var look = new InvariantLook { Id = result.Id };
        look.Take(result, took, now);
        return look;
    }

    public void Take(InvariantResult result, TimeSpan took, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(result);
        (Ok, Detail, LookedAt, TookMilliseconds) = (result.Ok, result.Detail, now, (int)took.TotalMilliseconds);
    }
}

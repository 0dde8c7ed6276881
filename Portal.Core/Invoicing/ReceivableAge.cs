namespace Portal.Core.Invoicing;

/// <summary>How long an open invoice has been due.</summary>
public enum ReceivableAge
{
    NotDue = 0,

    /// <summary>Up to 30 days.</summary>
    UpTo30Days = 1,

    /// <summary>31 to 60 days.</summary>
    UpTo60Days = 2,

    /// <summary>61 to 90 days.</summary>
    UpTo90Days = 3,

    /// <summary>91 days and more.</summary>
    Older = 4,
}

/// <summary>The due dates that an age stands for: sums and the lists behind them agree on it.</summary>
public static class ReceivableAges
{
    /// <summary>An invoice that was due at this instant or before is older than so many days.</summary>
    public static DateTimeOffset Boundary(int days, DateTimeOffset now) => now.AddDays(-days);

    /// <summary>Due dates of an age: after the first, up to and including the second; null is open.</summary>
    public static (DateTimeOffset? After, DateTimeOffset? UpTo) DueDates(this ReceivableAge age, DateTimeOffset now) => age switch
    {
        ReceivableAge.NotDue => (now, null),
        ReceivableAge.UpTo30Days => (Boundary(30, now), now),
        ReceivableAge.UpTo60Days => (Boundary(60, now), Boundary(30, now)),
        ReceivableAge.UpTo90Days => (Boundary(90, now), Boundary(60, now)),
        ReceivableAge.Older => (null, Boundary(90, now)),
    };
}

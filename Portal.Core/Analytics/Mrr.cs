using Portal.Core.Metering;

namespace Portal.Core.Analytics;

/// <summary>What a movement of recurring revenue is; stored as text.</summary>
public enum MrrMovementKind
{
    /// <summary>The first that an organisation ever paid for.</summary>
    New,

    /// <summary>More than before.</summary>
    Expansion,

    /// <summary>Less than before, and not nothing.</summary>
    Contraction,

    /// <summary>Nothing any more.</summary>
    Churn,

    /// <summary>Something again.</summary>
    Reactivation,
}

/// <summary>
/// A change of an organisation's monthly recurring revenue. Written once: what becomes known later is a movement of the day on which it became known,
/// so that the closing of a month that was reported stays what it was.
/// </summary>
public sealed class MrrMovement
{
    private MrrMovement() { }

    public Guid Id { get; private set; }

    public Guid OrganisationId { get; private set; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; private set; } = "";

    public MrrMovementKind Kind { get; private set; }

    /// <summary>Signed, of a month.</summary>
    public decimal Amount { get; private set; }

    /// <summary>What it was after the movement.</summary>
    public decimal MrrAfter { get; private set; }

    /// <summary>In the organisation's zone.</summary>
    public DateOnly Day { get; private set; }

    /// <summary>The month of the day, as <see cref="BillingMonth.Index"/>.</summary>
    public int Month { get; private set; }

    /// <summary>What began, ended or changed, in words.</summary>
    public string Cause { get; private set; } = "";

    /// <summary>Organisation, currency and the movement's number among theirs: two jobs that see the same change write it once.</summary>
    public string CauseKey { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    public static MrrMovement Of(Guid organisationId, string currency, MrrStep step, int number, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(step);
        return new MrrMovement
        {
            Id = Guid.CreateVersion7(now),
            OrganisationId = organisationId,
            Currency = currency,
            Kind = step.Kind,
            Amount = step.Amount,
            MrrAfter = step.After,
            Day = step.Day,
            Month = new BillingMonth(step.Day.Year, step.Day.Month).Index,
            Cause = step.Cause,
            CauseKey = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{organisationId:n}:{currency}:{number}"),
            CreatedAt = now,
        };
    }
}

/// <summary>Where an organisation's recurring revenue in a currency stands, as of the last look.</summary>
public sealed class MrrPosition
{
    private MrrPosition() { }

    public Guid OrganisationId { get; private set; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; private set; } = "";

    /// <summary>The sum of its movements.</summary>
    public decimal Mrr { get; private set; }

    /// <summary>What its trials would be worth a month; not in <see cref="Mrr"/>.</summary>
    public decimal TrialMrr { get; private set; }

    /// <summary>How many movements it has.</summary>
    public int Movements { get; private set; }

    /// <summary>Of the currency's minor unit, to which fees of a month are rounded.</summary>
    public int Decimals { get; private set; }

    /// <summary>The day of the last look, in the organisation's zone.</summary>
    public DateOnly LookedOn { get; private set; }

    public DateTimeOffset LookedAt { get; private set; }

    public static MrrPosition Begin(Guid organisationId, string currency) =>
        new() { OrganisationId = organisationId, Currency = currency, Decimals = Currencies.Currency.Of(currency).Exponent };

    /// <summary>Takes over what a look found.</summary>
    public void Look(decimal mrr, decimal trialMrr, int movements, DateOnly day, DateTimeOffset now) =>
        (Mrr, TrialMrr, Movements, LookedOn, LookedAt) = (mrr, trialMrr, Movements + movements, day, now);
}

/// <summary>The movements of a month in a currency, summed by the database as they are written.</summary>
public sealed class MrrMonth
{
    private MrrMonth() { }

    /// <summary>As <see cref="BillingMonth.Index"/>.</summary>
    public int Month { get; private set; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; private set; } = "";

    public MrrMovementKind Kind { get; private set; }

    public decimal Amount { get; private set; }

    public int Count { get; private set; }
}

using Portal.Core.Tax;

namespace Portal.Components.Shared;

/// <summary>Where something effective-dated stands on a day.</summary>
public enum ValidityState
{
    Upcoming,
    InForce,
    Ended,
}

/// <summary>Words and tones of it.</summary>
public static class ValidityStates
{
    public static ValidityState Of(IInForce row, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.EffectiveFrom > today ? ValidityState.Upcoming : row.IsInForce(today) ? ValidityState.InForce : ValidityState.Ended;
    }

    public static BadgeTone Tone(ValidityState state) => state switch
    {
        ValidityState.Upcoming => BadgeTone.Info,
        ValidityState.InForce => BadgeTone.Good,
        ValidityState.Ended => BadgeTone.Idle,
    };
}

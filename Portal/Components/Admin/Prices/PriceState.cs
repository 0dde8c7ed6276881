using Portal.Components.Shared;
using Portal.Core.Pricing;

namespace Portal.Components.Admin.Prices;

/// <summary>Where a price stands on a day.</summary>
public enum PriceState
{
    /// <summary>Its first day is to come.</summary>
    Upcoming,

    InForce,

    /// <summary>Its last day is over.</summary>
    Ended,
}

/// <summary>The state of a price, and how it is shown.</summary>
public static class PriceStates
{
    public static PriceState Of(PriceDetails price, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(price);
        return price.EffectiveTo <= today ? PriceState.Ended : price.EffectiveFrom > today ? PriceState.Upcoming : PriceState.InForce;
    }

    public static BadgeTone Tone(PriceState state) => state switch
    {
        PriceState.Upcoming => BadgeTone.Info,
        PriceState.InForce => BadgeTone.Good,
        PriceState.Ended => BadgeTone.Idle,
    };
}

using Portal.Core.Access;
using Portal.Core.Currencies;
using Portal.Core.Kernel;

namespace Portal.Core.Pricing;

/// <summary>What a quantity would cost.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Amount">Unrounded.</param>
/// <param name="Rounded">As an invoice line would say it.</param>
/// <param name="Rated">How the amount came about.</param>
/// <param name="Terms">The price that rated it.</param>
public sealed record PriceQuote(string Currency, decimal Amount, decimal Rounded, RatedAmount Rated, PriceTerms Terms);

/// <summary>Rates a quantity under a price that need not exist; nothing is stored. The very code that rates invoices.</summary>
public sealed class QuotePrice
{
    /// <summary>The quote, or what is wrong with the price or the quantity.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="input">The price; whom it is for and from when does not matter.</param>
    /// <param name="quantity">Units, 0 or more.</param>
    /// <param name="eventCount">Events, 0 or more; only a percentage looks at them.</param>
#pragma warning disable CA1822 // An action like the others, injected like the others.
    public Result<PriceQuote> Run(CallContext call, PriceInput input, decimal? quantity, long eventCount = 0)
#pragma warning restore CA1822
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(input);
        if (!call.May(Permissions.PricesRead))
            return Failure.Forbidden();
        var failures = new List<Failure>();
        var terms = PriceValidation.CheckTerms(input, failures);
        if (quantity is not (>= 0 and < 1_000_000_000_000_000_000m))
            failures.Add(Failure.Invalid("quantity", "Enter a number from 0 to below 10^18."));
        if (eventCount < 0)
            failures.Add(Failure.Invalid("eventCount", "Enter a number of 0 or more."));
        if (failures.Count > 0)
            return failures;
        var rated = Rating.Rate(terms!, quantity!.Value, eventCount);
        return new PriceQuote(terms!.Currency, rated.Amount, Currency.Of(terms.Currency).Round(rated.Amount), rated, terms);
    }
}

using FsCheck;
using FsCheck.Fluent;
using Portal.Core.Pricing;

namespace Portal.Tests.Pricing;

public sealed class RatingTests
{
    private static readonly PriceTerms s_graduated = Graduated(new Tier(1_000, 0), new Tier(10_000, 0.50m), new Tier(50_000, 0.40m), new Tier(null, 0.25m));

    [Theory]
    [InlineData("0", "0")]
    [InlineData("1000", "0")]
    [InlineData("1001", "0.50")]
    [InlineData("10000", "4500")]
    [InlineData("10001", "4500.40")]
    [InlineData("12500.5", "5500.20")]
    [InlineData("50000", "20500")]
    [InlineData("50001", "20500.25")]
    [InlineData("75000", "26750")]
    public void Graduated_tiers_rate_every_unit_at_the_price_of_its_own_tier(string quantity, string amount) =>
        Rating.Rate(s_graduated, Number(quantity)).Amount.ShouldBe(Number(amount));

    [Fact]
    public void Flat_fees_are_owed_for_every_tier_that_is_reached()
    {
        var terms = Graduated(new Tier(1_000, 0.10m, 5), new Tier(10_000, 0.05m), new Tier(null, 0.01m, 20));

        Rating.Rate(terms, 12_000).Rows.ShouldBe(
        [
            new RatedRow(0, 1_000, 1_000, 0.10m, 5, 105),
            new RatedRow(1_000, 10_000, 9_000, 0.05m, 0, 450),
            new RatedRow(10_000, null, 2_000, 0.01m, 20, 40),
        ]);
        Rating.Rate(terms, 12_000).Amount.ShouldBe(595.00m);
        Rating.Rate(terms, 0).Amount.ShouldBe(5);
        Rating.Rate(terms, 10_000).Amount.ShouldBe(555);
    }

    [Fact]
    public void Tiers_are_continuous() => Rating.Rate(Graduated(new Tier(10, 1), new Tier(null, 3)), 10.5m).Rows.Select(row => row.Units).ShouldBe([10m, 0.5m]);

    [Fact]
    public void The_allowance_comes_off_before_rating_and_bounds_hold_after_it()
    {
        var terms = new PriceTerms(PriceModel.Standard, "INR", 0.000000000001m, [], Included: 100, Minimum: 10, Maximum: 20);

        Rating.Rate(terms, 40).ShouldSatisfyAllConditions(rated => rated.Included.ShouldBe(40), rated => rated.Rated.ShouldBe(0), rated => (rated.Amount, rated.Bound).ShouldBe((10m, "minimum")));
        Rating.Rate(terms, 15_000_000_000_100m).ShouldSatisfyAllConditions(rated => (rated.Amount, rated.Bound).ShouldBe((15m, null)));
        Rating.Rate(terms, 30_000_000_000_100m).ShouldSatisfyAllConditions(rated => (rated.Amount, rated.Bound).ShouldBe((20m, "maximum")));
    }

    [Fact]
    public void A_negative_quantity_is_refused() => Should.Throw<ArgumentOutOfRangeException>(() => Rating.Rate(s_graduated, -1));

    [Fact]
    public void More_units_never_cost_less() => Check((terms, less, more) => Rating.Rate(terms, less).Amount <= Rating.Rate(terms, less + more).Amount);

    [Fact]
    public void Without_flat_fees_a_little_more_costs_a_little_more() => Check((terms, quantity, _) =>
    {
        var flatless = terms with { Tiers = [.. terms.Tiers.Select(tier => tier with { Flat = 0 })] };
        const decimal Little = 0.000001m;
        return Rating.Rate(flatless, quantity + Little).Amount - Rating.Rate(flatless, quantity).Amount <= Little * flatless.Tiers.Max(tier => tier.Price);
    });

    [Fact]
    public void The_rows_sum_to_the_amount_and_their_units_to_the_quantity() => Check((terms, quantity, _) =>
    {
        var rated = Rating.Rate(terms, quantity);
        return rated.Rows.Sum(row => row.Amount) == rated.Amount && rated.Rows.Sum(row => row.Units) == quantity;
    });

    [Fact]
    public void Rated_in_two_parts_with_the_counter_carried_over_it_costs_the_same() => Check((terms, first, second) =>
    {
        var whole = Rating.Rate(terms, first + second).Amount;
        return Rating.Rate(terms, first).Amount + (whole - Rating.Rate(terms, first).Amount) == whole
            && whole - Rating.Rate(terms, first).Amount == Segment(terms, first, first + second);
    });

    // What lies between two counts: the units of each tier in that span, and the flat fees of the tiers that are reached anew.
    private static decimal Segment(PriceTerms terms, decimal from, decimal to)
    {
        var (amount, lower) = (0m, 0m);
        for (var index = 0; index < terms.Tiers.Count; index++)
        {
            var (tier, upper) = (terms.Tiers[index], terms.Tiers[index].UpTo ?? decimal.MaxValue);
            amount += Math.Max(0, Math.Min(to, upper) - Math.Max(from, lower)) * tier.Price;
            if (index > 0 && from <= lower && to > lower)
                amount += tier.Flat;
            lower = upper;
        }

        return amount;
    }

    private static void Check(Func<PriceTerms, decimal, decimal, bool> property)
    {
        var quantities = Gen.Choose(0, 2_000_000).Select(thousandths => thousandths / 1000m);
        var tiers =
            from count in Gen.Choose(1, 6)
            from widths in Gen.Choose(1, 500_000).ListOf(count)
            from prices in Gen.Choose(0, 100_000).ListOf(count)
            from flats in Gen.Choose(0, 3).ListOf(count)
            select Terms(widths, prices, flats);
        var cases =
            from terms in tiers
            from first in quantities
            from second in quantities
            select (terms, first, second);
        Prop.ForAll(cases.ToArbitrary(), input => property(input.terms, input.first, input.second)).QuickCheckThrowOnFailure();
    }

    private static PriceTerms Terms(List<int> widths, List<int> prices, List<int> flats)
    {
        var upTo = 0m;
        var tiers = new List<Tier>();
        for (var index = 0; index < widths.Count; index++)
        {
            upTo += widths[index] / 1000m;
            tiers.Add(new Tier(index == widths.Count - 1 ? null : upTo, prices[index] / 10_000m, flats[index] * 2.5m));
        }

        return Graduated([.. tiers]);
    }

    private static PriceTerms Graduated(params Tier[] tiers) => new(PriceModel.Graduated, "INR", null, tiers);

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

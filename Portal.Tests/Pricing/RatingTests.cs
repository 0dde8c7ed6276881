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

    [Theory]
    [InlineData("0", "0")]
    [InlineData("1000", "0")]
    [InlineData("1001", "500.50")]
    [InlineData("10000", "5000")]
    [InlineData("10001", "4000.40")]
    [InlineData("12500.5", "5000.20")]
    [InlineData("50000", "20000")]
    [InlineData("50001", "12500.25")]
    [InlineData("75000", "18750")]
    public void A_volume_price_rates_all_units_at_the_price_of_one_tier(string quantity, string amount) =>
        Rating.Rate(s_graduated with { Model = PriceModel.Volume }, Number(quantity)).Amount.ShouldBe(Number(amount));

    [Fact]
    public void A_volume_price_owes_the_flat_fee_of_the_tier_it_lands_in_alone()
    {
        var terms = Graduated(new Tier(1_000, 0.10m, 5), new Tier(10_000, 0.05m), new Tier(null, 0.01m, 20)) with { Model = PriceModel.Volume };

        Rating.Rate(terms, 12_000).Rows.ShouldBe([new RatedRow(10_000, null, 12_000, 0.01m, 20, 140)]);
        Rating.Rate(terms, 0).Amount.ShouldBe(5);
    }

    [Fact]
    public void Late_usage_that_reaches_a_cheaper_tier_moves_the_whole_month()
    {
        var terms = Graduated(new Tier(15, 10), new Tier(null, 5)) with { Model = PriceModel.Volume };

        (Rating.Amount(terms, 16) - Rating.Amount(terms, 15)).ShouldBe(-70);
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("1000", "0")]
    [InlineData("1000.000001", "400")]
    [InlineData("2000", "400")]
    [InlineData("2001", "800")]
    [InlineData("12500", "4800")]
    public void Packages_that_are_begun_count_whole_after_what_is_free(string quantity, string amount) =>
        Rating.Rate(Package(400, 1_000, 1_000), Number(quantity)).Amount.ShouldBe(Number(amount));

    [Fact]
    public void A_package_is_begun_by_the_smallest_part_of_a_unit()
    {
        Rating.Amount(Package(5, 100, 100), 201).ShouldBe(10);
        // A quotient would be rounded: it has more digits than a decimal.
        Rating.Rate(Package(5, 100, 100), 100_000_000_000_000_000.000000001m).Rows[0].Units.ShouldBe(1_000_000_000_000_000m);
        Rating.Rate(Package(5, 100, 100), 100_000_000_000_000_000m).Rows[0].Units.ShouldBe(999_999_999_999_999m);
    }

    [Fact]
    public void A_stair_step_costs_its_price_whole()
    {
        var terms = Graduated(new Tier(1_000, 50), new Tier(5_000, 200), new Tier(null, 900)) with { Model = PriceModel.StairStep };

        Rating.Rate(terms, 4_500).Rows.ShouldBe([new RatedRow(1_000, 5_000, 4_500, 200, 0, 200, RatedRowKind.Step)]);
        Rating.Amount(terms, 0).ShouldBe(50);
        Rating.Amount(terms, 1_000).ShouldBe(50);
        Rating.Amount(terms, 5_000.5m).ShouldBe(900);
    }

    [Fact]
    public void A_percentage_takes_its_share_and_a_fee_for_every_event()
    {
        var terms = new PriceTerms(PriceModel.Percentage, "INR", null, [], Percentage: new PercentageTerms(2.9m, 1_000, 0.30m, 10));

        Rating.Rate(terms, 11_000, 110).Rows.ShouldBe(
        [
            new RatedRow(1_000, null, 10_000, 2.9m, 0, 290, RatedRowKind.Share),
            new RatedRow(10, null, 100, 0.30m, 0, 30, RatedRowKind.Events),
        ]);
        Rating.Amount(terms, 11_000, 110).ShouldBe(320);
        Rating.Amount(terms, 500, 5).ShouldBe(0);
        Rating.Amount(terms, 500, 11).ShouldBe(0.30m);
    }

    [Fact]
    public void A_graduated_percentage_takes_the_share_of_every_tier()
    {
        var terms = Graduated(new Tier(100_000, 3, 10), new Tier(null, 2)) with { Model = PriceModel.GraduatedPercentage };

        Rating.Amount(terms, 150_000).ShouldBe(3_000 + 10 + 1_000);
        Rating.Rate(terms, 150_000).Rows.ShouldAllBe(row => row.Kind == RatedRowKind.Share);
    }

    [Fact]
    public void A_line_is_rounded_half_away_from_zero_and_once()
    {
        var terms = new PriceTerms(PriceModel.Standard, "USD", 0.067m, []);

        Rating.Amount(terms, 55).ShouldBe(3.685m);
        Portal.Core.Currencies.Currency.Of("USD").Round(Rating.Amount(terms, 55)).ShouldBe(3.69m);
        Portal.Core.Currencies.Currency.Of("JPY").Round(0.5m).ShouldBe(1);
        Portal.Core.Currencies.Currency.Of("KWD").Round(1.0005m).ShouldBe(1.001m);
    }

    [Fact]
    public void A_sum_is_split_by_the_largest_remainder_exactly() =>
        new Portal.Core.Currencies.Money(100, Portal.Core.Currencies.Currency.Of("INR")).Allocate([1, 1, 1]).Select(part => part.Amount).ShouldBe([33.34m, 33.33m, 33.33m]);

    [Fact]
    public void However_a_sum_is_split_the_parts_sum_to_it()
    {
        var cases =
            from paise in Gen.Choose(-1_000_000, 1_000_000)
            from weights in Gen.Choose(0, 10_000).ListOf(7)
            where weights.Sum() > 0
            select (Amount: paise / 100m, Weights: weights.Select(weight => weight / 7m).ToList());
        Prop.ForAll(cases.ToArbitrary(), input =>
        {
            var parts = new Portal.Core.Currencies.Money(input.Amount, Portal.Core.Currencies.Currency.Of("INR")).Allocate(input.Weights);
            var exact = input.Weights.Select(weight => input.Amount * weight / input.Weights.Sum()).ToList();
            return parts.Sum(part => part.Amount) == input.Amount && parts.Zip(exact).All(pair => Math.Abs(pair.First.Amount - pair.Second) <= 0.01m);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Rounding_goes_half_away_from_zero_and_never_further_than_half()
    {
        var rupee = Portal.Core.Currencies.Currency.Of("INR");
        Prop.ForAll(Gen.Choose(-10_000_000, 10_000_000).Select(mills => mills / 1000m).ToArbitrary(), amount =>
        {
            var rounded = rupee.Round(amount);
            return Math.Abs(rounded - amount) <= 0.005m && (Math.Abs(rounded - amount) < 0.005m || Math.Abs(rounded) > Math.Abs(amount)) && rupee.Round(-amount) == -rounded;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_amount_alone_is_the_amount_of_the_rows_in_every_model() => CheckModels((terms, quantity, events) => Rating.Amount(terms, quantity, events) == Rating.Rate(terms, quantity, events).Amount);

    [Fact]
    public void The_rows_of_every_model_sum_to_the_amount() => CheckModels((terms, quantity, events) => Rating.Rate(terms, quantity, events).Rows.Sum(row => row.Amount) == Rating.Amount(terms, quantity, events));

    [Fact]
    public void However_events_come_in_batches_the_month_costs_the_same() => CheckModels((terms, quantity, events) =>
    {
        // The same units in three batches, summed in another order.
        var (first, second) = (decimal.Round(quantity / 3, 6), decimal.Round(quantity / 7, 6));
        var third = quantity - first - second;
        return Rating.Amount(terms, third + first + second, events) == Rating.Amount(terms, quantity, events);
    });

    [Fact]
    public void A_curve_starts_at_nothing_ends_at_the_last_quantity_and_shows_both_sides_of_a_bound()
    {
        var points = PriceCurve.Of(s_graduated with { Model = PriceModel.Volume }, 60_000);

        (points[0].Quantity, points[^1].Quantity, points[^1].Amount).ShouldBe((0m, 60_000m, 15_000m));
        points.Where(point => point.Quantity is >= 10_000 and < 10_001).Select(point => decimal.Round(point.Amount, 2)).ShouldBe([5_000m, 4_000m]);
        points[0].PerUnit.ShouldBeNull();
    }

    [Fact]
    public void Cliffs_of_a_volume_price_are_named_and_those_of_others_are_what_they_are_for()
    {
        PriceCurve.Cliffs(s_graduated with { Model = PriceModel.Volume, Included = 100 }).ShouldBe([new PriceCliff(1_100, 0, 500), new PriceCliff(10_100, 5_000, 4_000), new PriceCliff(50_100, 20_000, 12_500)]);
        PriceCurve.Cliffs(s_graduated).ShouldBeEmpty();
        PriceCurve.Cliffs(Graduated(new Tier(10, 5), new Tier(20, 3), new Tier(null, 9)) with { Model = PriceModel.StairStep }).ShouldBe([new PriceCliff(10, 5, 3)]);
    }

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

    private static void CheckModels(Func<PriceTerms, decimal, long, bool> property)
    {
        var cases =
            from model in Gen.Elements(Enum.GetValues<PriceModel>())
            from widths in Gen.Choose(1, 500_000).ListOf(4)
            from prices in Gen.Choose(0, 100_000).ListOf(4)
            from flats in Gen.Choose(0, 3).ListOf(4)
            from size in Gen.Choose(1, 100_000)
            from free in Gen.Choose(0, 100_000)
            from quantity in Gen.Choose(0, 2_000_000)
            from events in Gen.Choose(0, 1_000)
            select (Terms: new PriceTerms(
                model,
                "INR",
                model is PriceModel.Standard or PriceModel.Package ? prices[0] / 10_000m : null,
                PriceModels.HasTiers(model) ? Terms(widths, prices, model == PriceModel.StairStep ? [0, 0, 0, 0] : flats).Tiers : [],
                Package: model == PriceModel.Package ? new PackageTerms(size / 1000m, free / 1000m) : null,
                Percentage: model == PriceModel.Percentage ? new PercentageTerms(prices[1] / 10_000m, free / 1000m, flats[0], free / 100) : null), Quantity: quantity / 1000m, Events: (long)events);
        Prop.ForAll(cases.ToArbitrary(), input => property(input.Terms, input.Quantity, input.Events)).QuickCheckThrowOnFailure();
    }

    private static PriceTerms Package(decimal price, decimal size, decimal free) => new(PriceModel.Package, "INR", price, [], Package: new PackageTerms(size, free));

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

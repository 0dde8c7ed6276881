using FsCheck;
using FsCheck.Fluent;
using Portal.Core.Currencies;
using Portal.Core.Discounts;
using Portal.Core.Metering;

namespace Portal.Tests.Core.Discounts;

public sealed class DiscountMathTests
{
    private static readonly BillingMonth s_october = new(2026, 10);
    private static readonly Currency s_rupee = Currency.Of("INR");

    [Fact]
    public void An_amount_over_three_equal_lines_is_split_by_largest_remainder()
    {
        var applied = DiscountMath.Apply([Line(200, "a"), Line(200, "b"), Line(200, "c")], [Amount(100.00m)], s_rupee);

        applied.Select(parts => parts.ShouldHaveSingleItem().Amount).ShouldBe([33.34m, 33.33m, 33.33m]);
    }

    [Fact]
    public void Two_of_ten_per_cent_are_nineteen()
    {
        var applied = DiscountMath.Apply([Line(100, "a")], [Percent(10), Percent(10)], s_rupee);

        applied[0].Select(part => (part.Base, part.Amount)).ShouldBe([(100m, 10m), (90m, 9m)]);
    }

    [Fact]
    public void Line_discounts_come_before_those_of_the_invoice_whenever_they_were_given()
    {
        // 50 % of the calls first: 100 and 100 are left, then 20 off both.
        var applied = DiscountMath.Apply([Line(200, "calls"), Line(100, "storage")], [Amount(20), Percent(50, "calls")], s_rupee);

        applied[0].Select(part => (part.IsWholeInvoice, part.Amount)).ShouldBe([(false, 100m), (true, 10m)]);
        applied[1].Select(part => (part.IsWholeInvoice, part.Amount)).ShouldBe([(true, 10m)]);
    }

    [Fact]
    public void No_more_is_taken_than_there_is_and_the_rest_is_not_carried_over()
    {
        var applied = DiscountMath.Apply([Line(30, "a"), Line(12.5m, "b")], [Amount(100), Amount(5)], s_rupee);

        applied.Select(parts => parts.Sum(part => part.Amount)).ShouldBe([30m, 12.5m]);
        applied.ShouldAllBe(parts => parts.Count == 1);
    }

    [Fact]
    public void Half_a_paisa_is_rounded_away_from_zero() =>
        DiscountMath.Apply([Line(55, "a")], [Percent(6.7m)], s_rupee)[0].ShouldHaveSingleItem().Amount.ShouldBe(3.69m);

    [Fact]
    public void A_discount_is_for_its_months_and_its_metric_and_its_currency()
    {
        DiscountTerms[] discounts =
        [
            Percent(10) with { FirstMonth = s_october.Index - 3, EndMonth = s_october.Index },
            Percent(10) with { FirstMonth = s_october.Index + 1 },
            Percent(10, "storage"),
            Percent(10, "calls") with { Unit = "gb" },
            Amount(5) with { Currency = "USD" },
        ];

        DiscountMath.Apply([Line(100, "calls")], discounts, s_rupee)[0].ShouldBeEmpty();
        Percent(10).IsFor(s_october).ShouldBeTrue();
        (Percent(10) with { EndMonth = s_october.Index + 1 }).IsFor(s_october).ShouldBeTrue();
    }

    [Fact]
    public void Late_usage_bears_the_percentages_of_its_own_month_and_no_amounts()
    {
        var late = new DiscountableLine(100, "calls", "calls", s_october.Previous, IsLate: true);
        var ended = Percent(25) with { FirstMonth = s_october.Index - 1, EndMonth = s_october.Index };

        var applied = DiscountMath.Apply([late, Line(100, "calls")], [ended, Amount(40) with { FirstMonth = s_october.Index - 1 }], s_rupee);

        applied[0].ShouldHaveSingleItem().Amount.ShouldBe(25m);
        applied[1].ShouldHaveSingleItem().Amount.ShouldBe(40m);
    }

    [Fact]
    public void Whatever_is_taken_off_sums_exactly_leaves_nothing_negative_and_comes_out_again() => Prop.ForAll(Cases(), sample =>
    {
        var applied = DiscountMath.Apply(sample.Lines, sample.Discounts, s_rupee);
        var sums = applied.Select(parts => parts.Sum(part => part.Amount)).ToList();
        if (sample.Lines.Zip(sums).Any(pair => pair.Second < 0 || pair.Second > pair.First.Charge))
            return false;
        foreach (var discount in sample.Discounts)
        {
            var parts = applied.SelectMany(taken => taken).Where(part => part.Id == discount.Id).ToList();
            var (sum, of) = (parts.Sum(part => part.Amount), parts.Sum(part => part.Base));
            var right = discount.Kind == DiscountKind.Amount ? Math.Min(discount.Value, of)
                : discount.IsWholeInvoice ? s_rupee.Round(of * discount.Value / 100m)
                : parts.Sum(part => s_rupee.Round(part.Base * discount.Value / 100m));
            if (sum != right || parts.Any(part => part.Amount > part.Base || s_rupee.Round(part.Amount) != part.Amount))
                return false;
        }

        return DiscountMath.ApplyAgain([.. sample.Lines.Zip(applied, (line, parts) => (line.Charge, parts))], s_rupee).SequenceEqual(sums);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_was_altered_afterwards_does_not_come_out_again()
    {
        DiscountableLine[] lines = [Line(100, "a"), Line(50, "b")];
        var applied = DiscountMath.Apply(lines, [Percent(10)], s_rupee);
        IReadOnlyList<AppliedDiscount> altered = [applied[0][0] with { Value = 20 }];

        var again = DiscountMath.ApplyAgain([(100m, altered), (50m, applied[1])], s_rupee);

        again[0].ShouldNotBe(10m);
    }

    private static Arbitrary<(DiscountableLine[] Lines, DiscountTerms[] Discounts)> Cases() => (
        from charges in Gen.NonEmptyListOf(Gen.OneOf(Gen.Choose(0, 9), Gen.Choose(0, 100_000), Gen.Choose(0, 2_000_000_000)))
        from values in Gen.ListOf(Gen.Choose(1, 10_000))
        from shapes in Gen.ArrayOf(Gen.Choose(0, 3), 20)
        select (
            charges.Select((paise, index) => Line(paise / 100m, index % 2 == 0 ? "even" : "odd")).ToArray(),
            values.Take(20).Select((value, index) => shapes[index] switch
            {
                0 => Percent(value / 100m, order: index),
                1 => Percent(value / 100m, "even", index),
                2 => Amount(value / 100m, order: index),
                _ => Amount(value / 100m, "odd", index),
            }).ToArray())).ToArbitrary();

    private static DiscountableLine Line(decimal charge, string metric) => new(charge, metric, "calls", s_october);

    private static DiscountTerms Percent(decimal value, string? metric = null, int? order = null) => new(Id(order), "Discount", DiscountKind.Percentage, value, null, metric, null, s_october.Index, null);

    private static DiscountTerms Amount(decimal value, string? metric = null, int? order = null) => new(Id(order), "Discount", DiscountKind.Amount, value, "INR", metric, null, s_october.Index, null);

    // In order of giving, as those that are stored.
    private static Guid Id(int? order) => order is { } place ? new Guid(place + 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) : Guid.NewGuid();
}

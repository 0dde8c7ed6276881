using Portal.Core.Analytics;
using Portal.Core.Discounts;
using Portal.Core.Metering;
using Portal.Core.Plans;

namespace Portal.Tests.Core.Analytics;

public sealed class MrrMathTests
{
    private static readonly DateOnly s_first = new(2026, 9, 10);

    [Theory]
    [InlineData(12_000, BillingInterval.Year, 1, "INR", "1000")]
    [InlineData(1_000, BillingInterval.Month, 3, "INR", "333.33")]
    [InlineData(1_000, BillingInterval.Year, 1, "JPY", "83")]
    [InlineData(1_000, BillingInterval.Month, 7, "KWD", "142.857")]
    public void A_period_s_fee_is_normalised_to_a_month_and_rounded_once(decimal fee, BillingInterval interval, int count, string currency, string monthly) =>
        MrrMath.Monthly(fee, new BillingCycle(interval, count), currency).ShouldBe(decimal.Parse(monthly, System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void Discounts_of_the_whole_invoice_are_chained_and_none_makes_it_negative()
    {
        RecurringFeeDays[] fees = [Fee(1_000), Fee(500)];

        MrrMath.On(s_first, "INR", fees, [Percent(10), Percent(10)]).ShouldBe(1_215m);
        MrrMath.On(s_first, "INR", fees, [Amount(200, "INR"), Amount(200, "USD")]).ShouldBe(1_300m);
        MrrMath.On(s_first, "INR", fees, [Amount(9_000, "INR")]).ShouldBe(0);
        MrrMath.On(s_first, "USD", fees, []).ShouldBe(0);
    }

    [Fact]
    public void The_first_look_finds_each_change_on_its_own_day()
    {
        RecurringFeeDays[] fees = [Fee(300, to: new DateOnly(2026, 10, 16), name: "Basic"), Fee(600, new DateOnly(2026, 10, 16), new DateOnly(2026, 10, 25), "Pro"), Fee(600, new DateOnly(2026, 11, 2), name: "Pro")];

        var steps = MrrMath.Steps(0, false, null, new DateOnly(2026, 11, 20), "INR", fees, []);

        steps.ShouldBe(
        [
            new MrrStep(MrrMovementKind.New, 300, 300, s_first, "Basic began"),
            new MrrStep(MrrMovementKind.Expansion, 300, 600, new DateOnly(2026, 10, 16), "Basic ended, Pro began"),
            new MrrStep(MrrMovementKind.Churn, -600, 0, new DateOnly(2026, 10, 25), "Pro ended"),
            new MrrStep(MrrMovementKind.Reactivation, 600, 600, new DateOnly(2026, 11, 2), "Pro began"),
        ]);
    }

    [Fact]
    public void What_is_entered_late_moves_on_the_day_it_became_known()
    {
        var today = new DateOnly(2026, 11, 20);
        RecurringFeeDays[] fees = [Fee(300), Fee(200, new DateOnly(2026, 10, 1), known: today, name: "Late")];

        // Never looked at: known on the 20th, it counts from then.
        MrrMath.Steps(0, false, null, today, "INR", fees, []).Select(step => (step.Day, step.Amount)).ShouldBe([(s_first, 300m), (today, 200m)]);
        // Looked at yesterday, and an end that was put before that day.
        MrrMath.Steps(300, true, new DateOnly(2026, 11, 19), today, "INR", [Fee(300, to: new DateOnly(2026, 11, 10))], [])
            .ShouldBe([new MrrStep(MrrMovementKind.Churn, -300, 0, today, "Entered or changed after its day")]);
    }

    [Fact]
    public void A_trial_counts_from_its_first_paid_day_and_apart_before()
    {
        var fee = new RecurringFeeDays("Pro", "INR", 900, s_first, s_first.AddDays(14), null, s_first);

        MrrMath.On(s_first.AddDays(13), "INR", [fee], []).ShouldBe(0);
        MrrMath.TrialOn(s_first.AddDays(13), "INR", [fee]).ShouldBe(900);
        MrrMath.On(s_first.AddDays(14), "INR", [fee], []).ShouldBe(900);
        MrrMath.TrialOn(s_first.AddDays(14), "INR", [fee]).ShouldBe(0);
        MrrMath.Steps(0, false, null, s_first.AddDays(20), "INR", [fee], []).ShouldHaveSingleItem().Cause.ShouldBe("Trial of Pro ended");
    }

    [Fact]
    public void A_second_look_on_the_same_day_finds_nothing_new() =>
        MrrMath.Steps(300, true, new DateOnly(2026, 11, 20), new DateOnly(2026, 11, 20), "INR", [Fee(300)], []).ShouldBeEmpty();

    [Fact]
    public void Whatever_happens_the_steps_sum_to_what_is_there()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var fees = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Fee(random.Next(1, 50), Day(), random.Next(2) == 0 ? null : Day().AddDays(200), known: Day())).ToList();
            var discounts = Enumerable.Range(0, random.Next(0, 3)).Select(_ => Percent(random.Next(1, 60), Day())).ToList();
            var (sum, looked) = (0m, (DateOnly?)null);
            foreach (var today in Enumerable.Range(0, random.Next(1, 6)).Select(_ => Day().AddDays(150)).Distinct().Order())
            {
                var steps = MrrMath.Steps(sum, sum != 0, looked, today, "INR", fees, discounts);
                sum += steps.Sum(step => step.Amount);
                looked = today;
                sum.ShouldBe(MrrMath.On(today, "INR", fees, discounts));
            }
        }

        DateOnly Day() => s_first.AddDays(random.Next(0, 150));
    }

    private static RecurringFeeDays Fee(decimal monthly, DateOnly? from = null, DateOnly? to = null, string name = "Basic", DateOnly? known = null) =>
        new(name, "INR", monthly, from ?? s_first, from ?? s_first, to, known ?? from ?? s_first);

    private static RecurringDiscount Percent(decimal value, DateOnly? known = null) => new(Terms(DiscountKind.Percentage, value, null), known ?? s_first);

    private static RecurringDiscount Amount(decimal value, string currency) => new(Terms(DiscountKind.Amount, value, currency), s_first);

    private static DiscountTerms Terms(DiscountKind kind, decimal value, string? currency) => new(Guid.NewGuid(), "Off", kind, value, currency, null, null, new BillingMonth(2026, 1).Index, null);
}

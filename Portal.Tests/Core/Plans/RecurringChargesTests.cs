using FsCheck;
using FsCheck.Fluent;
using Portal.Core.Currencies;
using Portal.Core.Plans;

namespace Portal.Tests.Core.Plans;

public sealed class RecurringChargesTests
{
    private static readonly Dictionary<string, BilledCharge> s_nothing = new(StringComparer.Ordinal);
    private static readonly Guid s_phase = new("01900000-0000-7000-8000-00000000c001");

    [Fact]
    public void A_fee_is_owed_on_the_first_day_of_each_of_its_periods()
    {
        var terms = Terms(new DateOnly(2026, 1, 31));

        RecurringCharges.Of(terms, new DateOnly(2026, 1, 30), s_nothing).ShouldBeEmpty();
        RecurringCharges.Of(terms, new DateOnly(2026, 3, 31), s_nothing).Select(charge => (charge.Span.From, charge.Span.To, charge.Amount)).ShouldBe(
        [
            (new DateOnly(2026, 1, 31), new DateOnly(2026, 2, 28), 100m),
            (new DateOnly(2026, 2, 28), new DateOnly(2026, 3, 31), 100m),
            (new DateOnly(2026, 3, 31), new DateOnly(2026, 4, 30), 100m),
        ]);
    }

    [Fact]
    public void What_begins_in_the_middle_of_a_period_costs_the_days_that_remain()
    {
        var charge = RecurringCharges.Of(Terms(new DateOnly(2026, 10, 1), from: new DateOnly(2026, 10, 15), fee: 200), new DateOnly(2026, 10, 31), s_nothing).ShouldHaveSingleItem();

        (charge.Span.Days, charge.Period.Days, charge.DaysBefore, charge.Amount).ShouldBe((17, 31, 14, 109.68m));
    }

    [Fact]
    public void What_ends_in_the_middle_of_a_period_gives_the_unused_days_back_in_a_charge_of_its_own()
    {
        var charges = RecurringCharges.Of(Terms(new DateOnly(2026, 10, 1), to: new DateOnly(2026, 10, 18)), new DateOnly(2026, 11, 1), s_nothing).ToList();

        charges.Select(charge => (charge.IsCredit, charge.Amount)).ShouldBe([(false, 100m), (true, -45.16m)]);
        charges[1].Span.ShouldBe(new DaySpan(new DateOnly(2026, 10, 18), new DateOnly(2026, 11, 1)));
    }

    [Fact]
    public void What_ends_with_a_period_gives_nothing_back_and_charges_no_more() =>
        RecurringCharges.Of(Terms(new DateOnly(2026, 10, 1), to: new DateOnly(2026, 11, 1)), new DateOnly(2027, 1, 1), s_nothing).ShouldHaveSingleItem().Amount.ShouldBe(100);

    [Fact]
    public void What_is_invoiced_is_not_due_again_and_a_part_leaves_the_rest()
    {
        var terms = Terms(new DateOnly(2026, 10, 1));
        var keys = RecurringCharges.Of(terms, new DateOnly(2026, 11, 1), s_nothing).Select(charge => charge.Key).ToList();

        RecurringCharges.Due(terms, new DateOnly(2026, 11, 1), keys.ToDictionary(key => key, _ => new BilledCharge(100), StringComparer.Ordinal)).ShouldBeEmpty();
        RecurringCharges.Due(terms, new DateOnly(2026, 11, 1), new Dictionary<string, BilledCharge>(StringComparer.Ordinal) { [keys[0]] = new(100), [keys[1]] = new(30) }).ShouldHaveSingleItem().Amount.ShouldBe(70);
    }

    [Fact]
    public void A_period_that_was_billed_in_advance_and_never_began_is_given_back_whole()
    {
        var billed = new Dictionary<string, BilledCharge>(StringComparer.Ordinal) { [$"{s_phase:n}:0"] = new(100), [$"{s_phase:n}:1"] = new(100) };

        var due = RecurringCharges.Due(Terms(new DateOnly(2026, 10, 1), to: new DateOnly(2026, 11, 1)), new DateOnly(2026, 12, 1), billed).ShouldHaveSingleItem();

        (due.Amount, due.Charge.IsCredit, due.Charge.Span.From).ShouldBe((-100m, true, new DateOnly(2026, 11, 1)));
    }

    [Fact]
    public void Unused_days_are_given_back_at_what_was_paid_for_them()
    {
        var billed = new Dictionary<string, BilledCharge>(StringComparer.Ordinal) { [$"{s_phase:n}:0"] = new(100, 40), [$"{s_phase:n}:1"] = new(100, 50) };

        var due = RecurringCharges.Due(Terms(new DateOnly(2026, 10, 1), to: new DateOnly(2026, 10, 18)), new DateOnly(2026, 12, 1), billed);

        due.Select(one => one.Amount).ShouldBe([-27.10m, -50m]);
    }

    [Fact]
    public void Wherever_a_fee_is_cut_in_two_the_whole_comes_to_the_fee() => Prop.ForAll(Cuts.ToArbitrary(), sample =>
    {
        var (anchor, cut, units) = sample;
        var fee = units / 100m;
        var period = BillingPeriods.At(anchor, new BillingCycle(BillingInterval.Month, 1), 0);
        var day = anchor.AddDays(cut % period.Days);
        var before = RecurringCharges.Of(Terms(anchor, to: day, fee: fee), period.To.AddDays(-1), s_nothing);
        var after = RecurringCharges.Of(Terms(anchor, from: day, fee: fee), period.To.AddDays(-1), s_nothing);

        before.Concat(after).Sum(charge => charge.Amount).ShouldBe(fee);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void However_invoices_follow_each_other_every_charge_is_on_one_of_them() => Prop.ForAll(Cuts.ToArbitrary(), sample =>
    {
        var (anchor, steps, _) = sample;
        var (terms, billed, last) = (Terms(anchor), new Dictionary<string, BilledCharge>(StringComparer.Ordinal), anchor.AddDays(400));
        for (var through = anchor; through <= last; through = through.AddDays(1 + (steps % 45)))
        {
            foreach (var due in RecurringCharges.Due(terms, through, billed))
                billed[due.Charge.Key] = billed.GetValueOrDefault(due.Charge.Key).Plus(new BilledCharge(due.Amount));
        }

        foreach (var due in RecurringCharges.Due(terms, last, billed))
            billed[due.Charge.Key] = billed.GetValueOrDefault(due.Charge.Key).Plus(new BilledCharge(due.Amount));
        billed.Values.Sum(one => one.Amount).ShouldBe(RecurringCharges.Due(terms, last, s_nothing).Sum(due => due.Amount));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("500", 100, 400)]
    [InlineData("500", 500, 0)]
    [InlineData("500", 600, 0)]
    public void A_commitment_charges_what_usage_falls_short_and_never_gives_back(string committed, int spent, int trueUp) =>
        MinimumCommitment.TrueUp(decimal.Parse(committed, System.Globalization.CultureInfo.InvariantCulture), spent).ShouldBe(trueUp);

    [Fact]
    public void A_commitment_holds_for_its_days_of_the_month() =>
        MinimumCommitment.Of([new CommittedDays(100, 14), new CommittedDays(200, 17)], 31, Currency.Of("INR")).ShouldBe(45.16m + 109.68m);

    private static Gen<(DateOnly Anchor, int Cut, int Units)> Cuts =>
        from anchor in Gen.Choose(0, 5 * 365)
        from cut in Gen.Choose(0, 400)
        from units in Gen.Choose(1, 1_000_000)
        select (new DateOnly(2024, 1, 1).AddDays(anchor), cut, units);

    private static RecurringTerms Terms(DateOnly anchor, DateOnly? from = null, DateOnly? to = null, decimal fee = 100) => new()
    {
        PhaseId = s_phase,
        From = from ?? anchor,
        To = to,
        Anchor = anchor,
        Cycle = new BillingCycle(BillingInterval.Month, 1),
        Fee = fee,
        Currency = Currency.Of("INR"),
    };
}

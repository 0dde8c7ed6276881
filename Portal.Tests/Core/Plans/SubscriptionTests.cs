using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Plans;

namespace Portal.Tests.Core.Plans;

public sealed class SubscriptionTests
{
    private static readonly BillingCalendar s_india = new("Asia/Kolkata", null, null);
    private static readonly Dictionary<string, BilledCharge> s_nothing = new(StringComparer.Ordinal);
    private static readonly Guid s_organisation = new("01900000-0000-7000-8000-00000000c002");

    [Fact]
    public void A_change_now_gives_the_unused_days_back_and_charges_the_remaining_ones_and_keeps_the_anchor()
    {
        var subscription = Start(Plan("basic", 100), new DateOnly(2026, 10, 1));

        subscription.Change(Plan("pro", 200), new DateOnly(2026, 10, 15), s_india, At(2026, 10, 15));

        Due(subscription, new DateOnly(2026, 11, 1)).ShouldBe(
        [
            ("basic", new DateOnly(2026, 10, 1), 100m), ("basic", new DateOnly(2026, 10, 15), -54.84m),
            ("pro", new DateOnly(2026, 10, 15), 109.68m), ("pro", new DateOnly(2026, 11, 1), 200m),
        ]);
        subscription.PlanId.ShouldBe(subscription.PhaseOn(new DateOnly(2026, 10, 15)).PlanId);
        subscription.CurrentPeriodEnd.ShouldBe(s_india.Day(new DateOnly(2026, 11, 1)).Start);
    }

    [Fact]
    public void A_change_of_interval_begins_a_new_anchor()
    {
        var subscription = Start(Plan("basic", 100), new DateOnly(2026, 10, 1));

        subscription.Change(Plan("yearly", 1200, BillingInterval.Year), new DateOnly(2026, 10, 15), s_india, At(2026, 10, 15));

        Due(subscription, new DateOnly(2026, 12, 1)).ShouldBe([("basic", new DateOnly(2026, 10, 1), 100m), ("basic", new DateOnly(2026, 10, 15), -54.84m), ("yearly", new DateOnly(2026, 10, 15), 1200m)]);
    }

    [Fact]
    public void A_change_at_the_end_of_the_period_costs_nothing_before_and_gives_way_to_another_one()
    {
        var subscription = Start(Plan("basic", 100), new DateOnly(2026, 10, 1));
        subscription.Change(Plan("pro", 200), new DateOnly(2026, 11, 1), s_india, At(2026, 10, 10));

        subscription.Change(Plan("team", 300), new DateOnly(2026, 11, 1), s_india, At(2026, 10, 11));

        Due(subscription, new DateOnly(2026, 11, 1)).ShouldBe([("basic", new DateOnly(2026, 10, 1), 100m), ("team", new DateOnly(2026, 11, 1), 300m)]);
        subscription.PhaseOn(new DateOnly(2026, 10, 31)).PlanName.ShouldBe("basic");
    }

    [Fact]
    public void Two_changes_on_one_day_leave_the_last_one()
    {
        var subscription = Start(Plan("basic", 100), new DateOnly(2026, 10, 1));
        subscription.Change(Plan("pro", 200), new DateOnly(2026, 10, 15), s_india, At(2026, 10, 15));

        subscription.Change(Plan("team", 310), new DateOnly(2026, 10, 15), s_india, At(2026, 10, 15));

        Due(subscription, new DateOnly(2026, 10, 31)).ShouldBe([("basic", new DateOnly(2026, 10, 1), 100m), ("basic", new DateOnly(2026, 10, 15), -54.84m), ("team", new DateOnly(2026, 10, 15), 170m)]);
    }

    [Fact]
    public void A_trial_that_is_put_off_over_the_end_of_a_month_loses_nothing_and_charges_nothing_twice()
    {
        var subscription = Start(Plan("basic", 100), new DateOnly(2026, 10, 20), trialDays: 10);
        subscription.Status.ShouldBe(SubscriptionStatus.Trialing);

        subscription.ExtendTrial(new DateOnly(2026, 11, 5), new DateOnly(2026, 10, 25), s_india, At(2026, 10, 25));

        Due(subscription, new DateOnly(2026, 11, 1)).ShouldBeEmpty();
        Due(subscription, new DateOnly(2026, 12, 1)).ShouldBe([("basic", new DateOnly(2026, 11, 5), 100m)]);
        Due(subscription, new DateOnly(2027, 1, 1)).ShouldBe([("basic", new DateOnly(2026, 11, 5), 100m), ("basic", new DateOnly(2026, 12, 5), 100m)]);
        subscription.TrialEnd.ShouldBe(s_india.Day(new DateOnly(2026, 11, 5)).Start);
        subscription.Roll(s_india, isPastDue: false, At(2026, 11, 5)).ShouldBeTrue();
        subscription.Status.ShouldBe(SubscriptionStatus.Active);
    }

    [Fact]
    public void A_trial_is_free_also_where_the_plan_changes_within_it()
    {
        var subscription = Start(Plan("basic", 100), new DateOnly(2026, 10, 1), trialDays: 14);

        subscription.Change(Plan("pro", 200), new DateOnly(2026, 10, 5), s_india, At(2026, 10, 5));

        Due(subscription, new DateOnly(2026, 11, 1)).ShouldBe([("pro", new DateOnly(2026, 10, 15), 200m)]);
    }

    [Fact]
    public void A_cancellation_with_the_period_can_be_taken_back_until_it_comes()
    {
        var subscription = Start(Plan("basic", 100), new DateOnly(2026, 10, 1));

        subscription.Cancel(new DateOnly(2026, 11, 1), atPeriodEnd: true, "Too dear", s_india, At(2026, 10, 15));
        (subscription.Status, subscription.CancelAtPeriodEnd).ShouldBe((SubscriptionStatus.Active, true));
        Due(subscription, new DateOnly(2026, 12, 1)).ShouldBe([("basic", new DateOnly(2026, 10, 1), 100m)]);

        subscription.Resume(new DateOnly(2026, 10, 20), s_india, At(2026, 10, 20));
        (subscription.EndsOn, subscription.CancelledAt).ShouldBe((null, null));
        Due(subscription, new DateOnly(2026, 11, 1)).Count.ShouldBe(2);
    }

    [Fact]
    public void What_is_cancelled_is_over_on_its_last_day_and_takes_no_more_changes()
    {
        var subscription = Start(Plan("basic", 100), new DateOnly(2026, 10, 1));
        subscription.Cancel(new DateOnly(2026, 10, 18), atPeriodEnd: false, null, s_india, At(2026, 10, 18));

        subscription.Status.ShouldBe(SubscriptionStatus.Cancelled);
        Due(subscription, new DateOnly(2026, 11, 1)).ShouldBe([("basic", new DateOnly(2026, 10, 1), 100m), ("basic", new DateOnly(2026, 10, 18), -45.16m)]);
        Should.Throw<IllegalTransitionException>(() => subscription.Change(Plan("pro", 200), new DateOnly(2026, 10, 19), s_india, At(2026, 10, 19)));
        Should.Throw<IllegalTransitionException>(() => subscription.Cancel(new DateOnly(2026, 10, 19), false, null, s_india, At(2026, 10, 19)));
        Should.Throw<IllegalTransitionException>(() => subscription.Resume(new DateOnly(2026, 10, 19), s_india, At(2026, 10, 19)));
    }

    [Fact]
    public void A_term_that_runs_out_expires()
    {
        var subscription = Subscription.Start(s_organisation, s_india, Plan("basic", 100), new SubscriptionStart(new DateOnly(2026, 10, 1), EndsOn: new DateOnly(2026, 12, 1)), At(2026, 10, 1));

        subscription.Roll(s_india, isPastDue: true, At(2026, 11, 15)).ShouldBeTrue();
        subscription.Status.ShouldBe(SubscriptionStatus.PastDue);
        subscription.Roll(s_india, isPastDue: false, At(2026, 12, 1)).ShouldBeTrue();
        subscription.Status.ShouldBe(SubscriptionStatus.Expired);
        Due(subscription, new DateOnly(2027, 3, 1)).Count.ShouldBe(2);
    }

    [Fact]
    public void A_service_is_charged_by_days_from_activation_to_cancellation_and_not_while_it_is_suspended()
    {
        var terms = new ServiceTerms { OrganisationId = s_organisation, Name = "POS terminal", Type = "terminal", Serial = "T-1", Quantity = 2, UnitPrice = 150, Currency = "INR", AnchorOn = new DateOnly(2026, 11, 1) };
        var service = Service.Activate(terms, new DateOnly(2026, 11, 11), At(2026, 11, 11));
        service.Suspend(new DateOnly(2026, 11, 16), withAccount: true, At(2026, 11, 16));
        service.Restore(new DateOnly(2026, 11, 21), At(2026, 11, 21));
        service.Cancel(new DateOnly(2026, 11, 26), At(2026, 11, 26));

        // 300 for 30 days: 20 days, 15 given back, 10 days, 5 given back.
        service.Phases.OrderBy(phase => phase.StartsOn).SelectMany(phase => RecurringCharges.Of(phase.Terms(service), new DateOnly(2026, 12, 1), s_nothing))
            .Select(charge => charge.Amount).ShouldBe([200m, -150m, 100m, -50m]);
        service.Status.ShouldBe(ServiceStatus.Cancelled);
    }

    [Fact]
    public void Prices_of_a_month_are_those_of_the_plan_on_its_first_day_or_of_the_first_to_begin_in_it()
    {
        var subscription = Start(Plan("basic", 100), new DateOnly(2026, 10, 15));
        subscription.Change(Plan("pro", 200), new DateOnly(2026, 11, 10), s_india, At(2026, 11, 10));
        var input = new RecurringInput([subscription], [], s_nothing);
        var (basic, pro) = (subscription.PhaseOn(new DateOnly(2026, 10, 15)).PlanId, subscription.PhaseOn(new DateOnly(2026, 11, 10)).PlanId);

        new[] { new BillingMonth(2026, 9), new BillingMonth(2026, 10), new BillingMonth(2026, 11), new BillingMonth(2026, 12) }.Select(input.PlanOf).ShouldBe([null, basic, basic, pro]);
    }

    private static List<(string Plan, DateOnly From, decimal Amount)> Due(Subscription subscription, DateOnly through) =>
        [.. subscription.Phases.OrderBy(phase => phase.StartsOn).ThenBy(phase => phase.Id).SelectMany(phase => RecurringCharges.Due(phase.Terms, through, s_nothing), (phase, due) => (phase.PlanName, due.Charge.Span.From, due.Amount))];

    private static Subscription Start(Plan plan, DateOnly day, int trialDays = 0) =>
        Subscription.Start(s_organisation, s_india, plan, new SubscriptionStart(day, trialDays), At(day.Year, day.Month, day.Day));

    private static Plan Plan(string code, decimal price, BillingInterval interval = BillingInterval.Month) =>
        Portal.Core.Plans.Plan.Create(new PlanTerms { Code = code, Name = code, PriceAmount = price, Currency = "INR", Interval = interval }, At(2026, 1, 1));

    // Noon in India.
    private static DateTimeOffset At(int year, int month, int day) => new(year, month, day, 6, 30, 0, TimeSpan.Zero);
}

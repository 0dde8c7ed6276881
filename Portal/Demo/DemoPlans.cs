using Portal.Core.Access;
using Portal.Core.Plans;
using Portal.Core.Pricing;

namespace Portal.Demo;

/// <summary>The demo's plans, and how its customers came to them: some tried one first, some changed or left. Each on its day, before that month is billed.</summary>
internal sealed class DemoPlans(DemoActions actions)
{
    private const string Sac = "998315";

    private static readonly CallContext s_call = CallContext.System("demo", "Makes the demo");

    // Whoever is billed in another currency pays for what is used, without a plan.
    private static readonly Offer[] s_offers =
    [
        new("INR", "", 1_499, 29_990, 14_999, 60_000, 499, 120),
        new("USD", " (USD)", 19, 390, 199, 350, 7, 2),
        new("EUR", " (EUR)", 18, 360, 189, 320, 6, 2),
        new("GBP", " (GBP)", 15, 310, 159, 280, 5, 1.5m),
    ];

    public async Task MakeAsync(IReadOnlyList<DemoCustomer> customers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var plans = new Dictionary<string, OfferedPlans>(StringComparer.Ordinal);
        actions.Clock.Now = customers.Min(customer => customer.Since);
        foreach (var offer in s_offers.Where(offer => customers.Any(customer => customer.Company.Currency == offer.Currency)))
            plans[offer.Currency] = await OfferAsync(offer, cancellationToken);
        if (plans.TryGetValue("INR", out var home))
            await PricesAsync(home, cancellationToken);
        for (var index = 0; index < customers.Count; index++)
        {
            var customer = customers[index];
            if (plans.TryGetValue(customer.Company.Currency, out var offered) && customer.Since.AddDays(10) < now)
            {
                await SubscribeAsync(index % 10, customer, offered, now, cancellationToken);
                await ServicesAsync(index % 4, customer, offered.Offer, now, cancellationToken);
            }
        }
    }

    /// <summary>Has everything follow the time up to now, credits of plans included.</summary>
    public async Task FinishAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        actions.Clock.Now = now;
        await actions.Get<AdvanceSubscriptions>().RunAsync(s_call, cancellationToken);
    }

    private async Task<OfferedPlans> OfferAsync(Offer offer, CancellationToken cancellationToken)
    {
        var code = offer.Currency == "INR" ? "" : $"-{offer.Currency.ToLowerInvariant()}";
        return new OfferedPlans(
            offer,
            await PlanAsync(new PlanInput
            {
                Code = $"starter{code}", Name = $"Starter{offer.Suffix}", Description = "To begin with.", PriceAmount = offer.Starter, Currency = offer.Currency, TrialPeriodDays = 14, MaxUsers = 10, HsnSac = Sac,
                Features = ["Mail support", "30 days of events"], CustomersMayChange = true, CustomersMayCancel = true,
            }, cancellationToken),
            await PlanAsync(new PlanInput
            {
                Code = $"growth-yearly{code}", Name = $"Growth, yearly{offer.Suffix}", Description = "For teams that know their way. Paid by the year.", PriceAmount = offer.Growth, Currency = offer.Currency, Interval = "year",
                IncludedCredits = 5_000, MaxUsers = 25, HsnSac = Sac, Features = ["Mail and chat support", "A year of events", "Alerts"], CustomersMayChange = true, CustomersMayCancel = true,
            }, cancellationToken),
            await PlanAsync(new PlanInput
            {
                Code = $"scale{code}", Name = $"Scale{offer.Suffix}", Description = "For large volumes, at lower prices against a commitment.", PriceAmount = offer.Scale, Currency = offer.Currency, MinimumCommitment = offer.Commitment,
                IncludedCredits = 20_000, HsnSac = Sac, Features = ["Support by phone", "Events without end", "Lower prices per unit"], CustomersMayChange = true,
            }, cancellationToken));
    }

    private async Task<Guid> PlanAsync(PlanInput input, CancellationToken cancellationToken) => (await actions.Get<SavePlan>().CreateAsync(s_call, input, cancellationToken)).Expect().Id;

    private async Task PricesAsync(OfferedPlans plans, CancellationToken cancellationToken)
    {
        PriceInput[] prices =
        [
            new() { PlanId = plans.Growth, MetricName = "messages", Unit = "count", Price = 0.16m, Included = 20_000 },
            new() { PlanId = plans.Scale, MetricName = "api_calls", Unit = "count", Price = 0.03m, Included = 100_000 },
            new() { PlanId = plans.Scale, MetricName = "messages", Unit = "count", Price = 0.14m, Included = 50_000 },
        ];
        foreach (var price in prices)
            (await actions.Get<CreatePrice>().RunAsync(s_call, price with { Currency = plans.Offer.Currency, Model = "standard", EffectiveFrom = new DateOnly(2020, 1, 1), HsnSac = Sac }, cancellationToken)).Expect();
    }

    private async Task SubscribeAsync(int habit, DemoCustomer customer, OfferedPlans plans, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var late = Later(customer, now, 40);
        switch (habit)
        {
            case 0:
                await ChangeAsync(await StartAsync(customer, plans.Starter, customer.Since, cancellationToken), plans.Scale, ChangeTiming.Now, late, cancellationToken);
                break;
            case 1 or 9:
                await StartAsync(customer, plans.Growth, customer.Since.AddDays(habit), cancellationToken);
                break;
            case 2:
                await CancelAsync(await StartAsync(customer, plans.Scale, customer.Since, cancellationToken), ChangeTiming.PeriodEnd, "They build it themselves.", Later(customer, now, 2), cancellationToken);
                break;
            case 3:
                await ChangeAsync(await StartAsync(customer, plans.Starter, customer.Since, cancellationToken), plans.Growth, ChangeTiming.PeriodEnd, Later(customer, now, 3), cancellationToken);
                break;
            case 4:
                await StartAsync(customer, plans.Starter, now.AddDays(-6), cancellationToken);
                break;
            case 5:
                await CancelAsync(await StartAsync(customer, plans.Starter, customer.Since, cancellationToken), ChangeTiming.Now, "The project ended.", late, cancellationToken);
                break;
            case 6:
                await StartAsync(customer, plans.Scale, customer.Since, cancellationToken);
                break;
            case 8:
                await StartAsync(customer, plans.Starter, Later(customer, now, 75), cancellationToken);
                break;
        }
    }

    // Terminals with a number each, or seats, more of them later; some were sent away for repair.
    private async Task ServicesAsync(int habit, DemoCustomer customer, Offer offer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var save = actions.Get<SaveService>();
        actions.Clock.Now = Later(customer, now, 100);
        if (habit is 0 or 2)
        {
            for (var number = 1; number <= 2; number++)
            {
                var terminal = (await save.ActivateAsync(s_call, new ServiceInput { OrganisationId = customer.OrganisationId, Name = "Card terminal", Type = "terminal", Serial = $"T-{1000 + (habit * 100) + number}", UnitPrice = offer.Terminal, HsnSac = Sac }, cancellationToken)).Expect();
                if (habit != 2 || number != 2)
                    continue;
                actions.Clock.Now = Later(customer, now, 12);
                (await save.SuspendAsync(s_call, terminal.Id, cancellationToken)).Expect();
            }
        }
        else if (habit == 1)
        {
            var seats = (await save.ActivateAsync(s_call, new ServiceInput { OrganisationId = customer.OrganisationId, Name = "Support seat", Type = "seat", Quantity = 5, UnitPrice = offer.Seat, HsnSac = Sac }, cancellationToken)).Expect();
            actions.Clock.Now = Later(customer, now, 35);
            (await save.ChangeQuantityAsync(s_call, seats.Id, 7, cancellationToken)).Expect();
        }
    }

    private async Task<Guid> StartAsync(DemoCustomer customer, Guid plan, DateTimeOffset at, CancellationToken cancellationToken)
    {
        actions.Clock.Now = at;
        return (await actions.Get<StartSubscription>().RunAsync(s_call, new StartSubscriptionRequest { OrganisationId = customer.OrganisationId, PlanId = plan }, cancellationToken)).Expect().Id;
    }

    private async Task ChangeAsync(Guid subscription, Guid plan, ChangeTiming timing, DateTimeOffset at, CancellationToken cancellationToken)
    {
        actions.Clock.Now = at;
        (await actions.Get<ChangeSubscription>().RunAsync(s_call, subscription, plan, timing, cancellationToken)).Expect();
    }

    private async Task CancelAsync(Guid subscription, ChangeTiming timing, string reason, DateTimeOffset at, CancellationToken cancellationToken)
    {
        actions.Clock.Now = at;
        (await actions.Get<CancelSubscription>().RunAsync(s_call, subscription, timing, reason, cancellationToken)).Expect();
    }

    // So many days ago, but not before they were there.
    private static DateTimeOffset Later(DemoCustomer customer, DateTimeOffset now, int daysAgo)
    {
        var first = customer.Since.AddDays(4);
        var day = now.AddDays(-daysAgo);
        return day < first ? first : day;
    }

    private sealed record Offer(string Currency, string Suffix, decimal Starter, decimal Growth, decimal Scale, decimal Commitment, decimal Terminal, decimal Seat);

    private sealed record OfferedPlans(Offer Offer, Guid Starter, Guid Growth, Guid Scale);
}

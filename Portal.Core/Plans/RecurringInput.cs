using Portal.Core.Metering;

namespace Portal.Core.Plans;

/// <summary>A fee as it is printed.</summary>
/// <param name="Name">Of the plan or service.</param>
/// <param name="Terms">What it comes to.</param>
/// <param name="Quantity">How many.</param>
/// <param name="UnitPrice">Of one, for a whole period.</param>
/// <param name="HsnSac">For tax.</param>
/// <param name="IsService">False: a plan's.</param>
public sealed record RecurringFee(string Name, RecurringTerms Terms, decimal Quantity, decimal UnitPrice, string? HsnSac, bool IsService);

/// <summary>What of an organisation comes again and again, and what invoices have of it: what makes recurring lines.</summary>
/// <param name="Subscriptions">With their phases.</param>
/// <param name="Services">With their phases.</param>
/// <param name="Billed">Invoiced so far, by the key of the charge, in the fee's currency.</param>
public sealed record RecurringInput(IReadOnlyList<Subscription> Subscriptions, IReadOnlyList<Service> Services, IReadOnlyDictionary<string, BilledCharge> Billed)
{
    public static RecurringInput None { get; } = new([], [], new Dictionary<string, BilledCharge>(StringComparer.Ordinal));

    /// <summary>Every fee: plans first, then services, oldest first.</summary>
    public IEnumerable<RecurringFee> Fees =>
        Subscriptions.SelectMany(subscription => subscription.Phases).OrderBy(phase => phase.StartsOn).ThenBy(phase => phase.Id)
            .Select(phase => new RecurringFee(phase.PlanName, phase.Terms, 1, phase.Fee, phase.HsnSac, false))
            .Concat(Services.OrderBy(service => service.Id).SelectMany(service => service.Phases.OrderBy(phase => phase.StartsOn).ThenBy(phase => phase.Id)
                .Select(phase => new RecurringFee(service.Serial is { } serial ? $"{service.Name} ({serial})" : service.Name, phase.Terms(service), phase.Quantity, phase.UnitPrice, service.HsnSac, true))));

    /// <summary>The plan whose prices rate a month: the one in force on its first day, or, when none is, the first to begin within it.</summary>
    public Guid? PlanOf(BillingMonth month) =>
        (Phases(month).FirstOrDefault(phase => phase.StartsOn <= month.FirstDay) ?? Phases(month).FirstOrDefault())?.PlanId;

    /// <summary>The phases that promise to use so much of the month, with the paid days of it that they held.</summary>
    public IEnumerable<(SubscriptionPhase Phase, int Days)> Promises(BillingMonth month)
    {
        var (first, end) = (month.FirstDay, month.Next.FirstDay);
        foreach (var phase in Phases(month).Where(phase => phase.MinimumCommitment > 0))
        {
            var from = phase.ChargedFrom > first ? phase.ChargedFrom : first;
            var to = phase.EndsOn is { } ends && ends < end ? ends : end;
            if (to > from)
                yield return (phase, to.DayNumber - from.DayNumber);
        }
    }

    private IEnumerable<SubscriptionPhase> Phases(BillingMonth month) =>
        Subscriptions.SelectMany(subscription => subscription.Phases)
            .Where(phase => phase.StartsOn < month.Next.FirstDay && (phase.EndsOn is null || (phase.EndsOn > month.FirstDay && phase.EndsOn > phase.StartsOn)))
            .OrderBy(phase => phase.StartsOn);
}

using Portal.Core.Currencies;
using Portal.Core.Kernel;

namespace Portal.Core.Plans;

/// <summary>Where a service stands; stored as text.</summary>
public enum ServiceStatus
{
    Active,

    /// <summary>With the account, or by staff: its days are not charged.</summary>
    Suspended,

    Cancelled,
}

/// <summary>A recurring fee for things of a kind: a terminal, a seat. Charged by days from its activation on.</summary>
public sealed class Service : IOrganisationOwned
{
    private readonly List<ServicePhase> _phases = [];

    private Service() { }

    public Guid Id { get; private set; }

    public Guid OrganisationId { get; private set; }

    /// <summary>As printed on invoices.</summary>
    public string Name { get; private set; } = "";

    /// <summary>What sort of thing, e.g. <c>terminal</c>.</summary>
    public string Type { get; private set; } = "";

    /// <summary>The thing's own number, if it has one.</summary>
    public string? Serial { get; private set; }

    /// <summary>Above 0.</summary>
    public decimal Quantity { get; private set; }

    /// <summary>Of one, for a whole period; up to 12 decimals.</summary>
    public decimal UnitPrice { get; private set; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; private set; } = "";

    public BillingInterval Interval { get; private set; }

    public int IntervalCount { get; private set; }

    public string? HsnSac { get; private set; }

    /// <summary>Where its periods are counted from.</summary>
    public DateOnly AnchorOn { get; private set; }

    public ServiceStatus Status { get; private set; }

    /// <summary>True: it was suspended with the account, and comes back with it.</summary>
    public bool IsSuspendedWithAccount { get; private set; }

    /// <summary>First day in force.</summary>
    public DateOnly ActivatedOn { get; private set; }

    /// <summary>First day no longer in force.</summary>
    public DateOnly? CancelledOn { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>In no order.</summary>
    public IReadOnlyList<ServicePhase> Phases => _phases;

    /// <summary>Of all of them, for a whole period, rounded to the currency.</summary>
    public decimal Fee => Currencies.Currency.Of(Currency).Round(Quantity * UnitPrice);

    public BillingCycle Cycle => new(Interval, IntervalCount);

    public static Service Activate(ServiceTerms terms, DateOnly day, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var service = new Service
        {
            Id = Guid.CreateVersion7(now),
            OrganisationId = terms.OrganisationId,
            Name = terms.Name,
            Type = terms.Type,
            Serial = terms.Serial,
            Quantity = terms.Quantity,
            UnitPrice = terms.UnitPrice,
            Currency = terms.Currency,
            Interval = terms.Interval,
            IntervalCount = terms.IntervalCount,
            HsnSac = terms.HsnSac,
            AnchorOn = terms.AnchorOn ?? day,
            ActivatedOn = day,
            CreatedAt = now,
            UpdatedAt = now,
        };
        service._phases.Add(ServicePhase.Of(service, day, now));
        return service;
    }

    /// <summary>Another quantity from a day on: what is unused of the old fee is given back, the remaining days of the new one are charged.</summary>
    public ServicePhase ChangeQuantity(decimal quantity, DateOnly day, DateTimeOffset now)
    {
        if (Status != ServiceStatus.Active)
            throw new IllegalTransitionException("Only an active service can be changed.");
        End(day, now);
        (Quantity, UpdatedAt) = (quantity, now);
        return Begin(day, now);
    }

    public void Suspend(DateOnly day, bool withAccount, DateTimeOffset now)
    {
        if (Status != ServiceStatus.Active)
            throw new IllegalTransitionException("Only an active service can be suspended.");
        End(day, now);
        (Status, IsSuspendedWithAccount, UpdatedAt) = (ServiceStatus.Suspended, withAccount, now);
    }

    public ServicePhase Restore(DateOnly day, DateTimeOffset now)
    {
        if (Status != ServiceStatus.Suspended)
            throw new IllegalTransitionException("The service is not suspended.");
        (Status, IsSuspendedWithAccount, UpdatedAt) = (ServiceStatus.Active, false, now);
        return Begin(day, now);
    }

    public void Cancel(DateOnly day, DateTimeOffset now)
    {
        if (Status == ServiceStatus.Cancelled)
            throw new IllegalTransitionException("The service is already cancelled.");
        if (Status == ServiceStatus.Active)
            End(day, now);
        (Status, CancelledOn, IsSuspendedWithAccount, UpdatedAt) = (ServiceStatus.Cancelled, day < ActivatedOn ? ActivatedOn : day, false, now);
    }

    private void End(DateOnly day, DateTimeOffset now)
    {
        foreach (var phase in _phases.Where(phase => phase.EndsOn is null))
            phase.End(day, now);
    }

    private ServicePhase Begin(DateOnly day, DateTimeOffset now)
    {
        var phase = ServicePhase.Of(this, day < ActivatedOn ? ActivatedOn : day, now);
        _phases.Add(phase);
        return phase;
    }
}

/// <summary>A service's terms, checked.</summary>
public sealed record ServiceTerms
{
    public required Guid OrganisationId { get; init; }

    public required string Name { get; init; }

    public required string Type { get; init; }

    public string? Serial { get; init; }

    public decimal Quantity { get; init; } = 1;

    public required decimal UnitPrice { get; init; }

    public required string Currency { get; init; }

    public BillingInterval Interval { get; init; } = BillingInterval.Month;

    public int IntervalCount { get; init; } = 1;

    public string? HsnSac { get; init; }

    /// <summary>The activation day when left out.</summary>
    public DateOnly? AnchorOn { get; init; }
}

/// <summary>A time in which a service was charged, and what for.</summary>
public sealed class ServicePhase : IOrganisationOwned
{
    private ServicePhase() { }

    public Guid Id { get; private set; }

    public Guid ServiceId { get; private set; }

    public Guid OrganisationId { get; private set; }

    public decimal Quantity { get; private set; }

    public decimal UnitPrice { get; private set; }

    /// <summary>First day that is charged.</summary>
    public DateOnly StartsOn { get; private set; }

    /// <summary>First day no longer charged; null while open.</summary>
    public DateOnly? EndsOn { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>What it comes to, for <see cref="RecurringCharges"/>.</summary>
    public RecurringTerms Terms(Service service)
    {
        ArgumentNullException.ThrowIfNull(service);
        var currency = Currency.Of(service.Currency);
        return new RecurringTerms
        {
            PhaseId = Id,
            From = StartsOn,
            To = EndsOn,
            Anchor = service.AnchorOn,
            Cycle = service.Cycle,
            Fee = currency.Round(Quantity * UnitPrice),
            Currency = currency,
        };
    }

    internal static ServicePhase Of(Service service, DateOnly day, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        ServiceId = service.Id,
        OrganisationId = service.OrganisationId,
        Quantity = service.Quantity,
        UnitPrice = service.UnitPrice,
        StartsOn = day,
        CreatedAt = now,
        UpdatedAt = now,
    };

    internal void End(DateOnly day, DateTimeOffset now) => (EndsOn, UpdatedAt) = (day < StartsOn ? StartsOn : day, now);
}

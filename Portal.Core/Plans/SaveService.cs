using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Currencies;
using Portal.Core.Kernel;
using Portal.Core.Organisations;

namespace Portal.Core.Plans;

/// <summary>A service as it was typed or sent.</summary>
public sealed record ServiceInput
{
    public Guid OrganisationId { get; init; }

    /// <summary>1 to 100 characters, as printed.</summary>
    public string? Name { get; init; }

    /// <summary>1 to 50 characters, e.g. <c>terminal</c>.</summary>
    public string? Type { get; init; }

    /// <summary>At most 100 characters.</summary>
    public string? Serial { get; init; }

    /// <summary>Above 0, at most 12 decimals; 1 when left out.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>Of one, for a whole period; 0 and up, at most 12 decimals.</summary>
    public decimal? UnitPrice { get; init; }

    /// <summary><c>month</c> (when left out) or <c>year</c>.</summary>
    public string? Interval { get; init; }

    /// <summary>1 (when left out) to 36.</summary>
    public int? IntervalCount { get; init; }

    /// <summary>4 to 8 digits.</summary>
    public string? HsnSac { get; init; }

    /// <summary>Where its periods are counted from; the activation day when left out, never after it.</summary>
    public DateOnly? AnchorOn { get; init; }

    /// <summary>In the organisation's zone; today when left out, and within a year of it.</summary>
    public DateOnly? ActivatedOn { get; init; }
}

/// <summary>
/// Activates services, changes, suspends, restores and cancels them: each with effect from today in the organisation's zone. Staff only; needs
/// <c>subscriptions:write</c>. Fails with <c>not_found</c>, <c>invalid</c> by field, <c>serial_taken</c>, <c>not_active</c>, <c>not_suspended</c>,
/// <c>account_suspended</c>, <c>account_closed</c> or <c>already_cancelled</c>.
/// </summary>
public sealed class SaveService(IBillingStore store, TimeProvider clock)
{
    private const decimal Largest = 1_000_000_000_000m;

    /// <summary>In the organisation's currency.</summary>
    public async Task<Result<Service>> ActivateAsync(CallContext call, ServiceInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (Refuse(call) is { } refused)
            return refused;
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<Organisation>(input.OrganisationId, cancellationToken) is not { } organisation)
            return Failure.NotFound("organisation");
        if (!organisation.IsActive)
            return Failure.Conflict("account_closed", "The account is closed. Reopen it first.");
        if (organisation.Status == OrganisationStatus.Suspended)
            return Failure.Conflict("account_suspended", "The account is suspended. Restore it first.");
        var today = Subscription.Today(organisation.Calendar, now);
        var day = input.ActivatedOn ?? today;
        if (Check(input, organisation, today, day) is { Count: > 0 } failures)
            return failures;
        var service = Service.Activate(
            new ServiceTerms
            {
                OrganisationId = organisation.Id,
                Name = input.Name!.Trim(),
                Type = input.Type!.Trim(),
                Serial = Text(input.Serial),
                Quantity = input.Quantity ?? 1,
                UnitPrice = input.UnitPrice!.Value,
                Currency = organisation.Currency,
                Interval = input.Interval == "year" ? BillingInterval.Year : BillingInterval.Month,
                IntervalCount = input.IntervalCount ?? 1,
                HsnSac = Text(input.HsnSac),
                AnchorOn = input.AnchorOn,
            },
            day,
            now);
        db.Services.Add(service);
        db.Audit(call, new AuditRecord("service.activated", "service", service.Id, organisation.Id, After: Written(service)), now);
        try
        {
            await db.CommitAsync(cancellationToken);
            return service;
        }
        catch (UniqueViolationException)
        {
            return new Failure(FailureKind.Conflict, "serial_taken", "Another service of this type has this serial number.", "serial");
        }
    }

    /// <summary>The unused days of the old fee are given back, the remaining ones of the new fee are charged.</summary>
    public Task<Result<Service>> ChangeQuantityAsync(CallContext call, Guid id, decimal quantity, CancellationToken cancellationToken) =>
        DoAsync(call, id, "service.changed", (db, service, day, now) =>
        {
            if (quantity is <= 0 or >= Largest || decimal.Round(quantity, 12) != quantity)
                return Failure.Invalid("quantity", "Enter a number above 0, with at most 12 decimals.");
            if (service.Status != ServiceStatus.Active)
                return Failure.Conflict("not_active", "Only an active service can be changed.");
            db.ServicePhases.Add(service.ChangeQuantity(quantity, day, now));
            return null;
        }, cancellationToken);

    /// <summary>From today its days are not charged.</summary>
    public Task<Result<Service>> SuspendAsync(CallContext call, Guid id, CancellationToken cancellationToken) =>
        DoAsync(call, id, "service.suspended", (_, service, day, now) =>
        {
            if (service.Status != ServiceStatus.Active)
                return Failure.Conflict("not_active", "Only an active service can be suspended.");
            service.Suspend(day, withAccount: false, now);
            return null;
        }, cancellationToken);

    /// <summary>From today its days are charged again.</summary>
    public Task<Result<Service>> RestoreAsync(CallContext call, Guid id, CancellationToken cancellationToken) =>
        DoAsync(call, id, "service.restored", (db, service, day, now) =>
        {
            if (service.Status != ServiceStatus.Suspended)
                return Failure.Conflict("not_suspended", "The service is not suspended.");
            if (service.IsSuspendedWithAccount)
                return Failure.Conflict("account_suspended", "It is suspended with the account and will be restored with it.");
            db.ServicePhases.Add(service.Restore(day, now));
            return null;
        }, cancellationToken);

    /// <summary>For good; what is unused is given back.</summary>
    public Task<Result<Service>> CancelAsync(CallContext call, Guid id, CancellationToken cancellationToken) =>
        DoAsync(call, id, "service.cancelled", (_, service, day, now) =>
        {
            if (service.Status == ServiceStatus.Cancelled)
                return Failure.Conflict("already_cancelled", "The service is already cancelled.");
            service.Cancel(day, now);
            return null;
        }, cancellationToken);

    internal static object Written(Service service) => new { service.Name, service.Type, service.Serial, service.Quantity, service.UnitPrice, service.Currency, service.Status, service.ActivatedOn, service.CancelledOn };

    private async Task<Result<Service>> DoAsync(CallContext call, Guid id, string action, Func<IBillingDb, Service, DateOnly, DateTimeOffset, Failure?> change, CancellationToken cancellationToken)
    {
        if (Refuse(call) is { } refused)
            return refused;
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var owner = await db.Services.Where(row => row.Id == id).Select(row => (Guid?)row.OrganisationId).SingleOrDefaultAsync(cancellationToken);
        if (owner is not { } organisationId || await db.LockAsync<Organisation>(organisationId, cancellationToken) is not { } organisation)
            return Failure.NotFound("service");
        var service = await db.Services.Include(row => row.Phases).SingleAsync(row => row.Id == id, cancellationToken);
        var before = Written(service);
        if (change(db, service, Subscription.Today(organisation.Calendar, now), now) is { } refusal)
            return refusal;
        db.Audit(call, new AuditRecord(action, "service", id, organisation.Id, before, Written(service)), now);
        await db.CommitAsync(cancellationToken);
        return service;
    }

    private static List<Failure> Check(ServiceInput input, Organisation organisation, DateOnly today, DateOnly day)
    {
        var failures = new List<Failure>();
        Require(input.Name?.Trim().Length is >= 1 and <= 100, "name", "Enter a name of 1 to 100 characters.");
        Require(input.Type?.Trim().Length is >= 1 and <= 50, "type", "Enter a type of 1 to 50 characters.");
        Require(input.Serial is null || input.Serial.Trim().Length <= 100, "serial", "At most 100 characters.");
        Require(input.Quantity is null or (> 0 and < Largest), "quantity", "Enter a number above 0.");
        Require(input.Quantity is not { } quantity || decimal.Round(quantity, 12) == quantity, "quantity", "At most 12 decimals.");
        Require(input.UnitPrice is >= 0 and < Largest, "unitPrice", "Enter a price of 0 or more.");
        Require(input.UnitPrice is not { } price || decimal.Round(price, 12) == price, "unitPrice", "At most 12 decimals.");
        Require(input.Interval is null or "month" or "year", "interval", "Choose month or year.");
        Require(input.IntervalCount is null or (>= 1 and <= 36), "intervalCount", "Enter 1 to 36.");
        Require(Text(input.HsnSac) is not { } code || (code.Length is >= 4 and <= 8 && code.All(char.IsAsciiDigit)), "hsnSac", "Enter 4 to 8 digits.");
        Require(Math.Abs(day.DayNumber - today.DayNumber) <= SubscriptionAccess.StartWithin, "activatedOn", "Enter a date within a year of today.");
        Require(input.AnchorOn is not { } anchor || anchor <= day, "anchorOn", "The billing anchor must be on or before the activation date.");
        Require(Currency.TryOf(organisation.Currency, out _), "organisationId", "The organisation has no currency.");
        return failures;

        void Require(bool holds, string field, string message)
        {
            if (!holds)
                failures.Add(Failure.Invalid(field, message));
        }
    }

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static Failure? Refuse(CallContext call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.May(Permissions.SubscriptionsWrite) && call.OrganisationId is null ? null : Failure.Forbidden();
    }
}

/// <summary>Has services, and what is subscribed to, follow their account: suspended, restored and closed in the same transaction.</summary>
internal static class AccountServices
{
    /// <summary>The organisation's row is locked by the caller.</summary>
    public static Task SuspendAsync(IBillingDb db, CallContext call, Organisation organisation, DateTimeOffset now, CancellationToken cancellationToken) =>
        EachAsync(db, call, "service.suspended", organisation, service => service.Status == ServiceStatus.Active, (service, day) => service.Suspend(day, withAccount: true, now), now, cancellationToken);

    /// <inheritdoc cref="SuspendAsync" />
    public static Task RestoreAsync(IBillingDb db, CallContext call, Organisation organisation, DateTimeOffset now, CancellationToken cancellationToken) =>
        EachAsync(db, call, "service.restored", organisation, service => service.IsSuspendedWithAccount, (service, day) => db.ServicePhases.Add(service.Restore(day, now)), now, cancellationToken);

    /// <summary>The account is closed: its services and its subscription end today, and what is unused of them is given back.</summary>
    public static async Task CloseAsync(IBillingDb db, CallContext call, Organisation organisation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await EachAsync(db, call, "service.cancelled", organisation, _ => true, (service, day) => service.Cancel(day, now), now, cancellationToken);
        var today = Subscription.Today(organisation.Calendar, now);
        var running = await db.Subscriptions.Include(row => row.Phases)
            .Where(row => row.OrganisationId == organisation.Id && row.Status != SubscriptionStatus.Cancelled && row.Status != SubscriptionStatus.Expired).ToListAsync(cancellationToken);
        foreach (var subscription in running)
        {
            var before = SubscriptionAccess.Written(subscription);
            if (subscription.EndsOn <= today)
            {
                // It was over already, and nobody had said so yet.
                subscription.Roll(organisation.Calendar, isPastDue: false, now);
            }
            else
            {
                if (subscription.CancelAtPeriodEnd)
                    subscription.Resume(today, organisation.Calendar, now);
                subscription.Cancel(today < subscription.StartsOn ? subscription.StartsOn : today, atPeriodEnd: false, "The account was closed.", organisation.Calendar, now);
            }

            db.Audit(call, new AuditRecord("subscription.cancelled", "subscription", subscription.Id, organisation.Id, before, SubscriptionAccess.Written(subscription)), now);
        }
    }

    private static async Task EachAsync(
        IBillingDb db, CallContext call, string action, Organisation organisation, Func<Service, bool> which, Action<Service, DateOnly> change, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var day = Subscription.Today(organisation.Calendar, now);
        var services = await db.Services.Include(row => row.Phases).Where(row => row.OrganisationId == organisation.Id && row.Status != ServiceStatus.Cancelled).ToListAsync(cancellationToken);
        foreach (var service in services.Where(which))
        {
            var before = SaveService.Written(service);
            change(service, day);
            db.Audit(call, new AuditRecord(action, "service", service.Id, organisation.Id, before, SaveService.Written(service)), now);
        }
    }
}

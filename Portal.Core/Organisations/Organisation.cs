using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Tax;

namespace Portal.Core.Organisations;

/// <summary>Whether an organisation is in good standing.</summary>
public enum OrganisationStatus
{
    Active,

    /// <summary>Something is past due; everything still works.</summary>
    Overdue,

    /// <summary>Keys are refused; the portal stays open to pay.</summary>
    Suspended,
}

/// <summary>A customer: the tenant that projects, keys, usage and invoices belong to.</summary>
public sealed class Organisation
{
    private Organisation() { }

    public Guid Id { get; private set; }

    public string Name { get; private set; } = "";

    /// <summary>Where invoices, receipts and reminders are mailed.</summary>
    public string BillingEmail { get; private set; } = "";

    /// <summary>ISO 4217 code that its invoices are made in; fixed once an invoice is issued.</summary>
    public string Currency { get; private set; } = "";

    /// <summary>IANA zone that cuts its billing months.</summary>
    public string TimeZone { get; private set; } = "";

    /// <summary>The zone that takes over at <see cref="TimeZoneChangesAt"/>, if a change is under way.</summary>
    public string? NextTimeZone { get; private set; }

    /// <summary>The start of the period from which <see cref="NextTimeZone"/> is in force.</summary>
    public DateTimeOffset? TimeZoneChangesAt { get; private set; }

    /// <summary>BCP 47 tag for numbers and dates on its documents, e.g. <c>en-IN</c>.</summary>
    public string Locale { get; private set; } = "";

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string Country { get; private set; } = "";

    /// <summary>State or province; for India the two-digit GST state code.</summary>
    public string? StateCode { get; private set; }

    /// <summary>GSTIN, VAT number or the like, as printed on its invoices.</summary>
    public string? TaxId { get; private set; }

    /// <summary>Postal address, one line per row.</summary>
    public string? Address { get; private set; }

    /// <summary>Days from issue until an invoice is due, 0 to 365.</summary>
    public int PaymentTermsDays { get; private set; }

    public OrganisationStatus Status { get; private set; }

    /// <summary>When and why it was suspended; null while it is not.</summary>
    public DateTimeOffset? SuspendedAt { get; private set; }

    /// <inheritdoc cref="SuspendedAt" />
    public string? SuspensionReason { get; private set; }

    /// <summary>False once staff closed the account: nothing is accepted and no new invoice is made after the last usage.</summary>
    public bool IsActive { get; private set; } = true;

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>The calendar that cuts this organisation's billing months.</summary>
    public BillingCalendar Calendar => new(TimeZone, NextTimeZone, TimeZoneChangesAt);

    public static Organisation Create(OrganisationProfile profile, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var organisation = new Organisation { Id = Guid.CreateVersion7(now), CreatedAt = now, TimeZone = profile.TimeZone };
        organisation.Apply(profile, now);
        return organisation;
    }

    /// <summary>Takes over the profile. A change of zone waits for the start of the next period.</summary>
    public void Change(OrganisationProfile profile, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(profile);
        if (TimeZoneChangesAt is { } due && due <= now)
            (TimeZone, NextTimeZone, TimeZoneChangesAt) = (NextTimeZone!, null, null);
        if (!string.Equals(profile.TimeZone, NextTimeZone ?? TimeZone, StringComparison.Ordinal))
        {
            var moves = !string.Equals(profile.TimeZone, TimeZone, StringComparison.Ordinal);
            var current = new BillingCalendar(TimeZone, null, null);
            NextTimeZone = moves ? profile.TimeZone : null;
            TimeZoneChangesAt = moves ? current.Period(current.MonthOf(now)).End : null;
        }

        Apply(profile, now);
    }

    /// <summary>Has its keys refused.</summary>
    public void Suspend(string reason, DateTimeOffset now)
    {
        if (Status == OrganisationStatus.Suspended)
            throw new IllegalTransitionException("The organisation is already suspended.");
        (Status, SuspendedAt, SuspensionReason, UpdatedAt) = (OrganisationStatus.Suspended, now, reason, now);
    }

    /// <summary>Back to good standing, or to overdue where something is past due.</summary>
    public void Restore(bool isOverdue, DateTimeOffset now)
    {
        if (Status != OrganisationStatus.Suspended)
            throw new IllegalTransitionException("The organisation is not suspended.");
        (Status, SuspendedAt, SuspensionReason, UpdatedAt) = (isOverdue ? OrganisationStatus.Overdue : OrganisationStatus.Active, null, null, now);
    }

    /// <summary>Has the address follow the tax profile that is in force.</summary>
    public void TakeTaxFacts(CustomerTaxFacts facts, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(facts);
        (Country, StateCode, TaxId, Address, UpdatedAt) = (facts.Country, facts.StateCode, facts.TaxId, facts.Address, now);
    }

    private void Apply(OrganisationProfile profile, DateTimeOffset now)
    {
        Name = profile.Name;
        BillingEmail = profile.BillingEmail;
        Currency = profile.Currency;
        Locale = profile.Locale;
        Country = profile.Country;
        StateCode = profile.StateCode;
        TaxId = profile.TaxId;
        Address = profile.Address;
        PaymentTermsDays = profile.PaymentTermsDays;
        IsActive = profile.IsActive;
        UpdatedAt = now;
    }
}

/// <summary>The facts of an organisation that staff can edit.</summary>
public sealed record OrganisationProfile
{
    public required string Name { get; init; }

    public required string BillingEmail { get; init; }

    public required string Currency { get; init; }

    public required string TimeZone { get; init; }

    public required string Country { get; init; }

    public string Locale { get; init; } = "en-IN";

    public string? StateCode { get; init; }

    public string? TaxId { get; init; }

    public string? Address { get; init; }

    /// <summary>Days, 0 to 365.</summary>
    public int PaymentTermsDays { get; init; } = 15;

    public bool IsActive { get; init; } = true;
}

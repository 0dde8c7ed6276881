using Portal.Core.Discounts;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Organisations;
using Portal.Core.Plans;
using Portal.Core.Pricing;
using Portal.Core.Tax;

namespace Portal.Core.BillingRuns;

/// <summary>An invoice that counts, of one of the months in question.</summary>
/// <param name="Id">The invoice.</param>
/// <param name="Month">Its month.</param>
/// <param name="Status">Where it stands; never void.</param>
/// <param name="IsRemade">A draft that is to be thrown away and made anew.</param>
public sealed record MonthInvoice(Guid Id, BillingMonth Month, InvoiceStatus Status, bool IsRemade);

/// <summary>A run that was completed.</summary>
/// <param name="Month">Its month.</param>
/// <param name="OrganisationId">The one organisation, or null for all.</param>
/// <param name="CreatedAt">When it was started.</param>
public sealed record CompletedRun(BillingMonth Month, Guid? OrganisationId, DateTimeOffset CreatedAt);

/// <summary>Everything that the invoices of some organisations are made of.</summary>
/// <param name="Organisations">Those that exist.</param>
/// <param name="Usage">By organisation.</param>
/// <param name="Invoices">Of the months, by organisation; without supplements.</param>
/// <param name="Runs">That were completed.</param>
/// <param name="Prices">In question.</param>
/// <param name="Tax">The tables of tax and exchange rates.</param>
/// <param name="Supplements">The highest number of a supplement that an organisation has in the month to bill.</param>
public sealed record BillingInput(
    IReadOnlyList<Organisation> Organisations,
    ILookup<Guid, MeteredUsage> Usage,
    ILookup<Guid, MonthInvoice> Invoices,
    IReadOnlyList<CompletedRun> Runs,
    PriceBook Prices,
    TaxTables Tax,
    IReadOnlyDictionary<Guid, int> Supplements)
{
    /// <summary>Subscriptions and services, by organisation; without an entry it has none.</summary>
    public IReadOnlyDictionary<Guid, RecurringInput> Recurring { get; init; } = new Dictionary<Guid, RecurringInput>();

    /// <summary>What organisations have been given, in the order of giving.</summary>
    public ILookup<Guid, DiscountTerms> Discounts { get; init; } = Array.Empty<(Guid Id, DiscountTerms Terms)>().ToLookup(row => row.Id, row => row.Terms);

    /// <summary>The invoice of an organisation's month, as it would be issued at an instant.</summary>
    public InvoiceDraft Draft(Organisation organisation, BillingMonth month, IEnumerable<MeteredUsage> usage, DateTimeOffset now, bool withFees = true)
    {
        ArgumentNullException.ThrowIfNull(organisation);
        return InvoiceDraftBuilder.Build(
            organisation, month, usage, Prices, Tax, Tax.DayOf(now), Recurring.GetValueOrDefault(organisation.Id), [.. Discounts[organisation.Id]], withFees);
    }

    /// <summary>
    /// What to bill an organisation in a month: that month's usage, and late usage of the months before it that are closed. A month is closed
    /// when it has an issued invoice, or when a run that began after its end was completed and found nothing to bill. A month that is neither
    /// has its own run, and its own invoice, still to come.
    /// </summary>
    public IEnumerable<MeteredUsage> BillableUsage(Organisation organisation, BillingMonth month)
    {
        ArgumentNullException.ThrowIfNull(organisation);
        var invoices = Invoices[organisation.Id].ToDictionary(invoice => invoice.Month);
        var calendar = organisation.Calendar;
        return Usage[organisation.Id].Where(usage => usage.Month == month || IsClosed(usage.Month));

        bool IsClosed(BillingMonth earlier) => invoices.TryGetValue(earlier, out var invoice)
            ? invoice.Status != InvoiceStatus.Draft
            : Runs.Any(run => run.Month == earlier && (run.OrganisationId is null || run.OrganisationId == organisation.Id) && run.CreatedAt >= calendar.Period(earlier).End);
    }
}

/// <summary>Which input is asked for.</summary>
/// <param name="Month">The month to bill.</param>
/// <param name="FirstMonth">The earliest month that is looked at for late usage.</param>
/// <param name="RemakeDrafts">True: every draft of the month is made anew; false: only those that are held back.</param>
/// <param name="Lock">True: nobody else bills these organisations until the session ends.</param>
/// <param name="WithFees">False: for a draft without fees; services, and what was charged for fees before, are not read.</param>
/// <param name="CoverAt">With a lock: the month's usage is covered by prepaid credits first, as of this instant; null: as it is covered already.</param>
public sealed record BillingInputRequest(BillingMonth Month, BillingMonth FirstMonth, bool RemakeDrafts, bool Lock, bool WithFees = true, DateTimeOffset? CoverAt = null);

/// <summary>Reads what invoices are made of, for many organisations in a handful of queries.</summary>
public interface IBillingInputs
{
    /// <summary>The input of those organisations that exist.</summary>
    Task<BillingInput> LoadAsync(IBillingDb db, IReadOnlyList<Guid> organisationIds, BillingInputRequest request, CancellationToken cancellationToken);
}

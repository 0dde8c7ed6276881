using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Plans;
using Portal.Core.Tax;

namespace Portal.Core.Organisations;

/// <summary>What is to change; null leaves a fact as it is, an empty text takes an optional one away.</summary>
public sealed record OrganisationChanges
{
    public string? Name { get; init; }

    public string? BillingEmail { get; init; }

    public string? Currency { get; init; }

    public string? TimeZone { get; init; }

    public string? Country { get; init; }

    public string? Locale { get; init; }

    public string? StateCode { get; init; }

    public string? TaxId { get; init; }

    public string? Address { get; init; }

    public int? PaymentTermsDays { get; init; }

    public bool? IsActive { get; init; }
}

/// <summary>Edits an organisation. Staff change everything; its own people the billing address, mail address, tax id, state and language.</summary>
public sealed class ChangeOrganisation(IBillingStore store, TimeProvider clock)
{
    /// <summary>Fails with <c>invalid</c> by field, or <c>currency_in_use</c> when an invoice exists in the old currency.</summary>
    public async Task<Result<Organisation>> RunAsync(CallContext call, Guid id, OrganisationChanges changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(changes);
        if (!call.May(Permissions.OrganisationsWrite))
            return Failure.Forbidden();
        if (call.OrganisationId is not null && changes != OwnPart(changes))
            return Failure.Forbidden("Contact us to change the name, currency, time zone, country or payment terms.");
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<Organisation>(id, cancellationToken) is not { } organisation)
            return Failure.NotFound("organisation");
        var before = Profile(organisation);
        var after = OrganisationRules.Tidy(Merge(before, changes));
        if (OrganisationRules.Check(after) is { Count: > 0 } failures)
            return failures;
        if (after.Currency != before.Currency && await db.Invoices.AnyAsync(invoice => invoice.OrganisationId == id && invoice.Status != InvoiceStatus.Void, cancellationToken))
            return Failure.Conflict("currency_in_use", $"There are invoices in {before.Currency}, so the currency can't be changed.");
        var now = clock.GetUtcNow();
        if (await KeepTaxAsync(db, organisation, before, after, now, cancellationToken) is { Count: > 0 } wrong)
            return wrong;
        organisation.Change(after, now);
        if (before.IsActive && !after.IsActive)
            await AccountServices.CloseAsync(db, call, organisation, now, cancellationToken);
        db.Audit(call, new AuditRecord("organisation.changed", "organisation", id, id, before, after), now);
        await db.CommitAsync(cancellationToken);
        return organisation;
    }

    // Where the address or the tax id changes, the tax profile does from today on.
    private static async Task<List<Failure>> KeepTaxAsync(IBillingDb db, Organisation organisation, OrganisationProfile before, OrganisationProfile after, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if ((before.Country, before.StateCode, before.TaxId, before.Address) == (after.Country, after.StateCode, after.TaxId, after.Address))
            return [];
        var tables = await db.TaxTablesAsync([organisation.Id], billed: null, cancellationToken);
        var today = tables.DayOf(now);
        var facts = tables.CustomerOn(organisation, today) with { Country = after.Country, StateCode = after.StateCode, TaxId = after.TaxId, Address = after.Address };
        var failures = CustomerTaxRules.CheckIndia(facts).ToList();
        if (failures.Count == 0)
            await TaxProfileVersions.KeepAsync(db, organisation, CustomerTaxFacts.Of(organisation), facts, today, now, cancellationToken);
        return failures;
    }

    private static OrganisationChanges OwnPart(OrganisationChanges changes) => new()
    {
        BillingEmail = changes.BillingEmail,
        Address = changes.Address,
        TaxId = changes.TaxId,
        StateCode = changes.StateCode,
        Locale = changes.Locale,
    };

    private static OrganisationProfile Profile(Organisation organisation) => new()
    {
        Name = organisation.Name,
        BillingEmail = organisation.BillingEmail,
        Currency = organisation.Currency,
        TimeZone = organisation.NextTimeZone ?? organisation.TimeZone,
        Country = organisation.Country,
        Locale = organisation.Locale,
        StateCode = organisation.StateCode,
        TaxId = organisation.TaxId,
        Address = organisation.Address,
        PaymentTermsDays = organisation.PaymentTermsDays,
        IsActive = organisation.IsActive,
    };

    private static OrganisationProfile Merge(OrganisationProfile before, OrganisationChanges changes) => before with
    {
        Name = changes.Name ?? before.Name,
        BillingEmail = changes.BillingEmail ?? before.BillingEmail,
        Currency = changes.Currency ?? before.Currency,
        TimeZone = changes.TimeZone ?? before.TimeZone,
        Country = changes.Country ?? before.Country,
        Locale = changes.Locale ?? before.Locale,
        StateCode = changes.StateCode ?? before.StateCode,
        TaxId = changes.TaxId ?? before.TaxId,
        Address = changes.Address ?? before.Address,
        PaymentTermsDays = changes.PaymentTermsDays ?? before.PaymentTermsDays,
        IsActive = changes.IsActive ?? before.IsActive,
    };
}

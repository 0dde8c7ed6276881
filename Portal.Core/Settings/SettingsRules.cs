using Portal.Core.Emails;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Organisations;
using Portal.Core.Tax;

namespace Portal.Core.Settings;

/// <summary>What the settings must be.</summary>
public static class SettingsRules
{
    /// <summary>Everything that is wrong, by field; empty when nothing is.</summary>
    public static List<Failure> Check(SettingsChanges changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var failures = new List<Failure>();
        if (changes.Seller is { } seller)
            failures.AddRange(CheckSeller(seller));
        if (changes.Numbering is { } numbering)
        {
            if (InvoiceNumbers.CheckSeries(numbering.InvoiceSeries) is { } wrong)
                failures.Add(wrong);
            Require(numbering.FinancialYearStart is >= 1 and <= 12, "financialYearStart", "Choose a month.");
        }

        if (changes.Billing is { } billing)
        {
            Require(TimeZoneInfo.TryFindSystemTimeZoneById(billing.TimeZone, out var zone) && (zone.HasIanaId || billing.TimeZone == "UTC"), "timeZone", "Enter an IANA zone, such as Asia/Kolkata.");
            Require(billing.PaymentInstructions.Length <= 1000, "paymentInstructions", "At most 1,000 characters.");
        }

        if (changes.Defaults is { } defaults)
            failures.AddRange(CheckDefaults(defaults));
        return failures;

        void Require(bool holds, string field, string message)
        {
            if (!holds)
                failures.Add(Failure.Invalid(field, message));
        }
    }

    /// <summary>The same with the blanks around texts cut off and empty texts taken as none.</summary>
    public static SettingsChanges Tidy(SettingsChanges changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return changes with
        {
            Seller = changes.Seller is not { } seller ? null : seller with
            {
                LegalName = seller.LegalName.Trim(),
                Address = seller.Address.Trim(),
                Country = seller.Country.Trim().ToUpperInvariant(),
                StateCode = OrNone(seller.StateCode),
                TaxId = OrNone(seller.TaxId)?.ToUpperInvariant(),
                Email = OrNone(seller.Email),
                Phone = OrNone(seller.Phone),
                LutNumber = OrNone(seller.LutNumber),
            },
            Numbering = changes.Numbering is not { } numbering ? null : numbering with { InvoiceSeries = numbering.InvoiceSeries.Trim() },
            Billing = changes.Billing is not { } billing ? null : billing with { TimeZone = billing.TimeZone.Trim(), PaymentInstructions = billing.PaymentInstructions.Trim() },
        };
    }

    /// <summary>Everything that is wrong with a seller's profile, by field.</summary>
    public static List<Failure> CheckSeller(SellerProfile seller)
    {
        ArgumentNullException.ThrowIfNull(seller);
        var failures = new List<Failure>();
        Require(seller.LegalName.Length is > 0 and <= 200, "legalName", "Enter a name of 1 to 200 characters.");
        Require(seller.Address.Length is > 0 and <= 500, "address", "Enter an address of at most 500 characters.");
        Require(seller.Country is [>= 'A' and <= 'Z', >= 'A' and <= 'Z'], "country", "Choose a country.");
        Require(seller.StateCode is null or { Length: <= 10 }, "stateCode", "At most 10 characters.");
        Require(seller.TaxId is null or { Length: <= 30 }, "taxId", "At most 30 characters.");
        Require(seller.Email is null || EmailAddress.IsValid(seller.Email), "email", "Enter an email address, such as accounts@example.com.");
        Require(seller.Phone is null or { Length: <= 30 }, "phone", "At most 30 characters.");
        Require(seller.LutNumber is null or { Length: <= 30 }, "lutNumber", "At most 30 characters.");
        Require(seller.LutNumber is null || (seller.LutValidFrom is { } from && seller.LutValidTo >= from), "lutValidTo", "Enter the first and last day of the undertaking.");
        if (seller is { Country: "IN", StateCode: { } state } && IndianStates.Print(state) is null)
            Require(false, "stateCode", "Enter the two digits of a state, such as 29.");
        if (seller is { Country: "IN", TaxId: { } gstin } && Gstin.Complaint(gstin, seller.StateCode) is { } complaint)
            Require(false, "taxId", complaint);
        return failures;

        void Require(bool holds, string field, string message)
        {
            if (!holds)
                failures.Add(Failure.Invalid(field, message));
        }
    }

    // What a new organisation would be refused for.
    private static List<Failure> CheckDefaults(OrganisationDefaults defaults) => OrganisationRules.Check(new OrganisationProfile
    {
        Name = "New organisation",
        BillingEmail = "billing@example.com",
        TimeZone = "UTC",
        Currency = defaults.Currency,
        Country = defaults.Country,
        Locale = defaults.Locale,
        PaymentTermsDays = defaults.PaymentTermsDays,
    });

    private static string? OrNone(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

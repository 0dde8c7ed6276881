using Portal.Core.Emails;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Organisations;

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
            CheckSeller(seller, Require);
        if (changes.Numbering is { } numbering)
        {
            if (InvoiceNumbers.CheckSeries(numbering.InvoiceSeries) is { } wrong)
                failures.Add(wrong);
            Require(numbering.FinancialYearStart is >= 1 and <= 12, "financialYearStart", "Choose a month.");
        }

        if (changes.Billing is { } billing)
        {
            Require(TimeZoneInfo.TryFindSystemTimeZoneById(billing.TimeZone, out var zone) && (zone.HasIanaId || billing.TimeZone == "UTC"), "timeZone", "Give an IANA zone, such as Asia/Kolkata.");
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
            },
            Numbering = changes.Numbering is not { } numbering ? null : numbering with { InvoiceSeries = numbering.InvoiceSeries.Trim() },
            Billing = changes.Billing is not { } billing ? null : billing with { TimeZone = billing.TimeZone.Trim(), PaymentInstructions = billing.PaymentInstructions.Trim() },
            Defaults = changes.Defaults is not { } defaults ? null : defaults with { TaxName = defaults.TaxName.Trim() },
        };
    }

    private static void CheckSeller(SellerProfile seller, Action<bool, string, string> require)
    {
        require(seller.LegalName.Length is > 0 and <= 200, "legalName", "Give a name of 1 to 200 characters.");
        require(seller.Address.Length is > 0 and <= 500, "address", "Give an address of at most 500 characters.");
        require(seller.Country is [>= 'A' and <= 'Z', >= 'A' and <= 'Z'], "country", "Choose a country.");
        require(seller.StateCode is null or { Length: <= 10 }, "stateCode", "At most 10 characters.");
        require(seller.TaxId is null or { Length: <= 30 }, "taxId", "At most 30 characters.");
        require(seller.Email is null || EmailAddress.IsValid(seller.Email), "email", "Give one mail address, such as accounts@example.com.");
        require(seller.Phone is null or { Length: <= 30 }, "phone", "At most 30 characters.");
        if (seller is not { Country: "IN", TaxId: { } gstin })
            return;
        require(Gstin.IsValid(gstin), "taxId", "That is no GSTIN: its form or its check digit is wrong.");
        if (seller.StateCode is { } state && Gstin.IsValid(gstin))
            require(gstin.StartsWith(state, StringComparison.Ordinal), "taxId", $"A GSTIN of this state begins with {state}.");
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
        TaxName = defaults.TaxName,
        TaxRate = defaults.TaxRate,
        PaymentTermsDays = defaults.PaymentTermsDays,
    });

    private static string? OrNone(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>India's GST identification number: state code, PAN, entity, Z, check digit.</summary>
internal static class Gstin
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public static bool IsValid(string text) => text.Length == 15 && text[13] == 'Z' && char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[1])
        && text.All(letter => Alphabet.Contains(letter, StringComparison.Ordinal)) && Alphabet[CheckDigit(text)] == text[14];

    // Every second of the first fourteen counts double; the digits of each product, to base 36, are summed.
    private static int CheckDigit(string text)
    {
        var sum = 0;
        for (var index = 0; index < 14; index++)
        {
            var product = Alphabet.IndexOf(text[index], StringComparison.Ordinal) * (index % 2 == 0 ? 1 : 2);
            sum += (product / 36) + (product % 36);
        }

        return (36 - (sum % 36)) % 36;
    }
}

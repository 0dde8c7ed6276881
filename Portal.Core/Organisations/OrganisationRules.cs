using System.Net.Mail;
using Portal.Core.Currencies;
using Portal.Core.Kernel;

namespace Portal.Core.Organisations;

/// <summary>What an organisation's facts must be.</summary>
public static class OrganisationRules
{
    /// <summary>Everything that is wrong with a profile, by field; empty when nothing is.</summary>
    public static List<Failure> Check(OrganisationProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var failures = new List<Failure>();
        Require(profile.Name.Trim().Length is > 0 and <= 200, "name", "Enter a name of 1 to 200 characters.");
        Require(IsMailAddress(profile.BillingEmail), "billingEmail", "Enter an email address, such as billing@example.com.");
        Require(Currency.TryOf(profile.Currency, out _), "currency", "Enter an ISO 4217 code, such as INR.");
        Require(TimeZoneInfo.TryFindSystemTimeZoneById(profile.TimeZone, out var zone) && (zone.HasIanaId || profile.TimeZone == "UTC"), "timeZone", "Enter an IANA zone, such as Asia/Kolkata.");
        Require(profile.Country is [>= 'A' and <= 'Z', >= 'A' and <= 'Z'], "country", "Enter two capital letters, such as IN.");
        Require(IsLocale(profile.Locale), "locale", "Enter a language tag, such as en-IN.");
        Require(profile.StateCode is null or { Length: > 0 and <= 10 }, "stateCode", "At most 10 characters.");
        Require(profile.TaxId is null or { Length: > 0 and <= 30 }, "taxId", "At most 30 characters.");
        Require(profile.Address is null or { Length: <= 500 }, "address", "At most 500 characters.");
        Require(profile.PaymentTermsDays is >= 0 and <= 365, "paymentTermsDays", "Enter 0 to 365 days.");
        return failures;

        void Require(bool holds, string field, string message)
        {
            if (!holds)
                failures.Add(Failure.Invalid(field, message));
        }
    }

    /// <summary>The profile with the blanks around its texts cut off and empty texts taken as none.</summary>
    public static OrganisationProfile Tidy(OrganisationProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return profile with
        {
            Name = profile.Name.Trim(),
            BillingEmail = profile.BillingEmail.Trim(),
            Currency = profile.Currency.Trim().ToUpperInvariant(),
            Country = profile.Country.Trim().ToUpperInvariant(),
            TimeZone = profile.TimeZone.Trim(),
            StateCode = OrNone(profile.StateCode),
            TaxId = OrNone(profile.TaxId)?.ToUpperInvariant(),
            Address = OrNone(profile.Address),
        };
    }

    private static bool IsMailAddress(string text) =>
        text.Length <= 254 && MailAddress.TryCreate(text, out var address) && address.Address == text && text.IndexOfAny(['\r', '\n', ',', ';']) < 0 && address.Host.Contains('.', StringComparison.Ordinal);

    private static bool IsLocale(string tag)
    {
        try
        {
            return tag.Length is > 0 and <= 20 && System.Globalization.CultureInfo.GetCultureInfo(tag, predefinedOnly: true).Name.Length > 0;
        }
        catch (System.Globalization.CultureNotFoundException)
        {
            return false;
        }
    }

    private static string? OrNone(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

using Portal.Core.Currencies;
using Portal.Core.Invoicing;

namespace Portal.Documents;

/// <summary>A label and its value, ready to print.</summary>
internal sealed record SheetRow(string Label, string Value, bool Strong = false);

/// <summary>A block with a name and lines below it.</summary>
internal sealed record SheetParty(string Name, IReadOnlyList<string> Lines)
{
    public static SheetParty Of(DocumentParty party)
    {
        var place = string.Join(", ", new[] { party.State, party.Country }.Where(part => !string.IsNullOrWhiteSpace(part)));
        var lines = party.AddressLines.Append(place).Append($"{party.TaxIdLabel} {party.TaxId}".Trim() is { Length: > 0 } taxId && party.TaxId is not null ? taxId : null)
            .Append(party.Email).Append(party.Phone);
        return new(PrintText.Line(party.LegalName), [.. lines.Select(PrintText.OptionalLine).OfType<string>()]);
    }
}

/// <summary>A day in numbers, for the document's own data.</summary>
internal sealed record SheetDate(int Year, int Month, int Day)
{
    public static SheetDate Of(DateOnly day) => new(day.Year, day.Month, day.Day);
}

/// <summary>The address where an invoice is paid.</summary>
/// <param name="Url">Where the link leads, printed as it is.</param>
/// <param name="Qr">The QR code as SVG.</param>
internal sealed record SheetPay(string Url, string Qr);

/// <summary>What the templates read: see <c>Typst/sheet.typ</c>. All texts are ready to print.</summary>
internal abstract record Sheet
{
    public required string Title { get; init; }

    /// <summary>What a reader's window shows.</summary>
    public required string DocumentTitle { get; init; }

    /// <summary>Stands on top of every page but the first.</summary>
    public required string Running { get; init; }

    /// <summary>The language of the words, for screen readers. Labels are English whatever the locale.</summary>
    public string Language { get; } = "en";

    public required bool Draft { get; init; }

    public required bool Logo { get; init; }

    public required SheetDate Date { get; init; }

    public required SheetParty Seller { get; init; }

    public required SheetParty Customer { get; init; }

    public required IReadOnlyList<SheetRow> Facts { get; init; }

    public required string Headline { get; init; }

    public required IReadOnlyList<SheetRow> Totals { get; init; }

    public required string WordsLabel { get; init; }

    public required string? Words { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }

    public required IReadOnlyList<string> Footer { get; init; }

    protected static IReadOnlyList<string> FooterOf(string? footer, string running) => PrintText.Lines(footer) is { Count: > 0 } lines ? lines : [running];
}

/// <summary>Writes the figures and dates of one document.</summary>
internal sealed class SheetWriter(Currency currency, string locale)
{
    public string Money(decimal amount) => MoneyFormat.Amount(amount, currency, locale);

    public string Money(decimal amount, Currency other) => MoneyFormat.Amount(amount, other, locale);

    public string Price(decimal price) => MoneyFormat.UnitPrice(price, currency, locale);

    public string Number(decimal value) => MoneyFormat.Number(value, locale);

    public string Percent(decimal rate) => MoneyFormat.Percent(rate, locale);

    public string Day(DateOnly day) => DateFormat.Day(day, locale);

    public string Span(DateOnly first, DateOnly last) => DateFormat.Span(first, last, locale);
}

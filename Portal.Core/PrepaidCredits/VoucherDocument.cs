using Portal.Core.Currencies;
using Portal.Core.Invoicing;
using Portal.Core.Settings;
using Portal.Core.Tax;

namespace Portal.Core.PrepaidCredits;

/// <summary>Turns a paid purchase into what its receipt voucher shows: as it was on the day it was paid.</summary>
public static class VoucherDocument
{
    /// <summary>The document of a paid purchase.</summary>
    /// <param name="purchase">Paid.</param>
    /// <param name="locale">Of the customer.</param>
    /// <param name="timeZone">The customer's; decides the days.</param>
    /// <param name="expiresAt">When what is left of the credits is lost; null: never.</param>
    public static InvoiceDocument Build(PrepaidPurchase purchase, string locale, string timeZone, DateTimeOffset? expiresAt)
    {
        ArgumentNullException.ThrowIfNull(purchase);
        if (purchase is not { Number: { } number, Seller: { } sellerJson, Customer: { } customerJson, PaidAt: { } paidAt })
            throw new ArgumentException("Only what is paid has a voucher.", nameof(purchase));
        var (seller, customer) = (InvoiceJson.Read<SellerProfile>(sellerJson), InvoiceJson.Read<CustomerSnapshot>(customerJson));
        var treatment = InvoiceJson.Read<TaxTreatment>(purchase.TaxTreatment);
        var currency = Currency.Of(purchase.Currency);
        var paidOn = DateFormat.DayIn(paidAt, timeZone);
        return new InvoiceDocument
        {
            Title = "Receipt voucher",
            NumberLabel = "Voucher number",
            Number = number,
            Seller = InvoiceDocumentBuilder.Party(seller),
            Customer = InvoiceDocumentBuilder.Party(customer),
            IssueDate = paidOn,
            PlaceOfSupply = InvoiceDocumentBuilder.PlaceOf(treatment, customer),
            ReverseCharge = treatment.IsGst || treatment.Kind == SupplyKind.ReverseCharge ? treatment.Kind == SupplyKind.ReverseCharge : null,
            Currency = currency,
            Locale = locale,
            Lines =
            [
                new InvoiceDocumentLine
                {
                    Description = purchase.ProductName,
                    Detail = expiresAt is { } expires ? $"Prepaid credits; unused credits expire on {DateFormat.Day(DateFormat.DayIn(expires, timeZone), locale)}" : "Prepaid credits; they do not expire",
                    HsnSac = purchase.HsnSac,
                    Quantity = purchase.Credits,
                    Unit = "credits",
                    Amount = purchase.Net,
                },
            ],
            Subtotal = purchase.Net,
            Taxable = purchase.Net,
            Taxes = [.. InvoiceJson.Read<List<TaxComponent>>(purchase.Taxes).Select(tax => new InvoiceDocumentTax(tax.Name, tax.Rate, tax.Base, tax.Amount))],
            Total = purchase.Total,
            AmountPaid = purchase.Total,
            AmountDue = 0,
            AmountInWords = AmountInWords.Of(new Money(purchase.Total, currency), locale),
            Notes = string.Join('\n', new[] { "Paid in advance. Usage covered by these credits is not invoiced or taxed again.", treatment.Note }.Where(note => !string.IsNullOrWhiteSpace(note))),
        };
    }
}

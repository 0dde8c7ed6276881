using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Currencies;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.PrepaidCredits;
using Portal.Core.Settings;
using Portal.Core.Tax;

namespace Portal.Core.Payments;

/// <summary>What a receipt says, as mail and as document.</summary>
internal sealed record ReceiptFacts
{
    public required Payment Payment { get; init; }

    public required SellerProfile Seller { get; init; }

    public required string CustomerName { get; init; }

    public required string CustomerEmail { get; init; }

    public required string Locale { get; init; }

    public required DocumentParty Customer { get; init; }

    public required DateOnly PaidOn { get; init; }

    /// <summary>What it went to, oldest due first.</summary>
    public required IReadOnlyList<SettledInvoice> Invoices { get; init; }

    public Currency Currency => Currency.Of(Payment.Currency);

    /// <summary>The pack of prepaid credits that it paid, if it did.</summary>
    public PrepaidPurchase? Purchase { get; init; }

    public decimal Surplus => Payment.Settles - Invoices.Sum(invoice => invoice.Part) - (Purchase?.Total ?? 0);

    /// <summary>A reference, not a number of a series: it is made of the payment's id.</summary>
    public string Number => $"RC-{Payment.Id.ToString("n")[^12..].ToUpperInvariant()}";

    public string? Reference => Payment.ProviderPaymentId ?? Payment.Reference;

    public string Method => Payment.Method switch
    {
        PaymentMethod.BankTransfer => "Bank transfer",
        PaymentMethod.Cash => "Cash",
        PaymentMethod.Cheque => "Cheque",
        PaymentMethod.AccountCredit => "Account credit",
        PaymentMethod.Razorpay => Payment.ProviderMethod switch
        {
            null or "" => "Online payment",
            "upi" => "UPI",
            "emi" => "EMI",
            var other => char.ToUpperInvariant(other[0]) + other[1..].Replace('_', ' '),
        },
    };

    /// <summary>Null when there is no such payment, or the money is not ours.</summary>
    public static async Task<ReceiptFacts?> ReadAsync(IBillingDb db, Guid paymentId, CancellationToken cancellationToken)
    {
        var payment = await db.Payments.AsNoTracking().Include(row => row.Allocations).SingleOrDefaultAsync(row => row.Id == paymentId, cancellationToken);
        if (payment is null or { Status: PaymentStatus.Pending or PaymentStatus.Authorized or PaymentStatus.Failed })
            return null;
        var customer = await db.Organisations.AsNoTracking().SingleAsync(row => row.Id == payment.OrganisationId, cancellationToken);
        var ids = payment.Allocations.Select(part => part.InvoiceId).ToArray();
        var invoices = await db.Invoices.AsNoTracking().Where(row => ids.Contains(row.Id)).OrderBy(row => row.DueAt).ThenBy(row => row.Id).ToListAsync(cancellationToken);
        return new ReceiptFacts
        {
            Payment = payment,
            Seller = (await db.SettingsInForceAsync(payment.ReceivedAt, cancellationToken)).Seller,
            CustomerName = customer.Name,
            CustomerEmail = customer.BillingEmail,
            Locale = customer.Locale,
            Customer = Party(customer.Name, customer.Address, customer.Country, customer.StateCode, customer.TaxId) with { Email = customer.BillingEmail },
            PaidOn = DateFormat.DayIn(payment.ReceivedAt, customer.TimeZone),
            Purchase = await db.PrepaidPurchases.AsNoTracking().SingleOrDefaultAsync(row => row.PaymentId == paymentId, cancellationToken),
            Invoices = [.. invoices.Select(invoice => new SettledInvoice(
                invoice.Id, invoice.Number!, DateFormat.DayIn(invoice.IssuedAt!.Value, invoice.TimeZone), invoice.Total, invoice.AmountDue,
                payment.Allocations.Where(part => part.InvoiceId == invoice.Id).Sum(part => part.Amount)))],
        };
    }

    public ReceiptDocument Document()
    {
        var tds = Payment.TdsAmount;
        var allocations = new List<ReceiptDocumentAllocation>();
        foreach (var invoice in Invoices)
        {
            var deducted = Math.Min(tds, invoice.Part);
            tds -= deducted;
            allocations.Add(new(invoice.Number, invoice.IssueDate, invoice.Total, invoice.Part - deducted, deducted, invoice.AmountDue));
        }

        return new ReceiptDocument
        {
            Title = "Receipt",
            Number = Number,
            Seller = Party(Seller.LegalName, Seller.Address, Seller.Country, Seller.StateCode, Seller.TaxId) with { Email = Seller.Email, Phone = Seller.Phone },
            Customer = Customer,
            PaidOn = PaidOn,
            Method = Method,
            Reference = Reference,
            Currency = Currency,
            Locale = Locale,
            Amount = Payment.Amount,
            Allocations = allocations,
            Unallocated = Surplus,
            Notes = Purchase is null ? null : Voucher(Purchase),
            AmountInWords = AmountInWords.Of(new Money(Payment.Amount, Currency), Locale),
        };
    }

    private static string Voucher(PrepaidPurchase purchase)
    {
        var digits = string.Create(CultureInfo.InvariantCulture, $"F{Currency.Of(purchase.Currency).Exponent}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Receipt voucher {purchase.Number}: {purchase.ProductName}, {purchase.Credits:0.######} prepaid credits. {Text(purchase.Net)} {purchase.Currency} excluding tax, {Text(purchase.Tax)} tax, {Text(purchase.Total)} in total.");

        string Text(decimal amount) => amount.ToString(digits, CultureInfo.InvariantCulture);
    }

    private static DocumentParty Party(string name, string? address, string country, string? stateCode, string? taxId) => new()
    {
        LegalName = name,
        AddressLines = (address ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        State = stateCode is null ? null : $"State code {stateCode}",
        Country = CountryName(country),
        TaxIdLabel = taxId is null ? null : country == "IN" ? "GSTIN" : "Tax ID",
        TaxId = taxId,
    };

    private static string CountryName(string code)
    {
        try
        {
            return new RegionInfo(code).EnglishName;
        }
        catch (ArgumentException)
        {
            return code; // Not a country that this machine has a name for.
        }
    }
}

/// <summary>An invoice that a payment went to.</summary>
internal sealed record SettledInvoice(Guid Id, string Number, DateOnly IssueDate, decimal Total, decimal AmountDue, decimal Part);

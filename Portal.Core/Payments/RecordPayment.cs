using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Credits;
using Portal.Core.Currencies;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Ledger;

namespace Portal.Core.Payments;

/// <summary>Records money that came by bank transfer, cash or cheque: to one invoice, or to an organisation's open invoices, oldest due first. The rest becomes account credit.</summary>
public sealed class RecordPayment(IBillingStore store, IAccountCreditBook credits, TimeProvider clock)
{
    private const int LongestReference = 100;

    private readonly PaymentBooking _booking = new(credits);

    /// <summary>Needs <c>payments:record</c>, as staff. Conflict <c>invoice_not_open</c>; Invalid names the field. Not idempotent by itself: the HTTP interface keeps keys.</summary>
    public async Task<Result<RecordedPayment>> RunAsync(CallContext call, RecordPaymentRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.PaymentsRecord) || call.OrganisationId is not null)
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var target = await TargetAsync(db, request, cancellationToken);
        if (!target.Succeeded)
            return target.Failure;
        var (organisationId, currency, invoices) = target.Value;
        if (Check(request, currency, invoices.Sum(invoice => invoice.AmountDue), now) is { Count: > 0 } failures)
            return failures;
        var payment = Payment.Record(organisationId, request.Method, currency.Code, request.Amount, request.TdsAmount, request.Reference?.Trim() is { Length: > 0 } reference ? reference : null,
            request.ReceivedAt.ToUniversalTime(), now);
        if (payment.TdsAmount > 0)
            payment.Certify(request.TdsRate, Tidy(request.TdsCertificate), now);
        db.Payments.Add(payment);
        var account = request.Method == PaymentMethod.BankTransfer ? LedgerAccount.Bank : LedgerAccount.CashOnHand;
        var booked = await _booking.RunAsync(db, payment, invoices, new MoneyArrival(LedgerKinds.PaymentRecorded, account, $"Payment {payment.Reference}".TrimEnd()), now, cancellationToken);
        db.Audit(call, new AuditRecord("payment.recorded", "payment", payment.Id, organisationId, null,
            new { payment.Method, payment.Amount, payment.TdsAmount, payment.TdsRate, payment.TdsCertificate, payment.Currency, payment.Reference, payment.ReceivedAt, invoices = payment.Allocations.Select(part => part.InvoiceId), booked.Allocated, booked.AccountCredit }), now);
        await db.CommitAsync(cancellationToken);
        return new RecordedPayment(payment.Id, organisationId, payment.Currency, payment.Amount, payment.TdsAmount, booked.Allocated, booked.AccountCredit,
            [.. payment.Allocations.Select(part => new PaymentPart(part.InvoiceId, invoices.Single(invoice => invoice.Id == part.InvoiceId).Number, part.Amount))]);
    }

    private static async Task<Result<Target>> TargetAsync(IBillingDb db, RecordPaymentRequest request, CancellationToken cancellationToken)
    {
        if (request.InvoiceId is { } invoiceId)
        {
            var invoice = await db.LockAsync<Invoice>(invoiceId, cancellationToken);
            if (invoice is null || invoice.Status == InvoiceStatus.Draft || (request.OrganisationId is { } owner && owner != invoice.OrganisationId))
                return Failure.NotFound("invoice");
            return invoice.IsOpen && invoice.AmountDue > 0 ? new Target(invoice.OrganisationId, Currency.Of(invoice.Currency), [invoice]) : PaymentFailures.NotOpen(invoice.Number);
        }

        var code = await db.Organisations.Where(row => row.Id == request.OrganisationId).Select(row => row.Currency).SingleOrDefaultAsync(cancellationToken);
        if (code is null)
            return Failure.NotFound("organisation");
        var open = await db.Invoices
            .Where(row => row.OrganisationId == request.OrganisationId && row.Currency == code
                && (row.Status == InvoiceStatus.Issued || row.Status == InvoiceStatus.PartiallyPaid || row.Status == InvoiceStatus.Overdue))
            .OrderBy(row => row.DueAt).ThenBy(row => row.Id).Select(row => row.Id).ToListAsync(cancellationToken);
        var invoices = new List<Invoice>();
        foreach (var id in open)
        {
            if (await db.LockAsync<Invoice>(id, cancellationToken) is { IsOpen: true } invoice)
                invoices.Add(invoice);
        }

        return new Target(request.OrganisationId!.Value, Currency.Of(code), invoices);
    }

    private static List<Failure> Check(RecordPaymentRequest request, Currency currency, decimal due, DateTimeOffset now)
    {
        var failures = new List<Failure>();
        if (request.Method is not (PaymentMethod.BankTransfer or PaymentMethod.Cash or PaymentMethod.Cheque))
            failures.Add(Failure.Invalid("method", "Choose bank_transfer, cash or cheque."));
        if (request.Amount < 0 || currency.Round(request.Amount) != request.Amount)
            failures.Add(Failure.Invalid("amount", $"Enter an amount with at most {currency.Exponent} decimals, 0 or more."));
        if (request.TdsAmount < 0 || currency.Round(request.TdsAmount) != request.TdsAmount)
            failures.Add(Failure.Invalid("tdsAmount", $"Enter an amount with at most {currency.Exponent} decimals, 0 or more."));
        else if (request.TdsAmount > due)
            failures.Add(Failure.Invalid("tdsAmount", $"The tax deducted can't be more than what is due, {due} {currency.Code}."));
        CertifyTds.Check(request.TdsRate, Tidy(request.TdsCertificate), failures);
        if (request.TdsAmount == 0 && (request.TdsRate is not null || Tidy(request.TdsCertificate) is not null))
            failures.Add(Failure.Invalid("tdsAmount", "Enter the amount that was deducted."));
        if (failures.Count == 0 && request.Amount + request.TdsAmount == 0)
            failures.Add(Failure.Invalid("amount", "Enter the amount received."));
        if (request.Reference is { Length: > LongestReference })
            failures.Add(Failure.Invalid("reference", $"At most {LongestReference} characters."));
        if (request.ReceivedAt > now || request.ReceivedAt < now.AddYears(-10))
            failures.Add(Failure.Invalid("receivedAt", "Enter the date the payment was received. It can't be in the future."));
        return failures;
    }

    internal static string? Tidy(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private sealed record Target(Guid OrganisationId, Currency Currency, IReadOnlyList<Invoice> Invoices);
}

/// <summary>Money that came.</summary>
public sealed record RecordPaymentRequest
{
    /// <summary>The invoice that it is for; null: the organisation's open invoices, oldest due first.</summary>
    public Guid? InvoiceId { get; init; }

    /// <summary>Whose money; needed without an invoice.</summary>
    public Guid? OrganisationId { get; init; }

    /// <summary>Bank transfer, cash or cheque.</summary>
    public PaymentMethod Method { get; init; } = PaymentMethod.BankTransfer;

    /// <summary>Received, in the invoice's or else the organisation's currency.</summary>
    public decimal Amount { get; init; }

    /// <summary>Tax that the customer kept back for the state; settles, too.</summary>
    public decimal TdsAmount { get; init; }

    /// <summary>Per cent that was deducted, above 0 and at most 100; null where it is not known.</summary>
    public decimal? TdsRate { get; init; }

    /// <summary>The number of the certificate, at most 50 characters; it often comes months later.</summary>
    public string? TdsCertificate { get; init; }

    /// <summary>The bank's or cheque's number, at most 100 characters.</summary>
    public string? Reference { get; init; }

    /// <summary>When the money came; not in the future.</summary>
    public DateTimeOffset ReceivedAt { get; init; }
}

/// <summary>The part of a payment that went to an invoice.</summary>
public sealed record PaymentPart(Guid InvoiceId, string? InvoiceNumber, decimal Amount);

/// <summary>Where recorded money went.</summary>
public sealed record RecordedPayment(
    Guid PaymentId, Guid OrganisationId, string Currency, decimal Amount, decimal TdsAmount, decimal Allocated, decimal AccountCredit, IReadOnlyList<PaymentPart> Invoices);

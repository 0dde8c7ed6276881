using Portal.Access;
using Portal.Core.Kernel;
using Portal.Core.Ledger;
using Portal.Core.Payments;
using Portal.Endpoints.Problems;

namespace Portal.Endpoints.Admin;

/// <summary>Money that came without the provider. <paramref name="ReceivedAt"/> left out: now.</summary>
internal sealed record PaymentInput(string? Method, decimal? Amount, decimal? TdsAmount, string? Reference, DateTimeOffset? ReceivedAt, decimal? TdsRate = null, string? TdsCertificate = null);

/// <summary>What proves a deduction.</summary>
internal sealed record TdsInput(decimal? Rate, string? Certificate);

/// <summary>A deduction with its proof.</summary>
internal sealed record TdsBody(Guid Id, string Currency, string TdsAmount, string? TdsRate, string? TdsCertificate);

/// <summary>Where recorded money went.</summary>
internal sealed record RecordedPaymentBody(
    Guid Id, Guid OrganisationId, string Currency, string Amount, string TdsAmount, string Allocated, string AccountCredit, IReadOnlyList<PaymentPartBody> Invoices)
{
    public static RecordedPaymentBody Of(RecordedPayment payment) => new(
        payment.PaymentId, payment.OrganisationId, payment.Currency, ApiText.Amount(payment.Amount, payment.Currency), ApiText.Amount(payment.TdsAmount, payment.Currency),
        ApiText.Amount(payment.Allocated, payment.Currency), ApiText.Amount(payment.AccountCredit, payment.Currency),
        [.. payment.Invoices.Select(part => new PaymentPartBody(part.InvoiceId, part.InvoiceNumber, ApiText.Amount(part.Amount, payment.Currency)))]);
}

internal sealed record PaymentPartBody(Guid InvoiceId, string? Number, string Amount);

/// <summary>A payment.</summary>
internal sealed record PaymentItem(
    Guid Id, Guid OrganisationId, string Method, string Status, string Currency, string Amount, string TdsAmount, string Allocated,
    string? Reference, string? ProviderPaymentId, string? FailureReason, DateTimeOffset ReceivedAt);

/// <summary>What an account of the ledger sums to.</summary>
internal sealed record AccountBody(string Currency, string Account, string Debit, string Credit, string Balance);

/// <summary>Every account with its sums; the debits of a currency equal its credits.</summary>
internal sealed record TrialBalanceBody(IReadOnlyList<AccountBody> Items, bool Balances);

internal static class PaymentEndpoints
{
    public static void MapPayments(this RouteGroupBuilder admin)
    {
        admin.MapPost("/invoices/{id:guid}/payments", RecordAsync).WithTags("Payments").Produces<RecordedPaymentBody>().WithSummary("Record a bank transfer, cash or cheque, full or partial");
        admin.MapPost("/payments/{id:guid}/tds-certificate", CertifyAsync).WithTags("Payments").Produces<TdsBody>().WithSummary("Add the certificate of tax deducted at source");
        admin.MapGet("/payments", ListAsync).WithTags("Payments").Produces<ListBody<PaymentItem>>().WithSummary("List payments, newest first");
        admin.MapGet("/ledger/trial-balance", BalanceAsync).WithTags("Ledger").Produces<TrialBalanceBody>().WithSummary("Read account balances by currency");
    }

    private static async Task<IResult> RecordAsync(Guid id, PaymentInput body, HttpContext http, RecordPayment record, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Method(body.Method) is not { } method)
            return new[] { Failure.Invalid("method", "Choose bank_transfer, cash or cheque.") }.ToProblem();
        var request = new RecordPaymentRequest
        {
            InvoiceId = id,
            Method = method,
            Amount = body.Amount ?? 0,
            TdsAmount = body.TdsAmount ?? 0,
            TdsRate = body.TdsRate,
            TdsCertificate = body.TdsCertificate,
            Reference = body.Reference,
            ReceivedAt = body.ReceivedAt ?? clock.GetUtcNow(),
        };
        return (await record.RunAsync(http.Call(), request, cancellationToken)).ToOk(RecordedPaymentBody.Of);
    }

    private static async Task<IResult> CertifyAsync(Guid id, TdsInput body, HttpContext http, CertifyTds certify, CancellationToken cancellationToken) =>
        (await certify.RunAsync(http.Call(), new TdsCertificateInput(id, body.Rate, body.Certificate), cancellationToken)).ToOk(payment => new TdsBody(
            payment.Id, payment.Currency, ApiText.Amount(payment.TdsAmount, payment.Currency), ApiText.Number(payment.TdsRate), payment.TdsCertificate));

    private static async Task<IResult> ListAsync([AsParameters] Paging paging, Guid? organisationId, Guid? invoiceId, HttpContext http, ListPayments list, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        if (!request.Succeeded)
            return request.Failures.ToProblem();
        var page = await list.RunAsync(http.Call(), new PaymentFilter(organisationId, invoiceId), request.Value, cancellationToken);
        return page.ToOk(rows => ListBody<PaymentItem>.Of(rows, row => row.Id, row => new PaymentItem(
            row.Id, row.OrganisationId, ApiText.Word(row.Method), ApiText.Word(row.Status), row.Currency, ApiText.Amount(row.Amount, row.Currency), ApiText.Amount(row.TdsAmount, row.Currency),
            ApiText.Amount(row.Allocated, row.Currency), row.Reference, row.ProviderPaymentId, row.FailureReason, row.ReceivedAt)));
    }

    private static async Task<IResult> BalanceAsync(Guid? organisationId, HttpContext http, TrialBalance balance, CancellationToken cancellationToken) =>
        (await balance.RunAsync(http.Call(), organisationId, cancellationToken)).ToOk(report => new TrialBalanceBody(
            [.. report.Currencies.SelectMany(currency => currency.Accounts.Select(account => new AccountBody(
                currency.Currency, ApiText.Word(account.Account), ApiText.Amount(account.Debit, currency.Currency),
                ApiText.Amount(account.Credit, currency.Currency), ApiText.Amount(account.Balance, currency.Currency))))],
            report.Currencies.All(currency => currency.Balances)));

    private static PaymentMethod? Method(string? word) => word switch
    {
        "bank_transfer" => PaymentMethod.BankTransfer,
        "cash" => PaymentMethod.Cash,
        "cheque" => PaymentMethod.Cheque,
        _ => null,
    };
}

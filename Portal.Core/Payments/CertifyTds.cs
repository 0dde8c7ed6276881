using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Payments;

/// <summary>What proves a deduction of tax at source.</summary>
public sealed record TdsCertificateInput(Guid PaymentId, decimal? Rate, string? Certificate);

/// <summary>Notes the certificate of tax that a customer deducted: it comes after the payment, often by months.</summary>
public sealed class CertifyTds(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>payments:record</c>, as staff. Fails with <c>invalid</c> by field, or <c>no_tds</c>.</summary>
    public async Task<Result<Payment>> RunAsync(CallContext call, TdsCertificateInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(input);
        if (!call.May(Permissions.PaymentsRecord) || call.OrganisationId is not null)
            return Failure.Forbidden();
        var failures = new List<Failure>();
        var certificate = RecordPayment.Tidy(input.Certificate);
        Check(input.Rate, certificate, failures, "rate", "certificate");
        if (certificate is null)
            failures.Add(Failure.Invalid("certificate", "Enter the certificate number."));
        if (failures.Count > 0)
            return failures;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<Payment>(input.PaymentId, cancellationToken) is not { } payment)
            return Failure.NotFound("payment");
        if (payment.TdsAmount == 0)
            return Failure.Conflict("no_tds", "No tax was deducted from this payment.");
        var now = clock.GetUtcNow();
        var before = new { payment.TdsRate, payment.TdsCertificate };
        payment.Certify(input.Rate ?? payment.TdsRate, certificate, now);
        db.Audit(call, new AuditRecord("payment.tds_certified", "payment", payment.Id, payment.OrganisationId, before, new { payment.TdsRate, payment.TdsCertificate }), now);
        await db.CommitAsync(cancellationToken);
        return payment;
    }

    internal static void Check(decimal? rate, string? certificate, List<Failure> failures, string rateField = "tdsRate", string certificateField = "tdsCertificate")
    {
        if (rate is <= 0 or > 100 || (rate is { } percent && decimal.Round(percent, 4, MidpointRounding.AwayFromZero) != percent))
            failures.Add(Failure.Invalid(rateField, "Enter a percentage above 0 and at most 100."));
        if (certificate is { Length: > 50 })
            failures.Add(Failure.Invalid(certificateField, "At most 50 characters."));
    }
}

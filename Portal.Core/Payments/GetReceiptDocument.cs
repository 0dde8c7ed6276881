using Portal.Core.Access;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;

namespace Portal.Core.Payments;

/// <summary>The receipt of a payment as its document shows it.</summary>
public sealed class GetReceiptDocument(IBillingStore store)
{
    /// <summary>Needs <c>payments:read</c>. NotFound where there is no such payment in the scope, or its money is not ours.</summary>
    public async Task<Result<ReceiptDocument>> RunAsync(CallContext call, Guid paymentId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.PaymentsRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        return await ReceiptFacts.ReadAsync(db, paymentId, cancellationToken) is { } facts ? facts.Document() : Failure.NotFound("receipt");
    }
}

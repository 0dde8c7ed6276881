using System.Security.Cryptography;
using Portal.Core.Kernel;

namespace Portal.Core.Payments;

/// <summary>Takes in a provider's webhook: checks the signature over the bytes as they came, stores it, and leaves the rest to <see cref="ProcessProviderEvent"/>.</summary>
public sealed class ReceiveWebhook(IPaymentGateway gateway, IProviderInbox inbox, TimeProvider clock)
{
    private const int LongestEventId = 200;

    /// <summary>Needs no caller: the signature stands for it. Forbidden <c>invalid_signature</c> leaves no trace in the database.</summary>
    /// <param name="body">The raw body.</param>
    /// <param name="signature">As the header has it.</param>
    /// <param name="eventId">The provider's id of the event, as the header has it; without one the body's hash stands in.</param>
    /// <param name="cancellationToken">Gives up; the provider sends it again.</param>
    public async Task<Result<WebhookReceipt>> RunAsync(byte[] body, string? signature, string? eventId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (!gateway.IsWebhookSignatureValid(body, signature))
            return new Failure(FailureKind.Forbidden, "invalid_signature", "The signature does not fit the body.");
        // What can't be read is stored all the same: it is signed, so a person should see it.
        var type = gateway.TryReadWebhook(body, out var read) ? read.Type : "unreadable";
        var id = eventId?.Trim() is { Length: > 0 and <= LongestEventId } given ? given : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(body))}";
        var stored = await inbox.StoreAsync(new IncomingProviderEvent(id, type.Length > 100 ? type[..100] : type, body), clock.GetUtcNow(), cancellationToken);
        return new WebhookReceipt(stored);
    }
}

/// <summary>What became of a webhook.</summary>
/// <param name="IsNew">False: it was taken in before.</param>
public sealed record WebhookReceipt(bool IsNew);

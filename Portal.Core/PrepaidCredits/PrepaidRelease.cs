using Portal.Core.Currencies;
using Portal.Core.Kernel;

namespace Portal.Core.PrepaidCredits;

/// <summary>
/// Deferred revenue of a purchase that was earned, because its credits were used or expired; below 0 where credits came back. Those of a purchase sum to
/// its net amount exactly once nothing of it is left. Append-only.
/// </summary>
public sealed class PrepaidRelease : IOrganisationOwned
{
    private PrepaidRelease() { }

    public Guid Id { get; private set; }

    public Guid OrganisationId { get; private set; }

    public Guid PurchaseId { get; private set; }

    /// <summary>The ledger's transaction that books it, with the others of its run.</summary>
    public Guid TransactionId { get; private set; }

    public string Currency { get; private set; } = "";

    /// <summary>Of the purchase's net amount; not 0.</summary>
    public decimal Amount { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public static PrepaidRelease Of(PrepaidPurchase purchase, Guid transactionId, decimal amount, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(purchase);
        return new PrepaidRelease
        {
            Id = Guid.CreateVersion7(now),
            OrganisationId = purchase.OrganisationId,
            PurchaseId = purchase.Id,
            TransactionId = transactionId,
            Currency = purchase.Currency,
            Amount = amount,
            CreatedAt = now,
        };
    }

    /// <summary>
    /// What of a purchase is earned when so much of its credits is left: the same share of the net amount, rounded; all of it when nothing is left. Pure.
    /// </summary>
    /// <param name="net">Of the purchase.</param>
    /// <param name="credits">As granted, above 0.</param>
    /// <param name="remaining">Neither used nor expired.</param>
    /// <param name="currency">Of the purchase.</param>
    public static decimal Earned(decimal net, decimal credits, decimal remaining, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(currency);
        return remaining == 0 ? net : Math.Min(net, currency.Round(net * ((credits - remaining) / credits)));
    }
}

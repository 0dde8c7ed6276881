using Portal.Core.Kernel;

namespace Portal.Core.Credits;

/// <summary>An organisation's account credit in one currency: money that no invoice has used yet. Never below zero; the database refuses it.</summary>
public sealed class AccountCreditBalance : IOrganisationOwned
{
    private AccountCreditBalance() { }

    public Guid OrganisationId { get; private set; }

    public string Currency { get; private set; } = "";

    public decimal Balance { get; private set; }
}

/// <summary>One movement of account credit, with the balance after it. Append-only.</summary>
public sealed class AccountCreditMovement : IOrganisationOwned
{
    private AccountCreditMovement() { }

    public Guid Id { get; private set; }

    public Guid OrganisationId { get; private set; }

    public string Currency { get; private set; } = "";

    /// <summary>Positive: granted; negative: used.</summary>
    public decimal Amount { get; private set; }

    public decimal BalanceAfter { get; private set; }

    /// <summary>Why, e.g. <c>overpayment</c>; unique with <see cref="SourceId"/>.</summary>
    public string Reason { get; private set; } = "";

    public Guid SourceId { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The row of a movement that the book has just made.</summary>
    public static AccountCreditMovement Of(CreditMovement movement, decimal balanceAfter, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(movement);
        return new AccountCreditMovement
        {
            Id = Guid.CreateVersion7(now),
            OrganisationId = movement.OrganisationId,
            Currency = movement.Currency,
            Amount = movement.Amount,
            BalanceAfter = balanceAfter,
            Reason = movement.Reason,
            SourceId = movement.SourceId,
            CreatedAt = now,
        };
    }
}

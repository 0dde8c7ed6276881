using Microsoft.EntityFrameworkCore;
using Portal.Core.Credits;
using Portal.Core.Kernel;

namespace Portal.Data.Credits;

/// <summary>The book on PostgreSQL: one statement reads, checks and writes the balance, so that two movements can't miss each other.</summary>
internal sealed class AccountCreditBook : IAccountCreditBook
{
    public async Task<decimal?> MoveAsync(IBillingDb db, CreditMovement movement, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(movement);
        if (movement.Amount == 0)
            throw new ArgumentException("A movement moves something.", nameof(movement));
        var database = ((BillingDbContext)db).Database;
        var balances = movement.Amount > 0
            ? await database.SqlQuery<decimal>(
                $"""
                INSERT INTO account_credit_balances (organisation_id, currency, balance) VALUES ({movement.OrganisationId}, {movement.Currency}, {movement.Amount})
                ON CONFLICT (organisation_id, currency) DO UPDATE SET balance = account_credit_balances.balance + excluded.balance
                RETURNING balance AS "Value"
                """).ToListAsync(cancellationToken)
            : await database.SqlQuery<decimal>(
                $"""
                UPDATE account_credit_balances SET balance = balance + {movement.Amount}
                WHERE organisation_id = {movement.OrganisationId} AND currency = {movement.Currency} AND balance + {movement.Amount} >= 0
                RETURNING balance AS "Value"
                """).ToListAsync(cancellationToken);
        if (balances is not [var balance])
            return null;
        db.AccountCreditMovements.Add(AccountCreditMovement.Of(movement, balance, now));
        return balance;
    }
}

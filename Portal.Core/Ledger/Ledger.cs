using Portal.Core.Kernel;

namespace Portal.Core.Ledger;

/// <summary>The accounts of the ledger.</summary>
public enum LedgerAccount
{
    /// <summary>What customers owe; debit balance.</summary>
    AccountsReceivable,

    /// <summary>What was sold, without tax; credit balance.</summary>
    Revenue,

    /// <summary>Tax collected and owed to the state; credit balance.</summary>
    TaxPayable,

    /// <summary>Money that the payment provider holds for us; debit balance.</summary>
    ProviderClearing,

    /// <summary>Money in the bank; debit balance.</summary>
    Bank,

    /// <summary>Cash and cheques in hand; debit balance.</summary>
    CashOnHand,

    /// <summary>Tax that customers deducted at source and that the state owes us; debit balance.</summary>
    TdsReceivable,

    /// <summary>Account credit: money of customers that no invoice has used yet; credit balance.</summary>
    CustomerCredit,

    /// <summary>Prepaid credits that were paid, without tax, and are still to be earned; credit balance.</summary>
    DeferredRevenue,

    /// <summary>Money on its way back to customers.</summary>
    Refunds,
}

/// <summary>One movement of money, whole: its entries' debits equal their credits. Append-only.</summary>
public sealed class LedgerTransaction : IOrganisationOwned
{
    private readonly List<LedgerEntry> _entries = [];

    private LedgerTransaction() { }

    public Guid Id { get; private set; }

    public Guid OrganisationId { get; private set; }

    /// <summary>What happened, e.g. <c>invoice.issued</c>; unique with <see cref="SourceId"/>, so nothing is booked twice.</summary>
    public string Kind { get; private set; } = "";

    /// <summary>The invoice, payment or movement that it books.</summary>
    public Guid SourceId { get; private set; }

    public string Currency { get; private set; } = "";

    public string Description { get; private set; } = "";

    public DateTimeOffset OccurredAt { get; private set; }

    public IReadOnlyList<LedgerEntry> Entries => _entries;

    public static LedgerTransaction Post(Guid organisationId, string kind, Guid sourceId, string currency, string description, DateTimeOffset now, params IEnumerable<Posting> postings)
    {
        var transaction = new LedgerTransaction
        {
            Id = Guid.CreateVersion7(now),
            OrganisationId = organisationId,
            Kind = kind,
            SourceId = sourceId,
            Currency = currency,
            Description = description,
            OccurredAt = now,
        };
        transaction._entries.AddRange(postings.Where(posting => posting.Debit != 0 || posting.Credit != 0)
            .Select((posting, index) => LedgerEntry.Of(transaction, index, posting)));
        if (transaction._entries.Sum(entry => entry.Debit) != transaction._entries.Sum(entry => entry.Credit))
            throw new InvalidOperationException($"The entry {kind} of {sourceId} does not balance.");
        return transaction;
    }
}

/// <summary>One side of a movement that is to be booked.</summary>
public readonly record struct Posting(LedgerAccount Account, decimal Debit, decimal Credit)
{
    public static Posting ToDebit(LedgerAccount account, decimal amount) => new(account, amount, 0);

    public static Posting ToCredit(LedgerAccount account, decimal amount) => new(account, 0, amount);
}

/// <summary>One line of a movement: a debit or a credit of one account.</summary>
public sealed class LedgerEntry : IOrganisationOwned
{
    private LedgerEntry() { }

    public Guid TransactionId { get; private set; }

    /// <summary>From 0, within the transaction.</summary>
    public int Position { get; private set; }

    public Guid OrganisationId { get; private set; }

    public LedgerAccount Account { get; private set; }

    public string Currency { get; private set; } = "";

    public decimal Debit { get; private set; }

    public decimal Credit { get; private set; }

    internal static LedgerEntry Of(LedgerTransaction transaction, int position, Posting posting) => new()
    {
        TransactionId = transaction.Id,
        Position = position,
        OrganisationId = transaction.OrganisationId,
        Account = posting.Account,
        Currency = transaction.Currency,
        Debit = posting.Debit,
        Credit = posting.Credit,
    };
}

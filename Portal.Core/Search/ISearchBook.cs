using Portal.Core.Kernel;

namespace Portal.Core.Search;

/// <summary>What is looked for, and among what.</summary>
/// <param name="Containing">A pattern for lower-cased text that contains the words.</param>
/// <param name="Starting">The same for text that begins with them.</param>
/// <param name="TicketNumber">The number of a ticket, when the words are one.</param>
/// <param name="Kinds">What may be found; each once.</param>
/// <param name="Most">Of each kind.</param>
public sealed record BookSearch(string Containing, string Starting, long? TicketNumber, IReadOnlyList<FoundKind> Kinds, int Most);

/// <summary>Looks for things of many kinds in one question to the database.</summary>
public interface ISearchBook
{
    /// <summary>
    /// Payments, tickets, people, plans, metrics, credit products and discounts, in the order of <see cref="BookSearch.Kinds"/>; those that begin with the words
    /// first, and of payments and tickets the newest. Other kinds are left out. A customer's session sees its own organisation's alone, whatever is asked.
    /// </summary>
    Task<IReadOnlyList<FoundThing>> FindAsync(IBillingDb db, BookSearch search, CancellationToken cancellationToken);
}

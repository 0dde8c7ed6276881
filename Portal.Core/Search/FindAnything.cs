using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.ApiKeys;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Support;

namespace Portal.Core.Search;

/// <summary>What a search can find.</summary>
public enum FoundKind
{
    Organisation,
    Project,
    Invoice,
    ApiKey,
    Payment,
    Ticket,
    Person,
    Plan,
    Metric,
    CreditProduct,
    Discount,
}

/// <summary>A thing that fits.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Its id; for a key its project's, whose page lists it.</param>
/// <param name="OrganisationId">Whose it is; null for what is the platform's, and for people.</param>
/// <param name="Text">Its name, number, reference or prefix; of a person the mail address.</param>
/// <param name="Note">What tells it from others of that name.</param>
public sealed record FoundThing(FoundKind Kind, Guid Id, Guid? OrganisationId, string Text, string Note);

/// <summary>
/// Finds organisations and projects by their name, invoices by a part of their number, keys by the start of their public part, payments by their reference or the
/// start of the provider's id, tickets by number or subject, people by mail address or name, and for staff plans, metrics, credit products and discounts by name or
/// code: what the caller may read, and within the caller's scope only. A few of each, the best fit first.
/// </summary>
public sealed class FindAnything(IBillingStore store, ISearchBook book)
{
    private const int Most = 5;
    private const int LongestText = 200;
    private const int ShortestKey = 3;

    // A part of two letters is in nearly every reference, and in no index.
    private const int ShortestPart = 3;
    private const int PublicKey = 8;

    /// <summary>Nothing for less than two characters.</summary>
    public async Task<Result<IReadOnlyList<FoundThing>>> RunAsync(CallContext call, string text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(text);
        if (call.Permissions.Count == 0)
            return Failure.Forbidden();
        var wanted = text.Trim();
        if (wanted.Length is < 2 or > LongestText)
            return Result<IReadOnlyList<FoundThing>>.From((IReadOnlyList<FoundThing>)[]);
        var found = new List<FoundThing>();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var (containing, starting) = (LikePattern.Containing(wanted), LikePattern.Containing(wanted)[1..]);
        if (call.May(Permissions.OrganisationsRead) && call.OrganisationId is null)
            found.AddRange(await OrganisationsAsync(db, containing, starting, cancellationToken));
        if (call.May(Permissions.ProjectsRead))
            found.AddRange(await ProjectsAsync(db, containing, starting, cancellationToken));
        if (call.May(Permissions.InvoicesRead) && wanted.Any(char.IsAsciiDigit))
            found.AddRange(await InvoicesAsync(db, containing, call.OrganisationId is null, cancellationToken));
        if (call.May(Permissions.KeysRead) && KeyPrefix(wanted) is { } prefix)
            found.AddRange(await KeysAsync(db, prefix, cancellationToken));
        if (Kinds(call, wanted).ToList() is { Count: > 0 } kinds)
            found.AddRange(await book.FindAsync(db, new BookSearch(containing, starting, Ticket.NumberOf(wanted), kinds, Most), cancellationToken));
        return Result<IReadOnlyList<FoundThing>>.From((IReadOnlyList<FoundThing>)found);
    }

    // What is asked for in one question; plans, metrics, packs and discounts have pages for staff alone.
    private static IEnumerable<FoundKind> Kinds(CallContext call, string wanted)
    {
        var isStaff = call.OrganisationId is null;
        if (call.May(Permissions.PaymentsRead) && wanted.Length >= ShortestPart)
            yield return FoundKind.Payment;
        if (call.May(Permissions.SupportRead) && wanted.Length >= ShortestPart)
            yield return FoundKind.Ticket;
        if (call.May(Permissions.PeopleRead) && wanted.Length >= ShortestPart)
            yield return FoundKind.Person;
        if (call.May(Permissions.PlansRead) && isStaff)
            yield return FoundKind.Plan;
        if (call.May(Permissions.PricesRead) && isStaff)
            yield return FoundKind.Metric;
        if (call.May(Permissions.CreditsRead) && isStaff)
            yield return FoundKind.CreditProduct;
        if (call.May(Permissions.DiscountsRead) && isStaff)
            yield return FoundKind.Discount;
    }

    // With or without its mark, or pasted whole: what makes a key secret is cut off before anything is asked.
    private static string? KeyPrefix(string text)
    {
        var isMarked = text.StartsWith(SecretKey.ProjectMark, StringComparison.Ordinal);
        var rest = isMarked ? text[SecretKey.ProjectMark.Length..].Split('_')[0] : text;
        return rest.Length is < ShortestKey or > PublicKey || !rest.All(char.IsAsciiLetterOrDigit) ? null : SecretKey.ProjectMark + rest;
    }

    private static Task<List<FoundThing>> OrganisationsAsync(IBillingDb db, string containing, string starting, CancellationToken cancellationToken) =>
        db.Organisations.AsNoTracking()
            .Where(row => EF.Functions.Like(row.Name.ToLower(), containing, @"\") || EF.Functions.Like(row.BillingEmail.ToLower(), containing, @"\"))
            .OrderBy(row => EF.Functions.Like(row.Name.ToLower(), starting, @"\") ? 0 : 1).ThenBy(row => row.Name).ThenBy(row => row.Id)
            .Take(Most)
            .Select(row => new FoundThing(FoundKind.Organisation, row.Id, row.Id, row.Name, row.BillingEmail))
            .ToListAsync(cancellationToken);

    private static Task<List<FoundThing>> ProjectsAsync(IBillingDb db, string containing, string starting, CancellationToken cancellationToken) =>
        db.Projects.AsNoTracking()
            .Where(project => EF.Functions.Like(project.Name.ToLower(), containing, @"\"))
            .OrderBy(project => EF.Functions.Like(project.Name.ToLower(), starting, @"\") ? 0 : 1).ThenBy(project => project.Name).ThenBy(project => project.Id)
            .Take(Most)
            .Join(db.Organisations, project => project.OrganisationId, organisation => organisation.Id, (project, organisation) => new { project.Id, project.OrganisationId, project.Name, Organisation = organisation.Name })
            .OrderBy(row => EF.Functions.Like(row.Name.ToLower(), starting, @"\") ? 0 : 1).ThenBy(row => row.Name).ThenBy(row => row.Id)
            .Select(row => new FoundThing(FoundKind.Project, row.Id, row.OrganisationId, row.Name, row.Organisation))
            .ToListAsync(cancellationToken);

    private static Task<List<FoundThing>> InvoicesAsync(IBillingDb db, string containing, bool isStaff, CancellationToken cancellationToken) =>
        db.Invoices.AsNoTracking()
            .Where(invoice => invoice.Status != InvoiceStatus.Draft && EF.Functions.Like(invoice.Number!.ToLower(), containing, @"\"))
            .OrderByDescending(invoice => invoice.Id)
            .Take(Most)
            .Join(db.Organisations, invoice => invoice.OrganisationId, organisation => organisation.Id, (invoice, organisation) => new { invoice.Id, invoice.OrganisationId, invoice.Number, invoice.Year, invoice.Month, organisation.Name })
            .OrderByDescending(row => row.Id)
            .Select(row => new FoundThing(FoundKind.Invoice, row.Id, row.OrganisationId, row.Number!, isStaff ? row.Name : ""))
            .ToListAsync(cancellationToken);

    private static Task<List<FoundThing>> KeysAsync(IBillingDb db, string prefix, CancellationToken cancellationToken) =>
        db.ApiKeys.AsNoTracking()
            .Where(key => key.Prefix.StartsWith(prefix))
            .OrderBy(key => key.Prefix)
            .Take(Most)
            .Join(db.Projects, key => key.ProjectId, project => project.Id, (key, project) => new { key.ProjectId, key.OrganisationId, key.Prefix, key.Name, Project = project.Name })
            .OrderBy(row => row.Prefix)
            .Select(row => new FoundThing(FoundKind.ApiKey, row.ProjectId, row.OrganisationId, row.Prefix, row.Name + " · " + row.Project))
            .ToListAsync(cancellationToken);
}

using System.Globalization;
using System.Text;
using NpgsqlTypes;
using Portal.Core.Kernel;
using Portal.Core.Search;
using Portal.Core.Support;
using Portal.Data.Kernel;

namespace Portal.Data.Search;

/// <summary>The kinds that share one question. Each part is bounded and answered from an index, see <c>portal_gaps.sql</c>.</summary>
internal sealed class SearchBook : ISearchBook
{
    public async Task<IReadOnlyList<FoundThing>> FindAsync(IBillingDb db, BookSearch search, CancellationToken cancellationToken)
    {
        var (sql, asked) = (new StringBuilder(), new List<FoundKind>(search.Kinds.Count));
        foreach (var kind in search.Kinds)
        {
            if (PartOf(kind) is not { } part)
                continue;
            // Only what is asked for is named: a customer's role may not read every table.
            sql.Append(asked.Count == 0 ? "" : " UNION ALL ").Append(CultureInfo.InvariantCulture, $"SELECT {asked.Count} AS part, found.* FROM ({part} LIMIT $4) found");
            asked.Add(kind);
        }

        if (asked.Count == 0)
            return [];
        await using var command = db.Command($"SELECT * FROM ({sql}) things ORDER BY part, sort, id DESC")
            .With(search.Containing).With(search.Starting).With(search.TicketNumber, NpgsqlDbType.Bigint).With(search.Most);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var things = new List<FoundThing>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var kind = asked[reader.GetInt32(0)];
            var text = kind == FoundKind.Ticket ? $"{Ticket.ReferenceOf(reader.GetInt64(6))} {reader.GetString(4)}" : reader.GetString(4);
            things.Add(new FoundThing(kind, reader.GetGuid(1), await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetGuid(2), text, reader.GetString(5)));
        }

        return things;
    }

    // id, organisation, sort, text, note, number; sorted and still to be bounded.
    private static string? PartOf(FoundKind kind) => kind switch
    {
        FoundKind.Payment => """
            SELECT p.id, p.organisation_id, '' AS sort, coalesce(p.reference, p.provider_payment_id) AS text, o.name AS note, NULL::bigint AS number
            FROM payments p JOIN organisations o ON o.id = p.organisation_id
            -- Each from its own index: together they would be guessed to be many, and looked for among all.
            WHERE p.id IN ((SELECT id FROM payments WHERE lower(reference) LIKE $1 ORDER BY id DESC LIMIT $4) UNION ALL (SELECT id FROM payments WHERE lower(provider_payment_id) LIKE $2 LIMIT $4))
            ORDER BY p.id DESC
            """,
        FoundKind.Ticket => """
            SELECT t.id, t.organisation_id, '' AS sort, t.subject AS text, o.name AS note, t.number
            FROM support_tickets t JOIN organisations o ON o.id = t.organisation_id
            WHERE lower(t.subject) LIKE $1 OR t.number = $3
            ORDER BY t.id DESC
            """,
        FoundKind.Person => """
            SELECT u.id, NULL::uuid AS organisation_id, CASE WHEN lower(u.email) LIKE $2 OR lower(u.display_name) LIKE $2 THEN '0' ELSE '1' END || lower(u.email) AS sort, u.email::text AS text, u.display_name AS note, NULL::bigint AS number
            FROM users u WHERE lower(u.email) LIKE $1 OR lower(u.display_name) LIKE $1
            ORDER BY 3
            """,
        FoundKind.Plan => Named("plans", "name", "code"),
        FoundKind.Metric => Named("metrics", "name", null, note: "unit"),
        FoundKind.CreditProduct => Named("credit_products", "name", null, note: "''"),
        FoundKind.Discount => Named("discounts", "name", "code", note: "coalesce(code, '')"),
        _ => null,
    };

    private static string Named(string table, string name, string? code, string? note = null)
    {
        var or = code is null ? "" : $" OR lower({code}) LIKE $1";
        var first = code is null ? "" : $" OR lower({code}) LIKE $2";
        return $"""
            SELECT id, NULL::uuid AS organisation_id, CASE WHEN lower({name}) LIKE $2{first} THEN '0' ELSE '1' END || lower({name}) AS sort, {name} AS text, {note ?? code} AS note, NULL::bigint AS number
            FROM {table} WHERE lower({name}) LIKE $1{or}
            ORDER BY 3
            """;
    }
}

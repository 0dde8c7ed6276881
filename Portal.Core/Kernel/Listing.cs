using Microsoft.EntityFrameworkCore;

namespace Portal.Core.Kernel;

/// <summary>Which part of a list is asked for. Either a page of a table on screen (skip, sort, total) or the next stretch of an API list (after an id).</summary>
public sealed record ListRequest
{
    /// <summary>Rows per answer, 1 to 200.</summary>
    public int Take { get; init; } = 50;

    public int Skip { get; init; }

    /// <summary>Keyset paging: only rows that come after this id, newest first. Excludes <see cref="Skip"/> and <see cref="Sort"/>.</summary>
    public Guid? After { get; init; }

    /// <summary>Free text; each list says what it looks at.</summary>
    public string? Search { get; init; }

    /// <summary>Name of the column, as each list documents; null for newest first.</summary>
    public string? Sort { get; init; }

    public bool Descending { get; init; }

    /// <summary>True: count all rows that match.</summary>
    public bool WithTotal { get; init; }

    /// <summary>One row more than asked tells whether there are more.</summary>
    internal int Fetch => Math.Clamp(Take, 1, 200) + 1;

    /// <summary>How many rows match, where the rows of a page say so: none come after them, and it is not past the end. Null: they must be counted, or nobody asks.</summary>
    internal int? TotalOf(int fetched) => WithTotal && After is null && fetched < Fetch && (fetched > 0 || Skip == 0) ? Skip + fetched : null;
}

/// <summary>A part of a list.</summary>
/// <param name="Items">The rows.</param>
/// <param name="HasMore">True when rows come after these.</param>
/// <param name="Total">All rows that match, when it was asked for.</param>
public sealed record PagedList<T>(IReadOnlyList<T> Items, bool HasMore, int? Total)
{
    /// <summary>Reads a page; counts only what its rows don't tell.</summary>
    internal static async Task<PagedList<T>> ReadAsync(IQueryable<T> page, ListRequest request, Func<CancellationToken, Task<int>> count, CancellationToken cancellationToken)
    {
        var fetched = await page.ToListAsync(cancellationToken);
        int? total = request.WithTotal ? request.TotalOf(fetched.Count) ?? await count(cancellationToken) : null;
        return Cut(fetched, request, total);
    }

    /// <summary>Cuts the surplus row that <see cref="ListRequest.Fetch"/> brought.</summary>
    internal static PagedList<T> Cut(List<T> fetched, ListRequest request, int? total)
    {
        var take = Math.Clamp(request.Take, 1, 200);
        return new PagedList<T>(fetched.Count > take ? fetched[..take] : fetched, fetched.Count > take, total);
    }
}

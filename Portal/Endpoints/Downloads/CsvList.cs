using Portal.Core.Kernel;

namespace Portal.Endpoints.Downloads;

/// <summary>Sends a list as CSV, as long as there are rows; nothing is held in memory but a page.</summary>
internal static class CsvList
{
    private const int PageSize = 200;

    /// <summary>Newest first, each page after the last row of the one before: for lists that have no end.</summary>
    public static Task<IResult> SendAsync<T>(string name, Func<ListRequest, Task<Result<PagedList<T>>>> load, Func<T, Guid> id, IReadOnlyList<CsvColumn<T>> columns, HttpContext http) =>
        SendAsync(name, [.. columns.Select(column => column.Head)], load, id, row => [.. columns.Select(column => column.Cell(row))], http);

    /// <summary>In the order of the list, page by page: for catalogues of a few hundred rows.</summary>
    public static Task<IResult> SendAsync<T>(string name, Func<ListRequest, Task<Result<PagedList<T>>>> load, IReadOnlyList<CsvColumn<T>> columns, HttpContext http) =>
        SendAsync(name, [.. columns.Select(column => column.Head)], load, (Func<T, Guid>?)null, row => [.. columns.Select(column => column.Cell(row))], http);

    /// <summary>Newest first, with the cells of a row made at once.</summary>
    public static Task<IResult> SendAsync<T>(
        string name, IReadOnlyList<object?> head, Func<ListRequest, Task<Result<PagedList<T>>>> load, Func<T, Guid>? id, Func<T, IReadOnlyList<object?>> cells, HttpContext http) =>
        SendRowsAsync(name, head, load, id, row => [cells(row)], http);

    /// <summary>Newest first, several rows of the file for one of the list.</summary>
    public static async Task<IResult> SendRowsAsync<T>(
        string name, IReadOnlyList<object?> head, Func<ListRequest, Task<Result<PagedList<T>>>> load, Func<T, Guid>? id, Func<T, IEnumerable<IReadOnlyList<object?>>> rows, HttpContext http)
    {
        var search = http.Request.Query["q"].ToString() is { Length: > 0 } words ? words : null;
        // Before the first byte, so that a refusal is still a status.
        var first = new ListRequest { Take = PageSize, Search = search };
        var page = await load(first);
        if (!page.Succeeded)
            return page.Failures.ToStatus();
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Stream(
            async output =>
            {
                await using var csv = new CsvWriter(output);
                await csv.RowAsync(head);
                for (var sent = page.Value.Items.Count; ; sent += page.Value.Items.Count)
                {
                    foreach (var row in page.Value.Items.SelectMany(rows))
                        await csv.RowAsync(row);
                    if (!page.Value.HasMore || page.Value.Items.Count == 0)
                        return;
                    page = await load(id is null ? first with { Skip = sent } : first with { After = id(page.Value.Items[^1]) });
                    // Half of a list must not look like all of it: the connection breaks instead.
                    if (!page.Succeeded)
                        throw new InvalidOperationException($"The list can't be read on: {page.Failure.Code}.");
                }
            },
            "text/csv; charset=utf-8",
            name);
    }
}

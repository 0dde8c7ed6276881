using Portal.Core.Kernel;

namespace Portal.Endpoints.Downloads;

/// <summary>Sends a list as CSV, newest first, as long as there are rows; nothing is held in memory but a page.</summary>
internal static class CsvList
{
    private const int PageSize = 200;

    public static Task<IResult> SendAsync<T>(
        string name, IReadOnlyList<object?> head, Func<ListRequest, Task<Result<PagedList<T>>>> load, Func<T, Guid> id, Func<T, IReadOnlyList<object?>> cells, HttpContext http) =>
        SendAsync(name, head, load, (request, rows) => request with { After = id(rows[^1]) }, cells, http);

    /// <summary>The same for a list whose rows have no id to go on from: page after page.</summary>
    public static Task<IResult> SendPagesAsync<T>(
        string name, IReadOnlyList<object?> head, Func<ListRequest, Task<Result<PagedList<T>>>> load, Func<T, IReadOnlyList<object?>> cells, HttpContext http) =>
        SendAsync(name, head, load, (request, rows) => request with { Skip = request.Skip + rows.Count }, cells, http);

    private static async Task<IResult> SendAsync<T>(
        string name, IReadOnlyList<object?> head, Func<ListRequest, Task<Result<PagedList<T>>>> load, Func<ListRequest, IReadOnlyList<T>, ListRequest> next, Func<T, IReadOnlyList<object?>> cells, HttpContext http)
    {
        var request = new ListRequest { Take = PageSize, Search = http.Request.Query["q"].ToString() is { Length: > 0 } words ? words : null };
        // Before the first byte, so that a refusal is still a status.
        var page = await load(request);
        if (!page.Succeeded)
            return page.Failures.ToStatus();
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Stream(
            async output =>
            {
                await using var csv = new CsvWriter(output);
                await csv.RowAsync(head);
                for (; ; page = await load(request = next(request, page.Value.Items)))
                {
                    // Half of a list must not look like all of it: the connection breaks instead.
                    if (!page.Succeeded)
                        throw new InvalidOperationException($"The list can't be read on: {page.Failure.Code}.");
                    foreach (var row in page.Value.Items)
                        await csv.RowAsync(cells(row));
                    if (!page.Value.HasMore || page.Value.Items.Count == 0)
                        return;
                }
            },
            "text/csv; charset=utf-8",
            name);
    }
}

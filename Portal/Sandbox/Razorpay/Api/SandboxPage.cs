using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Sandbox.Razorpay.Api;

/// <summary>Which part of a list is asked for.</summary>
/// <param name="Count">1 to 100.</param>
/// <param name="Skip">How many of the newest are left out.</param>
/// <param name="From">Unix seconds, inclusive.</param>
/// <param name="To">Unix seconds, inclusive.</param>
internal sealed record SandboxPage(int Count, int Skip, long From, long To)
{
    /// <summary>Reads the query; <paramref name="refused"/> is the answer when it breaks a rule.</summary>
    public static bool TryRead(IQueryCollection query, out SandboxPage page, out SandboxReply? refused)
    {
        var (count, skip, from, to) = (Number(query, "count", 10), Number(query, "skip", 0), Number(query, "from", 0), Number(query, "to", long.MaxValue));
        page = new SandboxPage((int)Math.Clamp(count ?? 0, 0, 100), (int)Math.Clamp(skip ?? 0, 0, int.MaxValue), from ?? 0, to ?? 0);
        refused = count switch
        {
            > 100 => SandboxReply.Refused("The count may not be greater than 100.", "count"),
            null or < 1 => SandboxReply.Refused("The count must be at least 1.", "count"),
            _ when skip is null or < 0 => SandboxReply.Refused("The skip must be at least 0.", "skip"),
            _ when from is null || to is null => SandboxReply.Refused("from and to must be times in Unix seconds."),
            _ => null,
        };
        return refused is null;
    }

    /// <summary>The rows of this page, newest first, as a collection.</summary>
    public SandboxReply Of<T>(IEnumerable<T> rows, Func<T, long> createdAt, Func<T, JsonObject> show) => SandboxReply.Collection(
        [.. rows.Reverse().Where(row => createdAt(row) >= From && createdAt(row) <= To).OrderByDescending(createdAt).Skip(Skip).Take(Count).Select(show)]);

    private static long? Number(IQueryCollection query, string name, long otherwise) => !query.TryGetValue(name, out var text)
        ? otherwise
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}

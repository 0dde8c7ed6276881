using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.RegularExpressions;
using Portal.Core.Currencies;
using Portal.Core.Payments;

namespace Portal.Payments.Razorpay;

/// <summary>Razorpay behind the port: what all calls share, and what needs no call.</summary>
internal sealed partial class RazorpayGateway(RazorpayClient client, IRazorpayAccount account) : IPaymentGateway
{
    private const int PageSize = 100;
    private const int MaxPages = 100;

    private static readonly string[] s_origins = ["https://checkout.razorpay.com", "https://api.razorpay.com", "https://lumberjack.razorpay.com"];

    public string Name => "razorpay";

    public bool IsConfigured => account.Credentials is not null;

    public bool IsTest => account.IsSandbox || account.Credentials?.KeyId.StartsWith("rzp_test_", StringComparison.Ordinal) == true;

    public GatewayCheckout? Checkout => account.Credentials is { } credentials
        ? new GatewayCheckout(account.CheckoutScriptUrl, credentials.KeyId, account.IsSandbox ? [] : s_origins)
        : null;

    public Money? Payable(Money due) => RazorpayAmounts.Payable(due);

    public bool IsCheckoutSignatureValid(string orderId, string paymentId, string? signature)
    {
        ArgumentNullException.ThrowIfNull(orderId);
        ArgumentNullException.ThrowIfNull(paymentId);
        return account.Credentials is { } credentials && RazorpaySignature.IsCheckoutValid(orderId, paymentId, credentials.KeySecret, signature);
    }

    public bool IsWebhookSignatureValid(ReadOnlySpan<byte> body, string? signature) => account.Credentials is { } credentials
        && (RazorpaySignature.IsValid(body, credentials.WebhookSecret, signature) || RazorpaySignature.IsValid(body, credentials.PreviousWebhookSecret, signature));

    public bool TryReadWebhook(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out GatewayEvent? gatewayEvent)
    {
        gatewayEvent = RazorpayJson.TryParse(body) is { } json ? RazorpayReader.Event(json) : null;
        return gatewayEvent is not null;
    }

    private async Task<GatewayResult<T>> CallAsync<T>(RazorpayCall call, Func<JsonElement, T?> read, CancellationToken cancellationToken) where T : class
    {
        if (account.Credentials is not { } credentials)
            return new GatewayResult<T>.Refused(GatewayRefusal.NotConfigured, null, "No Razorpay keys are configured: paying is off.");
        if (account.BaseAddress is not { } address)
            return new GatewayResult<T>.Refused(GatewayRefusal.NotConfigured, null, "The sandbox is not listening yet.");
        return (await client.SendAsync(call, credentials, address, cancellationToken)).Read(read);
    }

    /// <summary>Every row of a list, page by page; a row that moved to the next page meanwhile counts once.</summary>
    private async Task<GatewayResult<IReadOnlyList<T>>> ListAsync<T>(string path, string query, Func<JsonElement, T?> read, Func<T, string> id, Func<T, DateTimeOffset> at, CancellationToken cancellationToken)
        where T : class
    {
        var found = new Dictionary<string, T>(StringComparer.Ordinal);
        for (var page = 0; page < MaxPages; page++)
        {
            var call = new RazorpayCall(HttpMethod.Get, path, $"count={PageSize}&skip={page * PageSize}{(query.Length == 0 ? "" : "&" + query)}");
            var result = await CallAsync(call, json => Rows(json, read), cancellationToken);
            if (result is not GatewayResult<List<T>>.Done { Value: var rows })
                return result.Select<IReadOnlyList<T>>(list => list);
            foreach (var row in rows)
                found[id(row)] = row;
            if (rows.Count < PageSize)
                return new GatewayResult<IReadOnlyList<T>>.Done([.. found.Values.OrderBy(at).ThenBy(id, StringComparer.Ordinal)]);
        }

        return new GatewayResult<IReadOnlyList<T>>.Unknown($"More than {MaxPages * PageSize} rows: ask for a shorter window.");
    }

    // A list with one unreadable row is unreadable: leaving the row out could make a paid order look unpaid.
    private static List<T>? Rows<T>(JsonElement json, Func<JsonElement, T?> read) where T : class
    {
        if (json.Child("items") is not { ValueKind: JsonValueKind.Array } items)
            return null;
        var rows = new List<T>();
        foreach (var item in items.EnumerateArray())
        {
            if (read(item) is not { } row)
                return null;
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>
    /// After a refusal: Razorpay says 400 also to what was already done, and only its state tells the difference. Gives the refusal back when
    /// there is nothing of the kind, and unknown when that can't be seen.
    /// </summary>
    private static async Task<GatewayResult<T>> AdoptAsync<T>(GatewayResult<T> result, Func<Task<GatewayResult<IReadOnlyList<T>>>> lookUp, Func<T, bool> isIt) where T : class
    {
        if (result is not GatewayResult<T>.Refused { Code: not (GatewayRefusal.NotConfigured or GatewayRefusal.RateLimited or GatewayRefusal.Unauthorised or GatewayRefusal.NotFound) })
            return result;
        return (await lookUp()).Match(
            found => found.FirstOrDefault(isIt) is { } it ? new GatewayResult<T>.Done(it) : result,
            _ => result,
            unknown => new GatewayResult<T>.Unknown($"Razorpay refused, and whether it had been done before can't be seen: {unknown.Why}"));
    }

    private static GatewayResult<T>.Refused? RefusedLocally<T>(Money amount, string receipt, IReadOnlyDictionary<string, string> notes, out long units)
    {
        if (!RazorpayAmounts.TryToUnits(amount, out units))
            return new(GatewayRefusal.AmountNotPayable, null, $"Razorpay can't take {amount}.");
        if (receipt.Length is < 1 or > 40)
            return new(GatewayRefusal.Invalid, null, "A receipt has 1 to 40 characters.");
        if (notes.Count > 15 || notes.Any(note => note.Key.Length is < 1 or > 256 || note.Value.Length > 256))
            return new(GatewayRefusal.Invalid, null, "At most 15 notes, each of at most 256 characters.");
        return null;
    }

    // Ids may come from a browser and go into a path.
    private static bool IsId(string id) => IdPattern().IsMatch(id);

    private static GatewayResult<T>.Refused NoSuch<T>(string what) => new(GatewayRefusal.NotFound, null, $"That is no {what} id.");

    [GeneratedRegex("^[a-z]{2,8}_[A-Za-z0-9]{1,50}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IdPattern();

    [GeneratedRegex("^[A-Za-z0-9_-]{10,64}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RefundKeyPattern();
}

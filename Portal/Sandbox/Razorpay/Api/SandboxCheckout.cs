
namespace Portal.Sandbox.Razorpay.Api;

/// <summary>What the checkout's page in the payer's browser calls: the key's public half is all it has.</summary>
internal static class SandboxCheckout
{
    public static void MapCheckout(this IEndpointRouteBuilder sandbox)
    {
        var checkout = sandbox.MapGroup("/checkout");
        checkout.MapGet("/orders/{id}", Order);
        checkout.MapPost("/payments", PayAsync);
    }

    /// <summary>An attempt from the checkout.</summary>
    public sealed record PayRequest(
        string? KeyId, string? OrderId, string? Method, string? Vpa, string? Bank, string? BankAnswer, string? CardNumber, string? Otp, string? Email, string? Contact,
        string? Description, Dictionary<string, string>? Notes);

    private static IResult Order(string id, string? key, RazorpaySandbox sandbox)
    {
        if (key != sandbox.Credentials.KeyId)
            return SandboxReply.Refused("The api key provided is invalid", status: 401);
        return sandbox.Display(id) is { } order
            ? Results.Json(new { amount = order.Amount, currency = order.Currency, status = order.Status, merchant = sandbox.MerchantName })
            : SandboxReply.NoSuchId();
    }

    private static IResult PayAsync(PayRequest request, RazorpaySandbox sandbox)
    {
        if (request.KeyId != sandbox.Credentials.KeyId)
            return SandboxReply.Refused("The api key provided is invalid", status: 401);
        var (instrument, failure, mistake) = TestMeans.Read(request);
        if (instrument is null)
            return SandboxReply.Refused(mistake ?? "This can't be paid with.");
        var notes = request.Notes is { Count: <= 15 } given && given.All(note => note.Value is { Length: <= 256 }) ? given : null;
        return sandbox.Pay(
            request.OrderId ?? "", instrument with { Email = Short(request.Email), Contact = Short(request.Contact) },
            failure is null ? SandboxOutcome.Success : SandboxOutcome.Fail, failure, request.Description is { Length: <= 2048 } text ? text : null, notes) is { } attempt
            ? Results.Json(SandboxControl.Show(attempt))
            : SandboxReply.NoSuchId();
    }

    private static string? Short(string? text) => text is { Length: > 0 and <= 64 } ? text : null;
}

using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Sandbox.Razorpay.Api;

/// <summary>HTTP Basic with the sandbox's key, as Razorpay asks for it.</summary>
internal sealed class SandboxKeyFilter(RazorpaySandbox sandbox) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var right = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{sandbox.Credentials.KeyId}:{sandbox.Credentials.KeySecret}"));
        return AuthenticationHeaderValue.TryParse(context.HttpContext.Request.Headers.Authorization, out var given)
            && string.Equals(given.Scheme, "Basic", StringComparison.Ordinal)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(right), Encoding.UTF8.GetBytes(given.Parameter ?? ""))
            ? await next(context)
            : SandboxReply.Refused("The api key provided is invalid", reason: "NA", status: 401);
    }
}

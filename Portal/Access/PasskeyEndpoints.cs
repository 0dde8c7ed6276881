using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Outbox;

namespace Portal.Access;

/// <summary>
/// What a browser asks for to make a passkey and to sign in with one. The page of a circuit can't do it alone: the challenge lives in a cookie
/// between the two requests.
/// </summary>
internal static class PasskeyEndpoints
{
    private const string TellsNothing = "The passkey could not be added. Try again, or use another one.";

    /// <summary>The framework's checks, held to this portal's own address: by default every sub-domain would count.</summary>
    public static void Configure(IServiceCollection services) => services.AddOptions<IdentityPasskeyOptions>().Configure<IOptions<PortalLinkOptions>>((passkeys, links) =>
    {
        var address = links.Value.PublicUrl;
        // A number is no name that a passkey could be bound to: where the portal is opened by one, the name in the browser's bar counts.
        passkeys.ServerDomain = IPAddress.TryParse(address.Host, out _) ? null : address.Host;
        passkeys.UserVerificationRequirement = "required";
        passkeys.ResidentKeyRequirement = "required";
        passkeys.ValidateOrigin = context => ValueTask.FromResult(!context.CrossOrigin
            && (context.Origin == address.GetLeftPart(UriPartial.Authority) || (passkeys.ServerDomain is null && context.Origin == $"{context.HttpContext.Request.Scheme}://{context.HttpContext.Request.Host}")));
    });

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/account/passkeys").WithMetadata(new RequireAntiforgeryTokenAttribute()).ExcludeFromDescription();
        group.MapPost("/options", async (ICallContexts calls, Passkeys passkeys, SignInManager<User> signIn, CancellationToken cancellation) =>
        {
            var may = await passkeys.MayAddAsync(await calls.ForSelfAsync(cancellation), cancellation);
            return may.Succeeded
                ? Results.Text(await signIn.MakePasskeyCreationOptionsAsync(new PasskeyUserEntity { Id = may.Value.Id.ToString(), Name = may.Value.Email!, DisplayName = may.Value.DisplayName }), "application/json")
                : Refused(may.Failure);
        });
        group.MapPost("", async (NewPasskey made, ICallContexts calls, Passkeys passkeys, SignInManager<User> signIn, CancellationToken cancellation) =>
        {
            var call = await calls.ForSelfAsync(cancellation);
            var proof = await AttestAsync(signIn, made.Credential);
            if (proof is not { Succeeded: true } || proof.UserEntity.Id != call.Actor.Id?.ToString())
                return Refused(Failure.Invalid("credential", TellsNothing));
            var added = await passkeys.AddAsync(call, proof.Passkey, made.Name ?? "", cancellation);
            return added.Succeeded ? Results.NoContent() : Refused(added.Failure);
        });
        // Anybody may ask for a challenge: it names nobody, so it tells nothing about who is known here.
        group.MapPost("/challenge", async (SignInManager<User> signIn) => Results.Text(await signIn.MakePasskeyRequestOptionsAsync(null!), "application/json"))
            .RequireRateLimiting(AccessSetup.SignInLimit)
            .WithMetadata(new AllowAnonymousAttribute());
    }

    // What does not even begin like an answer to the challenge is refused as a wrong one is.
    private static async Task<PasskeyAttestationResult?> AttestAsync(SignInManager<User> signIn, string? credential)
    {
        try
        {
            return await signIn.PerformPasskeyAttestationAsync(credential ?? "");
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or JsonException)
        {
            return null;
        }
    }

    private static IResult Refused(Failure failure) => Results.Json(new { failure.Code, failure.Message }, statusCode: failure.Kind switch
    {
        FailureKind.Forbidden => StatusCodes.Status403Forbidden,
        FailureKind.Conflict => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status422UnprocessableEntity,
    });

    private sealed record NewPasskey(string? Name, string? Credential);
}

namespace Portal.Core.Payments;

/// <summary>What the browser needs to open the gateway's checkout.</summary>
/// <param name="ScriptUrl">Absolute, or a path on our own address for the sandbox.</param>
/// <param name="KeyId">The public half of the key.</param>
/// <param name="Origins">Foreign origins that the page with the checkout must allow for scripts, frames and connections; none for the sandbox.</param>
public sealed record GatewayCheckout(string ScriptUrl, string KeyId, IReadOnlyList<string> Origins);

namespace Portal.Components.Profile;

/// <summary>Why the browser, or the portal behind it, made no passkey.</summary>
internal sealed record PasskeyRefusal(string Code, string Message);

using Portal.Core.Emails;

namespace Portal.Core.Access;

/// <summary>What the mails with links for one person say.</summary>
internal static class PeopleMails
{
    private const string Product = "Billing Portal";

    public static EmailContent Invitation(string seller, string? organisation, string role, string invitedBy, Uri link, bool isKnown)
    {
        var brand = seller.Length > 0 ? seller : Product;
        var where = organisation ?? $"{brand}'s staff";
        return new EmailLayout
        {
            Subject = $"{invitedBy} invites you to {where}",
            Preview = $"Join {where} as {role}.",
            Brand = brand,
            Heading = $"Join {where}",
            Paragraphs =
            [
                $"{invitedBy} invites you to {where} in the billing portal, as {role}.",
                isKnown ? "You have an account already: sign in with it to join." : "You choose a name and a password, and are in.",
            ],
            Action = new("Accept the invitation", link),
            Closing = [$"The link works once, for {Access.Invitation.Lasts.Days} days, and for this mail address only. Did you not expect this? Then do nothing: you are not added to anything."],
            Footer = ["You get this mail because somebody typed your address to invite you."],
        }.Render();
    }

    public static EmailContent ResetPassword(string seller, Uri link) => new EmailLayout
    {
        Subject = "Reset your password",
        Preview = "A link to choose a new password.",
        Brand = seller.Length > 0 ? seller : Product,
        Heading = "Reset your password",
        Paragraphs = ["Somebody, we hope you, asked for a new password for the billing portal."],
        Action = new("Choose a new password", link),
        Closing = ["The link works once, for one hour. Was it not you? Then do nothing: your password stays as it is."],
        Footer = ["You get this mail because you have an account by this address."],
    }.Render();

    public static EmailContent ConfirmAddress(string seller, Uri link) => new EmailLayout
    {
        Subject = "Confirm your mail address",
        Preview = "Sign in with this address from now on.",
        Brand = seller.Length > 0 ? seller : Product,
        Heading = "Confirm your mail address",
        Paragraphs = ["Somebody, we hope you, wants to sign in to the billing portal with this address from now on."],
        Action = new("Confirm the address", link),
        Closing = ["The link works once, for one day. Was it not you? Then do nothing: nothing changes."],
        Footer = ["You get this mail because this address was typed in an account's settings."],
    }.Render();
}

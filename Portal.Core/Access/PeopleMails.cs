using Portal.Core.Emails;

namespace Portal.Core.Access;

/// <summary>What the mails with links for one person say.</summary>
internal static class PeopleMails
{
    private const string Product = "Billing Portal";

    public static EmailContent Invitation(string seller, string? organisation, string role, string invitedBy, Uri link, bool isKnown)
    {
        var brand = seller.Length > 0 ? seller : Product;
        var where = organisation ?? $"the {brand} team";
        return new EmailLayout
        {
            Subject = $"{invitedBy} invited you to {where}",
            Preview = $"Join {where} as {role}.",
            Brand = brand,
            Heading = $"Join {where}",
            Paragraphs =
            [
                $"{invitedBy} invited you to {where} in the billing portal, as {role}.",
                isKnown ? "You already have an account. Sign in to join." : "You just need to choose a name and a password.",
            ],
            Action = new("Accept invitation", link),
            Closing = [$"The link works once, for {Access.Invitation.Lasts.Days} days, and only for this email address. If you weren't expecting this, you can ignore it: you won't be added to anything."],
            Footer = ["You received this email because someone invited this address."],
        }.Render();
    }

    public static EmailContent ResetPassword(string seller, Uri link) => new EmailLayout
    {
        Subject = "Reset your password",
        Preview = "A link to choose a new password.",
        Brand = seller.Length > 0 ? seller : Product,
        Heading = "Reset your password",
        Paragraphs = ["We received a request to reset your billing portal password."],
        Action = new("Choose a new password", link),
        Closing = ["The link works once, for one hour. If this wasn't you, ignore this email and your password won't change."],
        Footer = ["You received this email because you have an account with this address."],
    }.Render();

    public static EmailContent ConfirmAddress(string seller, Uri link) => new EmailLayout
    {
        Subject = "Confirm your email address",
        Preview = "Sign in with this address from now on.",
        Brand = seller.Length > 0 ? seller : Product,
        Heading = "Confirm your email address",
        Paragraphs = ["We received a request to use this address to sign in to the billing portal."],
        Action = new("Confirm address", link),
        Closing = ["The link works once, for one day. If this wasn't you, ignore this email and nothing changes."],
        Footer = ["You received this email because this address was entered in an account's settings."],
    }.Render();
}

using System.Net.Mail;
using Portal.Core.Emails;

namespace Portal.Emails;

/// <summary>Decides whether another attempt makes sense after a failure.</summary>
internal static class SmtpFailure
{
    public static EmailOutcome Outcome(Exception failure, string messageId)
    {
        // One recipient refused, or several: their answer says more than the sum of them.
        var smtp = failure switch
        {
            SmtpFailedRecipientsException { InnerExceptions: [var first, ..] } => first,
            SmtpException exception => exception,
            _ => failure.InnerException as SmtpException,
        };
        int? code = smtp is { StatusCode: not SmtpStatusCode.GeneralFailure } ? (int)smtp.StatusCode : null;
        return new(IsForGood(code, smtp) ? EmailOutcomeKind.FailedForGood : EmailOutcomeKind.FailedForNow, messageId, code, Text(failure));
    }

    /// <summary>
    /// A reply of 5xx is for good (RFC 5321, 4.2.1), but for those that are about us and not about the mail: a sign-in that is refused or asked for
    /// (530, 534, 535, 538), a sequence or a command that the server did not understand (500 to 504), or no such service (521, 554 before a
    /// recipient was named looks the same as a refusal of the mail and counts as that). Staff mend those, and the mail then goes.
    /// </summary>
    private static bool IsForGood(int? code, SmtpException? smtp) => code switch
    {
        null => false,
        >= 500 and <= 504 => false,
        521 or 530 or 534 or 535 or 538 => false,
        // Our own client says this for a refused certificate or a missing STARTTLS, too; those carry an inner exception.
        >= 500 => smtp?.InnerException is null or SmtpException,
        _ => false,
    };

    private static string Text(Exception failure)
    {
        var parts = new List<string>();
        for (var at = failure; at is not null && parts.Count < 4; at = at.InnerException)
        {
            var text = string.Concat(at.Message.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
            if (text.Length > 0 && !parts.Contains(text))
                parts.Add(text);
        }
        var all = string.Join(" ", parts);
        return all.Length > 500 ? all[..500] : all;
    }
}

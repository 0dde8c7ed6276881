using System.Net;
using Microsoft.Extensions.Options;
using Portal.Core.Emails;

namespace Portal.Emails;

/// <summary>How the connection to the mail server is protected.</summary>
public enum SmtpSecurity
{
    /// <summary>STARTTLS, and nothing is sent to a server that does not offer it or whose certificate is not trusted.</summary>
    StartTls,

    /// <summary>In the clear: for a server on this machine.</summary>
    None,
}

/// <summary>
/// The section <c>Smtp</c>: the mail server. Without a host no mail leaves: it is kept in the folder <c>mail</c> of the data directory.
/// Implicit TLS (port 465) is not spoken; servers that offer it offer STARTTLS on port 587 as well.
/// </summary>
public sealed class SmtpOptions
{
    public const string Section = "Smtp";

    public string? Host { get; set; }

    public int Port { get; set; } = 587;

    /// <summary>Empty: no sign-in.</summary>
    public string? User { get; set; }

    public string? Password { get; set; }

    /// <summary>The sender's address; needed with a host.</summary>
    public string From { get; set; } = "billing@localhost";

    /// <summary>The sender's name for people.</summary>
    public string? FromName { get; set; } = "Billing Portal";

    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    /// <summary>How long one mail may take, from connecting to the server's last answer.</summary>
    public int TimeoutSeconds { get; set; } = 60;

    public bool IsConfigured => !string.IsNullOrWhiteSpace(Host);

    public EmailAddress Sender => new(From, FromName);
}

/// <summary>Finds all that is wrong with the section at once.</summary>
internal sealed class SmtpOptionsValidation : IValidateOptions<SmtpOptions>
{
    public ValidateOptionsResult Validate(string? name, SmtpOptions options)
    {
        var failures = new List<string>();
        if (!EmailAddress.IsValid(options.From))
            failures.Add("Smtp:From is not an email address.");
        if (options.FromName?.Any(char.IsControl) == true)
            failures.Add("Smtp:FromName holds a control character.");
        if (options.IsConfigured)
            failures.AddRange(OfServer(options));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> OfServer(SmtpOptions options)
    {
        if (Uri.CheckHostName(options.Host) == UriHostNameType.Unknown)
            yield return "Smtp:Host is not a host name.";
        if (options.Port is < 1 or > 65535)
            yield return "Smtp:Port lies between 1 and 65535.";
        if (options.Port == 465)
            yield return "Smtp:Port 465 means implicit TLS, which is not supported. Use 587 with Smtp:Security StartTls.";
        if (options.TimeoutSeconds is < 1 or > 600)
            yield return "Smtp:TimeoutSeconds lies between 1 and 600.";
        if (!Enum.IsDefined(options.Security))
            yield return "Smtp:Security is StartTls or None.";
        if (string.IsNullOrEmpty(options.User) != string.IsNullOrEmpty(options.Password))
            yield return "Smtp:User and Smtp:Password go together.";
        if (options.From.EndsWith("@localhost", StringComparison.OrdinalIgnoreCase) && !IsHere(options.Host!))
            yield return "Smtp:From must be an address that replies reach.";
        if (options.Security == SmtpSecurity.None && !string.IsNullOrEmpty(options.User) && !IsHere(options.Host!))
            yield return "Smtp:Security None would send the password in the clear: that is allowed to a server on this machine only.";
    }

    private static bool IsHere(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}

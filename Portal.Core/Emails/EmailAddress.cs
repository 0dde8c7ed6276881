using System.Text.RegularExpressions;

namespace Portal.Core.Emails;

/// <summary>A mailbox, with a name for people where there is one.</summary>
public sealed partial record EmailAddress
{
    /// <exception cref="ArgumentException">It is no mailbox, or the name holds a control character.</exception>
    public EmailAddress(string address, string? name = null)
    {
        if (!IsValid(address))
            throw new ArgumentException("That is not an email address.", nameof(address));
        Address = address;
        Name = string.IsNullOrWhiteSpace(name) ? null : EmailHeader.Checked(name, nameof(name));
    }

    public string Address { get; }

    public string? Name { get; }

    /// <summary>What stands after the at sign.</summary>
    public string Domain => Address[(Address.LastIndexOf('@') + 1)..];

    /// <summary>True for one plain mailbox of at most 254 characters: no name, no list, no comment, nothing outside ASCII.</summary>
    public static bool IsValid([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? address) => address is { Length: <= 254 } && Mailbox().IsMatch(address);

    public override string ToString() => Name is null ? Address : $"{Name} <{Address}>";

    // What the HTML standard takes in an email field, less dots where RFC 5321 has none. \z, because $ lets a line break through.
    [GeneratedRegex(@"^(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Mailbox();
}

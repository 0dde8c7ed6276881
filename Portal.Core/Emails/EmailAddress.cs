using System.Net.Mail;

namespace Portal.Core.Emails;

/// <summary>A mailbox, with a name for people where there is one.</summary>
public sealed record EmailAddress
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
    public static bool IsValid([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? address) =>
        address is { Length: > 2 and <= 254 } && address.All(letter => letter is > ' ' and < '\u007F' and not ('<' or '>' or ',' or ';' or '(' or ')' or '"' or '\\'))
        && address.Count(letter => letter == '@') == 1 && MailAddress.TryCreate(address, out var parsed) && parsed.Address == address;

    public override string ToString() => Name is null ? Address : $"{Name} <{Address}>";
}

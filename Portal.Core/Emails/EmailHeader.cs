namespace Portal.Core.Emails;

/// <summary>Keeps line breaks and other controls out of headers, where they would begin a header of somebody else's.</summary>
internal static class EmailHeader
{
    /// <exception cref="ArgumentException">The value holds a control character or a line separator.</exception>
    public static string Checked(string value, string parameter)
    {
        ArgumentNullException.ThrowIfNull(value, parameter);
        return value.Any(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029')
            ? throw new ArgumentException("A mail header can't hold line breaks or control characters.", parameter)
            : value;
    }

    /// <exception cref="ArgumentException">The name is not one or more letters, digits and hyphens.</exception>
    public static string CheckedName(string name) =>
        name.Length is > 0 and <= 60 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')
            ? name
            : throw new ArgumentException("The name of a mail header is made of letters, digits and hyphens.", nameof(name));
}

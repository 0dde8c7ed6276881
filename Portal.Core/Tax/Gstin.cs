namespace Portal.Core.Tax;

/// <summary>What sort of registration a GSTIN stands for; the form tells it.</summary>
public enum GstinForm
{
    /// <summary>A business: state code, PAN, entity, Z, check digit.</summary>
    Regular,

    /// <summary>Deducts tax at source, or collects it as a marketplace; like a regular one, with D or C.</summary>
    Deductor,

    /// <summary>An embassy or a body of the United Nations (UIN).</summary>
    UnBody,

    /// <summary>A taxable person who does not reside in India.</summary>
    NonResident,

    /// <summary>Supplies online services from abroad (OIDAR); begins with 99.</summary>
    OnlineFromAbroad,
}

/// <summary>India's GST identification number, as the GST portal describes it: fifteen characters, the last of which proves the others.</summary>
/// <param name="Text">The whole number.</param>
/// <param name="Form">Which registration it is.</param>
public sealed record Gstin(string Text, GstinForm Form)
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>Two digits; of a number that is bound to no state, such as an OIDAR's, null.</summary>
    public string? StateCode => IndianStates.Print(Text[..2]) is null ? null : Text[..2];

    /// <summary>The PAN inside of it: characters 3 to 12; null for forms that have none.</summary>
    public string? Pan => Form is GstinForm.Regular or GstinForm.Deductor ? Text[2..12] : null;

    /// <summary>True when the form and the check digit are right.</summary>
    public static bool IsValid(string? text) => TryParse(text) is not null;

    /// <summary>The number, or null when its form or its check digit is wrong. Capital letters only.</summary>
    public static Gstin? TryParse(string? text)
    {
        if (text is not { Length: 15 } || !text.All(letter => Alphabet.Contains(letter, StringComparison.Ordinal)) || Alphabet[CheckDigit(text)] != text[14])
            return null;
        return FormOf(text) is { } form ? new Gstin(text, form) : null;
    }

    /// <summary>The last character that the first fourteen ask for.</summary>
    public static char CheckCharacter(string firstFourteen)
    {
        ArgumentNullException.ThrowIfNull(firstFourteen);
        return Alphabet[CheckDigit(firstFourteen)];
    }

    /// <summary>What is wrong with a tax id of India beside a state, for people; null when nothing is.</summary>
    /// <param name="text">The number.</param>
    /// <param name="stateCode">Two digits of the address; null when it is not known.</param>
    public static string? Complaint(string text, string? stateCode)
    {
        if (TryParse(text) is not { } gstin)
            return "Not a valid GSTIN: its format or check digit is wrong.";
        if (gstin.Form != GstinForm.OnlineFromAbroad && gstin.StateCode is null)
            return "This GSTIN starts with an unknown state code.";
        return stateCode is not null && gstin.StateCode is { } own && own != stateCode ? $"A GSTIN of this state starts with {stateCode}." : null;
    }

    private static GstinForm? FormOf(string text)
    {
        if (!Digits(text, 0, 2))
            return null;
        if (Letters(text, 2, 5) && Digits(text, 7, 4) && Letters(text, 11, 1))
        {
            return text[13] switch
            {
                'Z' => text[12] == '0' ? null : GstinForm.Regular,
                'D' or 'C' => GstinForm.Deductor,
                _ => null,
            };
        }

        if (!Digits(text, 2, 2) || !Letters(text, 4, 3) || !Digits(text, 7, 5))
            return null;
        return text[12..14] switch
        {
            "UN" or "ON" => GstinForm.UnBody,
            "NR" => GstinForm.NonResident,
            "OS" => text.StartsWith("99", StringComparison.Ordinal) ? GstinForm.OnlineFromAbroad : null,
            _ => null,
        };
    }

    private static bool Digits(string text, int start, int count) => text.AsSpan(start, count).IndexOfAnyExceptInRange('0', '9') < 0;

    private static bool Letters(string text, int start, int count) => text.AsSpan(start, count).IndexOfAnyExceptInRange('A', 'Z') < 0;

    // Every second of the first fourteen counts double; the digits of each product, to base 36, are summed.
    private static int CheckDigit(string text)
    {
        var sum = 0;
        for (var index = 0; index < 14; index++)
        {
            var product = Alphabet.IndexOf(text[index], StringComparison.Ordinal) * (index % 2 == 0 ? 1 : 2);
            sum += (product / 36) + (product % 36);
        }

        return (36 - (sum % 36)) % 36;
    }
}

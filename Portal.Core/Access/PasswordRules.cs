using System.Collections.Frozen;
using Portal.Core.Kernel;

namespace Portal.Core.Access;

/// <summary>What a password must be: long enough and not among those that are tried first. No rules of composition (NIST SP 800-63B, OWASP ASVS 6.2).</summary>
public static class PasswordRules
{
    public const int ShortestLength = 8;

    /// <summary>Longer ones are refused only so that hashing can't be made a burden.</summary>
    public const int LongestLength = 256;

    // The most used passwords of eight characters and more, as published lists agree on them.
    private static readonly FrozenSet<string> s_common = (
        "password password1 password12 password123 password1234 passw0rd p@ssw0rd p@ssword pa55word passpass 12345678 123456789 1234567890 " +
        "12341234 11111111 00000000 87654321 88888888 66666666 99999999 22222222 55555555 77777777 11223344 12121212 123123123 147258369 " +
        "123456789a 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2 q1w2e3r4 qwertyui qwerty12 qwerty123 qwertyuiop qwer1234 asdfghjk asdfghjkl asdf1234 " +
        "zxcvbnm1 zxcvbnm123 abcd1234 abc12345 abcdefgh abcdefg1 a1b2c3d4 aaaaaaaa iloveyou iloveyou1 sunshine princess football baseball " +
        "superman batman123 trustno1 starwars computer internet whatever jennifer michelle michael1 corvette mercedes maverick samantha " +
        "victoria alexander welcome1 welcome123 letmein1 letmein123 changeme changeme1 changeme123 admin123 admin1234 administrator " +
        "administrator1 default1 secret12 secret123 monkey123 dragon123 master123 shadow123 hello123 hello1234 login123 test1234 testtest " +
        "test12345 temp1234 guest123 user1234 root1234 company1 billing1 billing123 google123 facebook1 liverpool chelsea1 arsenal1 " +
        "pokemon1 charlie1 jordan23 password! password1! password@123 admin@123 india123 welcome@123 qwerty@123 abcd@1234 pass@123 pass@1234")
        .Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is wrong with a password for the person of that mail address; null when nothing is. The field is <c>password</c>.</summary>
    public static Failure? Check(string password, string email)
    {
        ArgumentNullException.ThrowIfNull(password);
        ArgumentNullException.ThrowIfNull(email);
        if (password.Length < ShortestLength)
            return Failure.Invalid("password", $"Use at least {ShortestLength} characters. A few unrelated words work well.", "password_too_short");
        if (password.Length > LongestLength)
            return Failure.Invalid("password", $"Use at most {LongestLength} characters.", "password_too_long");
        if (s_common.Contains(password) || password.Distinct().Count() < 3)
            return Failure.Invalid("password", "This password is too common. Choose another.", "password_common");
        var local = email.Split('@')[0];
        return password.Equals(email, StringComparison.OrdinalIgnoreCase) || password.Equals(local, StringComparison.OrdinalIgnoreCase)
            ? Failure.Invalid("password", "The password can't be your email address. Choose another.", "password_is_email")
            : null;
    }
}

using Portal.Core.Access;

namespace Portal.Tests.Core.Access;

public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("kettle-drum")]
    [InlineData("अआइईउऊऋए")]
    [InlineData("all lower case and long enough")]
    [InlineData("84719305")]
    public void No_rules_of_composition(string password) => PasswordRules.Check(password, "person@example.com").ShouldBeNull();

    [Fact]
    public void Sixty_four_characters_and_more_are_accepted() =>
        PasswordRules.Check(string.Concat(Enumerable.Repeat("correct horse ", 18)), "person@example.com").ShouldBeNull();

    [Theory]
    [InlineData("seven77", "password_too_short")]
    [InlineData("password", "password_common")]
    [InlineData("PassWord123", "password_common")]
    [InlineData("12345678", "password_common")]
    [InlineData("zzzzzzzzzzzz", "password_common")]
    [InlineData("person@example.com", "password_is_email")]
    public void What_anybody_would_try_first_is_refused(string password, string code) =>
        PasswordRules.Check(password, "person@example.com")!.Code.ShouldBe(code);

    [Fact]
    public void A_password_of_kilobytes_is_refused_before_it_is_hashed() =>
        PasswordRules.Check(new string('a', 100) + new string('b', 100) + new string('c', 100), "person@example.com")!.Code.ShouldBe("password_too_long");
}

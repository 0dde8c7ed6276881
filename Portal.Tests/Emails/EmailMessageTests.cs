using Portal.Core.Emails;

namespace Portal.Tests.Emails;

public sealed class EmailMessageTests
{
    [Theory]
    [InlineData("Subject\r\nBcc: victim@example.com")]
    [InlineData("Subject\nX: y")]
    [InlineData("Subject\u0000")]
    [InlineData("Subject\u2028X")]
    public void A_subject_that_would_begin_another_header_is_refused(string subject) =>
        Should.Throw<ArgumentException>(() => TestEmails.Message() with { Subject = subject });

    [Theory]
    [InlineData("X-Header\r\nBcc", "value")]
    [InlineData("X-Header", "value\r\nBcc: victim@example.com")]
    [InlineData("X Header", "value")]
    [InlineData("", "value")]
    [InlineData("Bcc", "victim@example.com")]
    [InlineData("message-id", "<x@example.com>")]
    public void A_header_that_is_not_one_is_refused(string name, string value) =>
        Should.Throw<ArgumentException>(() => TestEmails.Message() with { Headers = new Dictionary<string, string> { [name] = value } });

    [Theory]
    [InlineData("person@example.com", true)]
    [InlineData("first.last+tag@mail.example.co.in", true)]
    [InlineData("billing@localhost", true)]
    [InlineData("person@example.com\r\nBcc: victim@example.com", false)]
    [InlineData("person@example.com\n", false)]
    [InlineData("a@example.com,b@example.com", false)]
    [InlineData("Name <a@example.com>", false)]
    [InlineData("a@b@example.com", false)]
    [InlineData(".a@example.com", false)]
    [InlineData("a..b@example.com", false)]
    [InlineData("a@-example.com", false)]
    [InlineData("a@example..com", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_one_plain_mailbox_is_an_address(string? address, bool valid) => EmailAddress.IsValid(address).ShouldBe(valid);

    [Fact]
    public void A_name_with_a_line_break_is_refused() => Should.Throw<ArgumentException>(() => new EmailAddress("a@example.com", "A\r\nBcc: victim@example.com"));

    [Theory]
    [InlineData("invoice\r\n.pdf", "application/pdf")]
    [InlineData("../invoice.pdf", "application/pdf")]
    [InlineData("a\".pdf", "application/pdf")]
    [InlineData("a.pdf", "application/pdf\r\nX: y")]
    [InlineData("a.pdf", "pdf")]
    public void An_attachment_that_would_break_its_header_is_refused(string name, string type) =>
        Should.Throw<ArgumentException>(() => new EmailAttachment(name, type, TestEmails.Pdf));

    [Fact]
    public void A_mail_goes_to_somebody() => Should.Throw<ArgumentException>(() => TestEmails.Message() with { To = [] });
}

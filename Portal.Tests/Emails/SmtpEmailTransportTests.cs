using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Core.Emails;
using Portal.Emails;
using Portal.Tests.Support;

namespace Portal.Tests.Emails;

public sealed class SmtpEmailTransportTests : IAsyncLifetime
{
    private readonly SmtpServer _server = SmtpServer.Start();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-mail-");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_mail_arrives_whole_with_its_text_its_html_and_its_pdf()
    {
        var message = TestEmails.Message();

        var outcome = await SendAsync(message);

        outcome.Kind.ShouldBe(EmailOutcomeKind.Sent);
        var received = _server.Mails.ShouldHaveSingleItem();
        received.To.ShouldBe(["accounts@retail.example.com"]);
        received.From.ShouldBe("billing@portal.example.com");
        var mail = EmlMail.Parse(received.Bytes);
        mail.MessageId.ShouldBe(outcome.MessageId);
        mail.MessageId.ShouldBe($"<{message.Id:n}@portal.example.com>");
        mail.Subject.ShouldBe("Invoice INV/26-27/000123 from Example Cloud Services: ₹1,00,000.00 due 16 Dec 2026");
        mail.From.ShouldContain("Example Billing");
        mail.To.ShouldContain("Zoë Sample");
        mail.Headers["Reply-To"].ShouldContain("billing@cloud.example.com");
        mail.Headers["Auto-Submitted"].ShouldBe("auto-generated");
        mail.Text!.ReplaceLineEndings().TrimEnd().ShouldBe(message.Text.ReplaceLineEndings().TrimEnd());
        mail.Html!.ReplaceLineEndings().TrimEnd().ShouldBe(message.Html.ReplaceLineEndings().TrimEnd());
        var pdf = mail.Attachments.ShouldHaveSingleItem();
        pdf.FileName.ShouldBe("INV-26-27-000123.pdf");
        pdf.MediaType.ShouldBe("application/pdf");
        pdf.Content.ShouldBe(TestEmails.Pdf);
        // RFC 5322, 2.1.1.
        System.Text.Encoding.Latin1.GetString(received.Bytes).Split("\r\n").Max(line => line.Length).ShouldBeLessThanOrEqualTo(998);
        received.Bytes.All(one => one < 128).ShouldBeTrue();
    }

    [Theory]
    [InlineData("RCPT", "550 5.1.1 no such mailbox", EmailOutcomeKind.FailedForGood, 550)]
    [InlineData("RCPT", "450 4.2.0 greylisted, come back later", EmailOutcomeKind.FailedForNow, 450)]
    [InlineData("RCPT", "452 4.2.2 mailbox full", EmailOutcomeKind.FailedForNow, 452)]
    [InlineData("MAIL", "421 4.3.2 shutting down", EmailOutcomeKind.FailedForNow, 421)]
    [InlineData("MAIL", "530 5.7.0 sign in first", EmailOutcomeKind.FailedForNow, 530)]
    [InlineData("MAIL", "550 5.7.1 not from you", EmailOutcomeKind.FailedForGood, 550)]
    [InlineData(".", "552 5.3.4 too large", EmailOutcomeKind.FailedForGood, 552)]
    [InlineData(".", "554 5.6.0 spam", EmailOutcomeKind.FailedForGood, 554)]
    [InlineData(".", "451 4.3.0 try again", EmailOutcomeKind.FailedForNow, 451)]
    public async Task What_the_server_answers_decides_whether_another_attempt_makes_sense(string command, string reply, EmailOutcomeKind expected, int code)
    {
        _server.Behaviour = new() { Replies = new Dictionary<string, string> { [command] = reply } };

        var outcome = await SendAsync(TestEmails.Message());

        outcome.Kind.ShouldBe(expected, outcome.Detail);
        outcome.ReplyCode.ShouldBe(code);
        outcome.Detail.ShouldNotBeNullOrWhiteSpace();
        _server.Mails.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_connection_lost_after_the_mail_was_handed_over_is_tried_again_under_the_same_message_id()
    {
        _server.Behaviour = new() { DropAfterData = true };
        var message = TestEmails.Message();
        var first = await SendAsync(message);
        _server.Behaviour = new();
        var second = await SendAsync(message);

        first.Kind.ShouldBe(EmailOutcomeKind.FailedForNow, first.Detail);
        second.Kind.ShouldBe(EmailOutcomeKind.Sent);
        _server.Mails.Select(mail => EmlMail.Parse(mail.Bytes).MessageId).Distinct().ShouldBe([first.MessageId]);
    }

    [Fact]
    public async Task A_server_that_hangs_is_left_after_the_time_that_is_set()
    {
        _server.Behaviour = new() { Silent = true };

        var outcome = await SendAsync(TestEmails.Message(), new() { ["Smtp:TimeoutSeconds"] = "1" });

        outcome.Kind.ShouldBe(EmailOutcomeKind.FailedForNow);
        outcome.Detail.ShouldBe("The mail server did not finish within 1 s.");
    }

    [Fact]
    public async Task A_stop_of_the_portal_is_no_outcome()
    {
        _server.Behaviour = new() { Silent = true };
        using var stop = new CancellationTokenSource();
        var sending = SendAsync(TestEmails.Message(), null, stop.Token);
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => sending);
    }

    [Fact]
    public async Task No_server_at_all_is_for_now()
    {
        int port;
        await using (var gone = SmtpServer.Start())
            port = gone.Port;

        var outcome = await SendAsync(TestEmails.Message(), new() { ["Smtp:Port"] = port.ToString() });

        outcome.Kind.ShouldBe(EmailOutcomeKind.FailedForNow, outcome.Detail);
        outcome.ReplyCode.ShouldBeNull();
    }

    [Fact]
    public async Task Signing_in_works_and_a_wrong_password_keeps_the_mail_for_later()
    {
        _server.Behaviour = new() { Login = ("portal", "correct horse") };

        (await SendAsync(TestEmails.Message(), new() { ["Smtp:User"] = "portal", ["Smtp:Password"] = "correct horse" })).Kind.ShouldBe(EmailOutcomeKind.Sent);
        _server.Mails.ShouldHaveSingleItem().WasSignedIn.ShouldBeTrue();
        _server.Behaviour = _server.Behaviour with { Replies = new Dictionary<string, string> { ["MAIL"] = "530 5.7.0 sign in first" } };
        (await SendAsync(TestEmails.Message(), new() { ["Smtp:User"] = "portal", ["Smtp:Password"] = "wrong" })).Kind.ShouldBe(EmailOutcomeKind.FailedForNow);
    }

    [Fact]
    public async Task Nothing_is_said_in_the_clear_to_a_server_that_offers_no_encryption()
    {
        _server.Behaviour = new() { Login = ("portal", "secret") };

        var outcome = await SendAsync(TestEmails.Message(), new() { ["Smtp:Security"] = "StartTls", ["Smtp:User"] = "portal", ["Smtp:Password"] = "secret" });

        outcome.Kind.ShouldBe(EmailOutcomeKind.FailedForNow, outcome.Detail);
        _server.Commands.ShouldAllBe(line => line.StartsWith("EHLO", StringComparison.Ordinal) || line.StartsWith("QUIT", StringComparison.Ordinal) || line.StartsWith("STARTTLS", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused_before_anything_is_said()
    {
        using var certificate = SelfSigned();
        _server.Behaviour = new() { Certificate = certificate, Login = ("portal", "secret") };

        var outcome = await SendAsync(TestEmails.Message(), new() { ["Smtp:Security"] = "StartTls", ["Smtp:User"] = "portal", ["Smtp:Password"] = "secret" });

        outcome.Kind.ShouldBe(EmailOutcomeKind.FailedForNow, outcome.Detail);
        _server.Mails.ShouldBeEmpty();
        _server.Commands.ShouldNotContain(line => line.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_a_certificate_that_is_trusted_all_goes_over_TLS()
    {
        using var certificate = SelfSigned();
        _server.Behaviour = new() { Certificate = certificate, Login = ("portal", "secret") };
#pragma warning disable SYSLIB0014 // The only way to make the client trust a certificate of the test's own.
        ServicePointManager.ServerCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString();
        try
        {
            var outcome = await SendAsync(TestEmails.Message(), new() { ["Smtp:Security"] = "StartTls", ["Smtp:User"] = "portal", ["Smtp:Password"] = "secret" });

            outcome.Kind.ShouldBe(EmailOutcomeKind.Sent, outcome.Detail);
        }
        finally
        {
            ServicePointManager.ServerCertificateValidationCallback = null;
        }
#pragma warning restore SYSLIB0014
        var mail = _server.Mails.ShouldHaveSingleItem();
        mail.WasEncrypted.ShouldBeTrue();
        mail.WasSignedIn.ShouldBeTrue();
    }

    [Fact]
    public void All_that_is_wrong_with_the_settings_is_said_at_once()
    {
        using var services = TestEmails.Services(new()
        {
            ["Smtp:Host"] = "mail.example.com", ["Smtp:Port"] = "465", ["Smtp:User"] = "portal", ["Smtp:From"] = "nobody", ["Smtp:Security"] = "None", ["Smtp:TimeoutSeconds"] = "0",
        }, _folder.FullName);

        var failure = Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IOptions<SmtpOptions>>().Value);

        failure.Failures.Count().ShouldBe(5);
        failure.Message.ShouldContain("465 means implicit TLS");
        failure.Message.ShouldContain("in the clear");
    }

    private async Task<EmailOutcome> SendAsync(EmailMessage message, Dictionary<string, string?>? more = null, CancellationToken cancellationToken = default)
    {
        var configuration = new Dictionary<string, string?>
        {
            ["Smtp:Host"] = "127.0.0.1", ["Smtp:Port"] = _server.Port.ToString(), ["Smtp:Security"] = "None", ["Smtp:From"] = "billing@portal.example.com", ["Smtp:FromName"] = "Example Billing",
        };
        foreach (var (key, value) in more ?? [])
            configuration[key] = value;
        await using var services = TestEmails.Services(configuration, _folder.FullName);
        return await services.GetRequiredService<IEmailTransport>().SendAsync(message, cancellationToken);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}

using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Emails;
using Portal.Emails;

namespace Portal.Tests.Emails;

public sealed class EmlFileTransportTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-mail-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Without_a_mail_server_a_mail_is_kept_as_a_file_that_reads_back_whole()
    {
        await using var services = TestEmails.Services([], _folder.FullName);
        var message = TestEmails.Message();

        var outcome = await services.GetRequiredService<IEmailTransport>().SendAsync(message, default);

        outcome.IsSent.ShouldBeTrue();
        var file = Directory.GetFiles(Path.Combine(_folder.FullName, "mail")).ShouldHaveSingleItem();
        file.ShouldMatch($@"\d{{8}}T\d{{9}}Z-{message.Id:n}\.eml$");
        var mail = EmlMail.Parse(await File.ReadAllBytesAsync(file));
        mail.Subject.ShouldBe(message.Subject);
        mail.MessageId.ShouldBe(outcome.MessageId);
        mail.Text!.ReplaceLineEndings().TrimEnd().ShouldBe(message.Text.ReplaceLineEndings().TrimEnd());
        mail.Html!.ReplaceLineEndings().TrimEnd().ShouldBe(message.Html.ReplaceLineEndings().TrimEnd());
        mail.Attachments.ShouldHaveSingleItem().Content.ShouldBe(TestEmails.Pdf);
        mail.Headers["Date"].ShouldEndWith("+0000");
        Directory.GetDirectories(Path.Combine(_folder.FullName, "mail")).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_mail_sent_again_takes_the_place_of_the_first()
    {
        await using var services = TestEmails.Services([], _folder.FullName);
        var transport = services.GetRequiredService<IEmailTransport>();
        var message = TestEmails.Message();
        await transport.SendAsync(message, default);
        await transport.SendAsync(message, default);
        await transport.SendAsync(TestEmails.Message(), default);

        services.GetRequiredService<EmlStore>().List(10).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("20261201T000000000Z-..")]
    [InlineData("")]
    public async Task A_name_that_is_none_of_ours_finds_nothing(string name)
    {
        await using var services = TestEmails.Services([], _folder.FullName);

        services.GetRequiredService<EmlStore>().Find(name).ShouldBeNull();
    }
}

using System.Text;
using Portal.Core.Support;

namespace Portal.Tests.Core.Support;

public sealed class AttachmentRulesTests
{
    public static TheoryData<string, byte[]> Taken => new()
    {
        { "image/png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 1] },
        { "image/jpeg", [0xFF, 0xD8, 0xFF, 0xE0, 0, 0x10] },
        { "image/gif", "GIF89a\0\0"u8.ToArray() },
        { "image/webp", [.. "RIFF"u8, 1, 2, 3, 4, .. "WEBPVP8 "u8] },
        { "application/pdf", [.. "%PDF-1.7\n"u8, 0xE2, 0xE3] },
        { "text/plain", "10:02 request refused\n"u8.ToArray() },
        { "text/plain", "Rechnung für März, ₹ 120\r\n"u8.ToArray() },
        // What a browser would run is text here, and is sent as text.
        { "text/plain", "<html><script>alert(1)</script></html>"u8.ToArray() },
        { "text/plain", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"u8.ToArray() },
    };

    public static TheoryData<string, byte[]> Refused => new()
    {
        { "a program", [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0] },
        { "a program of Windows", [(byte)'M', (byte)'Z', 0x90, 0, 3, 0] },
        { "an archive", [0x50, 0x4B, 3, 4, 0, 0] },
        { "text in no encoding that we read", [0xC3, 0x28, (byte)'x'] },
        { "text with control characters", [(byte)'a', 0x1B, (byte)'[', (byte)'2', (byte)'J'] },
        { "a picture that only begins like one", [0x89, 0x50, 0x4E] },
    };

    [Theory]
    [MemberData(nameof(Taken))]
    public void A_file_is_what_its_bytes_say(string type, byte[] content) => AttachmentRules.TypeOf(content)!.Value.ContentType.ShouldBe(type);

    [Theory]
    [MemberData(nameof(Refused))]
    public void Anything_else_is_not_taken(string what, byte[] content) => AttachmentRules.TypeOf(content).ShouldBeNull(what);

    [Theory]
    [InlineData("invoice.exe", ".pdf", "invoice.pdf")]
    [InlineData("../../etc/passwd", ".txt", "passwd.txt")]
    [InlineData(@"C:\Users\me\shot one.PNG", ".png", "shot one.png")]
    [InlineData("a\r\nSet-Cookie: x.png", ".png", "a--Set-Cookie- x.png")]
    [InlineData("events.csv", ".txt", "events.csv")]
    [InlineData("page.html", ".txt", "page.txt")]
    [InlineData("", ".png", "file.png")]
    [InlineData("photo.jpeg", ".jpg", "photo.jpeg")]
    public void A_name_is_made_safe_and_ends_as_its_type_does(string given, string extension, string expected) => AttachmentRules.NameOf(given, extension).ShouldBe(expected);

    [Fact]
    public void Too_many_too_large_and_empty_files_are_refused()
    {
        var text = Encoding.UTF8.GetBytes("hello");
        AttachmentRules.Check([.. Enumerable.Range(0, 6).Select(index => new UploadedFile($"{index}.txt", text))]).Failure.Code.ShouldBe("too_many_files");
        AttachmentRules.Check([new UploadedFile("big.txt", new byte[AttachmentRules.MaxBytes + 1])]).Failure.Code.ShouldBe("file_too_large");
        AttachmentRules.Check([new UploadedFile("none.txt", [])]).Failure.Code.ShouldBe("file_empty");
        AttachmentRules.Check([new UploadedFile("run.exe", [(byte)'M', (byte)'Z', 0])]).Failure.ShouldSatisfyAllConditions(
            failure => failure.Code.ShouldBe("file_type"), failure => failure.Field.ShouldBe("files"), failure => failure.Message.ShouldContain("run.exe"));
        AttachmentRules.Check([new UploadedFile("note.txt", text)]).Value.ShouldHaveSingleItem().ContentType.ShouldBe("text/plain");
    }
}

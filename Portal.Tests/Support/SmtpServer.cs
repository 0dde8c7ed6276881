using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Portal.Tests.Support;

/// <summary>How the server behaves from now on.</summary>
public sealed record SmtpBehaviour
{
    /// <summary>Answers instead of the normal one, by the command that asks: <c>MAIL</c>, <c>RCPT</c>, <c>DATA</c>, <c>AUTH</c>, or <c>.</c> for the end of a mail.</summary>
    public IReadOnlyDictionary<string, string> Replies { get; init; } = new Dictionary<string, string>();

    /// <summary>Takes the mail and closes the connection without a word.</summary>
    public bool DropAfterData { get; init; }

    /// <summary>Answers nothing at all, as a server that hangs.</summary>
    public bool Silent { get; init; }

    /// <summary>User and password that AUTH wants; null offers no AUTH.</summary>
    public (string User, string Password)? Login { get; init; }

    /// <summary>Offers STARTTLS with this certificate.</summary>
    public X509Certificate2? Certificate { get; init; }
}

/// <summary>A mail as the server took it.</summary>
/// <param name="From">The sender of the envelope.</param>
/// <param name="To">The recipients of the envelope.</param>
/// <param name="Bytes">The mail itself.</param>
/// <param name="WasEncrypted">Whether it came over TLS.</param>
/// <param name="WasSignedIn">Whether the client had signed in.</param>
public sealed record ReceivedMail(string From, IReadOnlyList<string> To, byte[] Bytes, bool WasEncrypted, bool WasSignedIn);

/// <summary>A real SMTP server on a free loopback port, which keeps what it takes and misbehaves when told to. Needs nothing but the framework.</summary>
public sealed class SmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<ReceivedMail> _mails = new();
    private readonly ConcurrentQueue<string> _commands = new();
    private readonly Task _accepting;

    private SmtpServer()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>A server that takes mails from now on.</summary>
    public static SmtpServer Start() => new();

    public int Port { get; }

    public SmtpBehaviour Behaviour { get; set; } = new();

    public IReadOnlyList<ReceivedMail> Mails => [.. _mails];

    /// <summary>Every line that clients sent outside of mails.</summary>
    public IReadOnlyList<string> Commands => [.. _commands];

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var sessions = new List<Task>();
        try
        {
            while (true)
                sessions.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(sessions);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        try
        {
            await TalkAsync(client.GetStream());
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException or SocketException)
        {
            // The client went away, or the test is over.
        }
    }

    private async Task TalkAsync(Stream stream)
    {
        if (Behaviour.Silent)
        {
            // Reads on, so that it notices when the client gives up.
            await stream.CopyToAsync(Stream.Null, _stopping.Token);
            return;
        }
        var (encrypted, signedIn, from, to) = (false, false, "", new List<string>());
        await SayAsync(stream, "220 test.example.com ESMTP");
        while (await ReadLineAsync(stream) is { } line)
        {
            _commands.Enqueue(line);
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            if (verb == "QUIT")
            {
                await SayAsync(stream, "221 bye");
                return;
            }
            if (verb != "EHLO" && Behaviour.Replies.TryGetValue(verb, out var instead))
            {
                await SayAsync(stream, instead);
                continue;
            }
            switch (verb)
            {
                case "EHLO":
                    await SayAsync(stream, Greeting(encrypted));
                    break;
                case "STARTTLS" when Behaviour.Certificate is { } certificate:
                    await SayAsync(stream, "220 go ahead");
                    var tls = new SslStream(stream);
                    await tls.AuthenticateAsServerAsync(certificate);
                    (stream, encrypted) = (tls, true);
                    break;
                case "AUTH":
                    signedIn = await SignInAsync(stream, line);
                    await SayAsync(stream, signedIn ? "235 welcome" : "535 5.7.8 wrong user or password");
                    break;
                case "MAIL":
                    from = Mailbox(line);
                    to.Clear();
                    await SayAsync(stream, "250 ok");
                    break;
                case "RCPT":
                    to.Add(Mailbox(line));
                    await SayAsync(stream, "250 ok");
                    break;
                case "DATA":
                    await SayAsync(stream, "354 go on");
                    var bytes = await ReadMailAsync(stream);
                    if (Behaviour.Replies.TryGetValue(".", out var refusal))
                    {
                        await SayAsync(stream, refusal);
                        break;
                    }
                    _mails.Enqueue(new ReceivedMail(from, [.. to], bytes, encrypted, signedIn));
                    if (Behaviour.DropAfterData)
                        return;
                    await SayAsync(stream, "250 taken");
                    break;
                case "RSET" or "NOOP":
                    await SayAsync(stream, "250 ok");
                    break;
                default:
                    await SayAsync(stream, "502 not here");
                    break;
            }
        }
    }

    private string Greeting(bool encrypted)
    {
        var lines = new List<string> { "test.example.com", "8BITMIME" };
        if (Behaviour.Certificate is not null && !encrypted)
            lines.Add("STARTTLS");
        if (Behaviour.Login is not null)
            lines.Add("AUTH LOGIN");
        return string.Join("\r\n", lines.Select((line, index) => (index == lines.Count - 1 ? "250 " : "250-") + line));
    }

    private async Task<bool> SignInAsync(Stream stream, string line)
    {
        // AUTH LOGIN [user]: what is not given is asked for.
        var parts = line.Split(' ');
        var user = parts.Length > 2 ? parts[2] : await AskAsync(stream, "VXNlcm5hbWU6");
        var password = await AskAsync(stream, "UGFzc3dvcmQ6");
        return Behaviour.Login is { } login && Plain(user) == login.User && Plain(password) == login.Password;

        static string Plain(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
    }

    private async Task<string> AskAsync(Stream stream, string question)
    {
        await SayAsync(stream, "334 " + question);
        return await ReadLineAsync(stream) ?? "";
    }

    private static string Mailbox(string line) => line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];

    private async Task SayAsync(Stream stream, string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), _stopping.Token);

    /// <summary>A mail up to the line with a single dot, with doubled dots undone.</summary>
    private async Task<byte[]> ReadMailAsync(Stream stream)
    {
        using var mail = new MemoryStream();
        while (await ReadLineAsync(stream) is { } line && line != ".")
            mail.Write(Encoding.Latin1.GetBytes((line.StartsWith("..", StringComparison.Ordinal) ? line[1..] : line) + "\r\n"));
        return mail.ToArray();
    }

    /// <summary>A line, byte by byte: nothing that comes after STARTTLS may be read before it.</summary>
    private async Task<string?> ReadLineAsync(Stream stream)
    {
        var line = new List<byte>(80);
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stopping.Token) == 1)
        {
            if (one[0] == '\n')
                return Encoding.Latin1.GetString([.. line]).TrimEnd('\r');
            line.Add(one[0]);
        }
        return null;
    }
}

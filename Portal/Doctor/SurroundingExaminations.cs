using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;
using Portal.Core.Currencies;
using Portal.Core.Invoicing;
using Portal.Emails;
using Portal.Hosting;
using Portal.Outbox;

namespace Portal.Doctor;

/// <summary>The mail server is ready.</summary>
internal sealed class MailExamination(IOptions<SmtpOptions> options, IHostEnvironment environment) : IExamination
{
    private const int LongestGreeting = 512;

    public string Name => "Email server";

    public async Task<Finding> LookAsync(CancellationToken cancellationToken)
    {
        var smtp = options.Value;
        if (!smtp.IsConfigured)
        {
            return new Finding(Name, environment.IsDevelopment() ? FindingState.Skipped : FindingState.Bad, "Not set up: emails are saved as files and not sent.",
                environment.IsDevelopment() ? "Read them at /dev/mail, or set Smtp:Host." : "Set Smtp:Host, Smtp:User, Smtp:Password and Smtp:From.");
        }

        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(smtp.Host!, smtp.Port, cancellationToken);
            var buffer = new byte[LongestGreeting];
            var read = await client.GetStream().ReadAsync(buffer, cancellationToken);
            return Encoding.ASCII.GetString(buffer, 0, read).StartsWith("220", StringComparison.Ordinal)
                ? new Finding(Name, FindingState.Good, $"{smtp.Host}:{smtp.Port} is ready.")
                : new Finding(Name, FindingState.Bad, $"{smtp.Host}:{smtp.Port} answers, but is not a ready email server.", "Check Smtp:Port: use 587 with STARTTLS; 465 is not supported.");
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return new Finding(Name, FindingState.Bad, $"{smtp.Host}:{smtp.Port} can't be reached: {exception.Message}", "Check Smtp:Host, Smtp:Port and the firewall.");
        }
    }
}

/// <summary>The address that mails and the payment provider's webhooks use leads here.</summary>
internal sealed class WebhookExamination(IOptions<PortalLinkOptions> options, IHostEnvironment environment) : IExamination
{
    public string Name => "Webhook address";

    public async Task<Finding> LookAsync(CancellationToken cancellationToken)
    {
        var address = options.Value.PublicUrl;
        if (!environment.IsDevelopment() && (address.IsLoopback || address.Scheme != Uri.UriSchemeHttps))
            return new Finding(Name, FindingState.Bad, $"{address} can't be reached by the payment provider.", "Set Portal:PublicUrl to the https address customers use.");
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false };
        using var http = new HttpClient(handler);
        try
        {
            using var answer = await http.GetAsync(new Uri(address, "/health/live"), cancellationToken);
            var text = answer.StatusCode == HttpStatusCode.OK ? await answer.Content.ReadAsStringAsync(cancellationToken) : "";
            return text == "alive"
                ? new Finding(Name, FindingState.Good, $"{address} reaches the portal.")
                : new Finding(Name, FindingState.Bad, $"{address} answers with {(int)answer.StatusCode}, not as a portal.", "Point the proxy at this portal, or fix Portal:PublicUrl.");
        }
        catch (HttpRequestException exception)
        {
            return new Finding(Name, FindingState.Warning, $"{address} can't be reached from here: {exception.Message}",
                "Start the portal, or check DNS, the certificate and the proxy. If this machine can't reach the proxy, test from outside.");
        }
    }
}

/// <summary>There is room for what is kept.</summary>
internal sealed class DiskExamination(IConfiguration configuration, IOptions<DoctorOptions> options) : IExamination
{
    private const long Mebibyte = 1024 * 1024;

    public string Name => "Disk space";

    public Task<Finding> LookAsync(CancellationToken cancellationToken)
    {
        var folder = configuration[DataFolder.Key]!;
        var drive = new DriveInfo(folder);
        return Task.FromResult(Judge(drive.AvailableFreeSpace, drive.TotalSize, folder, options.Value.DiskWarningMegabytes));
    }

    internal Finding Judge(long free, long total, string folder, int warningMegabytes)
    {
        var found = string.Create(CultureInfo.InvariantCulture, $"{free / (double)(1024 * Mebibyte):0.0} of {total / (double)(1024 * Mebibyte):0.0} GiB are free for {folder}.");
        var state = free < warningMegabytes * Mebibyte / 4 ? FindingState.Bad : free < warningMegabytes * Mebibyte ? FindingState.Warning : FindingState.Good;
        return new Finding(Name, state, found, state == FindingState.Good ? null : "Free up space, or move Billing:DataDirectory to a larger disk.");
    }
}

/// <summary>A document can be made.</summary>
internal sealed class PdfExamination(IInvoicePdf pdf, TimeProvider clock) : IExamination
{
    public string Name => "PDF compiler";

    public async Task<Finding> LookAsync(CancellationToken cancellationToken)
    {
        var party = new DocumentParty { LegalName = "Trial" };
        var trial = new ReceiptDocument
        {
            Title = "Trial", Number = "0", Seller = party, Customer = party, PaidOn = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), Method = "Trial", Currency = Currency.Of("INR"), Locale = "en-IN", Amount = 1,
        };
        try
        {
            var started = clock.GetTimestamp();
            var bytes = await pdf.RenderAsync(trial, cancellationToken);
            return bytes.AsSpan().StartsWith("%PDF-"u8)
                ? new Finding(Name, FindingState.Good, string.Create(CultureInfo.InvariantCulture, $"Created a document of {bytes.Length:N0} bytes in {clock.GetElapsedTime(started).TotalMilliseconds:0} ms."))
                : new Finding(Name, FindingState.Bad, "The output is not a PDF.", "Reinstall the npm packages: run npm ci in wwwroot-assets.");
        }
        catch (DocumentException exception)
        {
            return new Finding(Name, FindingState.Bad, exception.Message, "Install Node.js 20 or later, and run npm ci in wwwroot-assets.");
        }
    }
}

/// <summary>The newest backup is young enough.</summary>
internal sealed class BackupExamination(IOptions<DoctorOptions> options, TimeProvider clock) : IExamination
{
    public string Name => "Backups";

    public Task<Finding> LookAsync(CancellationToken cancellationToken) => Task.FromResult(Look());

    private Finding Look()
    {
        if (options.Value.BackupFolder is not { Length: > 0 } folder)
            return new Finding(Name, FindingState.Skipped, "Not checked.", "Set Doctor:BackupFolder to your backup folder.");
        if (!Directory.Exists(folder))
            return new Finding(Name, FindingState.Bad, $"Folder {folder} does not exist.", "Fix Doctor:BackupFolder, or point the backup job there.");
        var newest = new DirectoryInfo(folder).EnumerateFiles().Where(file => file.Length > 0).OrderByDescending(file => file.LastWriteTimeUtc).FirstOrDefault();
        if (newest is null)
            return new Finding(Name, FindingState.Bad, $"No backup in {folder}.", "Run the backup job and check why it wrote nothing.");
        var age = clock.GetUtcNow().UtcDateTime - newest.LastWriteTimeUtc;
        var found = string.Create(CultureInfo.InvariantCulture, $"The latest, {newest.Name}, is {age.TotalHours:0.0} hours old.");
        return age.TotalHours <= options.Value.BackupMaxAgeHours
            ? new Finding(Name, FindingState.Good, found)
            : new Finding(Name, FindingState.Bad, found, $"Check the backup job: backups must be less than {options.Value.BackupMaxAgeHours} hours old.");
    }
}

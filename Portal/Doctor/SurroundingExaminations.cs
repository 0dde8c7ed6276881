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

/// <summary>The mail server greets.</summary>
internal sealed class MailExamination(IOptions<SmtpOptions> options, IHostEnvironment environment) : IExamination
{
    private const int LongestGreeting = 512;

    public string Name => "Mail server";

    public async Task<Finding> LookAsync(CancellationToken cancellationToken)
    {
        var smtp = options.Value;
        if (!smtp.IsConfigured)
        {
            return new Finding(Name, environment.IsDevelopment() ? FindingState.Skipped : FindingState.Bad, "None is set up: mails are kept as files and reach nobody.",
                environment.IsDevelopment() ? "Read them at /dev/mail, or set Smtp:Host." : "Set Smtp:Host, Smtp:User, Smtp:Password and Smtp:From.");
        }

        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(smtp.Host!, smtp.Port, cancellationToken);
            var buffer = new byte[LongestGreeting];
            var read = await client.GetStream().ReadAsync(buffer, cancellationToken);
            return Encoding.ASCII.GetString(buffer, 0, read).StartsWith("220", StringComparison.Ordinal)
                ? new Finding(Name, FindingState.Good, $"{smtp.Host}:{smtp.Port} greets.")
                : new Finding(Name, FindingState.Bad, $"{smtp.Host}:{smtp.Port} answers, but not as a mail server that is ready.", "Look at Smtp:Port; 587 with STARTTLS is usual, 465 is not spoken.");
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return new Finding(Name, FindingState.Bad, $"{smtp.Host}:{smtp.Port} can't be reached: {exception.Message}", "Look at Smtp:Host and Smtp:Port, and whether a firewall lets them through.");
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
            return new Finding(Name, FindingState.Bad, $"{address} is not reached by the payment provider.", "Set Portal:PublicUrl to the https address that customers open.");
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false };
        using var http = new HttpClient(handler);
        try
        {
            using var answer = await http.GetAsync(new Uri(address, "/health/live"), cancellationToken);
            var text = answer.StatusCode == HttpStatusCode.OK ? await answer.Content.ReadAsStringAsync(cancellationToken) : "";
            return text == "alive"
                ? new Finding(Name, FindingState.Good, $"{address} leads to a portal.")
                : new Finding(Name, FindingState.Bad, $"{address} answers with {(int)answer.StatusCode}, not as a portal.", "Point the proxy at this portal, or mend Portal:PublicUrl.");
        }
        catch (HttpRequestException exception)
        {
            return new Finding(Name, FindingState.Warning, $"{address} can't be reached from here: {exception.Message}",
                "Start the portal, or look at the name, the certificate and the proxy. Where machines behind the proxy can't reach it, ask it from outside.");
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
        return new Finding(Name, state, found, state == FindingState.Good ? null : "Make room, or move Billing:DataDirectory to a larger disk.");
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
                ? new Finding(Name, FindingState.Good, string.Create(CultureInfo.InvariantCulture, $"Made a document of {bytes.Length:N0} bytes in {clock.GetElapsedTime(started).TotalMilliseconds:0} ms."))
                : new Finding(Name, FindingState.Bad, "What it makes is no PDF.", "Install the npm packages anew: npm ci in wwwroot-assets.");
        }
        catch (DocumentException exception)
        {
            return new Finding(Name, FindingState.Bad, exception.Message, "Install Node.js 20 or later, and the npm packages by npm ci in wwwroot-assets.");
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
            return new Finding(Name, FindingState.Skipped, "Not looked at.", "Set Doctor:BackupFolder to where your backups are written.");
        if (!Directory.Exists(folder))
            return new Finding(Name, FindingState.Bad, $"There is no folder {folder}.", "Mend Doctor:BackupFolder, or make the backup job write there.");
        var newest = new DirectoryInfo(folder).EnumerateFiles().Where(file => file.Length > 0).OrderByDescending(file => file.LastWriteTimeUtc).FirstOrDefault();
        if (newest is null)
            return new Finding(Name, FindingState.Bad, $"There is no backup in {folder}.", "Run the backup job, and look at why it wrote nothing.");
        var age = clock.GetUtcNow().UtcDateTime - newest.LastWriteTimeUtc;
        var found = string.Create(CultureInfo.InvariantCulture, $"The newest, {newest.Name}, is {age.TotalHours:0.0} hours old.");
        return age.TotalHours <= options.Value.BackupMaxAgeHours
            ? new Finding(Name, FindingState.Good, found)
            : new Finding(Name, FindingState.Bad, found, $"Look at the backup job: none may be older than {options.Value.BackupMaxAgeHours} hours.");
    }
}

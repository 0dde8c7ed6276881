using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Portal.Core.BillingRuns;
using Portal.Core.Invoicing;
using Portal.Core.Metering;
using Portal.Core.Payments;
using Portal.Core.Pricing;
using Portal.Data;
using Portal.Data.BillingRuns;
using Portal.Data.Kernel;
using Portal.Documents;
using Portal.Outbox;
using Portal.Payments.Razorpay;

namespace Portal.Benchmarks.Documents;

/// <summary>The product's own services on a benchmark's database, and issued invoices without a document: billed by the product, one per organisation.</summary>
internal sealed class InvoicePdfWorld : IAsyncDisposable
{
    private static readonly BillingMonth s_month = new(2026, 10);

    private readonly IHost _host;

    private InvoicePdfWorld(IHost host) => _host = host;

    /// <summary>Makes and stores documents.</summary>
    public EnsureInvoiceFile Files => _host.Services.GetRequiredService<EnsureInvoiceFile>();

    public DocumentOptions Options => _host.Services.GetRequiredService<IOptions<DocumentOptions>>().Value;

    /// <summary>Where the compiler, its fonts and the layouts lie.</summary>
    public TypstPaths Paths => TypstPaths.Of(Options, _host.Services.GetRequiredService<IConfiguration>(), _host.Services.GetRequiredService<IHostEnvironment>());

    /// <summary>What was given to the engine since it was last asked for.</summary>
    public InvoicePdfWithLogo Engine => _host.Services.GetRequiredService<InvoicePdfWithLogo>();

    public static async Task<InvoicePdfWorld> MakeAsync(BenchmarkServer server, int invoices, byte[] logo, IEnumerable<(string Key, string Value)> settings)
    {
        await DatabaseMigrator.MigrateAsync(server.Database, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        await BillingRunSeed.FillAsync(server.Database, invoices, s_month, 0);
        await server.ExecuteAsync("""
            UPDATE organisations SET address = E'Unit 7, Sample Park\n' || substr(id::text, 1, 8) || E' Sample Road\nMysuru 570001', state_code = '29', tax_id = '29BBBBB0000B1Z3';
            -- One graduated line and three plain ones: one page.
            DELETE FROM usage_aggregates WHERE metric_name = 'metric_2';
            UPDATE settings SET value = '{"seller": {"legalName": "Example Cloud Services Private Limited", "address": "4th floor, Example House\n12 Residency Road\nBengaluru 560025", "country": "IN",
                "stateCode": "29", "taxId": "29AAAAA0000A1Z5", "email": "billing@cloud.example.com", "phone": "+91 80 0000 0000"},
                "paymentInstructions": "Bank transfer to Example Cloud Services Private Limited\nExample Bank, account 000000000000, IFSC EXMP0000000\nPlease give the invoice number as the reference."}' WHERE key = 'platform';
            """);
        var world = new InvoicePdfWorld(Host(server.Address, logo, settings));
        await world.BillAsync();
        await server.ExecuteAsync("VACUUM ANALYZE");
        await server.ExecuteAsync("CHECKPOINT");
        return world;
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }

    private static IHost Host(string address, byte[] logo, IEnumerable<(string Key, string Value)> settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Portal:PublicUrl"] = "https://billing.example.com",
            // With keys an invoice shows where it is paid; nothing is sent to anybody.
            ["Razorpay:KeyId"] = "rzp_test_benchmark",
            ["Razorpay:KeySecret"] = "benchmark",
            ["Razorpay:WebhookSecret"] = "benchmark",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Value)));
        builder.Services.AddSingleton(TimeProvider.System)
            .AddBillingData(address)
            .AddBillingRunData()
            .AddPricing()
            .AddInvoicing()
            .AddBillingRuns()
            .AddSingleton(Microsoft.Extensions.Options.Options.Create(new BillingOptions()))
            .AddOutbox(builder.Configuration)
            .AddRazorpay(builder.Configuration)
            .AddSingleton<PaymentsAvailability>()
            .AddDocuments(builder.Configuration)
            .AddSingleton<TypstInvoicePdf>()
            .AddSingleton(services => new InvoicePdfWithLogo(services.GetRequiredService<TypstInvoicePdf>(), logo))
            .AddSingleton<IInvoicePdf>(services => services.GetRequiredService<InvoicePdfWithLogo>());
        return builder.Build();
    }

    private async Task BillAsync()
    {
        var run = await _host.Services.GetRequiredService<StartBillingRun>().RunAsync(
            BillingRunBenchmark.Call, new StartBillingRunRequest { Year = s_month.Year, Month = s_month.Month, AutoIssue = true }, default);
        BillingRunBenchmark.Expect(run.Succeeded, "no billing run was started");
        while (await _host.Services.GetRequiredService<RunBilling>().RunNextAsync(default))
        {
        }
    }
}

/// <summary>The product's engine, given a logo: the stored seller has none. Keeps what it was asked for and how long that took.</summary>
internal sealed class InvoicePdfWithLogo(IInvoicePdf engine, byte[] logo) : IInvoicePdf
{
    private readonly ConcurrentQueue<InvoiceDocument> _documents = new();
    private long _ticks;

    public async Task<byte[]> RenderAsync(InvoiceDocument document, CancellationToken cancellationToken)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var given = document with { Seller = document.Seller with { Logo = logo } };
        _documents.Enqueue(given);
        var pdf = await engine.RenderAsync(given, cancellationToken);
        Interlocked.Add(ref _ticks, System.Diagnostics.Stopwatch.GetTimestamp() - started);
        return pdf;
    }

    public Task<byte[]> RenderAsync(ReceiptDocument document, CancellationToken cancellationToken) => engine.RenderAsync(document, cancellationToken);

    /// <summary>The documents since this was last called, and the milliseconds that they took in sum, waiting included.</summary>
    public (IReadOnlyList<InvoiceDocument> Documents, double Milliseconds) Take()
    {
        List<InvoiceDocument> taken = [];
        while (_documents.TryDequeue(out var document))
            taken.Add(document);
        return (taken, Interlocked.Exchange(ref _ticks, 0) * 1000.0 / System.Diagnostics.Stopwatch.Frequency);
    }
}

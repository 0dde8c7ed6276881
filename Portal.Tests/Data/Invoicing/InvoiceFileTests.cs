using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Core.Emails;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Payments;
using Portal.Core.Pricing;
using Portal.Tests.Data.BillingRuns;
using Portal.Tests.Data.Payments;
using static Portal.Tests.Data.BillingRuns.BillingWorld;

namespace Portal.Tests.Data.Invoicing;

public sealed class InvoiceFileTests : IAsyncLifetime
{
    private readonly BillingWorld _world = new();
    private readonly CountingPdf _pdf = new();
    private ServiceProvider _node = null!;

    public async Task InitializeAsync()
    {
        await _world.InitializeAsync();
        _node = _world.Build(services => services
            .AddSingleton<IInvoicePdf>(_pdf)
            .AddSingleton<IPortalLinks, FakeLinks>()
            .AddSingleton<IPaymentGateway>(new FakeGateway(_world.Clock))
            .AddSingleton<PaymentsAvailability>());
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task However_many_ask_at_once_all_get_the_bytes_that_are_kept()
    {
        var (invoice, organisation) = await IssuedAsync();
        var files = _node.GetRequiredService<EnsureInvoiceFile>();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => files.EnsureAsync(_world.Staff, invoice, default))));
        var made = _pdf.Made;
        var later = await files.EnsureAsync(_world.Customer(organisation), invoice, default);

        answers.Append(later).Select(answer => Encoding.UTF8.GetString(answer.Value)).Distinct().Count().ShouldBe(1);
        _pdf.Made.ShouldBe(made);
        (await _world.ScalarAsync<byte[]>("SELECT sha256 FROM invoice_files")).ShouldBe(SHA256.HashData(later.Value));
        foreach (var sql in (string[])["UPDATE invoice_files SET content = 'x'", "DELETE FROM invoice_files"])
            await Should.ThrowAsync<PostgresException>(() => _world.SqlAsync(sql));
    }

    [Fact]
    public async Task The_document_shows_the_invoice_as_it_was_issued()
    {
        var (invoice, _) = await IssuedAsync();

        await _node.GetRequiredService<EnsureInvoiceFile>().EnsureAsync(_world.Staff, invoice, default);

        var document = _pdf.Last!;
        (document.Title, document.Number, document.Total, document.AmountDue).ShouldBe(("Invoice", "INV/26-27/000001", 702.10m, 702.10m));
        (document.IssueDate, document.DueDate, document.PeriodStart, document.PeriodEnd).ShouldBe((new DateOnly(2026, 11, 3), new DateOnly(2026, 11, 18), new DateOnly(2026, 10, 1), new DateOnly(2026, 10, 31)));
        document.Seller.LegalName.ShouldBe("Example Seller Pvt Ltd");
        document.Seller.AddressLines.ShouldBe(["1 Example Street", "Bengaluru"]);
        document.AmountInWords.ShouldBe("Rupees seven hundred two and ten paise only");
        var line = document.Lines.ShouldHaveSingleItem();
        line.Detail.ShouldBe("Default");
        line.Tiers.Select(tier => (tier.Description, tier.Quantity, tier.Amount)).ShouldBe(
            [("First 1,000", 1000m, 100m), ("Flat fee", null, 5m), ("Next 9,000", 9000m, 450m), ("Above 10,000", 2000m, 20m), ("Flat fee", null, 20m)]);
        line.Tiers.Sum(tier => tier.Amount).ShouldBe(line.Amount);
        document.Taxes.ShouldHaveSingleItem().ShouldBe(new InvoiceDocumentTax("GST", 18, 595, 107.10m));
    }

    [Fact]
    public async Task A_draft_has_no_document_and_a_stranger_finds_none()
    {
        var (invoice, _) = await IssuedAsync();
        var other = await _world.BillableAsync();
        await _world.RunAsync(October, organisationId: other);
        var draft = (await _world.InvoicesAsync(other)).Single().Id;
        var files = _node.GetRequiredService<EnsureInvoiceFile>();

        (await files.EnsureAsync(_world.Staff, draft, default)).Failure.Code.ShouldBe("invoice_not_issued");
        (await files.EnsureAsync(_world.Customer(other), draft, default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await files.EnsureAsync(_world.Customer(other), invoice, default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
    }

    [Fact]
    public async Task An_engine_that_is_away_is_said_to_be_away_and_nothing_is_kept()
    {
        var (invoice, _) = await IssuedAsync();
        _pdf.Fails = new DocumentException(DocumentFailure.Busy, "busy");

        (await _node.GetRequiredService<EnsureInvoiceFile>().EnsureAsync(_world.Staff, invoice, default)).Failure.Kind.ShouldBe(FailureKind.Unavailable);
        _pdf.Fails = null;
        (await _node.GetRequiredService<EnsureInvoiceFile>().EnsureAsync(_world.Staff, invoice, default)).Succeeded.ShouldBeTrue();
    }

    private async Task<(Guid Invoice, Guid Organisation)> IssuedAsync()
    {
        await _world.PriceAsync(new PriceInput
        {
            MetricName = "api_calls",
            Unit = "calls",
            Currency = "INR",
            Model = "graduated",
            EffectiveFrom = new DateOnly(2026, 1, 1),
            Tiers = [new TierInput(1000, 0.10m, 5), new TierInput(10_000, 0.05m), new TierInput(null, 0.01m, 20)],
        });
        var organisation = await _world.BillableAsync(quantity: 12_000);
        await _world.RunAsync(October, autoIssue: true);
        return ((await _world.InvoicesAsync(organisation)).Single().Id, organisation);
    }

    // No two documents are equal, as with a real engine.
    private sealed class CountingPdf : IInvoicePdf
    {
        private int _made;

        public int Made => _made;

        public InvoiceDocument? Last { get; private set; }

        public DocumentException? Fails { get; set; }

        public Task<byte[]> RenderAsync(InvoiceDocument document, CancellationToken cancellationToken)
        {
            if (Fails is { } failure)
                throw failure;
            Last = document;
            return Task.FromResult(Encoding.UTF8.GetBytes($"document {Interlocked.Increment(ref _made)}"));
        }

        public Task<byte[]> RenderAsync(ReceiptDocument document, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}

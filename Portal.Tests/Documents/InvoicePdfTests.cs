using System.Text.RegularExpressions;
using Portal.Core.Invoicing;
using Portal.Documents;

namespace Portal.Tests.Documents;

public sealed partial class InvoicePdfTests : IAsyncLifetime
{
    private readonly TypstPool _pool = DocumentEngine.Pool();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _pool.DisposeAsync();

    [Fact]
    public async Task An_invoice_shows_figures_with_their_currency_and_all_that_the_law_asks()
    {
        var text = await TextOf("gst", Samples.Gst);

        text.ShouldContain("Tax invoice");
        text.ShouldContain("INV/26-27/000123");
        text.ShouldContain("₹1,00,000.00 due 16 Dec 2026");
        text.ShouldContain("₹1,25,050.50");
        text.ShouldContain("Rupees one lakh twenty-five");
        text.ShouldContain("GSTIN 29AAAAA0000A1Z5");
        text.ShouldContain("GSTIN 29BBBBB0000B1Z3");
        text.ShouldContain("Karnataka (29)");
        text.ShouldContain("998315");
        text.ShouldContain("1 – 30 Nov 2026");
        text.ShouldMatch(@"Reverse charge\s+No");
        text.ShouldMatch(@"CGST\s+9%\s+₹1,05,975\.00\s+₹9,537\.75");
        text.ShouldMatch(@"Total tax\s+₹19,075\.50");
        text.ShouldMatch(@"Account credit\s+−₹50\.50");
        text.ShouldContain("$3.15 at 83.75 on 30 Nov 2026, RBI reference rate");
        text.ShouldContain("₹0.049999999999");
        text.ShouldContain("https://billing.example.com/pay/3fK9sLw2Qx7TzV1bN8mR4c");
        text.ShouldContain("Page 1 of ");
    }

    [Fact]
    public async Task An_invoice_without_tax_shows_no_tax_table_and_no_column_that_is_empty()
    {
        var text = await TextOf("one-line", Samples.OneLine);

        text.ShouldContain("$1,234.50 due Dec 31, 2026");
        text.ShouldContain("$0.10");
        text.ShouldNotContain("Tax summary");
        text.ShouldNotContain("HSN/SAC");
        text.ShouldNotContain("Reverse charge");
    }

    [Fact]
    public async Task A_draft_is_marked_and_asks_for_nothing()
    {
        var text = await TextOf("draft", Samples.Draft);

        text.ShouldContain("Draft invoice");
        text.ShouldContain("not yet invoiced");
        text.ShouldNotContain("Pay online");
        text.ShouldNotContain("Amount due");
        text.ShouldNotContain("Invoice number");
    }

    [Fact]
    public async Task A_paid_invoice_says_so()
    {
        var text = await TextOf("paid", Samples.Paid);

        text.ShouldContain("$1,234.50 paid");
        text.ShouldMatch(@"Amount due\s+\$0\.00");
    }

    [Fact]
    public async Task A_long_invoice_repeats_the_head_on_every_page_and_keeps_lines_whole()
    {
        var text = await TextOf("long", Samples.Long);
        var pages = text.TrimEnd('\f').Split('\f');

        pages.Length.ShouldBeGreaterThan(5);
        for (var page = 0; page < pages.Length; page++)
        {
            pages[page].ShouldContain($"Page {page + 1} of {pages.Length}");
            if (ServiceNumber().IsMatch(pages[page]))
                pages[page].ShouldMatch(@"Description\s+HSN/SAC\s+Quantity\s+Unit price\s+Amount");
            if (page > 0)
                pages[page].ShouldContain("Tax invoice INV/26-27/000123");
            // A line with tiers has all of them on its page.
            foreach (Match line in ServiceNumber().Matches(pages[page]))
            {
                var number = int.Parse(line.Groups[1].Value);
                pages[page].ShouldContain($"metric.{number:000} ");
                if (number % 7 == 0)
                    pages[page].ShouldContain($"Next {number * 10 - 5:N0}");
            }
        }
        ServiceNumber().Count(text).ShouldBe(300);
        AllowanceRow().Count(text).ShouldBe(42);
    }

    [Fact]
    public async Task Names_of_any_length_and_with_any_sign_are_printed_and_never_run()
    {
        var text = await TextOf("long-names", Samples.LongNames);

        text.ShouldContain("#strong[Holdings]");
        text.ShouldContain("$x^2$");
        text.ShouldContain("<script>");
        text.ShouldContain("नमूना");
        text.ShouldContain("₹0.000000000125");
        text.ShouldNotContain("\u202E");
    }

    [Fact]
    public async Task A_document_is_tagged_titled_and_names_its_language()
    {
        var info = await DocumentEngine.InfoAsync(await new TypstInvoicePdf(_pool).RenderAsync(Samples.Gst, default));

        info.ShouldMatch(@"Title:\s+Tax invoice INV/26-27/000123, Example Cloud Services Private Limited");
        info.ShouldMatch(@"Tagged:\s+yes");
        info.ShouldMatch(@"Page size:\s+595\.\d+ x 841\.\d+ pts \(A4\)");
        info.ShouldMatch(@"JavaScript:\s+no");
    }

    [Fact]
    public async Task A_name_in_a_script_that_no_font_has_is_no_reason_to_fail()
    {
        var pdf = await new TypstInvoicePdf(_pool).RenderAsync(Samples.OneLine with { Customer = Samples.Customer with { LegalName = "サンプル 株式会社" } }, default);

        (await DocumentEngine.TextAsync(pdf)).ShouldContain("$1,234.50");
    }

    [Fact]
    public async Task A_receipt_shows_what_was_paid_and_for_what()
    {
        var pdf = await new TypstInvoicePdf(_pool).RenderAsync(Samples.Receipt, default);
        await DocumentEngine.KeepAsync("receipt", pdf);
        var text = await DocumentEngine.TextAsync(pdf);

        text.ShouldContain("₹1,10,000.00 paid on 9 Dec 2026");
        text.ShouldContain("pay_EXAMPLE0000001");
        text.ShouldMatch(@"INV/26-27/000123\s+1 Dec 2026\s+₹1,25,050\.50\s+₹1,00,000\.00\s+₹0\.00\s+₹25,000\.00");
        text.ShouldMatch(@"Kept as account credit\s+₹2,000\.00");
        text.ShouldContain("Rupees one lakh ten thousand only");
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("file:///etc/passwd")]
    public async Task A_pay_link_that_is_no_web_address_is_refused(string link) =>
        await Should.ThrowAsync<ArgumentException>(() => new TypstInvoicePdf(_pool).RenderAsync(Samples.OneLine with { PayLink = new(link) }, default));

    [Fact]
    public async Task A_logo_that_is_no_picture_or_a_bomb_is_refused_before_it_is_decoded()
    {
        var bomb = Samples.Png(60, 60);
        bomb[16] = 0x7F; // the width
        foreach (var logo in new[] { "<svg xmlns='http://www.w3.org/2000/svg'/>                "u8.ToArray(), new byte[2 * 1024 * 1024], bomb })
        {
            var document = Samples.OneLine with { Seller = Samples.Seller with { Logo = logo } };
            await Should.ThrowAsync<ArgumentException>(() => new TypstInvoicePdf(_pool).RenderAsync(document, default));
        }
    }

    [Fact]
    public async Task A_logo_that_breaks_off_is_rejected_and_the_next_document_is_made()
    {
        var pdf = new TypstInvoicePdf(_pool);
        var broken = Samples.OneLine with { Seller = Samples.Seller with { Logo = Samples.Png(60, 60).AsMemory(0, 60) } };

        (await Should.ThrowAsync<DocumentException>(() => pdf.RenderAsync(broken, default))).Failure.ShouldBe(DocumentFailure.Rejected);
        (await pdf.RenderAsync(Samples.OneLine, default)).Length.ShouldBeGreaterThan(5000);
    }

    private async Task<string> TextOf(string name, InvoiceDocument document)
    {
        var pdf = await new TypstInvoicePdf(_pool).RenderAsync(document, default);
        await DocumentEngine.KeepAsync(name, pdf);
        return await DocumentEngine.TextAsync(pdf);
    }

    [GeneratedRegex(@"Service (\d{3})\b")]
    private static partial Regex ServiceNumber();

    [GeneratedRegex(@"Allowance\s+−₹2\.50")]
    private static partial Regex AllowanceRow();
}

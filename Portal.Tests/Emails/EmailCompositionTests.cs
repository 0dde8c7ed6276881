using AngleSharp.Html.Parser;
using Portal.Core.Currencies;
using Portal.Core.Emails;

namespace Portal.Tests.Emails;

public sealed class EmailCompositionTests
{
    [Fact]
    public void An_invoice_mail_says_what_is_due_when_and_where_to_pay_in_text_and_in_html()
    {
        var content = TestEmails.Invoice.Compose();

        content.Subject.ShouldBe("Invoice INV/26-27/000123 from Example Cloud Services: ₹1,00,000.00 due 16 Dec 2026");
        content.Text.ShouldContain("Amount due: ₹1,00,000.00");
        content.Text.ShouldContain("https://billing.example.com/pay/3fK9sLw2Qx7TzV1bN8mR4c?a=1&b=2");
        var page = Parsed(content);
        page.QuerySelector("h1")!.TextContent.ShouldBe("₹1,00,000.00 due 16 Dec 2026");
        var button = page.QuerySelectorAll("a").ShouldHaveSingleItem();
        button.GetAttribute("href").ShouldBe("https://billing.example.com/pay/3fK9sLw2Qx7TzV1bN8mR4c?a=1&b=2");
        button.TextContent.ShouldBe("Pay ₹1,00,000.00");
        page.Title.ShouldBe(content.Subject);
    }

    [Fact]
    public void Where_nothing_is_due_or_paying_online_is_off_the_button_shows_the_invoice()
    {
        var settled = TestEmails.Invoice with { AmountDue = new(0, Currency.Of("INR")) };

        settled.Compose().Text.ShouldContain("View invoice:\r\nhttps://billing.example.com/invoices/0193a5e0");
        settled.Compose().Subject.ShouldEndWith("nothing to pay");
        (TestEmails.Invoice with { PayLink = null }).Compose().Text.ShouldNotContain("/pay/");
    }

    [Fact]
    public void A_receipt_mail_says_what_was_paid_how_and_for_what()
    {
        var content = TestEmails.Receipt.Compose();

        content.Subject.ShouldBe("Receipt from Example Cloud Services: ₹1,00,000.00 for invoice INV/26-27/000123");
        content.Text.ShouldContain("Payment reference: pay_EXAMPLE0000001");
        content.Text.ShouldContain("Still due: ₹0.00");
        Parsed(content).QuerySelectorAll("a").Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("</title><style>*{display:none}</style>")]
    [InlineData("'; background:url(https://evil.example.com)")]
    [InlineData("{preview}{title}")]
    public void Whatever_a_name_holds_it_stays_text(string name)
    {
        var content = (TestEmails.Invoice with { SellerName = name, CustomerName = name, Number = name }).Compose();
        var page = Parsed(content);

        page.QuerySelectorAll("script, img, link, iframe, form, input").ShouldBeEmpty();
        page.QuerySelectorAll("style").Length.ShouldBe(1);
        page.All.ShouldAllBe(element => element.Attributes.All(attribute => !attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase)));
        page.Body!.TextContent.ShouldContain(name);
    }

    [Fact]
    public void A_name_with_line_breaks_begins_no_header_and_no_line_of_its_own()
    {
        var content = (TestEmails.Invoice with { SellerName = "Example\r\nBcc: victim@example.com" }).Compose();

        content.Subject.ShouldNotContain('\n');
        content.Text.Split("\r\n").ShouldNotContain(line => line.StartsWith("Bcc", StringComparison.Ordinal));
        Should.NotThrow(() => content.To(Guid.CreateVersion7(), new("a@example.com")));
    }

    [Fact]
    public void Nothing_is_loaded_from_anywhere()
    {
        foreach (var content in new[] { TestEmails.Invoice.Compose(), TestEmails.Receipt.Compose() })
        {
            content.Html.ShouldNotContain("src=");
            content.Html.ShouldNotContain("url(");
            content.Html.ShouldNotContain("@import");
        }
    }

    [Fact]
    public void A_button_leads_to_the_web_only() => Should.Throw<ArgumentException>(() => (TestEmails.Invoice with { PayLink = new("javascript:alert(1)") }).Compose());

    private static AngleSharp.Html.Dom.IHtmlDocument Parsed(EmailContent content) => new HtmlParser().ParseDocument(content.Html);
}

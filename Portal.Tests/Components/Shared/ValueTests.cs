using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Components.Layout;
using Portal.Components.Shared;
using Portal.Core.Invoicing;
using Portal.Tests.Support;

namespace Portal.Tests.Components.Shared;

public sealed class ValueTests : IDisposable
{
    private readonly BunitContext _context = new();

    public ValueTests()
    {
        _context.Services.AddSingleton<TimeProvider>(new WorldClock(AccessWorld.Start));
        _context.SetRendererInfo(new RendererInfo("Server", isInteractive: true));
    }

    public void Dispose() => _context.Dispose();

    [Theory]
    [InlineData("en-IN", "INR", "₹1,25,050.00")]
    [InlineData("en-US", "USD", "$125,050.00")]
    [InlineData("de-DE", "EUR", "125.050,00\u00A0€")]
    public void Money_is_written_as_the_reader_reads_it_and_never_without_its_currency(string locale, string currency, string text) =>
        _context.Render<MoneyText>(it => it.Add(x => x.Amount, 125050m).Add(x => x.Currency, currency).AddCascadingValue(new Viewer(locale, "UTC")))
            .Find(".money").TextContent.ShouldBe(text);

    [Fact]
    public void A_fact_s_time_names_its_zone() =>
        Time(DateStyle.Minute, AccessWorld.Start).TextContent.ShouldBe("21 Nov 2026, 5:30\u00A0pm (Asia/Kolkata)");

    [Fact]
    public void A_relative_time_has_the_exact_one_as_its_tooltip()
    {
        var time = Time(DateStyle.Relative, AccessWorld.Start.AddMinutes(-5));

        time.TextContent.ShouldBe("5 minutes ago");
        time.GetAttribute("title").ShouldBe("21 Nov 2026, 5:25\u00A0pm (Asia/Kolkata)");
        time.GetAttribute("datetime").ShouldBe("2026-11-21T11:55:00Z");
    }

    [Theory]
    [InlineData(-44, "just now")]
    [InlineData(-60, "1 minute ago")]
    [InlineData(-3600, "1 hour ago")]
    [InlineData(-86400 * 2, "2 days ago")]
    [InlineData(86400 * 3, "in 3 days")]
    [InlineData(20, "in a moment")]
    [InlineData(-86400 * 31, null)]
    public void How_long_ago_is_rounded_and_far_away_is_left_to_a_date(int seconds, string? text) =>
        RelativeTime.Of(AccessWorld.Start.AddSeconds(seconds), AccessWorld.Start).ShouldBe(text);

    [Theory]
    [InlineData(InvoiceStatus.Draft, "Draft", "badge ")]
    [InlineData(InvoiceStatus.Issued, "Issued", "badge info")]
    [InlineData(InvoiceStatus.PartiallyPaid, "Partially paid", "badge warn")]
    [InlineData(InvoiceStatus.Paid, "Paid", "badge good")]
    [InlineData(InvoiceStatus.Overdue, "Overdue", "badge bad")]
    [InlineData(InvoiceStatus.Void, "Void", "badge struck")]
    public void A_status_is_a_word_with_a_tone(InvoiceStatus status, string word, string classes)
    {
        var badge = _context.Render<StatusBadge>(it => it.Add(x => x.Value, status)).Find("span");

        badge.TextContent.ShouldBe(word);
        badge.ClassName.ShouldBe(classes);
    }

    [Fact]
    public void An_id_is_short_and_copied_whole()
    {
        var button = _context.Render<IdText>(it => it.Add(x => x.Value, "01a1fc25-f75f-744f-9e37-4cece68fa14d")).Find("button");

        button.TextContent.Trim().ShouldBe("Copy 01a1…8fa14d");
        button.GetAttribute("data-copy").ShouldBe("01a1fc25-f75f-744f-9e37-4cece68fa14d");
    }

    [Fact]
    public void A_secret_is_there_to_be_copied_with_a_ready_command()
    {
        var shown = _context.Render<SecretOnce>(it => it.Add(x => x.What, "key").Add(x => x.Secret, "bk_secret").Add(x => x.Command, "curl -H 'Authorization: Bearer bk_secret'"));

        shown.Find(".secret code").TextContent.ShouldBe("bk_secret");
        shown.Find(".secret button").GetAttribute("data-copy-from").ShouldBe(shown.Find(".secret code").Id);
        shown.Find(".code-block button").GetAttribute("data-copy")!.ShouldContain("curl");
        shown.Find(".note").TextContent.ShouldContain("can't be shown again");
    }

    [Fact]
    public void Markup_in_a_name_is_text()
    {
        var page = _context.Render<EmptyState>(it => it.Add(x => x.Title, "<img src=x onerror=alert(1)>").Add(x => x.Text, "<script>alert(1)</script>"));

        page.FindAll("img, script").ShouldBeEmpty();
        page.Find("h2").TextContent.ShouldBe("<img src=x onerror=alert(1)>");
    }

    [Fact]
    public void Every_icon_that_the_navigation_names_exists()
    {
        foreach (var icon in Portal.Components.Layout.Navigation.Staff.Concat(Portal.Components.Layout.Navigation.Customer).SelectMany(group => group.Entries).Select(entry => entry.Icon))
            _context.Render<Icon>(it => it.Add(x => x.Name, icon)).Find("svg").InnerHtml.ShouldNotBeEmpty();
    }

    private AngleSharp.Dom.IElement Time(DateStyle style, DateTimeOffset at) =>
        _context.Render<DateText>(it => it.Add(x => x.Value, at).Add(x => x.Style, style).AddCascadingValue(new Viewer("en-IN", "Asia/Kolkata"))).Find("time");
}

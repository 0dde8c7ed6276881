using Bunit;
using Microsoft.AspNetCore.Components;
using Portal.Components.Pay;
using Portal.Components.Shared;
using Portal.Core.Access;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Components.Pay;

/// <summary>The page that pays without a circuit. It is made in one piece once all is known, so it has nothing to show while it waits.</summary>
[Covers(typeof(PayPage))]
public sealed class PayPageTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();
    private Books _books = null!;

    public async Task InitializeAsync()
    {
        await _world.InitializeAsync();
        _books = await Books.KeepAsync(_world);
        await _world.BecomeAsync(SystemRoles.Owner, _books.Customer.Id);
        _world.Pages.SetRendererInfo(new RendererInfo("Static", isInteractive: false));
    }

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public void It_is_made_in_one_piece_and_outside_of_the_circuit()
    {
        typeof(PayPage).GetCustomAttributes(typeof(StreamRenderingAttribute), true).ShouldBeEmpty();
        typeof(PayPage).GetCustomAttributes(typeof(ExcludeFromInteractiveRoutingAttribute), true).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task It_says_what_is_due_and_asks_how_much_of_it_to_pay()
    {
        var page = Open();

        await page.WaitForAssertionAsync(() => page.Find("h1").TextContent.ShouldBe($"Pay {_books.Issued.Number}"));
        page.Find(".figure-value").TextContent.Trim().ShouldBe("₹68.00");
        page.Find("#amount").GetAttribute("value").ShouldBe("68");
        page.FindAll("[data-checkout]").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_opens_the_same_checkout()
    {
        var (first, second) = (Open(), Open());

        foreach (var page in new[] { first, second })
        {
            await AmountAsync(page, "68");
            await page.InvokeAsync(() => page.Find("form").SubmitAsync());
            await page.WaitForAssertionAsync(() => page.Find("[data-checkout]").TextContent.ShouldBe("Pay ₹68.00"));
        }

        second.Find("[data-checkout]").GetAttribute("data-checkout").ShouldBe(first.Find("[data-checkout]").GetAttribute("data-checkout"));
        _world.Gateway.CreateCalls.ShouldBe(1);
    }

    [Theory]
    [InlineData("a little", "Enter an amount")]
    [InlineData("500", "Enter an amount from")]
    public async Task An_amount_that_can_t_be_is_refused_and_stays(string amount, string says)
    {
        var page = Open();
        await AmountAsync(page, amount);

        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        await page.WaitForAssertionAsync(() => page.Find("[role=alert]").TextContent.ShouldContain(says));
        page.Find("#amount").GetAttribute("value").ShouldBe(amount);
        _world.Gateway.CreateCalls.ShouldBe(0);
    }

    [Fact]
    public async Task Who_reads_but_may_not_pay_opens_no_checkout()
    {
        _world.Calls.Permissions = new HashSet<string> { Permissions.InvoicesRead };
        var page = Open();
        await AmountAsync(page, "68");

        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        await page.WaitForAssertionAsync(() => page.Find("[role=alert]").TextContent.ShouldContain("You don't have permission to do this."));
        _world.Gateway.CreateCalls.ShouldBe(0);
    }

    [Fact]
    public async Task Who_may_not_read_the_invoice_finds_nothing()
    {
        _world.Calls.Permissions = new HashSet<string> { Permissions.UsageRead };

        var page = Open();

        await page.WaitForAssertionAsync(() => _world.Request.Response.StatusCode.ShouldBe(404));
        page.Find(".empty").TextContent.ShouldContain("Page not found");
        page.Markup.ShouldNotContain("68.00");
    }

    [Fact]
    public async Task Another_organisation_s_invoice_is_not_there()
    {
        var page = Open(_books.Other.Id);

        await page.WaitForAssertionAsync(() => _world.Request.Response.StatusCode.ShouldBe(404));
        page.Markup.ShouldNotContain("68.00");
    }

    [Fact]
    public async Task A_database_that_is_away_is_an_error_whose_button_asks_for_the_page_again()
    {
        _world.Store.Fault = new TimeoutException("no route to 10.0.0.7");

        var page = Open();

        await page.WaitForAssertionAsync(() => page.Find("[role=alert] h2").TextContent.ShouldBe("This page could not be loaded"));
        page.Find("[role=alert] button").GetAttribute("data-action").ShouldBe("reload");
        page.Markup.ShouldNotContain("10.0.0.7");
    }

    [Fact]
    public async Task An_invoice_that_is_paid_says_thank_you_and_asks_for_nothing()
    {
        await Books.PayAsync(_world, _books.Issued.Id, 68);

        var page = Open();

        await page.WaitForAssertionAsync(() => page.Find(".note h2").TextContent.ShouldBe("Paid"));
        page.FindAll("form").ShouldBeEmpty();
    }

    [Fact]
    public async Task On_the_way_back_from_a_checkout_it_waits_for_the_money()
    {
        var opened = Open();
        await AmountAsync(opened, "68");
        await opened.InvokeAsync(() => opened.Find("form").SubmitAsync());
        await opened.WaitForAssertionAsync(() => opened.Find("[data-checkout]"));

        var page = Open(query: "?payment=processing");

        await page.WaitForAssertionAsync(() => page.Find(".note h2").TextContent.ShouldBe("Your payment is being confirmed"));
        page.Find("[data-payment-state]").GetAttribute("data-payment-state").ShouldBe($"/o/{_books.Customer.Id}/invoices/{_books.Issued.Id}/payment-state");
        page.FindAll("form").ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_provider_the_way_to_pay_is_a_transfer()
    {
        _world.Gateway.IsConfigured = false;

        var page = Open();

        await page.WaitForAssertionAsync(() => page.Find(".note").TextContent.ShouldContain("Paying online is not available."));
        page.FindAll("form").ShouldBeEmpty();
    }

    // What the form brings with it.
    private static async Task AmountAsync(IRenderedComponent<PageBoundary> page, string amount)
    {
        await page.WaitForAssertionAsync(() => page.Find("form"));
        page.FindComponent<PayPage>().Instance.Amount = amount;
    }

    private IRenderedComponent<PageBoundary> Open(Guid? organisation = null, string query = "")
    {
        var id = organisation ?? _books.Customer.Id;
        return _world.Open<PayPage>($"/o/{id}/invoices/{_books.Issued.Id}/pay{query}", page => page.Add(pay => pay.OrganisationId, id).Add(pay => pay.InvoiceId, _books.Issued.Id));
    }
}

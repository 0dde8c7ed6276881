using Bunit;
using Portal.Changes;
using Portal.Components.Customer.Invoices;
using Portal.Components.Pay;
using Portal.Components.Shared;
using Portal.Core.Access;
using Portal.Tests.Components.Support;
using Portal.Tests.Data.Payments;

namespace Portal.Tests.Components.Customer;

[Covers(typeof(CustomerInvoicesPage), typeof(CustomerInvoicePage))]
public sealed class CustomerInvoicePagesTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();
    private Books _books = null!;
    private BunitJSModuleInterop _browser = null!;

    public async Task InitializeAsync()
    {
        await _world.InitializeAsync();
        _browser = _world.Pages.JSInterop.SetupModule("./js/pay.js");
        _browser.Mode = JSRuntimeMode.Loose;
        _books = await Books.KeepAsync(_world);
        await _world.BecomeAsync(SystemRoles.Owner, _books.Customer.Id);
    }

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Before_the_first_invoice_the_list_says_when_it_comes_and_drafts_don_t_count()
    {
        var page = List(_books.Other.Id);

        await page.WaitForAssertionAsync(() => page.Find(".empty h2").TextContent.ShouldBe("No invoices yet"));
    }

    [Fact]
    public async Task The_list_has_the_organisation_s_own_invoices_with_what_is_due()
    {
        await Books.IssueAsync(_world, _books.Draft.Id);

        var page = List(_books.Customer.Id);

        await page.WaitForAssertionAsync(() => page.Rows("Invoices").ShouldHaveSingleItem()
            .ShouldBe([_books.Issued.Number!, "Partially paid", "October 2026", "3 Nov 2026", "18 Nov 2026", "₹118.00", "₹68.00"]));
        page.Find(".row-link").GetAttribute("href").ShouldBe($"/o/{_books.Customer.Id}/invoices/{_books.Issued.Id}");
        page.FindAll("option").Select(option => option.GetAttribute("value")).ShouldNotContain("draft");
    }

    [Fact]
    public async Task The_list_changes_by_itself_when_money_comes()
    {
        var page = List(_books.Customer.Id);
        await page.WaitForAssertionAsync(() => page.Rows("Invoices").Single()[6].ShouldBe("₹68.00"));

        await Books.PayAsync(_world, _books.Issued.Id, 68);
        _world.Changes.Say(ChangeKinds.Invoice, _books.Issued.Id);

        await page.WaitForAssertionAsync(() => page.Rows("Invoices").Single()[1].ShouldBe("Paid"));
    }

    [Fact]
    public async Task An_invoice_shows_its_document_how_it_came_about_and_what_was_paid()
    {
        var page = One();

        await page.WaitForAssertionAsync(() => page.Find("h1").TextContent.ShouldBe(_books.Issued.Number));
        (page.Fact("Total"), page.Fact("Paid"), page.Fact("Amount due")).ShouldBe(("₹118.00", "₹50.00", "₹68.00"));
        page.Find(".explain").TextContent.ShouldContain("Shop: 100 calls");
        page.Rows("Payments of this invoice").ShouldHaveSingleItem()[2].ShouldBe("UTR-1");
        page.Find(".row-link").GetAttribute("href").ShouldBe($"/o/{_books.Customer.Id}/payments/{_books.Payment.PaymentId}");
    }

    [Fact]
    public async Task A_draft_and_another_organisation_s_invoice_are_not_there()
    {
        var asked = 0;
        _world.Navigation.OnNotFound += (_, _) => asked++;

        var draft = One(_books.Other.Id, _books.Draft.Id);
        await draft.WaitForAssertionAsync(() => asked.ShouldBe(1));
        var foreign = One(_books.Other.Id, _books.Issued.Id);
        await foreign.WaitForAssertionAsync(() => asked.ShouldBe(2));
        foreign.Markup.ShouldNotContain("118.00");
    }

    [Fact]
    public async Task Paying_opens_one_checkout_however_quick_the_clicks()
    {
        var page = One();
        await page.ButtonAsync("Pay ₹68.00");

        (await _world.TwiceAsync(() => page.Buttons("Pay ₹68.00").Single())).ShouldBe(1);

        await page.WaitForAssertionAsync(() => _browser.Invocations["openCheckout"].ShouldHaveSingleItem());
        _world.Gateway.CreateCalls.ShouldBe(1);
        (await page.ButtonAsync("Pay ₹68.00")).HasAttribute("disabled").ShouldBeTrue();
        await Panel(page).CheckoutDismissed();
        await page.WaitForAssertionAsync(() => page.Find(".pay .note").TextContent.ShouldContain("The payment window was closed. Nothing was paid."));
        (await page.ButtonAsync("Pay ₹68.00")).HasAttribute("disabled").ShouldBeFalse();
    }

    [Fact]
    public async Task A_part_that_is_no_amount_is_said_beside_it_and_a_part_that_is_one_is_asked_for()
    {
        var page = One();
        await page.PressAsync("Pay part of it");
        await page.PutAsync("#part", "a little");
        await page.PressAsync("Pay this amount");
        await page.WaitForAssertionAsync(() => page.Find("#part-error").TextContent.ShouldContain("Enter an amount"));
        await page.PutAsync("#part", "500");
        await page.PressAsync("Pay this amount");
        await page.WaitForAssertionAsync(() => page.Find("#part-error").TextContent.ShouldContain("Enter an amount from"));
        _world.Gateway.CreateCalls.ShouldBe(0);

        await page.PutAsync("#part", "20");
        await page.PressAsync("Pay this amount");

        await page.WaitForAssertionAsync(() => _browser.Invocations["openCheckout"].ShouldHaveSingleItem());
        _world.Gateway.OrdersOf((await OrderIdAsync()).ToString("n")).Concat(_world.Gateway.OrdersOf((await OrderIdAsync()).ToString())).ShouldHaveSingleItem().Amount.Amount.ShouldBe(20);
    }

    [Fact]
    public async Task A_provider_that_is_away_is_told_and_can_be_tried_again()
    {
        _world.Gateway.Faults.Enqueue(Fault.Refuses);
        var page = One();

        await page.PressAsync("Pay ₹68.00");

        await page.WaitForAssertionAsync(() => page.Find(".pay .note").ClassList.ShouldContain("bad"));
        _browser.Invocations["openCheckout"].ShouldBeEmpty();
        await page.PressAsync("Pay ₹68.00");
        await page.WaitForAssertionAsync(() => _browser.Invocations["openCheckout"].ShouldHaveSingleItem());
    }

    [Fact]
    public async Task A_checkout_s_word_counts_only_when_it_is_signed()
    {
        var page = One();
        await page.PressAsync("Pay ₹68.00");
        await page.WaitForAssertionAsync(() => _browser.Invocations["openCheckout"].ShouldHaveSingleItem());

        await Panel(page).CheckoutSucceeded("pay_forged", "order_forged", "forged");

        await page.WaitForAssertionAsync(() => page.Find(".pay .note").ClassList.ShouldContain("bad"));
        page.Fact("Amount due").ShouldBe("₹68.00");
    }

    [Fact]
    public async Task A_role_that_may_not_pay_reads_who_can()
    {
        await _world.BecomeAsync(SystemRoles.Member, _books.Customer.Id);
        _world.Calls.Permissions = new HashSet<string> { Permissions.InvoicesRead };

        var page = One();

        await page.WaitForAssertionAsync(() => page.Find(".pay").TextContent.ShouldContain("Anyone with the owner, admin or billing role can pay it online."));
        page.FindAll(".pay button").ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_provider_the_way_to_pay_is_a_transfer()
    {
        _world.Gateway.IsConfigured = false;

        var page = One();

        await page.WaitForAssertionAsync(() => page.Find(".pay .note").TextContent.ShouldContain("Paying online is not available."));
        page.FindAll(".pay button").ShouldBeEmpty();
    }

    private static PayPanel Panel(IRenderedComponent<PageBoundary> page) => page.FindComponent<PayPanel>().Instance;

    private Task<Guid> OrderIdAsync() => _world.Billing.ScalarAsync<Guid>("SELECT id FROM payment_orders");

    private IRenderedComponent<PageBoundary> List(Guid organisation) =>
        _world.Open<CustomerInvoicesPage>($"/o/{organisation}/invoices", page => page.Add(invoices => invoices.OrganisationId, organisation));

    private IRenderedComponent<PageBoundary> One() => One(_books.Customer.Id, _books.Issued.Id);

    private IRenderedComponent<PageBoundary> One(Guid organisation, Guid invoice) =>
        _world.Open<CustomerInvoicePage>($"/o/{organisation}/invoices/{invoice}", page => page.Add(one => one.OrganisationId, organisation).Add(one => one.InvoiceId, invoice));
}

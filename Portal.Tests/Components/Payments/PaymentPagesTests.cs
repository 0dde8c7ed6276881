using Bunit;
using Portal.Components.Admin.Payments;
using Portal.Components.Customer.Payments;
using Portal.Components.Shared;
using Portal.Core.Access;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Components.Payments;

[Covers(typeof(PaymentsPage), typeof(PaymentPage), typeof(CustomerPaymentsPage), typeof(CustomerPaymentPage))]
public sealed class PaymentPagesTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Without_payments_staff_are_led_to_the_invoices()
    {
        var page = _world.Open<PaymentsPage>("/admin/billing/payments");

        await page.WaitForAssertionAsync(() => page.Find(".empty h2").TextContent.ShouldBe("No payments yet"));
        page.Find(".empty a").GetAttribute("href").ShouldBe("/admin/billing/invoices");
    }

    [Fact]
    public async Task Staff_see_who_paid_what_and_how()
    {
        var books = await Books.KeepAsync(_world);

        var page = _world.Open<PaymentsPage>("/admin/billing/payments?method=bank_transfer");

        await page.WaitForAssertionAsync(() => page.Rows("Payments").Single().ShouldBe([books.Customer.Name, "3 Nov 2026", "Bank transfer", "UTR-1", "Received", "₹50.00"]));
        page.Find(".row-link").GetAttribute("href").ShouldBe($"/admin/billing/payments/{books.Payment.PaymentId}");
        page.Find("a[download]").GetAttribute("href").ShouldBe("/admin/billing/payments.csv?method=bank_transfer");
        _world.Navigation.NavigateTo("/admin/billing/payments?method=cash");
        await page.WaitForAssertionAsync(() => page.Find(".empty h2").TextContent.ShouldBe("No results"));
    }

    [Fact]
    public async Task A_payment_says_where_it_went_and_what_happened()
    {
        var books = await Books.KeepAsync(_world);

        var page = One(books.Payment.PaymentId);

        await page.WaitForAssertionAsync(() => page.Find("h1").TextContent.ShouldBe("Payment of ₹50.00"));
        page.Fact("Reference").ShouldBe("UTR-1");
        page.Rows("Invoices that the payment settled").ShouldHaveSingleItem().ShouldBe([books.Issued.Number!, "₹50.00"]);
        page.Find(".row-link").GetAttribute("href").ShouldBe($"/admin/billing/invoices/{books.Issued.Id}");
        page.Find(".timeline").TextContent.ShouldContain("Payment recorded");
        page.Buttons("Receipt").Single().GetAttribute("href").ShouldBe($"/admin/payments/{books.Payment.PaymentId}/receipt");
    }

    [Fact]
    public async Task A_certificate_that_came_late_is_noted_once_and_the_customer_sees_it()
    {
        var books = await Books.KeepAsync(_world);
        var payment = await DeductedAsync(books);
        var page = One(payment);
        await page.WaitForAssertionAsync(() => page.Fact("TDS certificate").ShouldBe("Not received yet"));
        await page.PressAsync("Add TDS certificate");
        await page.PutAsync("#field-rate", "101");
        await page.DoAsync("dialog form", element => element.SubmitAsync());
        await page.WaitForAssertionAsync(() => page.Find("#field-certificate-error").TextContent.ShouldContain("certificate number"));
        page.Find("#field-rate-error").TextContent.ShouldContain("at most 100");
        page.Find("#field-rate").GetAttribute("value").ShouldBe("101");
        await page.PutAsync("#field-rate", "10");
        await page.PutAsync("#field-certificate", "ABCDEF");

        (await _world.TwiceAsync(() => page.Find("dialog form"), "submit")).ShouldBe(1);

        await page.WaitForAssertionAsync(() => page.Fact("TDS certificate").ShouldBe("ABCDEF"));
        page.FindAll("dialog").ShouldBeEmpty();
        page.Fact("Tax deducted (TDS)").ShouldBe("₹8.00 at 10%");
        page.Find(".timeline").TextContent.ShouldContain("Payment tds certified");
        page.Buttons("Change TDS certificate").ShouldHaveSingleItem();
        (await _world.Billing.ScalarAsync<long>("SELECT count(*) FROM audit_log WHERE action = 'payment.tds_certified'")).ShouldBe(1);
        var own = CustomerOne(books.Customer.Id, payment);
        await own.WaitForAssertionAsync(() => own.Fact("TDS certificate").ShouldBe("ABCDEF"));
        own.FindAll("button").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_certificate_is_asked_for_where_tax_was_deducted_and_of_who_may_note_it()
    {
        var books = await Books.KeepAsync(_world);
        var deducted = await DeductedAsync(books);

        var plain = One(books.Payment.PaymentId);
        await plain.WaitForAssertionAsync(() => plain.Fact("Reference").ShouldBe("UTR-1"));
        plain.Markup.ShouldNotContain("TDS");
        await _world.BecomeAsync(SystemRoles.Viewer);
        var viewed = One(deducted);
        await viewed.WaitForAssertionAsync(() => viewed.Fact("TDS certificate").ShouldBe("Not received yet"));
        viewed.Buttons("Add TDS certificate").ShouldBeEmpty();
    }

    private async Task<Guid> DeductedAsync(Books books) => (await _world.Get<Portal.Core.Payments.RecordPayment>().RunAsync(
        _world.Billing.Staff, new() { InvoiceId = books.Issued.Id, Amount = 60, TdsAmount = 8, Reference = "UTR-9", ReceivedAt = _world.Billing.Clock.Now }, default)).Value.PaymentId;

    [Fact]
    public async Task Who_may_not_read_the_audit_log_sees_the_payment_without_it()
    {
        var books = await Books.KeepAsync(_world);
        _world.Calls.Permissions = new HashSet<string> { Permissions.PaymentsRead };

        var page = One(books.Payment.PaymentId);

        await page.WaitForAssertionAsync(() => page.Fact("Reference").ShouldBe("UTR-1"));
        page.FindAll(".timeline").ShouldBeEmpty();
    }

    [Fact]
    public void A_payment_that_is_not_there_is_the_page_for_that()
    {
        var asked = false;
        _world.Navigation.OnNotFound += (_, _) => asked = true;

        One(Guid.CreateVersion7(_world.Billing.Clock.Now)).WaitForAssertion(() => asked.ShouldBeTrue());
    }

    [Fact]
    public async Task A_customer_without_payments_is_led_to_the_invoices_and_told_of_credit()
    {
        var organisation = await _world.Billing.OrganisationAsync();

        var page = Customer(organisation.Id);

        await page.WaitForAssertionAsync(() => page.FindAll(".empty h2").Select(title => title.TextContent).ShouldBe(["No payments yet", "No account credit"]));
        page.Find(".empty a").GetAttribute("href").ShouldBe($"/o/{organisation.Id}/invoices");
        page.FindAll(".figure").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_customer_sees_its_own_payments_and_what_is_kept_for_it()
    {
        var books = await Books.KeepAsync(_world);
        await Books.PayAsync(_world, books.Issued.Id, 70, "UTR-2");
        await Books.IssueAsync(_world, books.Draft.Id);
        await Books.PayAsync(_world, books.Draft.Id, 118, "UTR-OF-ANOTHER");

        var page = Customer(books.Customer.Id);

        await page.WaitForAssertionAsync(() => page.Rows("Payments").Select(row => row[2]).Order().ShouldBe(["UTR-1", "UTR-2"]));
        await page.WaitForAssertionAsync(() => page.Find(".figure-value").TextContent.Trim().ShouldBe("₹2.00"));
        await page.WaitForAssertionAsync(() => page.Rows("Account credit transactions").ShouldHaveSingleItem().ShouldBe(["Overpayment", "3 Nov 2026", "₹2.00", "₹2.00"]));
        page.Markup.ShouldNotContain("UTR-OF-ANOTHER");
    }

    [Fact]
    public async Task A_checkout_whose_answer_did_not_hold_is_told_to_wait()
    {
        var organisation = await _world.Billing.OrganisationAsync();

        var page = Customer(organisation.Id, "?payment=unconfirmed");

        await page.WaitForAssertionAsync(() => page.Find(".note[role=status]").TextContent.ShouldContain("nothing is charged twice"));
    }

    [Fact]
    public async Task Another_customer_s_payment_is_not_there()
    {
        var books = await Books.KeepAsync(_world);
        var asked = false;
        _world.Navigation.OnNotFound += (_, _) => asked = true;

        var own = CustomerOne(books.Customer.Id, books.Payment.PaymentId);
        await own.WaitForAssertionAsync(() => own.Fact("Reference").ShouldBe("UTR-1"));
        own.Find(".row-link").GetAttribute("href").ShouldBe($"/o/{books.Customer.Id}/invoices/{books.Issued.Id}");
        asked.ShouldBeFalse();

        var foreign = CustomerOne(books.Other.Id, books.Payment.PaymentId);
        await foreign.WaitForAssertionAsync(() => asked.ShouldBeTrue());
        foreign.Markup.ShouldNotContain("UTR-1");
    }

    private IRenderedComponent<PageBoundary> One(Guid id) => _world.Open<PaymentPage>($"/admin/billing/payments/{id}", page => page.Add(payment => payment.Id, id));

    private IRenderedComponent<PageBoundary> Customer(Guid organisation, string query = "") =>
        _world.Open<CustomerPaymentsPage>($"/o/{organisation}/payments{query}", page => page.Add(payments => payments.OrganisationId, organisation));

    private IRenderedComponent<PageBoundary> CustomerOne(Guid organisation, Guid id) =>
        _world.Open<CustomerPaymentPage>($"/o/{organisation}/payments/{id}", page => page.Add(payment => payment.OrganisationId, organisation).Add(payment => payment.PaymentId, id));
}

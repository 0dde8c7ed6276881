using Bunit;
using Portal.Components.Documents;
using Portal.Core.Access;
using Portal.Core.Discounts;
using Portal.Core.Health;
using Portal.Core.Invoicing;
using Portal.Core.Organisations;
using Portal.Core.Payments;
using Portal.Core.PrepaidCredits;
using Portal.Tests.Components.Support;
using Portal.Tests.Data.BillingRuns;

namespace Portal.Tests.Components.Prepaid;

/// <summary>A pack that was bought, used by a month, and what stands on the month's invoice and in the books.</summary>
public sealed class PrepaidBooksTests : IAsyncLifetime
{
    // The audit log is sealed by a job, which does not run here.
    private static readonly string[] s_books = ["I1", "I2", "I6", "I7", "I8", "I14", "I18", "I31", "I32"];

    private readonly PageWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_billing_run_covers_usage_and_earns_what_was_paid_for_it_in_one_transaction()
    {
        var organisation = await UsedAsync();

        await _world.Billing.RunAsync(BillingWorld.October);

        // 60 of 100 calls were covered by 60 of 60 credits.
        (await _world.Billing.ScalarAsync<decimal>("SELECT balance FROM prepaid_wallets WHERE organisation_id = $1", organisation.Id)).ShouldBe(0);
        (await _world.Billing.ScalarAsync<decimal>("SELECT sum(amount) FROM prepaid_releases WHERE organisation_id = $1", organisation.Id)).ShouldBe(999);
        (await _world.Billing.ScalarAsync<decimal>("SELECT coalesce(sum(credit - debit), 0) FROM ledger_entries WHERE account = 'deferred_revenue'")).ShouldBe(0);
        (await _world.Billing.InvoicesAsync(organisation.Id)).ShouldHaveSingleItem().Subtotal.ShouldBe(40);
        var looked = await _world.Get<CheckInvariants>().RunAsync(CallContext.System("test", "looks at all"), default);
        looked.Value.Where(rule => !rule.Ok && s_books.Contains(rule.Id)).Select(rule => $"{rule.Id} {rule.Detail}").ShouldBeEmpty();
    }

    [Fact]
    public async Task The_invoice_says_what_credits_covered_and_names_each_discount()
    {
        var organisation = await UsedAsync();
        var discount = (await _world.Get<CreateDiscount>().RunAsync(_world.Billing.Staff, new DiscountInput { Name = "Launch offer", Kind = "percentage", Value = 25 }, default)).Value;
        (await _world.Get<GiveDiscount>().RunAsync(_world.Billing.Staff, new GiveDiscountRequest { OrganisationId = organisation.Id, DiscountId = discount.Id, Year = 2026, Month = 10, Reason = "x" }, default)).Succeeded.ShouldBeTrue();
        await _world.Billing.RunAsync(BillingWorld.October);
        var id = (await _world.Billing.InvoicesAsync(organisation.Id)).Single().Id;

        var document = (await _world.Get<GetInvoiceDocument>().RunAsync(_world.Billing.Staff, id, default)).Value;
        var details = (await _world.Get<GetInvoice>().RunAsync(_world.Billing.Staff, id, default)).Value;
        var explained = _world.Pages.Render<LineExplanationView>(parameters => parameters.Add(view => view.Details, details).Add(view => view.Index, 0));

        (document.Subtotal, document.Discount, document.Taxable, document.Total).ShouldBe((40m, 10m, 30m, 35.4m));
        document.Discounts.Select(row => (row.Label, row.Amount)).ShouldBe([("Launch offer, 25%", -10m)]);
        document.Lines.ShouldHaveSingleItem().Detail!.ShouldContain("60 more covered by 60 prepaid credits");
        var text = explained.Find(".explain-body").TextContent;
        text.ShouldContain("60 calls were covered by 60 prepaid credits; 40 calls are left to charge");
        text.ShouldContain("Launch offer, 25% of ₹40.00");
        text.ShouldContain("After discounts");
        text.ShouldContain("₹30.00");
    }

    // 100 calls in October, and a pack of 60 credits at a credit a call.
    private async Task<Organisation> UsedAsync()
    {
        await _world.Billing.PriceAsync("api_calls", 1);
        var organisation = await _world.Billing.OrganisationAsync();
        (await _world.Get<CreateCreditCost>().RunAsync(
            _world.Billing.Staff, new CreditCostInput { MetricName = "api_calls", Unit = "calls", CreditsPerUnit = 1, EffectiveFrom = new DateOnly(2026, 1, 1) }, default)).Succeeded.ShouldBeTrue();
        await _world.SendAsync(organisation, await _world.Billing.ProjectAsync(organisation.Id), new DateTimeOffset(2026, 10, 20, 6, 0, 0, TimeSpan.Zero), 100);
        var now = _world.Billing.Clock.Now;
        _world.Billing.Clock.Now = new DateTimeOffset(2026, 10, 21, 6, 0, 0, TimeSpan.Zero);
        var pack = (await _world.Get<SaveCreditProduct>().RunAsync(_world.Billing.Staff, null, new CreditProductInput { Name = "60 credits", Credits = 60, Price = 999, Currency = "INR" }, default)).Value;
        var checkout = (await _world.Get<StartPrepaidPurchase>().RunAsync(_world.Billing.Customer(organisation.Id), pack.Id, default)).Value;
        (await _world.Get<SettlePayment>().RunAsync(CallContext.System("test", "the provider said so"), checkout.OrderId, _world.Gateway.Pay(checkout.ProviderOrderId), default)).Succeeded.ShouldBeTrue();
        _world.Billing.Clock.Now = now;
        return organisation;
    }
}

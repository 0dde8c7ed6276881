using Microsoft.EntityFrameworkCore;
using Portal.Core.Kernel;
using Portal.Core.Ledger;
using Portal.Core.Organisations;
using Portal.Core.Payments;
using Portal.Core.PrepaidCredits;
using Portal.Core.Settings;
using Portal.Tests.Data.Payments;

namespace Portal.Tests.Data.PrepaidCredits;

public sealed class PrepaidPurchaseTests(PaymentsWorld world) : IClassFixture<PaymentsWorld>
{
    [Fact]
    public async Task A_pack_that_is_paid_is_granted_once_however_often_the_provider_says_so()
    {
        var organisation = await world.OrganisationAsync();
        var checkout = await BuyAsync(organisation, 1000);
        var payment = world.Gateway.Pay(checkout.ProviderOrderId);

        for (var time = 0; time < 3; time++)
        {
            await world.ReceiveAsync("payment.captured", payment, $"evt_{checkout.OrderId:n}_{time}");
            await world.WorkEventsOffAsync();
        }

        var purchase = await PurchaseAsync(checkout.PurchaseId);
        purchase.Status.ShouldBe(PrepaidPurchaseStatus.Paid);
        purchase.Number!.ShouldStartWith("RV/");
        (purchase.Net + purchase.Tax).ShouldBe(purchase.Total);
        var grant = (await GrantsAsync(organisation)).ShouldHaveSingleItem();
        (grant.Kind, grant.Credits, grant.Remaining, grant.SourceId).ShouldBe((PrepaidGrantKind.Purchase, 1000m, 1000m, purchase.Id));
        grant.ExpiresAt.ShouldBe(world.Clock.GetUtcNow().AddDays(365));
        (await world.AccountAsync(organisation, LedgerAccount.ProviderClearing)).ShouldBe(purchase.Total);
        (await world.AccountAsync(organisation, LedgerAccount.DeferredRevenue)).ShouldBe(-purchase.Net);
        (await world.AccountAsync(organisation, LedgerAccount.TaxPayable)).ShouldBe(-purchase.Tax);
        (await world.CreditAsync(organisation)).ShouldBe(0);
        await world.ShouldAgreeAsync();
    }

    [Fact]
    public async Task A_top_up_is_taxed_when_it_is_paid()
    {
        // 999.00 and 18 % in two equal halves.
        await using (var db = await world.Store.OpenAsync(PaymentsWorld.System.Scope, CancellationToken.None))
        {
            var seller = new SellerProfile { LegalName = "Example Seller", Address = "1 Road\nBengaluru", Email = "billing@example.com", Country = "IN", StateCode = "29", TaxId = "29AAGCB7383J1Z4" };
            await db.SavePlatformSettingsAsync(new PlatformSettings { Seller = seller }, world.Clock.GetUtcNow(), CancellationToken.None);
            await db.CommitAsync(CancellationToken.None);
        }

        var organisation = await world.OrganisationAsync();
        var checkout = await BuyAsync(organisation, 1000);
        await SettleAsync(checkout, world.Gateway.Pay(checkout.ProviderOrderId));

        var purchase = await PurchaseAsync(checkout.PurchaseId);
        (purchase.Net, purchase.Tax, purchase.Total).ShouldBe((999m, 179.82m, 1178.82m));
        (await world.AccountAsync(organisation, LedgerAccount.TaxPayable)).ShouldBe(-179.82m);
        (await world.AccountAsync(organisation, LedgerAccount.DeferredRevenue)).ShouldBe(-999m);
    }

    [Fact]
    public async Task Nothing_is_granted_before_the_money_is_ours()
    {
        var organisation = await world.OrganisationAsync();
        var checkout = await BuyAsync(organisation, 10);

        await SettleAsync(checkout, FakeGateway.As(world.Gateway.Pay(checkout.ProviderOrderId), GatewayPaymentStatus.Failed));

        (await GrantsAsync(organisation)).ShouldBeEmpty();
        (await PurchaseAsync(checkout.PurchaseId)).Number.ShouldBeNull();
    }

    [Fact]
    public async Task What_is_paid_a_second_time_becomes_account_credit()
    {
        var organisation = await world.OrganisationAsync();
        var checkout = await BuyAsync(organisation, 10);

        await SettleAsync(checkout, world.Gateway.Pay(checkout.ProviderOrderId));
        await SettleAsync(checkout, world.Gateway.Pay(checkout.ProviderOrderId));

        (await GrantsAsync(organisation)).ShouldHaveSingleItem();
        (await world.CreditAsync(organisation)).ShouldBe(checkout.Amount);
        await world.ShouldAgreeAsync();
    }

    [Fact]
    public async Task A_second_click_takes_up_the_purchase_that_was_begun()
    {
        var organisation = await world.OrganisationAsync();
        var product = await ProductAsync(10);

        var first = await StartAsync(organisation, product);
        var second = await StartAsync(organisation, product);

        (second.PurchaseId, second.ProviderOrderId).ShouldBe((first.PurchaseId, first.ProviderOrderId));
    }

    [Fact]
    public async Task Receipt_vouchers_have_a_series_of_their_own_without_a_gap()
    {
        var organisation = await world.OrganisationAsync();
        var checkouts = new List<PrepaidCheckout>();
        for (var index = 0; index < 8; index++)
            checkouts.Add(await BuyAsync(organisation, 10 + index));

        var paid = checkouts.Select(checkout => (Checkout: checkout, Payment: world.Gateway.Pay(checkout.ProviderOrderId))).ToList();

        await Task.WhenAll(paid.Select(pair => Task.Run(() => SettleAsync(pair.Checkout, pair.Payment))));

        var numbers = await world.ReadAsync(db => db.PrepaidPurchases.Where(purchase => purchase.Number != null).Select(purchase => purchase.Number!).ToListAsync());
        var last = await world.ReadAsync(db => db.NumberSeries.Where(series => series.Series == "RV").Select(series => series.LastNumber).SingleAsync());
        numbers.Distinct(StringComparer.Ordinal).Count().ShouldBe((int)last);
    }

    [Fact]
    public async Task A_pack_that_is_not_sold_any_more_and_one_who_may_not_pay()
    {
        var organisation = await world.OrganisationAsync();
        var product = await ProductAsync(10, isActive: false);
        var start = world.Get<StartPrepaidPurchase>();

        (await start.RunAsync(PaymentsWorld.Customer(organisation.Id), product, CancellationToken.None)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await start.RunAsync(PaymentsWorld.Staff, product, CancellationToken.None)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    private async Task<PrepaidCheckout> BuyAsync(Organisation organisation, decimal credits) => await StartAsync(organisation, await ProductAsync(credits));

    private async Task<PrepaidCheckout> StartAsync(Organisation organisation, Guid product) =>
        (await world.Get<StartPrepaidPurchase>().RunAsync(PaymentsWorld.Customer(organisation.Id), product, CancellationToken.None)).Value;

    private async Task<Guid> ProductAsync(decimal credits, bool isActive = true)
    {
        var saved = await world.Get<SaveCreditProduct>().RunAsync(
            PaymentsWorld.Staff,
            null,
            new CreditProductInput { Name = $"Pack {Guid.NewGuid():n}", Credits = credits, Price = 999, Currency = "INR", ValidityDays = 365, HsnSac = "998315", IsActive = isActive },
            CancellationToken.None);
        return saved.Value.Id;
    }

    private async Task SettleAsync(PrepaidCheckout checkout, GatewayPayment seen) =>
        (await world.Get<SettlePayment>().RunAsync(PaymentsWorld.System, checkout.OrderId, seen, CancellationToken.None)).Succeeded.ShouldBeTrue();

    private Task<PrepaidPurchase> PurchaseAsync(Guid id) => world.ReadAsync(db => db.PrepaidPurchases.AsNoTracking().SingleAsync(purchase => purchase.Id == id));

    private Task<List<PrepaidGrant>> GrantsAsync(Organisation organisation) =>
        world.ReadAsync(db => db.PrepaidGrants.AsNoTracking().Where(grant => grant.OrganisationId == organisation.Id).ToListAsync());
}

using System.Globalization;
using Portal.Core.Access;
using Portal.Core.Discounts;
using Portal.Core.Metering;
using Portal.Core.Payments;
using Portal.Core.PrepaidCredits;

namespace Portal.Demo;

/// <summary>Packs of prepaid credits, what a message costs in them, who bought and was given some, and a few discounts: each on its day, before the months are billed.</summary>
internal sealed class DemoCredits(DemoActions actions, DemoCheckout checkout)
{
    private static readonly CallContext s_call = CallContext.System("demo", "Makes the demo");

    /// <summary>Before the books: what was bought and given by then is used by the months that follow.</summary>
    public async Task MakeAsync(IReadOnlyList<DemoCustomer> customers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var first = customers.Min(customer => customer.Since);
        actions.Clock.Now = first;
        await PackAsync("Starter pack", 1_000, 950, "INR", 365, cancellationToken);
        var pack = await PackAsync("Growth pack", 10_000, 8_500, "INR", 365, cancellationToken);
        var dollars = await PackAsync("Growth pack in dollars", 10_000, 110, "USD", null, cancellationToken);
        (await actions.Get<CreateCreditCost>().RunAsync(
            s_call, new CreditCostInput { Name = "Messages", Category = "messaging", MetricName = "messages", Unit = "count", CreditsPerUnit = 0.05m, EffectiveFrom = new DateOnly(first.Year, first.Month, 1) }, cancellationToken)).Expect();
        var launch = await DiscountAsync(new DiscountInput { Name = "Launch offer", Code = "LAUNCH-20", Kind = "percentage", Value = 20, Periods = 3, MaxRedemptions = 100 }, cancellationToken);
        var storage = await DiscountAsync(new DiscountInput { Name = "Storage on us", Kind = "amount", Value = 500, Currency = "INR", MetricName = "storage" }, cancellationToken);
        var loyal = await DiscountAsync(new DiscountInput { Name = "Thank you for two years", Kind = "percentage", Value = 5 }, cancellationToken);

        for (var index = 0; index < customers.Count; index++)
        {
            var customer = customers[index];
            // The fifth of the month before the last, or as soon as the customer is there.
            var due = new DateTimeOffset(new BillingMonth(now.Year, now.Month).FirstDay.AddMonths(-2).AddDays(4), new TimeOnly(8, index), TimeSpan.Zero);
            var at = due > customer.Since ? due : customer.Since.AddHours(2);
            if (at >= now)
                continue;
            actions.Clock.Now = at;
            if (index % 4 == 0)
                await BuyAsync(customer, customer.Company.Currency == "USD" ? dollars : pack, index, at, cancellationToken);
            if (index % 4 == 1)
                await BuyAsync(customer, dollars, index, at, cancellationToken);
            if (index % 8 == 0)
                await GrantAsync(customer, 500, true, now.AddDays(20), "Welcome to prepaid credits", cancellationToken);
            if (index % 8 == 2)
                await GrantAsync(customer, 250, false, null, "For the slow answers in support", cancellationToken);
            if (index % 6 == 0)
                await GiveAsync(customer, launch, "Agreed when the contract was signed", cancellationToken);
            if (index % 6 == 0 && customer.Company.Currency == "INR")
                await GiveAsync(customer, storage, "A large archive was moved here", cancellationToken);
            if (index % 6 == 3)
                await GiveAsync(customer, loyal, "Two years a customer", cancellationToken);
        }
    }

    /// <summary>After the books: the month that runs is covered as far as it has come.</summary>
    public async Task CoverAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        actions.Clock.Now = now;
        (await actions.Get<ConsumePrepaidCredits>().RunAsync(s_call, cancellationToken)).Expect();
    }

    private async Task<CreditProduct> PackAsync(string name, decimal credits, decimal price, string currency, int? days, CancellationToken cancellationToken) => (await actions.Get<SaveCreditProduct>().RunAsync(
        s_call, null, new CreditProductInput { Name = name, Credits = credits, Price = price, Currency = currency, ValidityDays = days, HsnSac = "998315" }, cancellationToken)).Expect();

    private async Task<Guid> DiscountAsync(DiscountInput input, CancellationToken cancellationToken) => (await actions.Get<CreateDiscount>().RunAsync(s_call, input, cancellationToken)).Expect().Id;

    private async Task GrantAsync(DemoCustomer customer, decimal credits, bool isPromotional, DateTimeOffset? expires, string reason, CancellationToken cancellationToken) => (await actions.Get<GrantPrepaidCredits>().RunAsync(
        s_call, new GrantPrepaidCreditsRequest { OrganisationId = customer.OrganisationId, Credits = credits, IsPromotional = isPromotional, ExpiresAt = expires, Reason = reason }, cancellationToken)).Expect();

    private async Task GiveAsync(DemoCustomer customer, Guid discount, string reason, CancellationToken cancellationToken) => (await actions.Get<GiveDiscount>().RunAsync(
        s_call, new GiveDiscountRequest { OrganisationId = customer.OrganisationId, DiscountId = discount, Reason = reason }, cancellationToken)).Expect();

    private async Task BuyAsync(DemoCustomer customer, CreditProduct product, int index, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var buyer = s_call with { Scope = new AccessScope.Organisation(customer.OrganisationId), Permissions = Permissions.All.ToHashSet(StringComparer.Ordinal) };
        var quoted = (await actions.Get<QuotePrepaidPurchase>().RunAsync(buyer, product.Id, cancellationToken)).Expect();
        var purchase = PrepaidPurchase.Begin(customer.OrganisationId, quoted.Product, quoted.Worked, null, at);
        var order = PaymentOrder.IntendPurchase(customer.OrganisationId, purchase.Id, purchase.Currency, purchase.Total, at);
        await checkout.PayAsync(order, index.ToString("0000", CultureInfo.InvariantCulture), purchase.Currency == "INR" ? "upi" : "card", at, purchase, cancellationToken);
    }
}

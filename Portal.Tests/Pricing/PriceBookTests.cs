using Portal.Core.Pricing;

namespace Portal.Tests.Pricing;

public sealed class PriceBookTests
{
    private static readonly Guid s_organisation = Guid.Parse("01920000-0000-7000-8000-000000000001");
    private static readonly Guid s_other = Guid.Parse("01920000-0000-7000-8000-000000000002");
    private static readonly Guid s_plan = Guid.Parse("01920000-0000-7000-8000-000000000003");

    [Fact]
    public void The_most_specific_price_in_force_on_the_first_day_rates_the_period()
    {
        var platform = Price(1);
        var plan = Price(2, planId: s_plan);
        var own = Price(3, organisationId: s_organisation, from: new DateOnly(2026, 10, 2));
        var others = Price(4, organisationId: s_other);
        var ended = Price(5, organisationId: s_organisation, from: new DateOnly(2026, 1, 1), to: new DateOnly(2026, 10, 1));
        var book = new PriceBook([own, platform, others, plan, ended]);

        Find(book, new DateOnly(2026, 9, 1), s_plan).ShouldBe(5);
        Find(book, new DateOnly(2026, 10, 1), s_plan).ShouldBe(2);
        Find(book, new DateOnly(2026, 10, 1), null).ShouldBe(1);
        Find(book, new DateOnly(2026, 11, 1), s_plan).ShouldBe(3);
        Find(book, new DateOnly(2025, 12, 1), null).ShouldBeNull();
        book.InForce("api_calls", "seconds", s_organisation, null, new DateOnly(2026, 10, 1)).ShouldBeNull();
    }

    private static decimal? Find(PriceBook book, DateOnly day, Guid? plan) => book.InForce("api_calls", "calls", s_organisation, plan, day)?.Terms.UnitPrice;

    private static Price Price(decimal price, Guid? organisationId = null, Guid? planId = null, DateOnly? from = null, DateOnly? to = null) => Portal.Core.Pricing.Price.Create(
        new PriceDefinition("api_calls", "calls", new PriceTerms(PriceModel.Standard, "INR", price, []), from ?? new DateOnly(2026, 1, 1), to, organisationId, planId), DateTimeOffset.UnixEpoch);
}

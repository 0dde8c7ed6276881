using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Pricing;

namespace Portal.Tests.Pricing;

public sealed class PriceValidationTests
{
    private static readonly PriceInput s_standard = new() { MetricName = "api_calls", Unit = "calls", Currency = "INR", Model = "standard", Price = 1.5m, EffectiveFrom = new DateOnly(2026, 1, 1) };
    private static readonly PriceInput s_graduated = s_standard with { Model = "graduated", Price = null, Tiers = [new TierInput(10, 1), new TierInput(20, 2), new TierInput(null, 3)] };

    private static readonly PriceInput s_package = s_standard with { Model = "package", Size = 100 };
    private static readonly PriceInput s_stair = s_standard with { Model = "stair-step", Price = null, Steps = [new StepInput(10, 1), new StepInput(null, 5)] };
    private static readonly PriceInput s_percentage = s_standard with { Model = "percentage", Price = null, Rate = 2.9m };

    public static TheoryData<string, PriceInput> Wrong => new()
    {
        { "metricName", s_standard with { MetricName = "api calls" } },
        { "metricName", s_standard with { MetricName = null } },
        { "metricName", s_standard with { MetricName = new string('a', 101) } },
        { "metricName", s_standard with { MetricName = "api_calls\n" } },
        { "unit", s_standard with { Unit = " " } },
        { "unit", s_standard with { Unit = new string('u', 51) } },
        { "currency", s_standard with { Currency = "inr" } },
        { "currency", s_standard with { Currency = "XXX" } },
        { "model", s_standard with { Model = "tiered" } },
        { "model", s_standard with { Model = null } },
        { "effectiveFrom", s_standard with { EffectiveFrom = null } },
        { "effectiveTo", s_standard with { EffectiveTo = new DateOnly(2026, 1, 1) } },
        { "planId", s_standard with { PlanId = Guid.Empty } },
        { "hsnSac", s_standard with { HsnSac = "99A" } },
        { "included", s_standard with { Included = -1 } },
        { "included", s_standard with { Included = 0.0000000000001m } },
        { "minimum", s_standard with { Minimum = -1 } },
        { "maximum", s_standard with { Minimum = 2, Maximum = 1 } },
        { "price", s_standard with { Price = null } },
        { "price", s_standard with { Price = -0.1m } },
        { "price", s_standard with { Price = 0.1234567890123m } },
        { "price", s_standard with { Price = 1_000_000_000m } },
        { "tiers", s_standard with { Tiers = s_graduated.Tiers } },
        { "price", s_graduated with { Price = 1 } },
        { "tiers", s_graduated with { Tiers = null } },
        { "tiers", s_graduated with { Tiers = [] } },
        { "tiers[0].price", s_graduated with { Tiers = [new TierInput(null, null)] } },
        { "tiers[0].flat", s_graduated with { Tiers = [new TierInput(null, 1, -1)] } },
        { "tiers[0].upTo", s_graduated with { Tiers = [new TierInput(10, 1)] } },
        { "tiers[0].upTo", s_graduated with { Tiers = [new TierInput(null, 1), new TierInput(null, 1)] } },
        { "tiers[0].upTo", s_graduated with { Tiers = [new TierInput(0, 1), new TierInput(null, 1)] } },
        { "size", s_package with { Size = null } },
        { "size", s_package with { Size = 0 } },
        { "free", s_package with { Free = -1 } },
        { "free", s_standard with { Free = 1 } },
        { "steps", s_standard with { Steps = [new StepInput(null, 1)] } },
        { "steps", s_stair with { Steps = [] } },
        { "steps[1].price", s_stair with { Steps = [new StepInput(10, 1), new StepInput(null, null)] } },
        { "rate", s_percentage with { Rate = null } },
        { "rate", s_percentage with { Rate = 10_000 } },
        { "freeEvents", s_percentage with { FreeEvents = -1 } },
        { "fee", s_graduated with { Fee = 1 } },
        { "tiers[0].rate", s_graduated with { Tiers = [new TierInput(null, 1, Rate: 1)] } },
        { "tiers[0].rate", s_graduated with { Model = "graduated-percentage", Tiers = [new TierInput(null)] } },
        { "tiers[1].upTo", s_graduated with { Tiers = [new TierInput(10, 1), new TierInput(10, 1), new TierInput(null, 1)] } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_is_named_by_its_field(string field, PriceInput input)
    {
        PriceValidation.Check(input, out var failures).ShouldBeNull();
        failures.ShouldHaveSingleItem().Field.ShouldBe(field);
    }

    [Fact]
    public void Every_model_is_read_as_it_is_written()
    {
        PriceValidation.Check(s_package with { Free = 20 }, out _)!.Terms.Package.ShouldBe(new PackageTerms(100, 20));
        PriceValidation.Check(s_stair, out _)!.Terms.Tiers.ShouldBe([new Tier(10, 1), new Tier(null, 5)]);
        PriceValidation.Check(s_percentage with { FreeAmount = 5, Fee = 0.3m, FreeEvents = 2 }, out _)!.Terms.Percentage.ShouldBe(new PercentageTerms(2.9m, 5, 0.3m, 2));
        PriceValidation.Check(s_graduated with { Model = "graduated-percentage", Tiers = [new TierInput(10, Rate: 3, Flat: 1), new TierInput(null, Rate: 2)] }, out _)!.Terms.Tiers.ShouldBe([new Tier(10, 3, 1), new Tier(null, 2)]);
        PriceValidation.Check(s_graduated with { Model = "volume" }, out _)!.Terms.Model.ShouldBe(PriceModel.Volume);
    }

    [Fact]
    public void Every_mistake_is_named_at_once()
    {
        PriceValidation.Check(new PriceInput(), out var failures).ShouldBeNull();
        failures.Select(failure => failure.Field).ShouldBe(["metricName", "unit", "effectiveFrom", "currency", "model"]);
    }

    [Fact]
    public void Twelve_decimals_are_kept_and_trailing_zeros_do_not_count() =>
        PriceValidation.Check(s_standard with { Price = 0.1234567890120000m }, out _)!.Terms.UnitPrice.ShouldBe(0.123456789012m);

    [Fact]
    public void A_quote_rates_as_an_invoice_does_and_stores_nothing()
    {
        var call = CallContext.System("test", "test");
        var input = new PriceInput { Currency = "INR", Model = "graduated", Tiers = [new TierInput(1000, 0.10m, 5), new TierInput(10_000, 0.05m), new TierInput(null, 0.01m, 20)] };

        var quote = new QuotePrice().Run(call, input, 12_000).Value;
        (quote.Amount, quote.Rounded, quote.Rated.Rows.Count).ShouldBe((595m, 595m, 3));
        new QuotePrice().Run(call, s_standard with { Currency = "JPY", Price = 0.5m }, 3).Value.ShouldSatisfyAllConditions(yen => yen.Amount.ShouldBe(1.5m), yen => yen.Rounded.ShouldBe(2m));
        new QuotePrice().Run(call, input, -1).Failure.Field.ShouldBe("quantity");
        new QuotePrice().Run(call with { Scope = new AccessScope.Staff() }, input, 1).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }
}

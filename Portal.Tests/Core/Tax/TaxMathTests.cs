using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Portal.Core.Currencies;
using Portal.Core.Settings;
using Portal.Core.Tax;

namespace Portal.Tests.Core.Tax;

public sealed class TaxMathTests
{
    private static readonly DateOnly s_day = new(2026, 11, 3);
    private static readonly Currency s_rupee = Currency.Of("INR");

    [Theory]
    // 999.00 and 100.00 with the tax inside: the half first, then what is left.
    [InlineData("999.00", 18, "76.19", "846.62")]
    [InlineData("100.00", 18, "7.63", "84.74")]
    public void The_halves_of_a_price_that_contains_the_tax_are_equal_and_the_whole_closes(string gross, int rate, string half, string net)
    {
        var computed = Compute(SupplyKind.IntraState, rate, inclusive: true, Number(gross));

        computed.Components.Select(component => (component.Name, component.Rate, component.Base, component.Amount))
            .ShouldBe([("CGST", rate / 2m, Number(net), Number(half)), ("SGST", rate / 2m, Number(net), Number(half))]);
        computed.Lines.ShouldHaveSingleItem().Net.ShouldBe(Number(net));
    }

    [Fact]
    public void To_another_state_the_same_price_bears_one_whole_tax()
    {
        var computed = Compute(SupplyKind.InterState, 18, inclusive: true, 999.00m);

        computed.Components.ShouldHaveSingleItem().ShouldBe(new TaxComponent("IGST", 18, 846.61m, 152.39m));
    }

    [Fact]
    public void Of_five_paise_IGST_takes_one_and_the_halves_none()
    {
        Compute(SupplyKind.InterState, 18, false, 0.05m).Components.ShouldHaveSingleItem().Amount.ShouldBe(0.01m);
        Compute(SupplyKind.IntraState, 18, false, 0.05m).Components.Select(component => component.Amount).ShouldBe([0, 0]);
    }

    [Fact]
    public void Ten_lines_of_three_paise_are_taxed_over_their_sum_and_not_one_by_one()
    {
        var computed = Compute(SupplyKind.Domestic, 18, false, [.. Enumerable.Repeat(0.03m, 10)]);

        computed.Components.ShouldHaveSingleItem().Amount.ShouldBe(0.05m);
        computed.Lines.Sum(line => line.Tax).ShouldBe(0.05m);
        computed.Lines.Select(line => line.Tax).ShouldBe([0.01m, 0.01m, 0.01m, 0.01m, 0.01m, 0, 0, 0, 0, 0]);
    }

    [Fact]
    public void The_base_is_what_is_printed() => Compute(SupplyKind.Domestic, 22, false, 88.52m).Components.ShouldHaveSingleItem().Amount.ShouldBe(19.47m);

    [Fact]
    public void A_half_is_rounded_away_from_zero()
    {
        // 55 at 6.7 % is 3.685.
        Compute(SupplyKind.Domestic, 6.7m, false, 55m).Components.ShouldHaveSingleItem().Amount.ShouldBe(3.69m);
        TaxMath.Compute(Treatment(SupplyKind.Domestic), [new TaxableLine(100.5m * 10, null)], [Rate(10, false)], Currency.Of("JPY")).Components.ShouldHaveSingleItem().Amount.ShouldBe(101);
    }

    [Fact]
    public void VAT_of_20_per_cent_comes_on_top_or_is_contained()
    {
        Compute(SupplyKind.Domestic, 20, false, 100).Components.ShouldHaveSingleItem().ShouldBe(new TaxComponent("VAT", 20, 100, 20));
        Compute(SupplyKind.Domestic, 20, true, 100).Components.ShouldHaveSingleItem().ShouldBe(new TaxComponent("VAT", 20, 83.33m, 16.67m));
    }

    [Fact]
    public void Each_rate_is_taxed_over_its_own_lines_also_where_some_contain_it()
    {
        TaxRate[] rates = [Rate(18, false), Rate(5, false, "9984"), Rate(18, true, "9985")];

        var computed = TaxMath.Compute(Treatment(SupplyKind.IntraState), [new(100, "998315"), new(40, "998412"), new(60, "998412"), new(999, "998511")], rates, s_rupee);

        computed.Components.Select(component => (component.Name, component.Rate, component.Base, component.Amount)).ShouldBe(
        [
            ("CGST", 2.5m, 100, 2.5m), ("SGST", 2.5m, 100, 2.5m),
            ("CGST", 9, 100, 9), ("SGST", 9, 100, 9),
            ("CGST", 9, 846.62m, 76.19m), ("SGST", 9, 846.62m, 76.19m),
        ]);
        computed.Lines.Select(line => (line.Net, line.Tax, line.Rate)).ShouldBe([(100, 18, 18), (40, 2, 5), (60, 3, 5), (846.62m, 152.38m, 18)]);
    }

    [Fact]
    public void In_a_union_territory_without_legislature_the_second_half_is_its_own() =>
        TaxMath.Compute(Treatment(SupplyKind.IntraState, "04"), [new(100, null)], [Rate(18, false)], s_rupee).Components.Select(component => component.Name).ShouldBe(["CGST", "UTGST"]);

    [Theory]
    [InlineData(SupplyKind.Export)]
    [InlineData(SupplyKind.Exempt)]
    [InlineData(SupplyKind.ReverseCharge)]
    [InlineData(SupplyKind.NotRegistered)]
    public void What_is_not_taxed_bears_none(SupplyKind kind)
    {
        var computed = Compute(kind, 18, false, 100);
        computed.Components.ShouldBeEmpty();
        computed.Lines.ShouldHaveSingleItem().ShouldBe(new TaxedLine(100, 0, null, false));
    }

    [Fact]
    public void Where_GST_has_no_rate_for_a_line_it_is_named() =>
        TaxMath.Compute(Treatment(SupplyKind.IntraState), [new(100, "998315")], [], s_rupee).Unrated.ShouldBe(["998315"]);

    [Fact]
    public void The_halves_are_equal_and_close_to_the_paisa_for_any_gross_and_rate() => Prop.ForAll(Cases(), sample =>
    {
        var computed = Compute(SupplyKind.IntraState, sample.Rate, sample.Inclusive, sample.Charges);
        var tax = computed.Components.Sum(component => component.Amount);
        var gross = computed.Lines.Sum(line => line.Net) + tax;
        return computed.Components.Select(component => component.Amount).Distinct().Count() <= 1
            && gross == (sample.Inclusive ? sample.Charges.Sum() : sample.Charges.Sum() + tax)
            && computed.Components.All(component => component.Base == computed.Lines.Sum(line => line.Net));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_tax_of_an_invoice_is_the_sum_of_its_lines_shares_and_no_line_is_negative() => Prop.ForAll(Cases(), sample =>
    {
        foreach (var kind in new[] { SupplyKind.IntraState, SupplyKind.InterState, SupplyKind.Domestic })
        {
            var computed = Compute(kind, sample.Rate, sample.Inclusive, sample.Charges);
            if (computed.Lines.Sum(line => line.Tax) != computed.Components.Sum(component => component.Amount)
                || computed.Lines.Any(line => line.Net < 0 || line.Tax < 0)
                || computed.Lines.Zip(sample.Charges).Any(pair => pair.First.Net + (sample.Inclusive ? pair.First.Tax : 0) != pair.Second))
                return false;
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_hundred_lines_of_one_paisa_that_contain_the_tax_still_close()
    {
        var computed = Compute(SupplyKind.IntraState, 18, true, [.. Enumerable.Repeat(0.01m, 100)]);

        computed.Components.Select(component => component.Amount).ShouldBe([0.08m, 0.08m]);
        computed.Lines.ShouldAllBe(line => line.Net >= 0 && line.Net + line.Tax == 0.01m);
        computed.Lines.Sum(line => line.Tax).ShouldBe(0.16m);
    }

    private static Arbitrary<(decimal Rate, bool Inclusive, decimal[] Charges)> Cases() => (
        from rate in Gen.Elements(0m, 0.25m, 3m, 5m, 12m, 18m, 28m, 40m)
        from inclusive in Gen.Elements(true, false)
        from charges in Gen.NonEmptyListOf(Gen.OneOf(Gen.Choose(0, 9), Gen.Choose(0, 100_000), Gen.Choose(0, 2_000_000_000)))
        select (rate, inclusive, charges.Select(paise => paise / 100m).ToArray())).ToArbitrary();

    private static ComputedTax Compute(SupplyKind kind, decimal rate, bool inclusive, params decimal[] charges) =>
        TaxMath.Compute(Treatment(kind), [.. charges.Select(charge => new TaxableLine(charge, null))], [Rate(rate, inclusive)], s_rupee);

    private static TaxTreatment Treatment(SupplyKind kind, string place = "29") =>
        new() { Kind = kind, Day = s_day, Country = "IN", IsGst = kind is SupplyKind.IntraState or SupplyKind.InterState, PlaceOfSupply = place, Region = place };

    private static TaxRate Rate(decimal rate, bool inclusive, string? code = null) =>
        TaxRate.Create(new TaxRateTerms("IN", "VAT", rate, new DateOnly(2017, 7, 1), HsnSac: code, IsInclusive: inclusive), DateTimeOffset.UnixEpoch);

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}

public sealed class TaxTreatmentTests
{
    private static readonly DateOnly s_day = new(2026, 11, 3);
    private static readonly SellerProfile s_seller = new()
    {
        LegalName = "Example Seller", Address = "1 Example Street", Country = "IN", StateCode = "29", TaxId = "29AAGCB7383J1Z4",
        LutNumber = "AD2904000", LutValidFrom = new DateOnly(2026, 4, 1), LutValidTo = new DateOnly(2027, 3, 31),
    };

    private static readonly CustomerTaxFacts s_indian = new() { Country = "IN" };

    [Theory]
    [InlineData("29AAGCB7383J1Z4", "29", false, SupplyKind.IntraState, "29", PlaceOfSupplySource.Registration)]
    [InlineData("27AAPFU0939F1ZV", null, false, SupplyKind.InterState, "27", PlaceOfSupplySource.Registration)]
    [InlineData(null, "29", false, SupplyKind.IntraState, "29", PlaceOfSupplySource.Address)]
    [InlineData(null, "33", false, SupplyKind.InterState, "33", PlaceOfSupplySource.Address)]
    [InlineData(null, null, false, SupplyKind.IntraState, "29", PlaceOfSupplySource.Seller)]
    [InlineData("29AAGCB7383J1Z4", "29", true, SupplyKind.SpecialEconomicZone, "29", PlaceOfSupplySource.Registration)]
    public void The_place_of_supply_decides_and_where_it_came_from_is_kept(string? gstin, string? state, bool sez, SupplyKind kind, string place, PlaceOfSupplySource source)
    {
        var treatment = TaxTreatment.Decide(s_seller, s_indian with { TaxId = gstin, StateCode = state, IsSez = sez }, s_day);

        (treatment.Kind, treatment.PlaceOfSupply, treatment.PlaceSource).ShouldBe((kind, place, source));
    }

    [Fact]
    public void An_export_is_zero_rated_and_names_the_undertaking_while_it_is_in_force()
    {
        var abroad = s_indian with { Country = "US", StateCode = "NY" };

        var export = TaxTreatment.Decide(s_seller, abroad, s_day);
        (export.Kind, export.PlaceOfSupply, export.IsTaxed).ShouldBe((SupplyKind.Export, "96", false));
        export.Note.ShouldBe("Supply meant for export under LUT without payment of integrated tax. LUT AD2904000, in force 2026-04-01 to 2027-03-31.");
        TaxTreatment.Decide(s_seller, abroad, new DateOnly(2027, 3, 31)).Note.ShouldNotBeNull();
        TaxTreatment.Decide(s_seller, abroad, new DateOnly(2027, 4, 1)).Note.ShouldBeNull();
        TaxReadiness.Lacking(export, s_seller, abroad with { Address = "1 Street" }, []).ShouldBeEmpty();
        var expired = TaxTreatment.Decide(s_seller, abroad, new DateOnly(2027, 4, 1));
        TaxReadiness.Lacking(expired, s_seller, abroad, []).ShouldBe(["a letter of undertaking (LUT) in force on the day of issue", "the customer's address"]);
    }

    [Fact]
    public void A_registered_customer_s_invoice_lacks_what_the_law_asks_for()
    {
        var customer = s_indian with { TaxId = "27AAPFU0939F1ZW", StateCode = "27" };
        var treatment = TaxTreatment.Decide(s_seller, customer, s_day);

        TaxReadiness.Sentence(TaxReadiness.Lacking(treatment, s_seller, customer, [("api_calls", "998315"), ("maps", null)])).ShouldBe(
            "A tax invoice still needs a valid GSTIN for the customer (Not a valid GSTIN: its format or check digit is wrong), the customer's address, the HSN or SAC code of maps.");
        TaxReadiness.Sentence(TaxReadiness.Lacking(treatment, s_seller, s_indian, [("maps", null)])).ShouldBeNull();
    }

    [Fact]
    public void A_reason_exempts_and_reverse_charge_is_said()
    {
        TaxTreatment.Decide(s_seller, s_indian with { ExemptionReason = "a charity" }, s_day).ShouldSatisfyAllConditions(it => it.Kind.ShouldBe(SupplyKind.Exempt), it => it.Note.ShouldBe("No tax is charged: a charity"));
        TaxTreatment.Decide(s_seller, s_indian with { IsReverseCharge = true }, s_day).Kind.ShouldBe(SupplyKind.ReverseCharge);
        TaxTreatment.Decide(s_seller with { TaxId = null }, s_indian, s_day).Kind.ShouldBe(SupplyKind.NotRegistered);
        TaxTreatment.Decide(s_seller with { Country = "GB", TaxId = "GB123" }, s_indian with { Country = "GB" }, s_day).ShouldSatisfyAllConditions(it => it.Kind.ShouldBe(SupplyKind.Domestic), it => it.Country.ShouldBe("GB"));
    }

    [Fact]
    public void The_most_specific_rate_in_force_is_found()
    {
        TaxRate[] rates = [Make(20), Make(10, region: "CA"), Make(5, code: "9984"), Make(4, region: "CA", code: "9984"), Make(1, code: "998412")];

        Find(null, null).ShouldBe(20);
        Find("CA", null).ShouldBe(10);
        Find("NY", "998400").ShouldBe(5);
        Find("CA", "998400").ShouldBe(4);
        Find("CA", "998412").ShouldBe(1);
        TaxRate.Find(rates, "US", null, null, new DateOnly(2019, 12, 31)).ShouldBeNull();

        decimal? Find(string? region, string? code) => TaxRate.Find(rates, "US", region, code, s_day)?.Rate;

        static TaxRate Make(decimal rate, string? region = null, string? code = null) =>
            TaxRate.Create(new TaxRateTerms("US", "Sales tax", rate, new DateOnly(2020, 1, 1), null, region, code), DateTimeOffset.UnixEpoch);
    }
}

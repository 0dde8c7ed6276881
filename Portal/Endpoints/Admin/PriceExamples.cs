namespace Portal.Endpoints.Admin;

/// <summary>A price of every model, as the description of the HTTP interface shows it.</summary>
internal static class PriceExamples
{
    private static readonly (string Model, string Terms)[] s_terms =
    [
        ("standard", """ "price": "0.05", "included": 1000 """),
        ("graduated", """ "tiers": [{ "upTo": 1000, "price": "0.10", "flat": 5 }, { "upTo": 10000, "price": "0.05" }, { "upTo": null, "price": "0.01", "flat": 20 }] """),
        ("volume", """ "tiers": [{ "upTo": 1000, "price": "0.10" }, { "upTo": null, "price": "0.08" }] """),
        ("package", """ "price": 400, "size": 1000, "free": 1000 """),
        ("stair-step", """ "steps": [{ "upTo": 1000, "price": 50 }, { "upTo": 5000, "price": 200 }, { "upTo": null, "price": 900 }] """),
        ("percentage", """ "rate": "2.9", "freeAmount": 1000, "fee": "0.30", "freeEvents": 10 """),
        ("graduated-percentage", """ "tiers": [{ "upTo": 100000, "rate": 3 }, { "upTo": null, "rate": 2 }] """),
    ];

    /// <summary>Prices to make.</summary>
    public static IReadOnlyList<(string Name, string Json)> Prices { get; } =
        [.. s_terms.Select(terms => (terms.Model, $$"""{ "metricName": "api_calls", "unit": "calls", "currency": "INR", "model": "{{terms.Model}}", "effectiveFrom": "2026-12-01", {{terms.Terms}} }"""))];

    /// <summary>Prices to quote.</summary>
    public static IReadOnlyList<(string Name, string Json)> Quotes { get; } =
        [.. s_terms.Select(terms => (terms.Model, $$"""{ "currency": "INR", "model": "{{terms.Model}}", {{terms.Terms}}, "quantity": "12000", "eventCount": 120 }"""))];
}

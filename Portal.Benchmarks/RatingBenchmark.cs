using System.Diagnostics;
using System.Globalization;
using Portal.Core.Pricing;

namespace Portal.Benchmarks;

/// <summary>
/// <c>rating</c>: ratings over all seven models in turn, amounts alone and with the rows that explain them, against the same number of decimal multiplications and
/// additions by hand.
/// </summary>
internal static class RatingBenchmark
{
    private const int Quantities = 4_096;

    /// <summary>Arguments: <c>--ratings 1000000</c>, <c>--rounds 9</c>.</summary>
    public static Task RunAsync(IReadOnlyList<string> arguments)
    {
        var options = new BenchmarkArguments(arguments);
        var (ratings, rounds) = (options.Number("ratings", 1_000_000), options.Number("rounds", 9));
        Machine.Report("rating");
        var models = Models();
        var quantities = MakeQuantities();
        var (products, sums) = Operations(models, quantities, ratings);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"sizes      {rounds} rounds of {ratings:N0} ratings over {models.Length} models, {products:N0} multiplications and {sums:N0} additions of decimals in each"));
        // Compiled and warm, and both sides come to something.
        BillingRunBenchmark.Expect(Amounts(models, quantities, ratings) == Rows(models, quantities, ratings), "the amount alone is another than that of the rows");
        ByHand(quantities, products, sums);

        List<double> amounts = [], rows = [], floors = [], ratios = [], rowRatios = [];
        for (var round = 1; round <= rounds; round++)
        {
            var (amount, row, floor) = (Time(() => Amounts(models, quantities, ratings)), Time(() => Rows(models, quantities, ratings)), Time(() => ByHand(quantities, products, sums)));
            amounts.Add(ratings / amount);
            rows.Add(ratings / row);
            floors.Add(ratings / floor);
            ratios.Add(floor / amount);
            rowRatios.Add(floor / row);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round,2}   amounts {ratings / amount:N0}/s, with rows {ratings / row:N0}/s, by hand {ratings / floor:N0}/s, ratios {floor / amount:0.00} and {floor / row:0.00}"));
        }

        Machine.Result(new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["benchmark"] = "rating",
            ["ratings"] = ratings,
            ["multiplicationsPerRating"] = Math.Round((double)products / ratings, 2),
            ["additionsPerRating"] = Math.Round((double)sums / ratings, 2),
            ["ratingsPerSecond"] = Math.Round(Machine.Median(amounts)),
            ["withRowsPerSecond"] = Math.Round(Machine.Median(rows)),
            ["baselinePerSecond"] = Math.Round(Machine.Median(floors)),
            ["ratio"] = Math.Round(Machine.Median(ratios), 3),
            ["ratioWithRows"] = Math.Round(Machine.Median(rowRatios), 3),
            ["target"] = 0.3,
        });
        return Task.CompletedTask;
    }

    private static decimal Amounts(PriceTerms[] models, decimal[] quantities, int ratings)
    {
        var sum = 0m;
        for (var index = 0; index < ratings; index++)
            sum += Rating.Amount(models[index % models.Length], quantities[index % quantities.Length], index % 1_000);
        return sum;
    }

    private static decimal Rows(PriceTerms[] models, decimal[] quantities, int ratings)
    {
        var sum = 0m;
        for (var index = 0; index < ratings; index++)
            sum += Rating.Rate(models[index % models.Length], quantities[index % quantities.Length], index % 1_000).Amount;
        return sum;
    }

    // As many of both as the ratings have: after each product its share of the additions.
    private static decimal ByHand(decimal[] quantities, long products, long sums)
    {
        var (total, due) = (0m, 0L);
        for (long index = 0; index < products; index++)
        {
            var quantity = quantities[(int)(index % quantities.Length)];
            // A sum without end would grow more digits than any rating has.
            total = quantity * 0.0525m;
            for (due += sums; due >= products; due -= products)
                total += quantity;
        }

        return total;
    }

    // Divisions, remainders and comparisons are not counted.
    private static (long Products, long Sums) Operations(PriceTerms[] models, decimal[] quantities, int ratings)
    {
        var (products, sums) = (0L, 0L);
        for (var index = 0; index < ratings; index++)
        {
            var terms = models[index % models.Length];
            // What is included comes off.
            sums++;
            foreach (var row in Rating.Rate(terms, quantities[index % quantities.Length], index % 1_000).Rows)
            {
                products += row.Kind == RatedRowKind.Step ? 0 : 1;
                // Every row is added up; those of tiers are cut from what lies below and take their flat fee, what is free comes off, and a package's rest.
                sums += 1 + terms.Model switch
                {
                    PriceModel.Graduated or PriceModel.GraduatedPercentage => 2,
                    PriceModel.Volume or PriceModel.StairStep or PriceModel.Percentage => 1,
                    PriceModel.Package => 3,
                    PriceModel.Standard => 0,
                };
            }
        }

        return (products, sums);
    }

    private static PriceTerms[] Models()
    {
        Tier[] tiers = [new(1_000, 0.10m, 5), new(10_000, 0.05m), new(50_000, 0.04m), new(null, 0.01m, 20)];
        return
        [
            new(PriceModel.Standard, "INR", 0.0525m, [], Included: 100),
            new(PriceModel.Graduated, "INR", null, tiers),
            new(PriceModel.Volume, "INR", null, tiers, Minimum: 10),
            new(PriceModel.Package, "INR", 400, [], Package: new PackageTerms(1_000, 1_000)),
            new(PriceModel.StairStep, "INR", null, tiers),
            new(PriceModel.Percentage, "INR", null, [], Percentage: new PercentageTerms(2.9m, 1_000, 0.30m, 10)),
            new(PriceModel.GraduatedPercentage, "INR", null, tiers, Maximum: 100_000),
        ];
    }

    private static decimal[] MakeQuantities()
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, Quantities).Select(_ => random.Next(0, 75_000_000) / 1_000m)];
    }

    private static double Time(Func<decimal> work)
    {
        var started = Stopwatch.GetTimestamp();
        GC.KeepAlive(work());
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}

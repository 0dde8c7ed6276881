using Portal.Core.Currencies;

namespace Portal.Core.Tax;

/// <summary>A line that is to be taxed.</summary>
/// <param name="Charge">Its rounded amount: with the tax where prices contain it, else without. Negative where something is given back; the lines of a rate never sum to less than 0.</param>
/// <param name="HsnSac">The code of its price.</param>
public sealed record TaxableLine(decimal Charge, string? HsnSac);

/// <summary>A line with its share of the tax.</summary>
/// <param name="Net">Without tax: what the invoice's subtotal sums.</param>
/// <param name="Tax">Its share of all components; the shares sum to the invoice's tax exactly.</param>
/// <param name="Rate">Per cent in all; null where nothing was taxed.</param>
/// <param name="IsInclusive">True when the charge contained the tax.</param>
public sealed record TaxedLine(decimal Net, decimal Tax, decimal? Rate, bool IsInclusive);

/// <summary>One component of tax, worked out.</summary>
/// <param name="Name">As printed, e.g. <c>CGST</c>.</param>
/// <param name="Rate">Per cent of this component.</param>
/// <param name="Base">The net amount that it is a share of.</param>
/// <param name="Amount">Rounded once, half away from zero.</param>
public sealed record TaxComponent(string Name, decimal Rate, decimal Base, decimal Amount);

/// <summary>The tax of an invoice.</summary>
/// <param name="Components">Per rate, in order of rates.</param>
/// <param name="Lines">As given.</param>
/// <param name="Unrated">Codes of lines for which no rate is set, where there must be one.</param>
public sealed record ComputedTax(IReadOnlyList<TaxComponent> Components, IReadOnlyList<TaxedLine> Lines, IReadOnlyList<string> Unrated);

/// <summary>
/// Works tax out, per rate over the sum of that rate's lines, each component rounded once, and spreads it over the lines by largest
/// remainder so that both views agree. Pure.
/// </summary>
public static class TaxMath
{
    public static ComputedTax Compute(TaxTreatment treatment, IReadOnlyList<TaxableLine> lines, IReadOnlyCollection<TaxRate> rates, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(treatment);
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(currency);
        var taxed = lines.Select(line => new TaxedLine(line.Charge, 0, null, false)).ToArray();
        if (!treatment.IsTaxed)
            return new ComputedTax([], taxed, []);
        var (groups, unrated) = (new Dictionary<LineRate, List<int>>(), new List<string>());
        for (var index = 0; index < lines.Count; index++)
        {
            if (RateOf(treatment, lines[index].HsnSac, rates) is not { } rate)
            {
                if (treatment.IsGst)
                    unrated.Add(lines[index].HsnSac ?? "no code");
                continue;
            }

            if (!groups.TryGetValue(rate, out var members))
                groups[rate] = members = [];
            members.Add(index);
        }

        var components = new List<TaxComponent>();
        foreach (var (rate, members) in groups.OrderBy(group => group.Key.Rate).ThenBy(group => group.Key.Label, StringComparer.Ordinal).ThenBy(group => group.Key.IsInclusive))
            components.AddRange(Group(treatment, rate, members, lines, taxed, currency));
        return new ComputedTax(components, taxed, [.. unrated.Distinct()]);
    }

    private static LineRate? RateOf(TaxTreatment treatment, string? hsnSac, IReadOnlyCollection<TaxRate> rates)
    {
        var found = TaxRate.Find(rates, treatment.Country, treatment.Region, hsnSac, treatment.Day);
        if (treatment.OwnRate is { } own)
            return new LineRate(treatment.OwnLabel ?? found?.Label ?? "Tax", own, found?.IsInclusive ?? false);
        return found is null ? null : new LineRate(found.Label, found.Rate, found.IsInclusive);
    }

    private static List<TaxComponent> Group(TaxTreatment treatment, LineRate rate, List<int> members, IReadOnlyList<TaxableLine> lines, TaxedLine[] taxed, Currency currency)
    {
        var charges = members.Select(index => lines[index].Charge).ToArray();
        var sum = charges.Sum();
        string[] names = treatment.Kind switch
        {
            SupplyKind.IntraState => ["CGST", IndianStates.HasUnionTerritoryTax(treatment.PlaceOfSupply ?? "") ? "UTGST" : "SGST"],
            SupplyKind.InterState or SupplyKind.SpecialEconomicZone => ["IGST"],
            SupplyKind.Domestic or SupplyKind.Export or SupplyKind.Exempt or SupplyKind.ReverseCharge or SupplyKind.NotRegistered => [rate.Label],
        };
        var share = rate.Rate / names.Length;
        // Where prices contain the tax, one component is worked out first and the net is what is left of the gross: the halves stay equal and the whole closes.
        var amount = currency.Round(sum * share / (rate.IsInclusive ? 100 + rate.Rate : 100));
        var net = rate.IsInclusive ? sum - (amount * names.Length) : sum;
        var shares = Array.Exists(charges, charge => charge < 0)
            ? SpreadSigned(amount, names.Length, charges, share / (rate.IsInclusive ? 100 + rate.Rate : 100), currency)
            : Spread(amount, names.Length, charges, rate.IsInclusive, currency);
        for (var member = 0; member < members.Count; member++)
        {
            var tax = shares[member];
            taxed[members[member]] = new TaxedLine(rate.IsInclusive ? charges[member] - tax : charges[member], tax, rate.Rate, rate.IsInclusive);
        }

        return rate.Rate == 0 ? [] : [.. names.Select(name => new TaxComponent(name, share, net, amount))];
    }

    // Each component is spread in the same way, so that a line's halves are equal, too. Out of a charge that contains it no more can be
    // taken than there is; where lines are too small for equal halves, the second half goes to others.
    private static decimal[] Spread(decimal amount, int components, decimal[] charges, bool inclusive, Currency currency)
    {
        var weights = charges.Select(currency.ToMinorUnits).ToArray();
        var units = currency.ToMinorUnits(amount);
        var taken = new long[charges.Length];
        for (var component = 0; component < components; component++)
        {
            var parts = new long[charges.Length];
            var left = LargestRemainder(units, weights, parts, index => inclusive ? Math.Min(weights[index] / components, weights[index] - taken[index]) : long.MaxValue);
            for (var index = 0; left > 0 && index < parts.Length; index++)
            {
                var more = Math.Min(left, weights[index] - taken[index] - parts[index]);
                (parts[index], left) = (parts[index] + more, left - more);
            }

            for (var index = 0; index < parts.Length; index++)
                taken[index] += parts[index];
        }

        return [.. taken.Select(currency.FromMinorUnits)];
    }

    // Where something is given back, each line's own tax is what the rate makes of it; the few units that the rounding of the sum leaves go by largest remainder.
    private static decimal[] SpreadSigned(decimal amount, int components, decimal[] charges, decimal factor, Currency currency)
    {
        var exact = charges.Select(charge => currency.ToMinorUnits(charge) * factor).ToArray();
        var parts = exact.Select(part => (long)Math.Floor(part)).ToArray();
        var left = currency.ToMinorUnits(amount) - parts.Sum();
        var order = Enumerable.Range(0, parts.Length).OrderByDescending(index => exact[index] - parts[index]).ThenBy(index => index).ToArray();
        for (var turn = 0; left != 0; turn++)
        {
            parts[order[turn % order.Length]] += Math.Sign(left);
            left -= Math.Sign(left);
        }

        return [.. parts.Select(part => currency.FromMinorUnits(part * components))];
    }

    // Fills the parts by their weights, no part above its limit; returns what found no room.
    private static long LargestRemainder(long units, long[] weights, long[] parts, Func<int, long> limit)
    {
        var total = weights.Sum();
        if (total == 0)
            return units;
        var exact = weights.Select(weight => (decimal)units * weight / total).ToArray();
        for (var index = 0; index < parts.Length; index++)
            parts[index] = Math.Min((long)exact[index], limit(index));
        var left = units - parts.Sum();
        foreach (var index in Enumerable.Range(0, parts.Length).OrderByDescending(index => exact[index] - Math.Truncate(exact[index])).ThenBy(index => index))
        {
            if (left == 0)
                break;
            if (parts[index] < limit(index))
                (parts[index], left) = (parts[index] + 1, left - 1);
        }

        return left;
    }

    private sealed record LineRate(string Label, decimal Rate, bool IsInclusive);
}

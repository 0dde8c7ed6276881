using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;
using Portal.Core.Settings;

namespace Portal.Core.Currencies;

/// <summary>Which rates are asked for; a filter that is null does not apply.</summary>
public sealed record ExchangeRateFilter(string? BaseCurrency = null, string? TargetCurrency = null, DateOnly? InForceOn = null);

/// <summary>Lists exchange rates, newest first; sorts by <c>pair</c>, <c>rate</c> or <c>effectiveFrom</c>; searches currencies and source.</summary>
public sealed class ListExchangeRates(IBillingStore store)
{
    /// <summary>Needs <c>prices:read</c>, as staff.</summary>
    public async Task<Result<PagedList<ExchangeRate>>> RunAsync(CallContext call, ExchangeRateFilter filter, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.PricesRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var rates = db.ExchangeRates.AsNoTracking();
        if (filter.BaseCurrency is { } from)
            rates = rates.Where(rate => rate.BaseCurrency == from);
        if (filter.TargetCurrency is { } to)
            rates = rates.Where(rate => rate.TargetCurrency == to);
        if (filter.InForceOn is { } day)
            rates = rates.Where(rate => rate.EffectiveFrom <= day && (rate.EffectiveTo == null || rate.EffectiveTo > day));
        if (!string.IsNullOrWhiteSpace(list.Search))
        {
            var needle = list.Search.Trim().ToUpperInvariant();
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // Runs in the database.
            rates = rates.Where(rate => rate.BaseCurrency == needle || rate.TargetCurrency == needle || rate.Source.ToUpper().Contains(needle));
#pragma warning restore CA1304, CA1311, CA1862, MA0011
        }

        int? total = list.WithTotal ? await rates.CountAsync(cancellationToken) : null;
        var sorted = (list.After is null ? list.Sort : null, list.Descending) switch
        {
            ("pair", false) => rates.OrderBy(rate => rate.BaseCurrency).ThenBy(rate => rate.TargetCurrency).ThenByDescending(rate => rate.EffectiveFrom),
            ("pair", true) => rates.OrderByDescending(rate => rate.BaseCurrency).ThenByDescending(rate => rate.TargetCurrency).ThenByDescending(rate => rate.EffectiveFrom),
            ("rate", false) => rates.OrderBy(rate => rate.Rate).ThenBy(rate => rate.Id),
            ("rate", true) => rates.OrderByDescending(rate => rate.Rate).ThenByDescending(rate => rate.Id),
            ("effectiveFrom", false) => rates.OrderBy(rate => rate.EffectiveFrom).ThenBy(rate => rate.Id),
            ("effectiveFrom", true) => rates.OrderByDescending(rate => rate.EffectiveFrom).ThenByDescending(rate => rate.Id),
            _ => rates.OrderByDescending(rate => rate.Id),
        };
        var page = list.After is { } after ? sorted.Where(rate => rate.Id < after) : sorted.Skip(list.Skip);
        return PagedList<ExchangeRate>.Cut(await page.Take(list.Fetch).ToListAsync(cancellationToken), list, total);
    }
}

/// <summary>Days without a rate, of every pair that ever had one.</summary>
public sealed class ListExchangeRateGaps(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>prices:read</c>, as staff.</summary>
    public async Task<Result<IReadOnlyList<ExchangeRateGap>>> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.PricesRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var zone = (await db.PlatformSettingsAsync(cancellationToken)).TimeZone;
        var rates = await db.ExchangeRates.AsNoTracking().ToListAsync(cancellationToken);
        return Result<IReadOnlyList<ExchangeRateGap>>.From(ExchangeRateGap.Find(rates, DateFormat.DayIn(clock.GetUtcNow(), zone)));
    }
}

/// <summary>What somebody typed for a rate.</summary>
public sealed record ExchangeRateInput
{
    public string? BaseCurrency { get; init; }

    public string? TargetCurrency { get; init; }

    public decimal? Rate { get; init; }

    public DateOnly? EffectiveFrom { get; init; }

    /// <summary>First day no longer in force; null: until another is given.</summary>
    public DateOnly? EffectiveTo { get; init; }

    public string? Source { get; init; }

    internal ExchangeRateTerms Terms(string source) => new(
        (BaseCurrency ?? "").Trim().ToUpperInvariant(), (TargetCurrency ?? "").Trim().ToUpperInvariant(), Rate ?? 0, EffectiveFrom ?? DateOnly.MinValue, EffectiveTo,
        string.IsNullOrWhiteSpace(Source) ? source : Source.Trim());
}

/// <summary>Keeps an exchange rate; where it is open, the open one of the pair ends where it begins. Fails with <c>invalid</c> by field, or <c>exchange_rate_overlap</c>.</summary>
public sealed class CreateExchangeRate(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>prices:write</c>, as staff.</summary>
    public async Task<Result<ExchangeRate>> RunAsync(CallContext call, ExchangeRateInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(input);
        if (!call.May(Permissions.PricesWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        var terms = input.Terms("manual");
        if (terms.Check() is { Count: > 0 } failures)
            return Result<ExchangeRate>.From(failures);
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        try
        {
            var rate = await KeepAsync(db, call, terms, now, cancellationToken);
            await db.CommitAsync(cancellationToken);
            return rate;
        }
        catch (UniqueViolationException refused) when (refused.Constraint == "exchange_rates_no_overlap")
        {
            return Failure.Conflict("exchange_rate_overlap", "Another rate for this pair overlaps these dates. End it first, or choose other dates.");
        }
    }

    /// <summary>Ends the open rate of the pair where this one begins, and keeps this one.</summary>
    internal static async Task<ExchangeRate> KeepAsync(IBillingDb db, CallContext call, ExchangeRateTerms terms, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // A rate with an end says nothing of the days after it: it may not cut an open one short.
        var open = terms.EffectiveTo is not null ? null : await db.ExchangeRates.SingleOrDefaultAsync(
            row => row.BaseCurrency == terms.BaseCurrency && row.TargetCurrency == terms.TargetCurrency && row.EffectiveTo == null && row.EffectiveFrom < terms.EffectiveFrom,
            cancellationToken);
        if (open is not null)
        {
            open.End(terms.EffectiveFrom, now);
            db.Audit(call, new AuditRecord("exchange_rate.ended", "exchange_rate", open.Id, null, new { EffectiveTo = (DateOnly?)null }, new { open.EffectiveTo }), now);
            await db.SaveAsync(cancellationToken);
        }

        var rate = ExchangeRate.Create(terms, now);
        db.ExchangeRates.Add(rate);
        db.Audit(call, new AuditRecord("exchange_rate.created", "exchange_rate", rate.Id, null, After: terms), now);
        await db.SaveAsync(cancellationToken);
        return rate;
    }
}

/// <summary>Ends an exchange rate on the first day that it is no longer in force.</summary>
public sealed class EndExchangeRate(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>prices:write</c>, as staff. Fails with <c>invalid</c> or <c>exchange_rate_ended</c>.</summary>
    public async Task<Result<ExchangeRate>> RunAsync(CallContext call, Guid id, DateOnly? effectiveTo, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.PricesWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        if (effectiveTo is not { } end)
            return Failure.Invalid("effectiveTo", "Enter the first day it no longer applies.");
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<ExchangeRate>(id, cancellationToken) is not { } rate)
            return Failure.NotFound("exchange rate");
        if (end <= rate.EffectiveFrom)
            return Failure.Invalid("effectiveTo", "The end must be after the first day.");
        if (rate.EffectiveTo <= end)
            return Failure.Conflict("exchange_rate_ended", "The rate already ends on or before that day. The end can be moved earlier, not later.");
        var now = clock.GetUtcNow();
        var before = new { rate.EffectiveTo };
        rate.End(end, now);
        db.Audit(call, new AuditRecord("exchange_rate.ended", "exchange_rate", rate.Id, null, before, new { rate.EffectiveTo }), now);
        await db.CommitAsync(cancellationToken);
        return rate;
    }
}

/// <summary>A row of an import that was refused.</summary>
/// <param name="Line">From 1, the head included.</param>
/// <param name="Text">As it stands in the file.</param>
/// <param name="Message">What is wrong.</param>
public sealed record RefusedRow(int Line, string Text, string Message);

/// <summary>What came of an import.</summary>
public sealed record ExchangeRateImport(int Kept, IReadOnlyList<RefusedRow> Refused);

/// <summary>
/// Takes rates from CSV: <c>base,target,rate,effectiveFrom</c>, and <c>effectiveTo</c> and <c>source</c> where there are. Every row is judged by itself; good
/// ones are kept, bad ones named with their line.
/// </summary>
public sealed class ImportExchangeRates(IBillingStore store, TimeProvider clock)
{
    /// <summary>Rows that one file may have.</summary>
    public const int MostRows = 5000;

    private static readonly string[] s_needed = ["base", "target", "rate", "effectivefrom"];

    /// <summary>Needs <c>prices:write</c>, as staff. Fails with <c>invalid</c> on <c>csv</c> when the head lacks a column or there are too many rows.</summary>
    public async Task<Result<ExchangeRateImport>> RunAsync(CallContext call, string csv, string source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(csv);
        if (!call.May(Permissions.PricesWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        var lines = csv.ReplaceLineEndings("\n").Split('\n').Select((text, index) => (Text: text.Trim('\uFEFF', ' ', '\t'), Line: index + 1)).Where(line => line.Text.Length > 0).ToList();
        if (lines.Count == 0)
            return Failure.Invalid("csv", "The file is empty.");
        if (lines.Count > MostRows + 1)
            return Failure.Invalid("csv", $"At most {MostRows} rows per import.");
#pragma warning disable CA1308 // Names of columns.
        var head = Cells(lines[0].Text).Select(cell => cell.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant().Replace("currency", "", StringComparison.Ordinal)).ToList();
#pragma warning restore CA1308
        if (s_needed.FirstOrDefault(name => !head.Contains(name)) is { } lacking)
            return Failure.Invalid("csv", $"The first row must name the columns base, target, rate and effectiveFrom; {lacking} is missing.");
        var refused = new List<RefusedRow>();
        var terms = new List<(int Line, string Text, ExchangeRateTerms Terms)>();
        foreach (var (text, line) in lines.Skip(1))
        {
            var row = Read(head, Cells(text), source, out var wrong);
            if (wrong is null && row!.Check() is { Count: > 0 } failures)
                wrong = string.Join(' ', failures.Select(failure => failure.Message));
            if (wrong is null)
                terms.Add((line, text, row!));
            else
                refused.Add(new RefusedRow(line, text, wrong));
        }

        var kept = await KeepAsync(call, terms, refused, cancellationToken);
        return new ExchangeRateImport(kept, [.. refused.OrderBy(row => row.Line)]);
    }

    // Oldest first, so that each ends the one before it. A row that is refused must not undo the others: each is its own transaction.
    private async Task<int> KeepAsync(CallContext call, List<(int Line, string Text, ExchangeRateTerms Terms)> rows, List<RefusedRow> refused, CancellationToken cancellationToken)
    {
        var kept = 0;
        foreach (var (line, text, terms) in rows.OrderBy(row => row.Terms.EffectiveFrom))
        {
            try
            {
                await using var db = await store.OpenAsync(call.Scope, cancellationToken);
                await CreateExchangeRate.KeepAsync(db, call, terms, clock.GetUtcNow(), cancellationToken);
                await db.CommitAsync(cancellationToken);
                kept++;
            }
            catch (UniqueViolationException)
            {
                refused.Add(new RefusedRow(line, text, "Another rate for this pair overlaps these dates."));
            }
        }

        return kept;
    }

    private static ExchangeRateTerms? Read(List<string> head, List<string> cells, string source, out string? wrong)
    {
        wrong = null;
        if (!decimal.TryParse(Cell("rate"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate))
            wrong = "The rate must be a number such as 83.1250.";
        else if (!Day(Cell("effectivefrom"), out var from))
            wrong = "The first day must be a date such as 2026-10-01.";
        else if (Cell("effectiveto") is { Length: > 0 } end && !Day(end, out _))
            wrong = "The end must be a date such as 2026-10-31.";
        else
        {
            DateOnly? to = Day(Cell("effectiveto"), out var until) ? until : null;
            return new ExchangeRateTerms(Cell("base").ToUpperInvariant(), Cell("target").ToUpperInvariant(), rate, from, to, Cell("source") is { Length: > 0 } own ? own : source);
        }

        return null;

        string Cell(string name) => head.IndexOf(name) is >= 0 and var index && index < cells.Count ? cells[index] : "";

        static bool Day(string text, out DateOnly day) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
    }

    // Commas inside of quotation marks belong to the cell.
    private static List<string> Cells(string line)
    {
        var (cells, cell, quoted) = (new List<string>(), new System.Text.StringBuilder(), false);
        foreach (var letter in line)
        {
            if (letter == '"')
                quoted = !quoted;
            else if (letter is ',' or ';' && !quoted)
            {
                cells.Add(cell.ToString().Trim());
                cell.Clear();
            }
            else
                cell.Append(letter);
        }

        cells.Add(cell.ToString().Trim());
        return cells;
    }
}

/// <summary>Somebody who publishes exchange rates.</summary>
public interface IExchangeRateProvider
{
    /// <summary>Kept with each of its rates, e.g. <c>ECB reference</c>.</summary>
    string Name { get; }

    /// <summary>The latest rates of the pairs that it knows. Fails with <c>exchange_rates_unavailable</c>.</summary>
    Task<Result<IReadOnlyList<ExchangeRateTerms>>> LatestAsync(IReadOnlyCollection<(string Base, string Target)> pairs, CancellationToken cancellationToken);
}

using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.PrepaidCredits;

/// <summary>A credit cost as it was typed or sent.</summary>
public sealed record CreditCostInput
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    public string? Category { get; init; }

    public string? MetricName { get; init; }

    public string? Unit { get; init; }

    public decimal? CreditsPerUnit { get; init; }

    public DateOnly? EffectiveFrom { get; init; }

    public DateOnly? EffectiveTo { get; init; }
}

/// <summary>Says what a metric costs in credits. Staff only. Fails with <c>invalid</c> by field, or <c>credit_cost_overlap</c>.</summary>
public sealed partial class CreateCreditCost(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>credits:write</c>, as staff.</summary>
    public async Task<Result<CreditCost>> RunAsync(CallContext call, CreditCostInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(input);
        if (!call.May(Permissions.CreditsWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        if (Check(input) is { Count: > 0 } failures)
            return failures;
        var terms = new CreditCostTerms(
            Trim(input.Name) ?? input.MetricName!, input.MetricName!, input.Unit!, input.CreditsPerUnit!.Value, input.EffectiveFrom!.Value, input.EffectiveTo, Trim(input.Category), Trim(input.Description));
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var cost = CreditCost.Create(terms, now);
        db.CreditCosts.Add(cost);
        db.Audit(call, new AuditRecord("credit_cost.created", "credit_cost", cost.Id, null, After: terms), now);
        try
        {
            await db.CommitAsync(cancellationToken);
        }
        catch (UniqueViolationException refused) when (refused.Constraint == "credit_costs_no_overlap")
        {
            return Failure.Conflict("credit_cost_overlap", "Another cost for this metric and unit overlaps these dates. End it first, or choose other dates.");
        }

        return cost;
    }

    private static List<Failure> Check(CreditCostInput input)
    {
        var failures = new List<Failure>();
        Require(Trim(input.Name) is null or { Length: <= 100 }, "name", "At most 100 characters.");
        Require(Trim(input.Description) is null or { Length: <= 500 }, "description", "At most 500 characters.");
        Require(Trim(input.Category) is null or { Length: <= 50 }, "category", "At most 50 characters.");
        Require(input.MetricName is not null && Metric().IsMatch(input.MetricName), "metricName", "Enter 1 to 100 letters, digits and _ . : -");
        Require(!string.IsNullOrWhiteSpace(input.Unit) && input.Unit.Length <= 50, "unit", "Enter 1 to 50 characters.");
        Require(
            input.CreditsPerUnit is > 0 and < 1_000_000m && decimal.Round(input.CreditsPerUnit.Value, CreditCost.Decimals, MidpointRounding.ToZero) == input.CreditsPerUnit,
            "creditsPerUnit", "Enter a number above 0, with at most 6 decimals.");
        Require(input.EffectiveFrom is { Year: >= 1990 and < 2100 }, "effectiveFrom", "Enter the effective date.");
        Require(input.EffectiveTo is null || input.EffectiveTo > input.EffectiveFrom, "effectiveTo", "The end must be after the first day.");
        return failures;

        void Require(bool holds, string field, string message)
        {
            if (!holds)
                failures.Add(Failure.Invalid(field, message));
        }
    }

    private static string? Trim(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    [GeneratedRegex(@"\A[A-Za-z0-9_.:-]{1,100}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Metric();
}

/// <summary>Ends a credit cost on the first day that it is no longer in force. Staff only. Fails with <c>invalid</c> or <c>credit_cost_ended</c>.</summary>
public sealed class EndCreditCost(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>credits:write</c>, as staff.</summary>
    public async Task<Result<CreditCost>> RunAsync(CallContext call, Guid id, DateOnly? effectiveTo, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.CreditsWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        if (effectiveTo is not { } day)
            return Failure.Invalid("effectiveTo", "Enter the first day it no longer applies.");
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<CreditCost>(id, cancellationToken) is not { } cost)
            return Failure.NotFound("credit cost");
        if (day <= cost.EffectiveFrom)
            return Failure.Invalid("effectiveTo", "The end must be after the first day.");
        if (!cost.CanEnd(day))
            return Failure.Conflict("credit_cost_ended", "The cost already ends on or before that day. The end can be moved earlier, not later.");
        var now = clock.GetUtcNow();
        var before = new { cost.EffectiveTo };
        cost.End(day, now);
        db.Audit(call, new AuditRecord("credit_cost.ended", "credit_cost", cost.Id, null, before, new { cost.EffectiveTo }), now);
        await db.CommitAsync(cancellationToken);
        return cost;
    }
}

/// <summary>Lists credit costs, newest first.</summary>
public sealed class ListCreditCosts(IBillingStore store)
{
    /// <summary>Needs <c>credits:read</c>. Paging by skip or by id; searches the metric's name.</summary>
    public async Task<Result<PagedList<CreditCost>>> RunAsync(CallContext call, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.CreditsRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var costs = db.CreditCosts.AsNoTracking();
        if (!string.IsNullOrWhiteSpace(list.Search))
            costs = costs.Where(cost => cost.MetricName.Contains(list.Search.Trim()));
        int? total = list.WithTotal ? await costs.CountAsync(cancellationToken) : null;
        if (list.After is { } after)
            costs = costs.Where(cost => cost.Id < after);
        return PagedList<CreditCost>.Cut(await costs.OrderByDescending(cost => cost.Id).Skip(list.Skip).Take(list.Fetch).ToListAsync(cancellationToken), list, total);
    }
}

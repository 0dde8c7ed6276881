using System.Globalization;
using Portal.Access;
using Portal.Components.Listing;
using Portal.Core.Plans;

namespace Portal.Endpoints.Downloads;

/// <summary>The list of subscriptions as the page filters it, as CSV.</summary>
internal static class SubscriptionLists
{
    private static readonly object?[] s_head =
        ["Organisation", "Plan", "Status", "Starts on", "Ends on", "Trial ends on", "Current period ends (UTC)", "Cancelled at the period's end", "Organisation id", "Plan id", "Id"];

    /// <summary>The filter that an address asks for; shared with the page.</summary>
    public static SubscriptionFilter FilterOf(Func<string, string?> value) => new(
        Guid.TryParse(value("organisation"), out var organisation) ? organisation : null,
        Guid.TryParse(value("plan"), out var plan) ? plan : null,
        Choices.Parse<SubscriptionStatus>(value("status")));

    public static async Task<IResult> ForStaffAsync(HttpContext http, ICallContexts calls, ListSubscriptions list, CancellationToken cancellationToken)
    {
        var call = await calls.ForStaffAsync(cancellationToken);
        return await CsvList.SendAsync(
            "subscriptions.csv",
            s_head,
            request => list.RunAsync(call, FilterOf(name => http.Request.Query[name]), request, cancellationToken),
            row => row.Id,
            row => [row.OrganisationName, row.PlanName, Choices.Key(row.Status), Day(row.StartsOn), Day(row.EndsOn), Day(row.TrialEndsOn), row.CurrentPeriodEnd, row.CancelAtPeriodEnd ? "yes" : "no", row.OrganisationId.ToString(), row.PlanId.ToString(), row.Id.ToString()],
            http);
    }

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

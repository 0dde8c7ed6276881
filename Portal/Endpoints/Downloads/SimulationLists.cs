using Portal.Access;
using Portal.Components.Admin.Simulations;
using Portal.Core.Simulations;

namespace Portal.Endpoints.Downloads;

/// <summary>The organisations of a simulation as its page filters them, as CSV.</summary>
internal static class SimulationLists
{
    private static readonly object?[] s_head = ["Organisation", "State", "Currency", "Current", "Simulated", "Difference", "Per cent", "Months", "Jumps in", "By metric", "Above", "Without a price", "Reason", "Organisation id"];

    public static async Task<IResult> ForStaffAsync(Guid id, HttpContext http, ICallContexts calls, ListSimulationResults list, CancellationToken cancellationToken)
    {
        var call = await calls.ForStaffAsync(cancellationToken);
        return await CsvList.SendAsync(
            "simulation.csv",
            s_head,
            request => list.RunAsync(call, id, SimulationPage.FilterOf(name => http.Request.Query[name]), request, cancellationToken),
            row => row.OrganisationId,
            row => [row.OrganisationName, row.State, row.Currency, row.Current, row.Simulated, row.Difference, row.Percent, row.Months.Count, row.Jump?.Month, row.Jump?.MetricName, row.Jump?.Threshold, row.Unpriced, row.Reason, row.OrganisationId.ToString()],
            http);
    }
}

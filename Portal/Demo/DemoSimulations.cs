using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Pricing;
using Portal.Core.Simulations;

namespace Portal.Demo;

/// <summary>Two simulations of the demo, worked off: a price, and a plan.</summary>
internal sealed class DemoSimulations(DemoActions actions, IBillingStore store)
{
    private const int Months = 3;

    private static readonly CallContext s_call = CallContext.System("demo", "Makes the demo");

    public async Task MakeAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        actions.Clock.Now = now;
        await StartAsync(new SimulationDraft
        {
            Price = new PriceInput { MetricName = "messages", Unit = "count", Currency = "INR", Model = "graduated", Tiers = [new TierInput(50_000, 0.2m), new TierInput(null, 0.12m)] },
        }, cancellationToken);
        if (await PlanAsync("starter", cancellationToken) is { } plan)
            await StartAsync(new SimulationDraft { Plan = new PlanDraft { PlanId = plan, PriceAmount = 1_999, Interval = "month", IntervalCount = 1 } }, cancellationToken);
        while (await actions.Get<RunSimulation>().RunNextAsync(cancellationToken))
        {
            // Nobody else works yet: until all is done.
        }
    }

    private async Task StartAsync(SimulationDraft draft, CancellationToken cancellationToken) =>
        (await actions.Get<StartSimulation>().RunAsync(s_call, new StartSimulationRequest { Months = Months, CliffPercent = 10, Draft = draft }, cancellationToken)).Expect();

    private async Task<Guid?> PlanAsync(string code, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(s_call.Scope, cancellationToken);
        return await db.Plans.Where(plan => plan.Code == code).Select(plan => (Guid?)plan.Id).SingleOrDefaultAsync(cancellationToken);
    }
}

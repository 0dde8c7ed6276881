using Portal.Core.Health;
using Quartz;

namespace Portal.Jobs;

/// <summary>Looks at everything that must always hold, and says loudly when something does not.</summary>
internal sealed class LookAtInvariantsJob(LookAtInvariants look, ILogger<LookAtInvariantsJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var broken = (await look.RunAsync(JobCalls.For(context, "Looks at the data of every organisation."), null, cancellationToken)).Value;
        if (broken > 0)
            Log.InvariantsBroken(logger, broken);
    }
}

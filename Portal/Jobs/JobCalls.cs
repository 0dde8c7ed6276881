using Portal.Core.Access;
using Quartz;

namespace Portal.Jobs;

/// <summary>Who acts when a job does.</summary>
internal static class JobCalls
{
    /// <summary>The job by its name; the firing's id ties log lines and audit rows together.</summary>
    public static CallContext For(IJobExecutionContext context, string reason) =>
        CallContext.System(context.JobDetail.Key.Name, reason) with { CorrelationId = context.FireInstanceId };
}

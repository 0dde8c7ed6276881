using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.BillingRuns;

/// <summary>Registers the actions on billing runs. <see cref="BillingOptions"/> are bound by the host.</summary>
public static class BillingRunServices
{
    public static IServiceCollection AddBillingRuns(this IServiceCollection services) => services
        .AddSingleton<BillingRunBell>()
        .AddSingleton<BillChunk>()
        .AddSingleton<GetUnbilledUsage>()
        .AddSingleton<WriteOffLateUsage>()
        .AddSingleton<ListUnpricedNow>()
        .AddSingleton<ListLateUsage>()
        .AddSingleton<ListAllLateUsage>()
        .AddSingleton<RunBilling>()
        .AddSingleton<FindWaitingBillingRun>()
        .AddSingleton<StartBillingRun>()
        .AddSingleton<StartMonthlyBilling>()
        .AddSingleton<GetBillingRun>()
        .AddSingleton<ListBillingRuns>()
        .AddSingleton<ListBillingRunItems>()
        .AddSingleton<ListUnpricedUsage>()
        .AddSingleton<PreviewInvoice>();
}

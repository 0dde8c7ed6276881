using Microsoft.Extensions.DependencyInjection;
using Portal.Core.BillingRuns;
using Portal.Core.Invoicing;
using Portal.Data.Invoicing;
using Portal.Data.Metering;
using Portal.Data.PrepaidCredits;

namespace Portal.Data.BillingRuns;

/// <summary>Registers what billing runs and invoices need of PostgreSQL.</summary>
public static class BillingDataServices
{
    public static IServiceCollection AddBillingRunData(this IServiceCollection services) => services
        .AddSingleton<IBillingInputs, BillingInputs>()
        .AddSingleton<ILateUsageBook, LateUsageBook>()
        .AddPrepaidData()
        .AddUsageMeasures()
        .AddSingleton<IBillingRunQueue, BillingRunQueue>()
        .AddSingleton<IInvoiceBulk, InvoiceBulk>();
}

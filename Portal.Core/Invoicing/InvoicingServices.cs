using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Outbox;

namespace Portal.Core.Invoicing;

/// <summary>Registers the actions on invoices.</summary>
public static class InvoicingServices
{
    public static IServiceCollection AddInvoicing(this IServiceCollection services) => services
        .AddSingleton<IssueBatch>()
        .AddSingleton<IssueInvoice>()
        .AddSingleton<IssueInvoices>()
        .AddSingleton<VoidInvoice>()
        .AddSingleton<DiscardDraft>()
        .AddSingleton<MarkOverdueInvoices>()
        .AddSingleton<ListInvoices>()
        .AddSingleton<GetInvoice>()
        .AddSingleton<GetInvoiceDocument>()
        .AddSingleton<DeriveInvoiceAgain>()
        .AddSingleton<ListLineEvents>()
        .AddSingleton<NumberSeriesProof>()
        .AddSingleton<EnsureInvoiceFile>()
        .AddSingleton<IInvoiceFiles>(services => services.GetRequiredService<EnsureInvoiceFile>());
}

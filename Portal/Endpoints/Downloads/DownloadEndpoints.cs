using Portal.Access;
using Portal.Core.Access;

namespace Portal.Endpoints.Downloads;

/// <summary>Files leave by HTTP, not through a circuit: documents and lists, for staff and for customers.</summary>
public static class DownloadEndpoints
{
    public static IEndpointRouteBuilder MapDownloads(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.MapGet("/admin/invoices/{id:guid}/pdf", InvoiceDownloads.ForStaffAsync).Guarded(Permissions.InvoicesRead);
        endpoints.MapGet("/o/{organisationId:guid}/invoices/{id:guid}/pdf", InvoiceDownloads.ForCustomerAsync).Guarded(Permissions.InvoicesRead);
        endpoints.MapGet("/admin/invoices/{id:guid}/lines/{position:int}/events.csv", LineEventLists.ForStaffAsync).Guarded(Permissions.InvoicesRead);
        endpoints.MapGet("/o/{organisationId:guid}/invoices/{id:guid}/lines/{position:int}/events.csv", LineEventLists.ForCustomerAsync).Guarded(Permissions.InvoicesRead);
        endpoints.MapGet("/admin/payments/{id:guid}/receipt", ReceiptDownloads.ForStaffAsync).Guarded(Permissions.PaymentsRead);
        endpoints.MapGet("/o/{organisationId:guid}/payments/{id:guid}/receipt", ReceiptDownloads.ForCustomerAsync).Guarded(Permissions.PaymentsRead);
        endpoints.MapGet("/admin/prepaid-purchases/{id:guid}/voucher", PrepaidDownloads.VoucherForStaffAsync).Guarded(Permissions.CreditsRead);
        endpoints.MapGet("/o/{organisationId:guid}/credits/purchases/{id:guid}/voucher", PrepaidDownloads.VoucherForCustomerAsync).Guarded(Permissions.CreditsRead);
        endpoints.MapGet("/admin/organisations/{organisationId:guid}/prepaid-credits.csv", PrepaidDownloads.MovementsForStaffAsync).Guarded(Permissions.CreditsRead);
        endpoints.MapGet("/o/{organisationId:guid}/credits.csv", PrepaidDownloads.MovementsForCustomerAsync).Guarded(Permissions.CreditsRead);
        endpoints.MapGet("/admin/billing/invoices.csv", InvoiceLists.ForStaffAsync).Guarded(Permissions.InvoicesRead);
        endpoints.MapGet("/o/{organisationId:guid}/invoices.csv", InvoiceLists.ForCustomerAsync).Guarded(Permissions.InvoicesRead);
        endpoints.MapGet("/admin/billing/payments.csv", PaymentLists.ForStaffAsync).Guarded(Permissions.PaymentsRead);
        endpoints.MapGet("/o/{organisationId:guid}/payments.csv", PaymentLists.ForCustomerAsync).Guarded(Permissions.PaymentsRead);
        endpoints.MapGet("/admin/billing/subscriptions.csv", SubscriptionLists.ForStaffAsync).Guarded(Permissions.SubscriptionsRead);
        endpoints.MapGet("/admin/billing/tax-reports/hsn.csv", TaxReportFiles.HsnAsync).Guarded(Permissions.InvoicesRead);
        endpoints.MapGet("/admin/billing/tax-reports/documents.csv", TaxReportFiles.DocumentsAsync).Guarded(Permissions.InvoicesRead);
        endpoints.MapGet("/admin/analytics/mrr.csv", AnalyticsLists.MrrAsync).Guarded(Permissions.AnalyticsRead);
        endpoints.MapGet("/admin/analytics/revenue.csv", AnalyticsLists.RevenueAsync).Guarded(Permissions.AnalyticsRead);
        endpoints.MapGet("/admin/analytics/cohorts.csv", AnalyticsLists.CohortsAsync).Guarded(Permissions.AnalyticsRead);
        endpoints.MapGet("/admin/simulations/{id:guid}.csv", SimulationLists.ForStaffAsync).Guarded(Permissions.SimulationsRead);
        endpoints.MapGet("/admin/usage/late.csv", LateUsageLists.ForStaffAsync).Guarded(Permissions.InvoicesRead);
        endpoints.MapGet("/admin/usage/{organisationId:guid}/events.csv", UsageLists.EventsForStaffAsync).Guarded(Permissions.UsageRead);
        endpoints.MapGet("/o/{organisationId:guid}/usage/events.csv", UsageLists.EventsForCustomerAsync).Guarded(Permissions.UsageRead);
        endpoints.MapGet("/o/{organisationId:guid}/invoices/{id:guid}/payment-state", PaymentState.GetAsync).Guarded(Permissions.InvoicesRead);
        endpoints.MapGet("/admin/support/files/{id:guid}", TicketFiles.ForStaffAsync).Guarded(Permissions.SupportRead);
        endpoints.MapGet("/admin/support/messages/{id:guid}", TicketFiles.OfMessageAsync).Guarded(Permissions.SupportRead);
        endpoints.MapGet("/o/{organisationId:guid}/support/files/{id:guid}", TicketFiles.ForCustomerAsync).Guarded(Permissions.SupportRead);
        return endpoints.MapCatalogueLists().MapOperationsLists().MapRecordLists();
    }

    internal static void Guarded(this RouteHandlerBuilder endpoint, string permission) => endpoint.BySession().RequirePermission(permission).ExcludeFromDescription();
}

using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Tax;

/// <summary>Registers the actions of this feature.</summary>
public static class TaxServices
{
    public static IServiceCollection AddTax(this IServiceCollection services) => services
        .AddSingleton<ListTaxRates>()
        .AddSingleton<CreateTaxRate>()
        .AddSingleton<EndTaxRate>()
        .AddSingleton<GetOrganisationTax>()
        .AddSingleton<SetOrganisationTax>()
        .AddSingleton<GetSellerTax>()
        .AddSingleton<SetSellerTax>()
        .AddSingleton<ReportHsnSummary>()
        .AddSingleton<ReportDocumentsIssued>();
}

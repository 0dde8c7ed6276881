using Portal.Core.Invoicing;

namespace Portal.Documents;

public static class DocumentServices
{
    /// <summary>Registers <see cref="IInvoicePdf"/>; reads the section <c>Documents</c>.</summary>
    public static IServiceCollection AddDocuments(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DocumentOptions>().Bind(configuration.GetSection(DocumentOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TypstPool>();
        services.AddSingleton<IInvoicePdf, TypstInvoicePdf>();
        return services;
    }
}

using Portal.Core.Invoicing;
using Portal.Hosting;

namespace Portal.Documents;

public static class DocumentServices
{
    /// <summary>Registers <see cref="IInvoicePdf"/>; reads the section <c>Documents</c>.</summary>
    public static IServiceCollection AddDocuments(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DocumentOptions>().Bind(configuration.GetSection(DocumentOptions.Section)).ValidateDataAnnotations().ValidateOnStart()
            .PostConfigure(options =>
            {
                if (string.IsNullOrWhiteSpace(options.NodeModules) && configuration[NodePackages.Key] is { Length: > 0 } assets)
                    options.NodeModules = Path.Combine(assets, "node_modules");
            });
        services.AddSingleton<TypstPool>();
        services.AddSingleton<IInvoicePdf, TypstInvoicePdf>();
        return services;
    }
}

using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Portal.Core.Emails;

namespace Portal.Emails;

public static class EmailServices
{
    /// <summary>Registers <see cref="IEmailTransport"/>: SMTP where the section <c>Smtp</c> names a host, else files in the data directory.</summary>
    public static IServiceCollection AddEmails(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SmtpOptions>().Bind(configuration.GetSection(SmtpOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SmtpOptions>, SmtpOptionsValidation>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<EmlStore>();
        services.AddSingleton<SmtpEmailTransport>();
        services.AddSingleton<EmlFileTransport>();
        services.AddSingleton<IEmailTransport>(provider => provider.GetRequiredService<IOptions<SmtpOptions>>().Value.IsConfigured
            ? provider.GetRequiredService<SmtpEmailTransport>()
            : provider.GetRequiredService<EmlFileTransport>());
        return services;
    }
}

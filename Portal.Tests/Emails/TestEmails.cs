using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.Core.Currencies;
using Portal.Core.Emails;
using Portal.Emails;

namespace Portal.Tests.Emails;

/// <summary>Mails with invented parties, and the registered services with a configuration of the test's own.</summary>
internal static class TestEmails
{
    public static InvoiceIssuedEmail Invoice { get; } = new()
    {
        SellerName = "Example Cloud Services",
        CustomerName = "Sample Retail LLP",
        Number = "INV/26-27/000123",
        IssueDate = new(2026, 12, 1),
        DueDate = new(2026, 12, 16),
        Period = (new(2026, 11, 1), new(2026, 11, 30)),
        Total = new(125_050.50m, Currency.Of("INR")),
        AmountDue = new(100_000m, Currency.Of("INR")),
        Locale = "en-IN",
        PayLink = new("https://billing.example.com/pay/3fK9sLw2Qx7TzV1bN8mR4c?a=1&b=2"),
        ViewLink = new("https://billing.example.com/invoices/0193a5e0"),
        SupportEmail = "billing@cloud.example.com",
    };

    public static PaymentReceiptEmail Receipt { get; } = new()
    {
        SellerName = "Example Cloud Services",
        CustomerName = "Sample Retail LLP",
        ReceiptNumber = "RCT/26-27/000087",
        Amount = new(100_000m, Currency.Of("INR")),
        PaidOn = new(2026, 12, 9),
        Method = "UPI",
        Reference = "pay_EXAMPLE0000001",
        InvoiceNumbers = ["INV/26-27/000123"],
        StillDue = new(0, Currency.Of("INR")),
        HasAttachment = true,
        Locale = "en-IN",
        ViewLink = new("https://billing.example.com/invoices/0193a5e0"),
        SupportEmail = "billing@cloud.example.com",
    };

    public static byte[] Pdf { get; } = [.. "%PDF-1.7\n"u8, .. Enumerable.Range(0, 3000).Select(number => (byte)number)];

    public static EmailMessage Message(Guid? id = null) =>
        Invoice.Compose().To(id ?? Guid.CreateVersion7(), new("accounts@retail.example.com", "Zoë Sample"), new("billing@cloud.example.com"), EmailAttachment.Pdf("INV/26-27/000123", Pdf));

    public static ServiceProvider Services(Dictionary<string, string?> configuration, string dataDirectory)
    {
        configuration["Billing:DataDirectory"] = dataDirectory;
        var built = new ConfigurationBuilder().AddInMemoryCollection(configuration).Build();
        return new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(built)
            .AddSingleton<IHostEnvironment>(new Environment(dataDirectory)).AddEmails(built).BuildServiceProvider();
    }

    private sealed class Environment(string folder) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = "Development";

        public string ApplicationName { get; set; } = "Portal";

        public string ContentRootPath { get; set; } = folder;

        public Microsoft.Extensions.FileProviders.IFileProvider ContentRootFileProvider { get; set; } = new Microsoft.Extensions.FileProviders.NullFileProvider();
    }
}

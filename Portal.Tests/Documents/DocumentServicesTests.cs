using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Core.Invoicing;
using Portal.Documents;

namespace Portal.Tests.Documents;

public sealed class DocumentServicesTests
{
    [Theory]
    [InlineData("Documents:NodeModules", "")]
    [InlineData("Billing:AssetsDirectory", "..")]
    [InlineData("Documents:Workers", "2")]
    public async Task The_registered_engine_finds_its_parts(string key, string below)
    {
        var value = key.EndsWith("Workers", StringComparison.Ordinal) ? below : Path.GetFullPath(Path.Combine(DocumentEngine.NodeModules, below));
        await using var app = Built((key, value));

        (await app.Services.GetRequiredService<IInvoicePdf>().RenderAsync(Samples.OneLine, default)).Length.ShouldBeGreaterThan(5000);
    }

    [Fact]
    public async Task Settings_out_of_range_stop_the_start()
    {
        await using var app = Built(("Documents:Workers", "0"));

        (await Should.ThrowAsync<OptionsValidationException>(() => app.StartAsync())).Message.ShouldContain("Workers");
    }

    private static WebApplication Built((string Key, string Value) setting)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration[setting.Key] = setting.Value;
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        builder.Logging.ClearProviders();
        builder.Services.AddDocuments(builder.Configuration);
        return builder.Build();
    }
}

using Microsoft.Extensions.Configuration;
using Portal.Hosting;

namespace Portal.Tests.Hosting;

public class HttpAddressesTests
{
    [Theory]
    [InlineData(null, null, "http://localhost:5080")]
    [InlineData("urls", "http://localhost:1234;http://localhost:1235", "http://localhost:1234,http://localhost:1235")]
    [InlineData("http_ports", "8080", "http://*:8080")]
    [InlineData("Kestrel:Endpoints:Public:Url", "https://*:8443", "https://*:8443")]
    public void The_address_is_what_is_configured_else_the_default(string? key, string? value, string expected)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(key is null ? [] : [new(key, value)]).Build();

        string.Join(',', HttpAddresses.Configured(configuration)).ShouldBe(expected);
    }

    [Fact]
    public void An_address_that_is_none_is_refused()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("urls", "localhost 5080")]).Build();

        Should.Throw<StartupException>(() => HttpAddresses.EnsureFree(configuration)).Message.ShouldContain("localhost 5080");
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Core.Payments;
using Portal.Payments.Razorpay;
using Portal.Sandbox.Razorpay;
using Portal.Tests.Payments.Support;

namespace Portal.Tests.Payments;

public sealed class RazorpayConfigurationTests
{
    [Fact]
    public async Task Without_keys_paying_is_off_and_nothing_is_sent()
    {
        using var services = new ServiceCollection().AddLogging().AddRazorpay(new ConfigurationBuilder().Build()).BuildServiceProvider();
        var gateway = services.GetRequiredService<IPaymentGateway>();
        gateway.IsConfigured.ShouldBeFalse();
        gateway.Checkout.ShouldBeNull();
        gateway.IsCheckoutSignatureValid("order_A", "pay_A", RazorpaySignature.OfCheckout("order_A", "pay_A", "")).ShouldBeFalse();
        (await gateway.CreateOrderAsync(Gateways.Order("r"), default)).Refusal().Code.ShouldBe(GatewayRefusal.NotConfigured);
    }

    [Fact]
    public void With_keys_the_browser_gets_razorpays_script_and_the_public_key()
    {
        using var gateways = new Gateways("https://api.razorpay.com");
        gateways.Gateway.IsConfigured.ShouldBeTrue();
        gateways.Gateway.IsTest.ShouldBeTrue();
        gateways.Gateway.Checkout!.ScriptUrl.ShouldBe("https://checkout.razorpay.com/v1/checkout.js");
        gateways.Gateway.Checkout.KeyId.ShouldBe(Gateways.KeyId);
        using var live = new Gateways("https://api.razorpay.com", more: ("Razorpay:KeyId", "rzp_live_unit00000000"));
        live.Gateway.IsTest.ShouldBeFalse();
    }

    [Fact]
    public void All_mistakes_are_named_at_once()
    {
        using var gateways = new Gateways("http://example.com", 0, ("Razorpay:KeySecret", ""), ("Razorpay:CheckoutScriptUrl", "checkout.js"));
        var failures = Should.Throw<OptionsValidationException>(() => gateways.Services.GetRequiredService<IOptions<RazorpayOptions>>().Value).Failures.ToList();
        failures.Count.ShouldBe(4);
        failures.ShouldContain(failure => failure.Contains("Razorpay:BaseUrl"));
        failures.ShouldContain(failure => failure.Contains("Razorpay:KeySecret"));
    }

    [Fact]
    public void Outside_development_the_sandbox_refuses_to_exist()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        Should.Throw<InvalidOperationException>(() => builder.Services.AddRazorpaySandbox(builder.Configuration, builder.Environment));
        using var app = (IDisposable)builder.Build();
        Should.Throw<InvalidOperationException>(() => ((WebApplication)app).MapRazorpaySandbox());
    }

    [Fact]
    public async Task In_development_without_keys_the_adapter_finds_the_sandbox_on_our_own_port()
    {
        await using var host = await SandboxHost.StartAsync();
        host.Gateway.IsConfigured.ShouldBeTrue();
        host.Gateway.IsTest.ShouldBeTrue();
        host.Gateway.Checkout!.ScriptUrl.ShouldBe("/sandbox/razorpay/v1/checkout.js");
        host.Gateway.Checkout.Origins.ShouldBeEmpty();
        (await host.OrderAsync("r-1")).Status.ShouldBe(GatewayOrderStatus.Created);
    }

    [Fact]
    public async Task In_development_with_keys_the_adapter_goes_where_the_keys_belong()
    {
        await using var host = await SandboxHost.StartAsync(more:
            [("Razorpay:KeyId", "rzp_test_mine"), ("Razorpay:KeySecret", "s"), ("Razorpay:WebhookSecret", "w")]);
        host.Gateway.Checkout!.ScriptUrl.ShouldBe("https://checkout.razorpay.com/v1/checkout.js");
    }
}

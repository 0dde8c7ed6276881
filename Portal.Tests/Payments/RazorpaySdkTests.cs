using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Portal.Tests.Payments.Support;
using Portal.Tests.Support;

namespace Portal.Tests.Payments;

/// <summary>Razorpay's own Node SDK, of npm, against the sandbox: it proves that the sandbox speaks the real protocol.</summary>
public sealed class RazorpaySdkTests
{
    private static readonly string s_folder = Path.Combine(RepositoryRoot.Path, "Portal.Tests", "Payments", "RazorpaySdk");

    [Fact]
    public async Task Razorpays_own_sdk_orders_pays_refunds_and_verifies_signatures_here()
    {
        if (!File.Exists(Path.Combine(s_folder, "node_modules", ".package-lock.json")))
            await RunAsync("npm", ["ci"]);
        await using var host = await SandboxHost.StartAsync();
        await host.PayAsync((await host.OrderAsync("inv-₹")).Id);
        await host.WebhooksAsync(3);
        var webhook = host.Webhooks.Last();

        using var seen = JsonDocument.Parse(await RunAsync(
            "node", ["drive.js"], ("SANDBOX_URL", host.Url + "/sandbox/razorpay"), ("KEY_ID", host.Credentials.KeyId), ("KEY_SECRET", host.Credentials.KeySecret),
            ("WEBHOOK_SECRET", host.Credentials.WebhookSecret), ("WEBHOOK_BODY", Encoding.UTF8.GetString(webhook.Body)), ("WEBHOOK_SIGNATURE", webhook.Signature)));
        var it = seen.RootElement;
        var orderId = it.GetProperty("order").GetProperty("id").GetString();
        it.GetProperty("fetched").GetProperty("id").GetString().ShouldBe(orderId);
        it.GetProperty("listed").GetProperty("count").GetInt32().ShouldBe(1);
        it.GetProperty("payments").GetProperty("items")[0].GetProperty("status").GetString().ShouldBe("captured");
        it.GetProperty("refund").GetProperty("amount").GetInt64().ShouldBe(5000);
        it.GetProperty("refunds").GetProperty("count").GetInt32().ShouldBe(1);
        it.GetProperty("payment").GetProperty("refund_status").GetString().ShouldBe("partial");
        it.GetProperty("checkoutIsValid").GetBoolean().ShouldBeTrue();
        it.GetProperty("webhookIsValid").GetBoolean().ShouldBeTrue();
        it.GetProperty("webhookOfAnotherSecretIsValid").GetBoolean().ShouldBeFalse();
        it.GetProperty("wrongKey").GetProperty("statusCode").GetInt32().ShouldBe(401);
        it.GetProperty("tooMuch").GetProperty("statusCode").GetInt32().ShouldBe(400);
        it.GetProperty("capturedTwice").GetProperty("description").GetString()!.ShouldContain("already");
    }

    private static async Task<string> RunAsync(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = s_folder, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8 };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        if (environment.Length > 0)
            start.Environment["NO_PROXY"] = "127.0.0.1";
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        try
        {
            await process.WaitForExitAsync(limit.Token);
            process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}: {await errors}");
            return await output;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}

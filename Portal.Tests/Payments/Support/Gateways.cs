using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Core.Currencies;
using Portal.Core.Payments;
using Portal.Payments.Razorpay;

namespace Portal.Tests.Payments.Support;

/// <summary>The adapter with configured keys, pointed wherever a test wants it.</summary>
internal sealed class Gateways : IDisposable
{
    public const string KeyId = "rzp_test_unit00000000";
    public const string KeySecret = "EnLs21M47BllR3X8PSFtjtbd";

    private readonly ServiceProvider _services;

    public Gateways(string baseUrl, double timeoutSeconds = 5, params (string Key, string Value)[] more)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Razorpay:KeyId"] = KeyId,
            ["Razorpay:KeySecret"] = KeySecret,
            ["Razorpay:WebhookSecret"] = "123456",
            ["Razorpay:BaseUrl"] = baseUrl,
            ["Razorpay:TimeoutSeconds"] = timeoutSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["Razorpay:RetryDelayMilliseconds"] = "1",
        };
        foreach (var (key, value) in more)
            settings[key] = value;
        _services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Lines))
            .AddRazorpay(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .BuildServiceProvider();
    }

    public LineLogger Lines { get; } = new();

    public IServiceProvider Services => _services;

    public IPaymentGateway Gateway => _services.GetRequiredService<IPaymentGateway>();

    public static Money Rupees(decimal amount) => new(amount, Currency.Of("INR"));

    public static GatewayOrderRequest Order(string receipt, decimal amount = 1250.50m) =>
        new(Rupees(amount), receipt, new Dictionary<string, string> { ["intent"] = receipt });

    public void Dispose() => _services.Dispose();

    /// <summary>Keeps what was logged.</summary>
    internal sealed class LineLogger : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public string Text => string.Join('\n', _lines);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}

/// <summary>Takes outcomes apart.</summary>
internal static class Outcomes
{
    public static T Value<T>(this GatewayResult<T> result) => result is GatewayResult<T>.Done done ? done.Value : throw new ShouldAssertException($"Not done: {result}");

    public static GatewayResult<T>.Refused Refusal<T>(this GatewayResult<T> result) => result.ShouldBeOfType<GatewayResult<T>.Refused>();

    public static string Why<T>(this GatewayResult<T> result) => result.ShouldBeOfType<GatewayResult<T>.Unknown>().Why;
}

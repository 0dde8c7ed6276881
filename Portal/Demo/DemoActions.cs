using Portal.Core.BillingRuns;
using Portal.Core.Invoicing;

namespace Portal.Demo;

/// <summary>The product's own actions, on the demo's clock: what they write is what they would have written on that day.</summary>
internal sealed class DemoActions(IServiceProvider services)
{
    private readonly Dictionary<Type, object> _made = [];

    public DemoClock Clock { get; } = new();

    /// <summary>An action whose clock is <see cref="Clock"/>.</summary>
    public T Get<T>()
        where T : class
    {
        if (!_made.TryGetValue(typeof(T), out var action))
            _made.Add(typeof(T), action = Make(typeof(T)));
        return (T)action;
    }

    // Those that are made of other actions get these on the same clock.
    private object Make(Type type)
    {
        object[] parts = type == typeof(IssueInvoices) ? [Get<IssueBatch>()]
            : type == typeof(RunBilling) ? [Get<BillChunk>(), Get<IssueInvoices>()]
            : [];
        var takesClock = type.GetConstructors()[0].GetParameters().Any(parameter => parameter.ParameterType == typeof(TimeProvider));
        return ActivatorUtilities.CreateInstance(services, type, takesClock ? [.. parts, Clock] : parts);
    }
}

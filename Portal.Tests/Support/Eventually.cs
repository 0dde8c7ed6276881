using System.Diagnostics;

namespace Portal.Tests.Support;

/// <summary>Waits for what another process brings about.</summary>
public static class Eventually
{
    /// <summary>Looks until the condition holds.</summary>
    /// <exception cref="TimeoutException">It does not hold at the deadline (20 seconds unless said otherwise).</exception>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var deadline = within ?? TimeSpan.FromSeconds(20);
        var waited = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            if (waited.Elapsed > deadline)
            {
                throw new TimeoutException($"Not within {deadline.TotalSeconds:0} s: {what}");
            }

            await timer.WaitForNextTickAsync();
        }
    }

    /// <inheritdoc cref="HoldsAsync(Func{Task{bool}}, string, TimeSpan?)"/>
    public static Task HoldsAsync(Func<bool> condition, string what, TimeSpan? within = null) =>
        HoldsAsync(() => Task.FromResult(condition()), what, within);
}

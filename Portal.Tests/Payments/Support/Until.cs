namespace Portal.Tests.Payments.Support;

/// <summary>Waits for what really is asynchronous, up to a deadline.</summary>
internal static class Until
{
    public static async Task TrueAsync(Func<bool> condition, string what, double seconds = 15)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(15));
        try
        {
            while (!condition())
                await timer.WaitForNextTickAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Not within {seconds} s: {what}");
        }
    }

    public static async Task<T> DoneAsync<T>(Func<Task<T>> read, Func<T, bool> condition, string what, double seconds = 15)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(15));
        try
        {
            while (true)
            {
                var value = await read();
                if (condition(value))
                    return value;
                await timer.WaitForNextTickAsync(deadline.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Not within {seconds} s: {what}");
        }
    }
}

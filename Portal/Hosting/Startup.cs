using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Portal.Hosting;

/// <summary>The outermost frame of the program: what can't start says so in one line and ends with exit code 1.</summary>
public static class Startup
{
    /// <summary>
    /// Runs the program. The token given to it is cancelled by Ctrl+C or SIGTERM, and should reach everything that is
    /// awaited, <c>app.RunAsync</c> included.
    /// </summary>
    /// <returns>The exit code: what the program returns, 1 for what hinders the start, 0 when it was told to stop.</returns>
    public static async Task<int> RunAsync(Func<CancellationToken, Task<int>> program)
    {
        ArgumentNullException.ThrowIfNull(program);
        using var signals = new StartupSignals();
        try
        {
            return await program(signals.Token);
        }
        catch (StartupException exception)
        {
            return Refuse(exception.Message);
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            // The port was free when it was looked at and taken since.
            return Refuse(exception.Message);
        }
        catch (OptionsValidationException exception)
        {
            return Refuse(string.Join("; ", exception.Failures));
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return 0;
        }
    }

    private static int Refuse(string reason)
    {
        Console.Error.WriteLine($"Billing Portal can't start: {reason.ReplaceLineEndings(" ").Trim()}");
        return 1;
    }
}

using Microsoft.Extensions.Options;
using Portal.Core.Metering;

namespace Portal.Endpoints.Ingest;

/// <summary>Runs the writers of the queue from start to stop; at stop, what waits is still committed.</summary>
internal sealed class IngestWriters(IngestQueue queue, IOptions<IngestOptions> options, ILogger<IngestWriters> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _stop = new();
    private Task _writers = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _writers = Task.WhenAll(Enumerable.Range(0, options.Value.Writers).Select(_ => Task.Run(RunAsync, CancellationToken.None)));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Close();
        await _writers.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stop.CancelAsync();
        await _writers;
    }

    public void Dispose() => _stop.Dispose();

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await queue.RunWriterAsync(_stop.Token);
                return;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A fault of ours must not end the intake for good: logged as such, and the writer begins anew.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.WriterFailed(logger, exception);
                await Task.Delay(s_pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}

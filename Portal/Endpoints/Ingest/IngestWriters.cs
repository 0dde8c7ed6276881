using Microsoft.Extensions.Options;
using Portal.Core.Metering;

namespace Portal.Endpoints.Ingest;

/// <summary>Runs the writers of the queue from start to stop; at stop, what waits is still committed.</summary>
internal sealed class IngestWriters(IngestQueue queue, IOptions<IngestOptions> options) : BackgroundService
{
    private Task _writers = Task.CompletedTask;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Close();
        await _writers.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        _writers = Task.WhenAll(Enumerable.Range(0, options.Value.Writers).Select(_ => Task.Run(() => queue.RunWriterAsync(stoppingToken), CancellationToken.None)));
}

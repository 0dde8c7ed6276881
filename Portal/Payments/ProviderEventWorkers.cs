using Portal.Changes;
using Portal.Core.Payments;
using Portal.Outbox;

namespace Portal.Payments;

/// <summary>Works off the provider's webhooks, for as long as the host runs. Two at a time: one that waits for the provider does not hold up the rest.</summary>
internal sealed class ProviderEventWorkers(ProcessProviderEvent process, IDatabaseChanges changes, ILogger<ProviderEventWorkers> logger)
    : QueueWorkers(changes, ChangeKinds.ProviderEvents, 2, logger)
{
    protected override Task<bool> WorkAsync(CancellationToken cancellationToken) => process.RunAsync(cancellationToken);
}

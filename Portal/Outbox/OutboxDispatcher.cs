using Microsoft.Extensions.Options;
using Portal.Changes;
using Portal.Core.Outbox;

namespace Portal.Outbox;

/// <summary>Sends what waits in the outbox, for as long as the host runs.</summary>
internal sealed class OutboxDispatcher(DispatchOutbox dispatch, IDatabaseChanges changes, IOptions<OutboxOptions> options, ILogger<OutboxDispatcher> logger)
    : QueueWorkers(changes, ChangeKinds.Outbox, options.Value.Workers, logger)
{
    protected override Task<bool> WorkAsync(CancellationToken cancellationToken) => dispatch.RunAsync(cancellationToken);
}

using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Portal.Core.Metering;

/// <summary>
/// Requests wait here, bounded, until a writer takes all that waits and commits it in one transaction. Whoever sent one is told once
/// it is committed, never before.
/// </summary>
public sealed class IngestQueue(IUsageEventStore store, IOptions<IngestOptions> options, IngestMetrics metrics, TimeProvider clock, ILogger<IngestQueue> logger)
{
    private readonly IngestOptions _options = options.Value;
    private readonly Channel<UsageSubmission> _waiting = Channel.CreateUnbounded<UsageSubmission>(new UnboundedChannelOptions { SingleReader = false });
    private int _queuedEvents;

    /// <summary>Events that wait or are being committed.</summary>
    public int QueuedEvents => Volatile.Read(ref _queuedEvents);

    /// <summary>Waits until the submission is decided. <see cref="SubmissionResult.NotStored"/> at once when the queue is full or closed.</summary>
    public async Task<SubmissionResult> SubmitAsync(UsageSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);
        var count = submission.Events.Count;
        try
        {
            if (Interlocked.Add(ref _queuedEvents, count) > _options.MaxQueuedEvents || !_waiting.Writer.TryWrite(submission))
                return SubmissionResult.NotStored;
            try
            {
                return await submission.Completion.WaitAsync(_options.QueueTimeout, clock);
            }
            catch (TimeoutException)
            {
                // Its turn has not come: taken back. Or it is just being committed, and that has an end of its own.
                return submission.TryWithdraw() ? SubmissionResult.NotStored : await submission.Completion;
            }
        }
        finally
        {
            Interlocked.Add(ref _queuedEvents, -count);
        }
    }

    /// <summary>No more is taken in; what waits is still committed, then the writers end.</summary>
    public void Close() => _waiting.Writer.TryComplete();

    /// <summary>Gathers and commits until the queue is closed and empty.</summary>
    public async Task RunWriterAsync(CancellationToken cancellationToken)
    {
        await using var writer = store.OpenWriter();
        List<UsageSubmission> gather = [];
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(cancellationToken))
            {
                gather.Clear();
                Gather(gather);
                if (gather.Count == 0)
                    continue;
                var started = clock.GetTimestamp();
                await CommitAsync(writer, gather, cancellationToken);
                metrics.Committed(gather, clock.GetElapsedTime(started));
            }
        }
        finally
        {
            // Whatever ended the writer, nobody waits for an answer that will not come.
            foreach (var submission in gather)
                submission.Complete(SubmissionResult.Unknown);
        }
    }

    private void Gather(List<UsageSubmission> gather)
    {
        var events = 0;
        while (events < _options.MaxGather && _waiting.Reader.TryPeek(out var next) && (events == 0 || events + next.Events.Count <= _options.MaxGather))
        {
            if (!_waiting.Reader.TryRead(out var submission))
                break;
            if (!submission.TryTake())
                continue;
            gather.Add(submission);
            events += submission.Events.Count;
        }
    }

    private async Task CommitAsync(IUsageWriter writer, List<UsageSubmission> gather, CancellationToken cancellationToken)
    {
        var (result, error) = await writer.CommitAsync(gather, cancellationToken);
        if (result == SubmissionResult.Refused && gather.Count > 1)
        {
            // One of them is at fault; its neighbours shall not suffer.
            MeteringLog.GatherRefused(logger, gather.Count, error);
            foreach (var submission in gather)
                await CommitAsync(writer, [submission], cancellationToken);
            return;
        }

        if (result != SubmissionResult.Decided)
            MeteringLog.GatherFailed(logger, gather.Count, result, error);
        foreach (var submission in gather)
            submission.Complete(result);
    }
}

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Portal.Core.Metering;

/// <summary>
/// Requests wait here, bounded, until a writer takes all that waits and commits it in one transaction. Whoever sent one is told once
/// it is committed, never before. A second writer only begins while the first commits when enough has come together to be worth it:
/// many small transactions at once would only wait for each other.
/// </summary>
public sealed class IngestQueue : IDisposable
{
    // So many requests are answered by one thread, one after the other: to wake a thread for each would cost more than the answers.
    private const int AnswersPerWorkItem = 32;
    private const int SweepsPerTimeout = 20;

    private readonly IUsageEventStore _store;
    private readonly IngestOptions _options;
    private readonly IngestMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger<IngestQueue> _logger;
    private readonly ITimer _sweeper;

    private readonly Lock _gate = new();
    private readonly Queue<UsageSubmission> _waiting = new();
    private readonly Stack<TaskCompletionSource> _idle = new();
    private int _waitingEvents;
    private int _busyWriters;
    private bool _isClosed;
    private int _queuedEvents;

    public IngestQueue(IUsageEventStore store, IOptions<IngestOptions> options, IngestMetrics metrics, TimeProvider clock, ILogger<IngestQueue> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        (_store, _options, _metrics, _clock, _logger) = (store, options.Value, metrics, clock, logger);
        var period = _options.QueueTimeout / SweepsPerTimeout;
        _sweeper = clock.CreateTimer(static queue => ((IngestQueue)queue!).TakeBackLateOnes(), this, period, period);
    }

    /// <summary>Events that wait or are being committed.</summary>
    public int QueuedEvents => Volatile.Read(ref _queuedEvents);

    /// <summary>
    /// Ends when the submission is decided. <see cref="SubmissionResult.NotStored"/> at once when the queue is full or closed, and later when its turn
    /// does not come in time; once it is being committed, that has an end of its own.
    /// </summary>
    public async Task<SubmissionResult> SubmitAsync(UsageSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);
        var count = submission.Events.Count;
        try
        {
            return Interlocked.Add(ref _queuedEvents, count) <= _options.MaxQueuedEvents && TryEnqueue(submission) ? await submission.Completion : SubmissionResult.NotStored;
        }
        finally
        {
            Interlocked.Add(ref _queuedEvents, -count);
        }
    }

    /// <summary>No more is taken in; what waits is still committed, then the writers end.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            while (_idle.TryPop(out var writer))
                writer.SetResult();
        }
    }

    /// <summary>Gathers and commits until the queue is closed and empty.</summary>
    public async Task RunWriterAsync(CancellationToken cancellationToken)
    {
        await using var writer = _store.OpenWriter();
        List<UsageSubmission> gather = [];
        try
        {
            while (await GatherAsync(gather, cancellationToken))
            {
                var started = _clock.GetTimestamp();
                await CommitAsync(writer, gather, cancellationToken);
                _metrics.Committed(gather, _clock.GetElapsedTime(started));
                Finish(gather);
            }
        }
        finally
        {
            // Whatever ended the writer, nobody waits for an answer that will not come, and another takes what waits.
            if (gather.Count > 0)
            {
                Answer(gather, SubmissionResult.Unknown);
                Finish(gather);
                WakeAnother();
            }
        }
    }

    public void Dispose() => _sweeper.Dispose();

    private bool TryEnqueue(UsageSubmission submission)
    {
        TaskCompletionSource? woken = null;
        lock (_gate)
        {
            if (_isClosed)
                return false;
            submission.EnqueuedAt = _clock.GetTimestamp();
            _waiting.Enqueue(submission);
            _waitingEvents += submission.Events.Count;
            if (IsWorthATransaction)
                _idle.TryPop(out woken);
        }

        woken?.SetResult();
        return true;
    }

    private bool IsWorthATransaction => _waiting.Count > 0 && (_busyWriters == 0 || _isClosed || _waitingEvents >= _options.SecondWriterFrom);

    // False: the queue is closed and empty.
    private async Task<bool> GatherAsync(List<UsageSubmission> gather, CancellationToken cancellationToken)
    {
        while (true)
        {
            TaskCompletionSource idle;
            lock (_gate)
            {
                if (IsWorthATransaction)
                {
                    Gather(gather);
                    _busyWriters++;
                    return true;
                }

                if (_isClosed)
                    return false;
                idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _idle.Push(idle);
            }

            await idle.Task.WaitAsync(cancellationToken);
        }
    }

    private void Gather(List<UsageSubmission> gather)
    {
        var events = 0;
        while (_waiting.TryPeek(out var next) && (events == 0 || events + next.Events.Count <= _options.MaxGather))
        {
            gather.Add(_waiting.Dequeue());
            events += next.Events.Count;
        }

        _waitingEvents -= events;
    }

    private void Finish(List<UsageSubmission> gather)
    {
        gather.Clear();
        lock (_gate)
            _busyWriters--;
    }

    private void WakeAnother()
    {
        TaskCompletionSource? woken = null;
        lock (_gate)
        {
            if (IsWorthATransaction)
                _idle.TryPop(out woken);
        }

        woken?.SetResult();
    }

    private void TakeBackLateOnes()
    {
        List<UsageSubmission> late = [];
        lock (_gate)
        {
            while (_waiting.TryPeek(out var oldest) && _clock.GetElapsedTime(oldest.EnqueuedAt) >= _options.QueueTimeout)
            {
                late.Add(_waiting.Dequeue());
                _waitingEvents -= oldest.Events.Count;
            }
        }

        Answer(late, SubmissionResult.NotStored);
    }

    private async Task CommitAsync(IUsageWriter writer, List<UsageSubmission> gather, CancellationToken cancellationToken)
    {
        var (result, error) = await writer.CommitAsync(gather, cancellationToken);
        if (result == SubmissionResult.Refused && gather.Count > 1)
        {
            // One of them is at fault; its neighbours shall not suffer.
            MeteringLog.GatherRefused(_logger, gather.Count, error);
            foreach (var submission in gather)
                await CommitAsync(writer, [submission], cancellationToken);
            return;
        }

        if (result != SubmissionResult.Decided)
            MeteringLog.GatherFailed(_logger, gather.Count, result, error);
        Answer(gather, result);
    }

    private static void Answer(List<UsageSubmission> submissions, SubmissionResult result)
    {
        foreach (var some in submissions.Chunk(AnswersPerWorkItem))
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static answer =>
                {
                    foreach (var submission in answer.some)
                        submission.Complete(answer.result);
                },
                (some, result),
                preferLocal: false);
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using Portal.Core.Invoicing;

namespace Portal.Documents;

/// <summary>Shares a few document processes among all who ask: started when first needed, replaced when they end or have grown too large.</summary>
internal sealed class TypstPool : IAsyncDisposable, IDisposable
{
    private readonly TypstPaths _paths;
    private readonly TypstLimits _limits;
    private readonly int _places;
    private readonly SemaphoreSlim _free;
    private readonly ConcurrentStack<TypstWorker> _idle = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILogger<TypstPool> _log;
    private int _inside;

    public TypstPool(IOptions<DocumentOptions> options, IConfiguration configuration, IHostEnvironment environment, ILogger<TypstPool> log)
        : this(options.Value, TypstPaths.Of(options.Value, configuration, environment), log)
    {
    }

    internal TypstPool(DocumentOptions options, TypstPaths paths, ILogger<TypstPool> log)
    {
        _paths = paths;
        _limits = new(TimeSpan.FromSeconds(options.TimeoutSeconds), options.MemoryMegabytes * 1024L * 1024L);
        _free = new(options.Workers);
        _places = options.Workers + options.QueueLimit;
        _log = log;
    }

    /// <summary>Process ids of the workers that wait for something to do.</summary>
    internal IReadOnlyList<int> IdleProcessIds => [.. _idle.Select(worker => worker.ProcessId)];

    /// <summary>Makes a document as soon as a process is free.</summary>
    /// <exception cref="DocumentException">See <see cref="DocumentFailure"/>.</exception>
    public async Task<byte[]> RenderAsync(string template, Sheet sheet, ReadOnlyMemory<byte> logo, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _inside) > _places)
        {
            Interlocked.Decrement(ref _inside);
            throw new DocumentException(DocumentFailure.Busy, "Too many documents wait to be made. Try again later.");
        }
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
            await _free.WaitAsync(either.Token);
            try
            {
                return await RenderOnAWorkerAsync(template, sheet, logo, either.Token);
            }
            finally
            {
                _free.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    /// <summary>Lets idle processes end by themselves, and ends those at work.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        while (_idle.TryPop(out var worker))
            await worker.DisposeAsync();
        _stopping.Dispose();
    }

    /// <summary>For a container that is closed without waiting: ends what is idle. What is at work ends as its output is read.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        while (_idle.TryPop(out var worker))
            worker.Dispose();
        _stopping.Dispose();
    }

    private async Task<byte[]> RenderOnAWorkerAsync(string template, Sheet sheet, ReadOnlyMemory<byte> logo, CancellationToken cancellationToken)
    {
        try
        {
            return await OnceAsync(template, sheet, logo, cancellationToken);
        }
        catch (DocumentException e) when (e.Failure == DocumentFailure.EngineFailed)
        {
            // A process that had died unseen while it was idle, or one that something else brought down: the document gets one fresh process.
            Log.TriedAgain(_log, template);
            return await OnceAsync(template, sheet, logo, cancellationToken);
        }
    }

    private async Task<byte[]> OnceAsync(string template, Sheet sheet, ReadOnlyMemory<byte> logo, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        if (!_idle.TryPop(out var worker))
        {
            worker = await TypstWorker.StartAsync(_paths, _limits, cancellationToken);
            Log.WorkerStarted(_log, worker.ProcessId, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        try
        {
            var pdf = await worker.RenderAsync(template, sheet, logo, cancellationToken);
            Log.DocumentMade(_log, template, pdf.Length, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            return pdf;
        }
        finally
        {
            if (worker.IsSpent || _stopping.IsCancellationRequested)
            {
                Log.WorkerRetired(_log, worker.ProcessId);
                await worker.DisposeAsync();
            }
            else
            {
                _idle.Push(worker);
            }
        }
    }
}

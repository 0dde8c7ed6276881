using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Portal.Core.Invoicing;

namespace Portal.Documents;

/// <summary>
/// One Node process that makes one document at a time; see <c>Typst/worker.mjs</c> for what is said between us. A plain pipe and no port: nobody
/// else can ask it for anything, ending it is ending a process, and when the portal dies its input ends and it goes by itself.
/// </summary>
internal sealed class TypstWorker : IAsyncDisposable, IDisposable
{
    private const int MaxFrame = 256 * 1024 * 1024;
    private static readonly TimeSpan s_watchEvery = TimeSpan.FromMilliseconds(250);
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    private readonly Process _process;
    private readonly BufferedStream _output;
    private readonly TypstLimits _limits;
    private readonly Queue<string> _complaints = new();
    private string? _endedFor;

    private TypstWorker(Process process, TypstLimits limits)
    {
        (_process, _limits) = (process, limits);
        // An answer comes in two or three pieces, not in one read for each part of it: a read of a pipe costs a change of threads.
        _output = new BufferedStream(process.StandardOutput.BaseStream, 64 * 1024);
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.BeginErrorReadLine();
    }

    public int ProcessId => _process.Id;

    /// <summary>True once it holds more memory than it may keep, or has been ended.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>Starts a process and waits until the compiler is loaded.</summary>
    /// <exception cref="DocumentException">Node, the compiler or the fonts are missing, or it did not come up in time.</exception>
    public static async Task<TypstWorker> StartAsync(TypstPaths paths, TypstLimits limits, CancellationToken cancellationToken)
    {
        paths.Check();
        var start = new ProcessStartInfo(paths.Node)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = paths.Templates,
            ArgumentList = { $"--max-old-space-size={limits.MemoryBytes / (1024 * 1024)}", Path.Combine(paths.Templates, "worker.mjs"), paths.NodeModules, paths.Templates },
        };
        Isolate(start.Environment);
        Process process;
        try
        {
            process = Process.Start(start) ?? throw new DocumentException(DocumentFailure.EngineFailed, "The document process did not start.");
        }
        catch (Win32Exception e)
        {
            throw new DocumentException(DocumentFailure.EngineMissing,
                $"Documents need Node.js 20 or later, and '{paths.Node}' could not be run. Install it, or set Documents:Node to its path.", e);
        }
        var worker = new TypstWorker(process, limits);
        try
        {
            using (worker.Watch(cancellationToken))
            {
                // It says that it is ready in a frame like an answer's, with no body.
                _ = await worker.ReadFrameAsync() ?? throw worker.Ended();
                _ = await worker.ReadFrameAsync() ?? throw worker.Ended();
            }
            return worker;
        }
        catch
        {
            await worker.DisposeAsync();
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    /// <summary>Makes one document. After any exception but <see cref="DocumentFailure.Rejected"/> the process has ended.</summary>
    public async Task<byte[]> RenderAsync(string template, Sheet sheet, ReadOnlyMemory<byte> logo, CancellationToken cancellationToken)
    {
        var request = JsonSerializer.SerializeToUtf8Bytes(new { template, data = (object)sheet }, s_json);
        using var watch = Watch(cancellationToken);
        try
        {
            await WriteAsync(request, logo);
            var header = await ReadFrameAsync() ?? throw Ended();
            var body = await ReadFrameAsync() ?? throw Ended();
            var answer = JsonSerializer.Deserialize<Answer>(header, s_json) ?? throw Ended();
            IsSpent = answer.Rss > _limits.MemoryBytes;
            return answer.Ok ? body : throw new DocumentException(DocumentFailure.Rejected, $"The layout '{template}' could not show the document: {answer.Error}");
        }
        catch (Exception e) when (e is IOException or JsonException or InvalidDataException)
        {
            // Either the pipe broke because the process ended, or it said something that is no frame: both end it.
            End(e.Message);
            cancellationToken.ThrowIfCancellationRequested();
            throw Ended(e);
        }
        catch (DocumentException e) when (e.Failure != DocumentFailure.Rejected)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        IsSpent = true;
        // An idle process goes as soon as its input ends; one that does not is ended.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            End("it did not stop by itself");
        }
        _process.Dispose();
    }

    /// <summary>Ends the process at once.</summary>
    public void Dispose()
    {
        End("it is not needed any more");
        _process.Dispose();
    }

    private static void Isolate(IDictionary<string, string?> environment)
    {
        // The process gets nothing of ours: no connection strings, no keys, no NODE_OPTIONS.
        var keep = new[] { "PATH", "SystemRoot", "TEMP", "TMP" }.Where(environment.ContainsKey).ToDictionary(name => name, name => environment[name]);
        environment.Clear();
        foreach (var (name, value) in keep)
            environment[name] = value;
        // Its only reason to use the network would be a layout that imports a package. Ours don't, and there is no way out.
        foreach (var name in new[] { "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy" })
            environment[name] = "http://127.0.0.1:1";
    }

    /// <summary>Ends the process when it takes too long, takes too much memory, or is not wanted any more. The reads then see the end of its output.</summary>
    private Watcher Watch(CancellationToken cancellationToken)
    {
        // Real time on purpose: this bounds a real process.
        var started = Stopwatch.GetTimestamp();
        var timer = new Timer(_ =>
        {
            if (Stopwatch.GetElapsedTime(started) > _limits.Timeout)
                End($"it took longer than {_limits.Timeout.TotalSeconds:0} s");
            else if (WorkingSet() > 2 * _limits.MemoryBytes)
                End($"it took more than {2 * _limits.MemoryBytes / (1024 * 1024)} MB");
        }, null, s_watchEvery, s_watchEvery);
        return new Watcher(timer, cancellationToken.Register(() => End("it was cancelled")));
    }

    private long WorkingSet()
    {
        try
        {
            _process.Refresh();
            return _process.HasExited ? 0 : _process.WorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0; // It has just ended; the reader sees that.
        }
    }

    private void End(string reason)
    {
        Interlocked.CompareExchange(ref _endedFor, reason, null);
        IsSpent = true;
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    private DocumentException Ended(Exception? inner = null)
    {
        IsSpent = true;
        if (_endedFor is { } reason && inner is null or EndOfStreamException)
            return new(DocumentFailure.LimitExceeded, $"The document process was ended: {_endedFor}.", inner);
        string complaints;
        lock (_complaints)
            complaints = string.Join(' ', _complaints);
        return new(DocumentFailure.EngineFailed, $"The document process broke off. {complaints}".TrimEnd(), inner);
    }

    private void Remember(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (_complaints)
        {
            _complaints.Enqueue(line.Length > 300 ? line[..300] : line);
            while (_complaints.Count > 8)
                _complaints.Dequeue();
        }
    }

    /// <summary>Two frames in one write, so that the other side wakes up once.</summary>
    private async Task WriteAsync(ReadOnlyMemory<byte> request, ReadOnlyMemory<byte> logo)
    {
        var frames = new byte[4 + request.Length + 4 + logo.Length];
        BinaryPrimitives.WriteInt32BigEndian(frames, request.Length);
        request.CopyTo(frames.AsMemory(4));
        BinaryPrimitives.WriteInt32BigEndian(frames.AsSpan(4 + request.Length), logo.Length);
        logo.CopyTo(frames.AsMemory(4 + request.Length + 4));
        var input = _process.StandardInput.BaseStream;
        await input.WriteAsync(frames, CancellationToken.None);
        await input.FlushAsync(CancellationToken.None);
    }

    /// <summary>The next frame; null when the output has ended.</summary>
    private async Task<byte[]?> ReadFrameAsync()
    {
        var prefix = new byte[4];
        if (await _output.ReadAtLeastAsync(prefix, 4, throwOnEndOfStream: false, CancellationToken.None) < 4)
            return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(prefix);
        if (length is < 0 or > MaxFrame)
            throw new InvalidDataException("The document process answered out of turn.");
        var frame = new byte[length];
        return await _output.ReadAtLeastAsync(frame, length, throwOnEndOfStream: false, CancellationToken.None) < length ? null : frame;
    }

    private sealed record Answer(bool Ok, string? Error, long Rss);

    private sealed class Watcher(Timer timer, CancellationTokenRegistration registration) : IDisposable
    {
        public void Dispose()
        {
            registration.Dispose();
            timer.Dispose();
        }
    }
}

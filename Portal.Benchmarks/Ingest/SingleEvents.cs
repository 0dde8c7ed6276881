using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Portal.Benchmarks.Ingest;

/// <summary>
/// Single events over many keep-alive connections from one thread, each sent as soon as the one before it on its connection is answered.
/// One thread that asks which sockets have an answer costs a third of a task for each connection, and what the load costs is taken from what is measured.
/// </summary>
internal sealed class SingleEvents : IDisposable
{
    private const int Templates = 16;
    private readonly List<Sender> _senders = [];
    private readonly Random _random = new(); // No key comes twice, not in another round either.

    public SingleEvents(IPEndPoint address, IReadOnlyList<string> keys, int connections)
    {
        for (var number = 0; number < connections; number++)
            _senders.Add(new Sender(address, keys[number % keys.Count], _random));
    }

    /// <summary>Sends for so many seconds; how long each answer took, in ticks of <see cref="Stopwatch"/>.</summary>
    public (double Seconds, List<long> Taken) Run(int seconds)
    {
        var bySocket = _senders.ToDictionary(sender => sender.Socket);
        List<long> taken = new(1_000_000);
        var started = Stopwatch.GetTimestamp();
        var until = started + (seconds * Stopwatch.Frequency);
        foreach (var sender in _senders)
            sender.Send(_random);
        List<Socket> open = [.. bySocket.Keys], ready = [];
        while (open.Count > 0)
        {
            ready.Clear();
            ready.AddRange(open);
            Socket.Select(ready, null, null, TimeSpan.FromSeconds(30));
            if (ready.Count == 0)
                throw new TimeoutException("No answer for 30 seconds.");
            foreach (var socket in ready)
            {
                var sender = bySocket[socket];
                var now = sender.Receive();
                taken.Add(now - sender.SentAt);
                if (now < until)
                    sender.Send(_random);
                else
                    open.Remove(socket);
            }
        }

        return (Stopwatch.GetElapsedTime(started).TotalSeconds, taken);
    }

    public void Dispose() => _senders.ForEach(sender => sender.Dispose());

    /// <summary>One connection.</summary>
    private sealed class Sender : IDisposable
    {
        private readonly EventTemplate[] _templates;
        private readonly IngestRequest _request;
        private readonly byte[] _answer = new byte[16 * 1024];
        private int _sent;

        public Sender(IPEndPoint address, string key, Random random)
        {
            _request = new IngestRequest(key);
            _templates = [.. Enumerable.Range(0, Templates).Select(_ => EventTemplate.Make(random, null))];
            Socket.Connect(address);
        }

        public Socket Socket { get; } = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        public long SentAt { get; private set; }

        public void Send(Random random)
        {
            var template = _templates[_sent++ % Templates];
            template.Renew(random);
            var request = _request.Render(template.Body).Span;
            SentAt = Stopwatch.GetTimestamp();
            while (request.Length > 0)
                request = request[Socket.Send(request)..];
        }

        /// <summary>Reads the answer; when it was there.</summary>
        public long Receive()
        {
            var received = 0;
            do
            {
                var read = Socket.Receive(_answer.AsSpan(received));
                received += read > 0 ? read : throw new IOException("The server closed the connection.");
            }
            while (!IngestAnswer.IsComplete(_answer.AsSpan(0, received), out _));
            var now = Stopwatch.GetTimestamp();
            var status = IngestAnswer.Status(_answer);
            return status == 202 ? now : throw new InvalidOperationException($"An event was answered {status}.");
        }

        public void Dispose() => Socket.Dispose();
    }
}

using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Portal.Changes;
using Portal.Core.ApiKeys;
using Portal.Core.Metering;

namespace Portal.Endpoints.Ingest;

/// <summary>
/// Project keys by the SHA-256 of what was presented. An entry is believed as long as the feed of changes is known to hear and has said
/// nothing about the key, its project or its organisation; otherwise for half a second. So a revoked key is refused within a second on
/// every node, and a key in use costs no look-up.
/// </summary>
internal sealed class IngestKeyCache : IDisposable
{
    private const long BelievedWithoutFeedMs = 500;
    private const long BelievedWithFeedMs = 300_000;
    private const long UnknownBelievedMs = 10_000;
    private const int MaxEntries = 50_000;
    private const int MaxUnknown = 10_000;
    private const int MaxLookUps = 16;

    private readonly IProjectKeys _keys;
    private readonly IDatabaseChanges _changes;
    private readonly IDisposable[] _subscriptions;
    private readonly ConcurrentDictionary<KeyHash, Entry> _entries = new();
    private readonly ConcurrentDictionary<KeyHash, long> _unknown = new();
    private readonly ConcurrentDictionary<KeyHash, Lazy<Task<ProjectKey?>>> _lookUps = new();
    private readonly ConcurrentDictionary<Guid, Mark> _marks = new();
    private readonly SemaphoreSlim _lookUpSlots = new(MaxLookUps);
    private int _heard;

    public IngestKeyCache(IProjectKeys keys, IDatabaseChanges changes)
    {
        (_keys, _changes) = (keys, changes);
        _subscriptions =
        [
            changes.Subscribe(ChangeKinds.ApiKey, Forget, Forget),
            changes.Subscribe(ChangeKinds.Project, Forget),
            changes.Subscribe(ChangeKinds.Organisation, Forget),
        ];
    }

    /// <summary>The key that was presented, in force or not; null when it is malformed or there is none.</summary>
    /// <exception cref="UsageStoreUnavailableException">It would have to be looked up, and the database is away.</exception>
    public ValueTask<ProjectKey?> FindAsync(ReadOnlySpan<char> presented)
    {
        if (!SecretKey.IsWellFormed(presented, SecretKey.ProjectMark))
            return default;
        Span<byte> text = stackalloc byte[presented.Length];
        if (Ascii.FromUtf16(presented, text, out _) != OperationStatus.Done)
            return default;
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, bytes);
        var hash = MemoryMarshal.Read<KeyHash>(bytes);
        if (_entries.TryGetValue(hash, out var entry) && IsBelieved(entry))
            return new ValueTask<ProjectKey?>(entry.Key);
        if (_unknown.TryGetValue(hash, out var refusedAt) && Environment.TickCount64 - refusedAt < UnknownBelievedMs)
            return default;
        return new ValueTask<ProjectKey?>(LookUpAsync(hash));
    }

    public void Dispose()
    {
        foreach (var subscription in _subscriptions)
            subscription.Dispose();
        _lookUpSlots.Dispose();
    }

    private bool IsBelieved(Entry entry)
    {
        var age = Environment.TickCount64 - entry.ReadAt;
        return !entry.IsOutdated && (age < BelievedWithoutFeedMs || (age < BelievedWithFeedMs && entry.Epoch == _changes.Epoch && _changes.IsCurrent));
    }

    // Requests that come with the same key at the same moment share one look-up.
    private async Task<ProjectKey?> LookUpAsync(KeyHash hash)
    {
        var lookUp = _lookUps.GetOrAdd(hash, static (wanted, cache) => new Lazy<Task<ProjectKey?>>(() => cache.ReadAsync(wanted)), this);
        try
        {
            return await lookUp.Value;
        }
        finally
        {
            _lookUps.TryRemove(new KeyValuePair<KeyHash, Lazy<Task<ProjectKey?>>>(hash, lookUp));
        }
    }

    private async Task<ProjectKey?> ReadAsync(KeyHash hash)
    {
        // Guessed keys must not take every connection.
        await _lookUpSlots.WaitAsync();
        try
        {
            var (readAt, epoch, heard) = (Environment.TickCount64, _changes.Epoch, Volatile.Read(ref _heard));
            var key = await _keys.FindAsync(hash.ToArray(), CancellationToken.None);
            if (key is null)
            {
                Remember(_unknown, MaxUnknown, hash, readAt);
                return null;
            }

            var entry = new Entry(key, readAt, epoch, MarkOf(key.Id), MarkOf(key.ProjectId), MarkOf(key.OrganisationId));
            // A change that was heard meanwhile may be one that the look-up did not see yet: then it is not believed for long.
            Remember(_entries, MaxEntries, hash, heard == Volatile.Read(ref _heard) ? entry : entry with { Epoch = -1 });
            return key;
        }
        finally
        {
            _lookUpSlots.Release();
        }
    }

    private Mark MarkOf(Guid id) => _marks.GetOrAdd(id, static _ => new Mark());

    private void Forget(Guid? id)
    {
        Interlocked.Increment(ref _heard);
        if (id is null)
            Forget();
        else if (_marks.TryGetValue(id.Value, out var mark))
            Interlocked.Increment(ref mark.Version);
    }

    private void Forget()
    {
        Interlocked.Increment(ref _heard);
        _entries.Clear();
        _unknown.Clear();
        _marks.Clear();
    }

    private void Remember<T>(ConcurrentDictionary<KeyHash, T> into, int most, KeyHash hash, T value)
    {
        if (into.Count >= most)
        {
            into.Clear();
            if (typeof(T) == typeof(Entry))
                _marks.Clear();
        }

        into[hash] = value;
    }

    /// <summary>SHA-256 of a key.</summary>
    private readonly record struct KeyHash(ulong First, ulong Second, ulong Third, ulong Fourth)
    {
        public override int GetHashCode() => First.GetHashCode();

        public byte[] ToArray()
        {
            var bytes = new byte[SHA256.HashSizeInBytes];
            MemoryMarshal.Write(bytes, in this);
            return bytes;
        }
    }

    /// <summary>Counts what was heard about one key, project or organisation.</summary>
    private sealed class Mark
    {
        public int Version;
    }

    private sealed record Entry(ProjectKey Key, long ReadAt, int Epoch, Mark OfKey, Mark OfProject, Mark OfOrganisation)
    {
        private readonly int _versions = VersionsOf(OfKey, OfProject, OfOrganisation);

        public bool IsOutdated => _versions != VersionsOf(OfKey, OfProject, OfOrganisation);

        // Versions only grow, so that the sum is the same only if all are.
        private static int VersionsOf(Mark key, Mark project, Mark organisation) =>
            Volatile.Read(ref key.Version) + Volatile.Read(ref project.Version) + Volatile.Read(ref organisation.Version);
    }
}

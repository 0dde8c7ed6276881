using System.Text.Json;

namespace Portal.Sandbox.Razorpay.State;

/// <summary>
/// The sandbox's truth on disk: one JSON line per change, last one wins, written before the call is answered, so that it survives the portal's
/// death just as the real gateway would. Read and rewritten whole at start.
/// </summary>
internal sealed class SandboxJournal : IDisposable
{
    public const string Order = "order";
    public const string Payment = "payment";
    public const string Refund = "refund";
    public const string Delivery = "delivery";
    public const string Progress = "progress";
    public const string Settings = "settings";
    public const string Keys = "credentials";
    private const int MaxDeliveries = 300;

    private readonly FileStream? _lock;
    private readonly StreamWriter? _writer;

    public SandboxJournal(string directory, ILogger log)
    {
        Directory.CreateDirectory(directory);
        Location = Path.Combine(directory, "razorpay-sandbox.jsonl");
        try
        {
            _lock = new FileStream(Location + ".lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        }
        catch (IOException)
        {
            log.JournalTaken(Location); // Another portal uses this directory: this sandbox lives in memory alone.
            return;
        }

        Kept = Load(Location);
        var fresh = Location + ".new";
        File.WriteAllLines(fresh, Kept.Select(entry => JsonSerializer.Serialize(new Line(entry.Key.Kind, entry.Key.Id, entry.Value))));
        File.Move(fresh, Location, overwrite: true);
        _writer = new StreamWriter(new FileStream(Location, FileMode.Append, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
    }

    public string Location { get; }

    /// <summary>What was there at start, by kind and id, in the order in which each first appeared.</summary>
    public IReadOnlyList<KeyValuePair<(string Kind, string Id), JsonElement>> Kept { get; } = [];

    public void Write<T>(string kind, string id, T value) => _writer?.WriteLine(JsonSerializer.Serialize(new Line(kind, id, JsonSerializer.SerializeToElement(value))));

    public void Dispose()
    {
        _writer?.Dispose();
        _lock?.Dispose();
    }

    private static List<KeyValuePair<(string Kind, string Id), JsonElement>> Load(string file)
    {
        var last = new Dictionary<(string, string), JsonElement>();
        var order = new List<(string, string)>();
        foreach (var text in File.Exists(file) ? File.ReadLines(file) : [])
        {
            if (TryRead(text) is not { } line)
                continue;
            if (!last.ContainsKey((line.Kind, line.Id)))
                order.Add((line.Kind, line.Id));
            last[(line.Kind, line.Id)] = line.Value;
        }

        var old = order.Where(key => key.Item1 == Delivery).SkipLast(MaxDeliveries).Select(key => key.Item2).ToHashSet(StringComparer.Ordinal);
        return [.. order.Where(key => !(key.Item1 is Delivery or Progress && old.Contains(key.Item2))).Select(key => KeyValuePair.Create(key, last[key]))];
    }

    private static Line? TryRead(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Line>(text);
        }
        catch (JsonException)
        {
            return null; // The line that a killed process was writing: its call was never answered.
        }
    }

    private sealed record Line(string Kind, string Id, JsonElement Value);
}

using System.Globalization;

namespace Portal.Benchmarks;

/// <summary>The arguments of a benchmark, as <c>--name value</c>; whatever is no such name goes to the Portal as a setting, as <c>Ingest__Writers=2</c>.</summary>
internal sealed class BenchmarkArguments
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<(string, string)> _settings = [];

    public BenchmarkArguments(IReadOnlyList<string> arguments)
    {
        for (var index = 0; index < arguments.Count; index++)
        {
            if (arguments[index].StartsWith("--", StringComparison.Ordinal) && index + 1 < arguments.Count)
                _values[arguments[index][2..]] = arguments[++index];
            else if (arguments[index].Split('=', 2) is [var key, var value])
                _settings.Add((key, value));
            else
                throw new ArgumentException($"{arguments[index]} is neither --name value nor Setting=value.", nameof(arguments));
        }
    }

    /// <summary>Settings for the Portal's environment.</summary>
    public (string Key, string Value)[] Settings => [.. _settings];

    public string? Text(string name) => _values.GetValueOrDefault(name);

    public int Number(string name, int otherwise) => _values.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}

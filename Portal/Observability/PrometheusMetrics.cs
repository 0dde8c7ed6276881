using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Portal.Observability;

/// <summary>
/// Listens to the process's meters and writes them as Prometheus text (exposition format 0.0.4). Ours, because no exporter package can be had;
/// OTLP goes out through OpenTelemetry where the standard environment variables ask for it.
/// </summary>
internal sealed class PrometheusMetrics : IDisposable
{
    private static readonly double[] s_bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, Family> _families = new(StringComparer.Ordinal);

    public PrometheusMetrics()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (IsWanted(instrument.Meter.Name))
                listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(Name(instrument), _ => new Family(instrument)));
        };
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, family) => ((Family)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => ((Family)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => ((Family)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => ((Family)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, family) => ((Family)family!).Record((double)value, tags));
        _listener.Start();
    }

    /// <summary>Everything measured so far.</summary>
    public string Write()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder(16 * 1024);
        foreach (var (name, family) in _families.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            family.Write(name, text);
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private static bool IsWanted(string meter) =>
        meter.StartsWith("Portal", StringComparison.Ordinal) || meter is "Npgsql" or "System.Runtime" or "Microsoft.AspNetCore.Hosting" or "Microsoft.AspNetCore.Server.Kestrel" or "Microsoft.AspNetCore.RateLimiting";

    private static string Name(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_').Replace('-', '_');
        return instrument switch
        {
            { Unit: "s" } when !name.EndsWith("_seconds", StringComparison.Ordinal) => $"{name}_seconds",
            { Unit: "By" } when !name.EndsWith("_bytes", StringComparison.Ordinal) => $"{name}_bytes",
            _ => name,
        };
    }

    /// <summary>One metric with all its label sets.</summary>
    private sealed class Family(Instrument instrument)
    {
        private readonly ConcurrentDictionary<string, Series> _series = new(StringComparer.Ordinal);
        private readonly bool _isHistogram = instrument.GetType().Name.StartsWith("Histogram", StringComparison.Ordinal);
        private readonly bool _isMonotone = instrument.GetType().Name.Split('`')[0] is "Counter" or "ObservableCounter";
        private readonly bool _isAbsolute = instrument.IsObservable || instrument.GetType().Name.StartsWith("Gauge", StringComparison.Ordinal);

        public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var series = _series.GetOrAdd(Labels(tags), _ => new Series(_isHistogram ? s_bounds.Length + 1 : 0));
            lock (series)
            {
                series.Value = _isAbsolute ? value : series.Value + value;
                series.Count++;
                if (_isHistogram)
                    series.Buckets[BucketOf(value)]++;
            }
        }

        public void Write(string name, StringBuilder text)
        {
            if (_series.IsEmpty)
                return;
            var shown = _isMonotone && !name.EndsWith("_total", StringComparison.Ordinal) ? $"{name}_total" : name;
            text.Append("# HELP ").Append(shown).Append(' ').Append((instrument.Description ?? "").Replace("\n", " ", StringComparison.Ordinal)).Append('\n');
            text.Append("# TYPE ").Append(shown).Append(_isHistogram ? " histogram\n" : _isMonotone ? " counter\n" : " gauge\n");
            foreach (var (labels, series) in _series)
            {
                lock (series)
                {
                    if (_isHistogram)
                        WriteHistogram(shown, labels, series, text);
                    else
                        Line(shown, labels, series.Value, text);
                }
            }
        }

        private static void WriteHistogram(string name, string labels, Series series, StringBuilder text)
        {
            var sum = 0L;
            for (var index = 0; index <= s_bounds.Length; index++)
            {
                sum += series.Buckets[index];
                var bound = index < s_bounds.Length ? s_bounds[index].ToString(CultureInfo.InvariantCulture) : "+Inf";
                Line($"{name}_bucket", $"{labels}{(labels.Length > 0 ? "," : "")}le=\"{bound}\"", sum, text);
            }

            Line($"{name}_sum", labels, series.Value, text);
            Line($"{name}_count", labels, series.Count, text);
        }

        private static void Line(string name, string labels, double value, StringBuilder text)
        {
            text.Append(name);
            if (labels.Length > 0)
                text.Append('{').Append(labels).Append('}');
            text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        }

        private static int BucketOf(double value)
        {
            var index = Array.BinarySearch(s_bounds, value);
            return index >= 0 ? index : ~index;
        }

        private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.IsEmpty)
                return "";
            var text = new StringBuilder();
            foreach (var (key, value) in tags)
            {
                var shown = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
                text.Append(text.Length > 0 ? "," : "").Append(key.Replace('.', '_')).Append("=\"")
                    .Append(shown.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('"');
            }

            return text.ToString();
        }
    }

    private sealed class Series(int buckets)
    {
        public double Value { get; set; }

        public long Count { get; set; }

        public long[] Buckets { get; } = new long[buckets];
    }
}

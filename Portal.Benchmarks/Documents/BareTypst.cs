using System.Diagnostics;
using System.Text.Json;
using Portal.Core.Invoicing;
using Portal.Documents;

namespace Portal.Benchmarks.Documents;

/// <summary>The floor: one Node process that compiles the same pages from the same inputs, in a loop; see <c>bare-typst.mjs</c>.</summary>
internal sealed class BareTypst : IAsyncDisposable
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    private readonly Process _process;
    private readonly string _folder;

    private BareTypst(Process process, string folder) => (_process, _folder) = (process, folder);

    public static async Task<BareTypst> StartAsync(TypstPaths paths, byte[] logo)
    {
        var folder = Directory.CreateTempSubdirectory("billing-portal-benchmark-").FullName;
        var logoFile = Path.Combine(folder, "logo.png");
        await File.WriteAllBytesAsync(logoFile, logo);
        var script = Path.Combine(AppContext.BaseDirectory, "Documents", "bare-typst.mjs");
        var process = Process.Start(new ProcessStartInfo(paths.Node, [script, paths.NodeModules, paths.Templates, logoFile]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        return new BareTypst(process, folder);
    }

    /// <summary>Makes these documents: how long all took, without the reading of their inputs, and the SHA-256 of each.</summary>
    public async Task<BareTypstAnswer> RunAsync(IReadOnlyList<InvoiceDocument> documents)
    {
        var file = Path.Combine(_folder, "inputs.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(documents.Select(document => JsonSerializer.Serialize(InvoiceSheet.Of(document), s_json))));
        await _process.StandardInput.WriteLineAsync(file);
        await _process.StandardInput.FlushAsync();
        var answer = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The bare compiler has ended.");
        return JsonSerializer.Deserialize<BareTypstAnswer>(answer, s_json)!;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>What the bare compiler did.</summary>
internal sealed record BareTypstAnswer(double Milliseconds, IReadOnlyList<string> Sha256, IReadOnlyList<int> Bytes);

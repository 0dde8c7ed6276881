using System.Text.Json;

namespace Portal.Demo;

/// <summary>A person of the demo who can sign in.</summary>
internal sealed record DemoUser(string Email, string Password, string Role);

/// <summary>What somebody needs to try the demo; lies in <c>demo.json</c> in the data folder, readable by its owner only.</summary>
internal sealed record DemoFacts(string Url, string AdminApiKey, string IngestApiKey, Guid ProjectId, Guid OrganisationId, IReadOnlyList<DemoUser> Users)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task<DemoFacts?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            return null;
        await using var file = File.OpenRead(path);
        return await JsonSerializer.DeserializeAsync<DemoFacts>(file, s_json, cancellationToken);
    }

    /// <summary>Written beside and moved into place: there is never half a file.</summary>
    public async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        var beside = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var file = new FileStream(beside, options))
            await JsonSerializer.SerializeAsync(file, this, s_json, cancellationToken);
        File.Move(beside, path, overwrite: true);
    }

    public void Print(TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"  Billing Portal   {Url}");
        output.WriteLine();
        foreach (var user in Users)
            output.WriteLine($"    {user.Role,-8} {user.Email,-28} {user.Password}");
        output.WriteLine();
        output.WriteLine("  Post an event:");
        output.WriteLine($"    curl -X POST {Url}/api/v1/ingest \\");
        output.WriteLine($"      -H 'Authorization: Bearer {IngestApiKey}' -H 'Content-Type: application/json' \\");
        output.WriteLine("      -d '{\"metricName\":\"api_calls\",\"metricValue\":1000,\"unit\":\"count\",\"idempotencyKey\":\"first-event\"}'");
        output.WriteLine();
        output.WriteLine($"  Mails {Url}/dev/mail   Payments {Url}/sandbox/razorpay/control   HTTP interface {Url}/docs");
        output.WriteLine();
    }
}

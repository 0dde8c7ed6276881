using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Hosting;

namespace Portal.Emails;

/// <summary>The folder <c>mail</c> of the data directory: a file per mail, its name telling the time and the mail's id.</summary>
internal sealed partial class EmlStore(IConfiguration configuration, IHostEnvironment environment)
{
    private const string TimeFormat = "yyyyMMdd'T'HHmmssfff'Z'";

    private readonly Lazy<string> _folder = new(() =>
    {
        using var data = DataFolder.Open(configuration, environment);
        return PrivateFolder.Make(Path.Combine(data.FullPath, "mail"));
    });

    public string Folder => _folder.Value;

    /// <summary>The newest first.</summary>
    public IReadOnlyList<EmlFile> List(int limit) =>
        [.. Directory.EnumerateFiles(Folder, "*.eml").Select(Path.GetFileNameWithoutExtension).OfType<string>().Where(name => Name().IsMatch(name))
            .OrderDescending(StringComparer.Ordinal).Take(limit).Select(name => new EmlFile(name, Path.Combine(Folder, name + ".eml")))];

    /// <summary>The file of a name; null when the name is none of ours or nothing is there.</summary>
    public EmlFile? Find(string name)
    {
        if (!Name().IsMatch(name))
            return null;
        var path = Path.Combine(Folder, name + ".eml");
        return File.Exists(path) ? new EmlFile(name, path) : null;
    }

    /// <summary>An empty folder for one mail to be written into, on the same disk.</summary>
    public string MakePickup() => PrivateFolder.Make(Path.Combine(Folder, ".new-" + Path.GetRandomFileName()));

    /// <summary>Moves a finished file in, so that a reader sees the whole of it or nothing. The same mail kept again takes its place.</summary>
    public string Keep(string file, Guid id, DateTimeOffset now)
    {
        foreach (var earlier in Directory.EnumerateFiles(Folder, $"*-{id:n}.eml"))
            File.Delete(earlier);
        var path = Path.Combine(Folder, $"{now.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}-{id:n}.eml");
        File.Move(file, path, overwrite: true);
        return path;
    }

    [GeneratedRegex(@"^\d{8}T\d{9}Z-[0-9a-f]{32}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();
}

/// <summary>A kept mail.</summary>
/// <param name="Name">Its file's name without the ending; safe in an address.</param>
/// <param name="Path">Its file.</param>
internal sealed record EmlFile(string Name, string Path)
{
    public async Task<EmlMail> ReadAsync(CancellationToken cancellationToken) => EmlMail.Parse(await File.ReadAllBytesAsync(Path, cancellationToken));
}

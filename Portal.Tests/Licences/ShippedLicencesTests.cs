using System.IO.Compression;
using System.Reflection;
using System.Text;
using Portal.Tests.Support;

namespace Portal.Tests.Licences;

/// <summary>Whatever goes out with the product may go out. The list is left in <c>TestResults/licences.txt</c>.</summary>
public sealed class ShippedLicencesTests
{
    private static readonly IReadOnlyList<ShippedPackage> s_packages = [.. ShippedPackages.FromNuGet(), .. ShippedPackages.FromNpm()];

    [Fact]
    public void Every_package_that_is_shipped_is_under_a_licence_that_is_allowed()
    {
        Write();
        s_packages.SelectMany(package => package.Objections()).ShouldBeEmpty();
    }

    [Fact]
    public void The_packages_are_those_that_are_published()
    {
        // The program's own list of what it loads, beside it.
        using var dependencies = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Portal.deps.json")));
        var loaded = dependencies.RootElement.GetProperty("targets").EnumerateObject().Single().Value.EnumerateObject()
            .Where(library => library.Value.TryGetProperty("runtime", out _) && !library.Name.StartsWith("Portal", StringComparison.Ordinal)).Select(library => library.Name.Split('/')[0]);
        var known = s_packages.Where(package => package.Source == "NuGet").Select(package => package.Name).ToList();

        loaded.Except(known, StringComparer.OrdinalIgnoreCase).ShouldBeEmpty();
        known.Count.ShouldBeGreaterThan(10);
    }

    [Fact]
    public void Every_file_that_browsers_get_is_ours_or_of_a_package_on_the_list()
    {
        var root = Path.Combine(RepositoryRoot.Path, "Portal", "wwwroot");
        var ours = Path.Combine(RepositoryRoot.Path, "wwwroot-assets", "src");
        var packages = s_packages.Where(package => package.Source == "npm").SelectMany(package => Directory.EnumerateFiles(package.Folder, "*", SearchOption.AllDirectories))
            .ToLookup(Path.GetFileName);
        bool IsKnown(string file) => Path.GetRelativePath(root, file).Replace('\\', '/') == "_framework/blazor.web.js"
            || packages[Path.GetFileName(file)].Append(Path.Combine(ours, Path.GetRelativePath(root, file))).Any(source => File.Exists(source) && AreEqual(source, file));

        var files = Directory.GetFiles(root, "*", SearchOption.AllDirectories);

        files.Length.ShouldBeGreaterThan(10);
        files.Where(file => !IsKnown(file)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_binary_in_an_npm_package_is_known_and_still_what_it_was()
    {
        foreach (var package in s_packages.Where(package => package.Source == "npm"))
        {
            var parts = ShippedPart.All.Where(part => package.Name.StartsWith(part.Package, StringComparison.Ordinal)).ToList();
            var binaries = ShippedPart.Binaries(package);

            binaries.Where(file => !parts.Exists(part => part.Has(file))).ShouldBeEmpty(package.Name);
            parts.Where(part => !part.IsIn(binaries)).Select(part => part.Name).ShouldBeEmpty(package.Name);
        }

        ShippedPart.All.Where(part => !LicenceText.Allowed.Contains(part.Licence) && part.Note is null).ShouldBeEmpty();
        ShippedPart.All.Where(part => !s_packages.Any(package => package.Name.StartsWith(part.Package, StringComparison.Ordinal))).ShouldBeEmpty();
    }

    [Fact]
    public void What_the_packages_have_embedded_is_allowed_too()
    {
        var assembly = Assembly.Load("Swashbuckle.AspNetCore.SwaggerUI");
        var name = assembly.GetManifestResourceNames().Single(name => name.EndsWith(".LICENSE", StringComparison.Ordinal));
        using var stream = assembly.GetManifestResourceStream(name)!;

        LicenceText.Identify(Text(stream)).ShouldBe(["Apache-2.0"]);
    }

    [Theory]
    [InlineData("MIT", "MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy\nof this software and associated", true)]
    [InlineData("Apache-2.0 OR GPL-2.0-only", null, true)]
    [InlineData("MIT AND OFL-1.1", null, true)]
    [InlineData("MIT AND GPL-3.0-only", null, false)]
    [InlineData("AGPL-3.0-or-later", null, false)]
    [InlineData("Apache-2.0 WITH LLVM-exception", null, false)]
    [InlineData("SEE LICENSE IN LICENSE.md", null, false)]
    [InlineData("", "MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of this software", false)]
    [InlineData("MIT", "GNU AFFERO GENERAL PUBLIC LICENSE\n   Version 3, 19 November 2007", false)]
    [InlineData("MIT", "Licensed under the Apache License, Version 2.0", false)]
    [InlineData("MIT", "This software is subject to a fee per developer.", false)]
    public void A_package_is_judged_by_what_it_declares_and_by_its_text(string declared, string? text, bool allowed)
    {
        using var folder = new TemporaryFolder();
        if (text is not null)
            File.WriteAllText(Path.Combine(folder.FullPath, "LICENSE.md"), text);

        new ShippedPackage("npm", "sample", "1.0.0", folder.FullPath, declared).Objections().Any().ShouldBe(!allowed);
    }

    private static void Write()
    {
        var results = Directory.CreateDirectory(Path.Combine(RepositoryRoot.Path, "TestResults")).FullName;
        var list = new StringBuilder();
        foreach (var package in s_packages)
        {
            list.AppendLine($"{package.Source,-6} {package.Name} {package.Version}: {string.Join(", ", package.Licences)}");
            foreach (var part in ShippedPart.All.Where(part => package.Name.StartsWith(part.Package, StringComparison.Ordinal)))
                list.AppendLine($"       in it {part.Name}: {part.Licence}{(part.Note is { } note ? $" ({note})" : "")}");
        }

        File.WriteAllText(Path.Combine(results, "licences.txt"), list.ToString());
    }

    private static bool AreEqual(string one, string other) => new FileInfo(one).Length == new FileInfo(other).Length && File.ReadAllBytes(one).AsSpan().SequenceEqual(File.ReadAllBytes(other));

    // Packed or plain.
    private static string Text(Stream stream)
    {
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        memory.Position = 0;
        using Stream plain = memory.ToArray() is [0x1F, 0x8B, ..] ? new GZipStream(memory, CompressionMode.Decompress) : memory;
        return new StreamReader(plain).ReadToEnd();
    }
}

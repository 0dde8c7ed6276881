using System.Text;

namespace Portal.Tests.Licences;

/// <summary>
/// Something by others inside a package, whose licence the package does not tell. Each was looked into by a person; the mark is what was found
/// in the file, so that an update which changes it is noticed.
/// </summary>
/// <param name="Package">The npm package, or how its name begins where there is one for every platform.</param>
/// <param name="Name">What it is.</param>
/// <param name="Files">How the names of its files begin.</param>
/// <param name="Mark">Words in at least one of them.</param>
/// <param name="Licence">What it is under.</param>
/// <param name="Note">Why that will do, where the licence is not among those that packages may have.</param>
internal sealed record ShippedPart(string Package, string Name, string[] Files, string Mark, string Licence, string? Note = null)
{
    private const string Permissive = "permissive, like BSD";
    private const string Spare = "a font licence that allows embedding; spare fonts of the compiler, for signs that Noto Sans lacks";

    public static IReadOnlyList<ShippedPart> All { get; } =
    [
        new("@embedded-postgres/", "PostgreSQL", ["postgres", "initdb", "pg_ctl", "libpq", "libecpg", "libpgtypes"], "PostgreSQL 18", "PostgreSQL"),
        new("@embedded-postgres/", "OpenSSL 1.1.1", ["libcrypto", "libssl"], "OpenSSL 1.1.1", "OpenSSL", Permissive),
        new("@embedded-postgres/", "ICU", ["libicudata", "libicui18n", "libicuuc"], "http://www.unicode.org/copyright.html", "ICU", Permissive),
        new("@embedded-postgres/", "liblzma", ["liblzma"], "XZ_5.", "public domain", "no conditions"),
        new("@embedded-postgres/", "OSSP uuid", ["libossp-uuid"], "OSSP uuid", "MIT"),
        new("@embedded-postgres/", "libxml2", ["libxml2"], "http://www.w3.org/XML/1998/namespace", "MIT"),
        new("@embedded-postgres/", "libxslt", ["libxslt"], "http://xmlsoft.org/XSLT/", "MIT"),
        new("@embedded-postgres/", "zlib", ["libz."], "Jean-loup Gailly and Mark Adler", "Zlib", Permissive),
        new("@myriaddreamin/typst-ts-node-compiler-", "Libertinus fonts", ["typst-ts-node-compiler"], "The Libertinus Project Authors", "OFL-1.1"),
        new("@myriaddreamin/typst-ts-node-compiler-", "New Computer Modern fonts", ["typst-ts-node-compiler"], "GUST Font License", "GUST-Font-License", Spare),
        new("@myriaddreamin/typst-ts-node-compiler-", "DejaVu fonts", ["typst-ts-node-compiler"], "Bitstream Vera Fonts Copyright", "Bitstream-Vera", Spare),
        new("@myriaddreamin/typst-ts-node-compiler-", "Citation styles", ["typst-ts-node-compiler"], "http://creativecommons.org/licenses/by-sa/3.0/", "CC-BY-SA-3.0", "data inside the compiler, unchanged; no document of ours cites"),
    ];

    /// <summary>True for what is in this part.</summary>
    public bool Has(string file) => Files.Any(start => Path.GetFileName(file).StartsWith(start, StringComparison.Ordinal));

    /// <summary>The package's programs, libraries and add-ons, without the server's own modules and what is only linked against.</summary>
    public static IReadOnlyList<string> Binaries(ShippedPackage package) =>
    [
        .. Directory.EnumerateFiles(package.Folder, "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".a", StringComparison.Ordinal) && !File.GetAttributes(file).HasFlag(FileAttributes.ReparsePoint))
            .Where(file => !Path.GetRelativePath(package.Folder, file).Replace('\\', '/').Contains("lib/postgresql/", StringComparison.Ordinal))
            .Where(IsBinary).Order(StringComparer.Ordinal),
    ];

    /// <summary>True when the mark stands in one of the files.</summary>
    public bool IsIn(IEnumerable<string> files)
    {
        var mark = Encoding.ASCII.GetBytes(Mark);
        return files.Where(Has).Any(file => File.ReadAllBytes(file).AsSpan().IndexOf(mark) >= 0);
    }

    // ELF, Mach-O (one platform or several), or PE.
    private static bool IsBinary(string file)
    {
        Span<byte> start = stackalloc byte[4];
        using var stream = File.OpenRead(file);
        return stream.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4
            && (start.SequenceEqual("\u007fELF"u8) || start[..2].SequenceEqual("MZ"u8) || start is [0xCF, 0xFA, 0xED, 0xFE] or [0xCA, 0xFE, 0xBA, 0xBE]);
    }
}

using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Documents;
using Portal.Hosting;

namespace Portal.Tests.Documents;

/// <summary>The real engine for tests, and Poppler to read what it makes.</summary>
internal static class DocumentEngine
{
    /// <summary>The packages of the clone that the tests run from.</summary>
    public static string NodeModules { get; } = Path.GetFullPath(Path.Combine(NodePackages.Find([AppContext.BaseDirectory], TypstPaths.Compiler)!, "..", ".."));

    public static string Templates { get; } = TypstPaths.TemplateFolder;

    public static TypstPool Pool(DocumentOptions? options = null, string? templates = null, string? nodeModules = null)
    {
        options ??= new DocumentOptions();
        return new TypstPool(options, new TypstPaths(options.Node, nodeModules ?? NodeModules, templates ?? Templates), NullLogger<TypstPool>.Instance);
    }

    /// <summary>The text of a PDF, laid out as on the page.</summary>
    public static Task<string> TextAsync(byte[] pdf) => RunAsync(pdf, "pdftotext", "-layout", "-", "-");

    /// <summary>What pdfinfo tells: title, pages, tagged.</summary>
    public static Task<string> InfoAsync(byte[] pdf) => RunAsync(pdf, "pdfinfo", "-");

    /// <summary>Keeps a document below the test's output, so that people can look at it.</summary>
    public static async Task KeepAsync(string name, byte[] pdf)
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "documents"));
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, name + ".pdf"), pdf);
    }

    private static async Task<string> RunAsync(byte[] input, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        await process.StandardInput.BaseStream.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);
        return await output;
    }
}

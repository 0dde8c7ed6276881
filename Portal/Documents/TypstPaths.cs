using Portal.Core.Invoicing;
using Portal.Hosting;

namespace Portal.Documents;

/// <summary>What one document may take.</summary>
/// <param name="Timeout">Wall time.</param>
/// <param name="MemoryBytes">Resident memory of the process, between documents.</param>
internal sealed record TypstLimits(TimeSpan Timeout, long MemoryBytes);

/// <summary>Where the parts of the document engine lie.</summary>
/// <param name="Node">The program.</param>
/// <param name="NodeModules">The packages: compiler and fonts.</param>
/// <param name="Templates">Our layouts and the worker's script.</param>
internal sealed record TypstPaths(string Node, string NodeModules, string Templates)
{
    internal const string Compiler = "@myriaddreamin/typst-ts-node-compiler";
    private const string Fonts = "@expo-google-fonts/noto-sans";

    /// <summary>Our layouts, as they were copied beside the program.</summary>
    public static string TemplateFolder { get; } = Path.Combine(AppContext.BaseDirectory, "Documents", "Typst");

    /// <summary>The paths that the options name, or where things lie in a clone and in a publish folder.</summary>
    public static TypstPaths Of(DocumentOptions options, IConfiguration configuration, IHostEnvironment environment)
    {
        if (!string.IsNullOrWhiteSpace(options.NodeModules))
            return new(options.Node, Path.GetFullPath(options.NodeModules, environment.ContentRootPath), TemplateFolder);
        // node_modules/@scope/name
        var compiler = NodePackages.Find(configuration, environment, Compiler);
        var modules = compiler is null ? Path.Combine(environment.ContentRootPath, "wwwroot-assets", "node_modules") : Path.GetFullPath(Path.Combine(compiler, "..", ".."));
        return new(options.Node, modules, TemplateFolder);
    }

    /// <summary>Says what is missing before a process is started in vain.</summary>
    public void Check()
    {
        foreach (var package in new[] { Compiler, Fonts })
        {
            if (!Directory.Exists(Path.Combine(NodeModules, package)))
            {
                throw new DocumentException(DocumentFailure.EngineMissing,
                    $"Documents need the npm package {package}, which is not in '{NodeModules}'. Run 'npm ci' in wwwroot-assets, or set Documents:NodeModules.");
            }
        }
        if (!File.Exists(Path.Combine(Templates, "worker.mjs")))
            throw new DocumentException(DocumentFailure.EngineMissing, $"The layouts are not in '{Templates}': the installation is not complete.");
    }
}

using System.ComponentModel.DataAnnotations;

namespace Portal.Documents;

/// <summary>The section <c>Documents</c>: how PDF documents are made.</summary>
public sealed class DocumentOptions
{
    public const string Section = "Documents";

    /// <summary>Processes that make documents side by side.</summary>
    [Range(1, 16)]
    public int Workers { get; set; } = 1;

    /// <summary>The program <c>node</c> (20 or later): a name to be found on PATH, or a full path.</summary>
    [Required]
    public string Node { get; set; } = "node";

    /// <summary>
    /// The folder <c>node_modules</c> that holds the compiler and the fonts. Empty: that of <c>Billing:AssetsDirectory</c>, else
    /// <c>wwwroot-assets/node_modules</c> in the content root, in the program's folder, or in one above them.
    /// </summary>
    public string? NodeModules { get; set; }

    /// <summary>How long one document may take before its process is ended.</summary>
    [Range(1, 600)]
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>Memory of one process. One that holds more after a document is replaced; one that passes twice this is ended at once.</summary>
    [Range(128, 16384)]
    public int MemoryMegabytes { get; set; } = 512;

    /// <summary>Documents that may wait; more are refused, to be tried again later.</summary>
    [Range(1, 100_000)]
    public int QueueLimit { get; set; } = 500;
}

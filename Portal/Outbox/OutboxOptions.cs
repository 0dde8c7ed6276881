using System.ComponentModel.DataAnnotations;

namespace Portal.Outbox;

/// <summary>The section <c>Outbox</c>: what leaves the process.</summary>
public sealed class OutboxOptions
{
    public const string Section = "Outbox";

    /// <summary>Messages that are sent side by side.</summary>
    [Range(1, 32)]
    public int Workers { get; set; } = 4;
}

namespace Portal.Components.Layout;

/// <summary>Section <c>Portal</c>: what the band across the top says. The demo and the sandbox set theirs themselves.</summary>
public sealed class ShellOptions
{
    public const string Section = "Portal";

    /// <summary>True while what one sees is invented.</summary>
    public bool DemoData { get; set; }

    /// <summary>True while no money moves.</summary>
    public bool SandboxPayments { get; set; }
}

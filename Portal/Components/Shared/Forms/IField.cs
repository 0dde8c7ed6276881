using Portal.Core.Kernel;

namespace Portal.Components.Shared.Forms;

/// <summary>What a form knows of its fields.</summary>
public interface IField
{
    /// <summary>The name that failures use, in camelCase.</summary>
    string Name { get; }

    string Label { get; }

    /// <summary>The element that takes the focus.</summary>
    string InputId { get; }

    string? Help { get; }

    bool Required { get; }

    /// <summary>The id of the help text, when there is one.</summary>
    string? HelpId { get; }

    string ErrorId { get; }

    /// <summary>What is wrong, or null.</summary>
    string? Error { get; }

    /// <summary>Set while what was typed can't be read as a value.</summary>
    Failure? Unreadable { get; }

    /// <summary>Shows the error that the form now knows, or none.</summary>
    void Refresh();
}

namespace Portal.Components.Shared;

/// <summary>How much a button asks for attention.</summary>
public enum ButtonKind
{
    Plain,

    /// <summary>The one thing to do on a page or in a dialog.</summary>
    Primary,

    /// <summary>Destroys something, or can't be undone.</summary>
    Danger,

    /// <summary>Looks like a link.</summary>
    Quiet,
}

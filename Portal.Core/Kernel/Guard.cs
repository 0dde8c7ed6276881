namespace Portal.Core.Kernel;

/// <summary>Thrown by an entity that is asked for a transition that its state does not allow. A bug or a lost race, never a silent no-op.</summary>
public sealed class IllegalTransitionException : InvalidOperationException
{
    public IllegalTransitionException() { }

    public IllegalTransitionException(string message) : base(message) { }

    public IllegalTransitionException(string message, Exception innerException) : base(message, innerException) { }
}

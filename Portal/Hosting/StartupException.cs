namespace Portal.Hosting;

/// <summary>
/// The product can't start, for a reason that the person who started it can mend. The message is one complete
/// sentence for the terminal: what is wrong and what to do, without secrets.
/// </summary>
public sealed class StartupException : Exception
{
    public StartupException(string message)
        : base(message)
    {
    }

    public StartupException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

namespace Portal.Core.Invoicing;

/// <summary>Why a document could not be made.</summary>
public enum DocumentFailure
{
    /// <summary>The program that makes documents is not installed; the message names what to install.</summary>
    EngineMissing,

    /// <summary>Too many documents wait already.</summary>
    Busy,

    /// <summary>It took longer, or more memory, than one document may.</summary>
    LimitExceeded,

    /// <summary>The program broke off, also when it was tried again.</summary>
    EngineFailed,

    /// <summary>The layout can't show this document; trying again does not help.</summary>
    Rejected,
}

/// <summary>A document could not be made.</summary>
public sealed class DocumentException : Exception
{
    public DocumentException(DocumentFailure failure, string message, Exception? inner = null) : base(message, inner) => Failure = failure;

    public DocumentFailure Failure { get; }

    /// <summary>True when the same document may well be made later.</summary>
    public bool IsTransient => Failure is not DocumentFailure.Rejected;
}

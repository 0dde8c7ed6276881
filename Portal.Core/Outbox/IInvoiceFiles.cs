using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Outbox;

/// <summary>The stored document of an issued invoice.</summary>
public interface IInvoiceFiles
{
    /// <summary>The PDF's bytes; made and stored if that has not happened yet. Unavailable when it can't be made for now.</summary>
    Task<Result<byte[]>> EnsureAsync(CallContext call, Guid invoiceId, CancellationToken cancellationToken);
}

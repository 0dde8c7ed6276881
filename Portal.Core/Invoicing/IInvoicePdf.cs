namespace Portal.Core.Invoicing;

/// <summary>
/// Makes documents that are kept: the bytes are stored when they are made, because making a document again need not give the same bytes.
/// </summary>
public interface IInvoicePdf
{
    /// <summary>An invoice as a PDF.</summary>
    /// <exception cref="DocumentException">It could not be made; the exception says whether trying again later can help.</exception>
    /// <exception cref="ArgumentException">The document can't be printed: a logo that is no PNG, a pay link that is no web address.</exception>
    Task<byte[]> RenderAsync(InvoiceDocument document, CancellationToken cancellationToken);

    /// <summary>A receipt as a PDF; fails as the invoice does.</summary>
    /// <inheritdoc cref="RenderAsync(InvoiceDocument, CancellationToken)" path="/exception"/>
    Task<byte[]> RenderAsync(ReceiptDocument document, CancellationToken cancellationToken);
}

using Portal.Core.Invoicing;

namespace Portal.Documents;

/// <summary>Invoices and receipts by Typst.</summary>
internal sealed class TypstInvoicePdf(TypstPool pool) : IInvoicePdf
{
    public Task<byte[]> RenderAsync(InvoiceDocument document, CancellationToken cancellationToken) =>
        pool.RenderAsync("invoice", InvoiceSheet.Of(document), Logo.Checked(document.Seller.Logo), cancellationToken);

    public Task<byte[]> RenderAsync(ReceiptDocument document, CancellationToken cancellationToken) =>
        pool.RenderAsync("receipt", ReceiptSheet.Of(document), Logo.Checked(document.Seller.Logo), cancellationToken);
}

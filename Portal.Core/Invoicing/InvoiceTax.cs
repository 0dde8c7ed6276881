using Portal.Core.Kernel;
using Portal.Core.Tax;

namespace Portal.Core.Invoicing;

/// <summary>One component of tax on an invoice.</summary>
public sealed class InvoiceTax : IOrganisationOwned
{
    private InvoiceTax() { }

    public Guid InvoiceId { get; private set; }

    public Guid OrganisationId { get; private set; }

    /// <summary>From 1.</summary>
    public int Position { get; private set; }

    public string Name { get; private set; } = "";

    /// <summary>Per cent.</summary>
    public decimal Rate { get; private set; }

    public decimal Base { get; private set; }

    /// <summary>Rounded once per component.</summary>
    public decimal Amount { get; private set; }

    internal static InvoiceTax Of(Invoice invoice, int position, TaxComponent tax) => new()
    {
        InvoiceId = invoice.Id,
        OrganisationId = invoice.OrganisationId,
        Position = position,
        Name = tax.Name,
        Rate = tax.Rate,
        Base = tax.Base,
        Amount = tax.Amount,
    };
}

using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Portal.Core.Emails;

namespace Portal.Outbox;

/// <summary>The section <c>Portal</c>: where the outside reaches us.</summary>
public sealed class PortalLinkOptions
{
    public const string Section = "Portal";

    /// <summary>The address that customers open, with scheme and without a path, e.g. <c>https://billing.example.com</c>. Mails link to it.</summary>
    [Required]
    public Uri PublicUrl { get; set; } = new("http://localhost:5080");
}

/// <summary>The pages of this host.</summary>
internal sealed class PortalLinks(IOptions<PortalLinkOptions> options) : IPortalLinks
{
    public Uri Invoice(Guid organisationId, Guid invoiceId) => new(options.Value.PublicUrl, InvoicePath(organisationId, invoiceId));

    public Uri Payments(Guid organisationId) => new(options.Value.PublicUrl, $"/o/{organisationId}/payments");

    public Uri Ticket(Guid organisationId, Guid ticketId) => new(options.Value.PublicUrl, $"/o/{organisationId}/support/{ticketId}");

    public Uri StaffTicket(Guid ticketId) => new(options.Value.PublicUrl, $"/admin/support/{ticketId}");

    public Uri Invitation(string token) => new(options.Value.PublicUrl, $"/invitation?token={Uri.EscapeDataString(token)}");

    public Uri ResetPassword(string token) => new(options.Value.PublicUrl, $"/account/reset-password?token={Uri.EscapeDataString(token)}");

    public Uri ConfirmAddress(string token) => new(options.Value.PublicUrl, $"/account/confirm-address?token={Uri.EscapeDataString(token)}");

    /// <summary>The path of a customer's page of an invoice.</summary>
    public static string InvoicePath(Guid organisationId, Guid invoiceId) => $"/o/{organisationId}/invoices/{invoiceId}";
}

namespace Portal.Core.Emails;

/// <summary>Where the pages are, as absolute addresses, for what is read outside of them.</summary>
public interface IPortalLinks
{
    /// <summary>A customer's page of an invoice, where it is paid, too.</summary>
    Uri Invoice(Guid organisationId, Guid invoiceId);

    /// <summary>A customer's list of payments and credits.</summary>
    Uri Payments(Guid organisationId);

    /// <summary>A customer's page of a ticket.</summary>
    Uri Ticket(Guid organisationId, Guid ticketId);

    /// <summary>Staff's page of a ticket.</summary>
    Uri StaffTicket(Guid ticketId);

    /// <summary>Where an invitation is accepted.</summary>
    Uri Invitation(string token);

    /// <summary>Where a forgotten password is replaced.</summary>
    Uri ResetPassword(string token);

    /// <summary>Where an address is confirmed.</summary>
    Uri ConfirmAddress(string token);
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Access;
using Portal.Core.ApiKeys;
using Portal.Core.Invoicing;
using Portal.Core.Organisations;
using Portal.Core.Projects;
using Portal.Core.Support;

namespace Portal.Data.Support;

internal sealed class TicketConfiguration : IEntityTypeConfiguration<Ticket>
{
    public void Configure(EntityTypeBuilder<Ticket> builder)
    {
        builder.ToTable("support_tickets", table =>
        {
            table.HasCheckConstraint("support_tickets_subject_check", "char_length(subject) BETWEEN 1 AND 200");
            table.HasCheckConstraint("support_tickets_status_check", "status IN ('open', 'in_progress', 'waiting_on_customer', 'resolved', 'closed')");
            table.HasCheckConstraint("support_tickets_category_check", "category IN ('question', 'billing', 'technical', 'account', 'other')");
            table.HasCheckConstraint("support_tickets_priority_check", "priority IN ('low', 'normal', 'high', 'urgent')");
            table.HasCheckConstraint("support_tickets_resolved_check", "(status IN ('resolved', 'closed')) = (resolved_at IS NOT NULL)");
        });
        builder.Ignore(ticket => ticket.Reference);
        builder.Property(ticket => ticket.Number).UseIdentityByDefaultColumn().HasIdentityOptions(startValue: 1001);
        builder.HasAlternateKey(ticket => new { ticket.OrganisationId, ticket.Id });
        builder.HasOne<Organisation>().WithMany().HasForeignKey(ticket => ticket.OrganisationId);
        builder.HasOne<User>().WithMany().HasForeignKey(ticket => ticket.AssigneeId);
        builder.HasOne<User>().WithMany().HasForeignKey(ticket => ticket.OpenedById);
        builder.HasOne<Invoice>().WithMany()
            .HasForeignKey(ticket => new { ticket.OrganisationId, ticket.InvoiceId })
            .HasPrincipalKey(invoice => new { invoice.OrganisationId, invoice.Id });
        builder.HasOne<ApiKey>().WithMany()
            .HasForeignKey(ticket => new { ticket.OrganisationId, ticket.ApiKeyId })
            .HasPrincipalKey(key => new { key.OrganisationId, key.Id });
        builder.HasOne<Project>().WithMany()
            .HasForeignKey(ticket => new { ticket.OrganisationId, ticket.ProjectId })
            .HasPrincipalKey(project => new { project.OrganisationId, project.Id });
        // A ticket by the number that people name.
        builder.HasIndex(ticket => ticket.Number).IsUnique();
        // Staff's list: what is unsettled, the latest written first.
        builder.HasIndex(ticket => new { ticket.Status, ticket.LastMessageAt });
        // A customer's list, newest first.
        builder.HasIndex(ticket => new { ticket.OrganisationId, ticket.LastMessageAt });
    }
}

internal sealed class TicketMessageConfiguration : IEntityTypeConfiguration<TicketMessage>
{
    public void Configure(EntityTypeBuilder<TicketMessage> builder)
    {
        builder.ToTable("support_messages", table =>
        {
            table.HasCheckConstraint("support_messages_author_check", "author IN ('customer', 'staff') AND (author = 'staff' OR NOT is_internal)");
            table.HasCheckConstraint("support_messages_body_check", "char_length(body) BETWEEN 1 AND 20000");
        });
        builder.HasAlternateKey(message => new { message.OrganisationId, message.Id });
        builder.HasOne<Ticket>().WithMany()
            .HasForeignKey(message => new { message.OrganisationId, message.TicketId })
            .HasPrincipalKey(ticket => new { ticket.OrganisationId, ticket.Id });
        builder.HasOne<User>().WithMany().HasForeignKey(message => message.AuthorId);
        // What was written to a ticket, in order.
        builder.HasIndex(message => new { message.TicketId, message.CreatedAt });
    }
}

internal sealed class TicketAttachmentConfiguration : IEntityTypeConfiguration<TicketAttachment>
{
    public void Configure(EntityTypeBuilder<TicketAttachment> builder)
    {
        builder.ToTable("support_attachments", table =>
        {
            table.HasCheckConstraint("support_attachments_sha256_check", "sha256 = sha256(content)");
            table.HasCheckConstraint("support_attachments_size_check", "size = octet_length(content) AND size BETWEEN 1 AND 5242880");
            table.HasCheckConstraint("support_attachments_type_check", "content_type IN ('image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/pdf', 'text/plain')");
        });
        builder.HasOne<TicketMessage>().WithMany()
            .HasForeignKey(file => new { file.OrganisationId, file.MessageId })
            .HasPrincipalKey(message => new { message.OrganisationId, message.Id });
        // The files of a message.
        builder.HasIndex(file => file.MessageId);
    }
}

internal sealed class TicketReadingConfiguration : IEntityTypeConfiguration<TicketReading>
{
    public void Configure(EntityTypeBuilder<TicketReading> builder)
    {
        builder.ToTable("support_readings");
        builder.HasKey(reading => new { reading.TicketId, reading.UserId });
        builder.HasOne<Ticket>().WithMany()
            .HasForeignKey(reading => new { reading.OrganisationId, reading.TicketId })
            .HasPrincipalKey(ticket => new { ticket.OrganisationId, ticket.Id });
        builder.HasOne<User>().WithMany().HasForeignKey(reading => reading.UserId);
    }
}

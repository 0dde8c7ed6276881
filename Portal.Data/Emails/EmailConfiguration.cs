using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Emails;
using Portal.Core.Organisations;

namespace Portal.Data.Emails;

internal sealed class EmailNotificationConfiguration : IEntityTypeConfiguration<EmailNotification>
{
    public void Configure(EntityTypeBuilder<EmailNotification> builder)
    {
        builder.ToTable("email_notifications", table => table.HasCheckConstraint("email_notifications_status_check", "status IN ('pending', 'sent', 'failed')"));
        builder.HasOne<Organisation>().WithMany().HasForeignKey(mail => mail.OrganisationId);
        // A retry does not mail twice.
        builder.HasIndex(mail => new { mail.SubjectId, mail.Template }).IsUnique();
        // The mails of an organisation, newest first.
        builder.HasIndex(mail => new { mail.OrganisationId, mail.Id });
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Access;
using Portal.Core.Notifications;

namespace Portal.Data.Notifications;

internal sealed class NotificationMarkConfiguration : IEntityTypeConfiguration<NotificationMark>
{
    public void Configure(EntityTypeBuilder<NotificationMark> builder)
    {
        builder.ToTable("notification_marks");
        builder.HasKey(mark => new { mark.UserId, mark.Place });
        builder.HasOne<User>().WithMany().HasForeignKey(mark => mark.UserId);
    }
}

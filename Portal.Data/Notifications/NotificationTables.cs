using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Notifications;

internal sealed class NotificationChoicesTable : IEntityTypeConfiguration<NotificationChoice>
{
    public void Configure(EntityTypeBuilder<NotificationChoice> table) =>
        table.HasIndex(c => new { c.UserId, c.Kind }).IsUnique().HasDatabaseName("uq_notification_choices");
}

internal sealed class NotificationsTable : IEntityTypeConfiguration<Notification>
{
    public void Configure(EntityTypeBuilder<Notification> table)
    {
        table.HasIndex(n => n.UniqueKey).IsUnique().HasDatabaseName("uq_notifications_key");
        table.HasIndex(n => n.RecipientId).HasDatabaseName("idx_notifications_recipient");
        table.HasIndex(n => new { n.Rhythm, n.DigestId }).HasDatabaseName("idx_notifications_rhythm");
        table.HasIndex(n => n.CreatedAt);
        table.HasIndex(n => new { n.RecipientId, n.Read }).HasDatabaseName("idx_notifications_recipient_read");
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Notices;

internal sealed class NoticesTable : IEntityTypeConfiguration<Notice>
{
    public void Configure(EntityTypeBuilder<Notice> table)
    {
        table.HasIndex(n => n.CorrectsId).IsUnique().HasDatabaseName("uq_notices_corrects");
        table.HasIndex(n => new { n.DeliveredAt, n.PublishAt }).HasDatabaseName("idx_notices_delivered");
    }
}

internal sealed class NoticeRecipientsTable : IEntityTypeConfiguration<NoticeRecipient>
{
    public void Configure(EntityTypeBuilder<NoticeRecipient> table) =>
        table.HasIndex(r => new { r.NoticeId, r.UserId }).IsUnique().HasDatabaseName("uq_notice_recipients");
}

internal sealed class NoticeReadsTable : IEntityTypeConfiguration<NoticeRead>
{
    public void Configure(EntityTypeBuilder<NoticeRead> table) =>
        table.HasIndex(r => new { r.NoticeId, r.UserId }).IsUnique().HasDatabaseName("uq_notice_reads");
}

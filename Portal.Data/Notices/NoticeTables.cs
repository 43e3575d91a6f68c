using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Notices;

internal sealed class NoticeReadsTable : IEntityTypeConfiguration<NoticeRead>
{
    public void Configure(EntityTypeBuilder<NoticeRead> table) =>
        table.HasIndex(r => new { r.NoticeId, r.UserId }).IsUnique().HasDatabaseName("uq_notice_reads");
}

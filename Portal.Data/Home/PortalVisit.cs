using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Identity;

namespace Portal.Data.Home;

/// <summary>When a person was here last.</summary>
[Table("portal_visits"), NotAudited]
public sealed class PortalVisit
{
    public long Id { get; set; }

    public long UserId { get; set; }
    public User? User { get; set; }

    /// <summary>The latest sign of them (UTC).</summary>
    [Column(TypeName = "timestamp")]
    public DateTime SeenAt { get; set; }

    /// <summary>The last sign of the visit before this one (UTC); null: this is their first.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? SinceAt { get; set; }
}

internal sealed class PortalVisitsTable : IEntityTypeConfiguration<PortalVisit>
{
    public void Configure(EntityTypeBuilder<PortalVisit> table) => table.HasIndex(v => v.UserId).IsUnique().HasDatabaseName("uq_portal_visits_user");
}

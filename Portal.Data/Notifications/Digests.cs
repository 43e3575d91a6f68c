using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Identity;

namespace Portal.Data.Notifications;

/// <summary>How soon what somebody wants by mail comes.</summary>
[StoredByName]
public enum MailRhythm { AtOnce, Daily, Weekly }

/// <summary>When a person's digests are made.</summary>
[Table("digest_times")]
public sealed class DigestTime
{
    public const int MorningHour = 7;

    public long Id { get; set; }

    public long UserId { get; set; }
    public User? User { get; set; }

    /// <summary>Of the building's clock, 0 to 23.</summary>
    public int Hour { get; set; } = MorningHour;

    /// <summary>Of the weekly one.</summary>
    public DayOfWeek Weekday { get; set; } = DayOfWeek.Monday;

    /// <summary>The latest moment, not after now, for which a digest is due. The building's clock.</summary>
    internal static DateTime Slot(MailRhythm rhythm, int hour, DayOfWeek weekday, DateTime now)
    {
        var slot = now.Date.AddHours(hour);
        if (slot > now) slot = slot.AddDays(-1);
        return rhythm == MailRhythm.Weekly ? slot.AddDays(-(((int)slot.DayOfWeek - (int)weekday + 7) % 7)) : slot;
    }
}

/// <summary>What was told to one person since the digest before, in one mail.</summary>
[Table("mail_digests"), NotAudited]
public sealed class MailDigest : Stamped
{
    public long Id { get; set; }

    public long UserId { get; set; }
    public User? User { get; set; }

    public MailRhythm Rhythm { get; set; }

    /// <summary>The building's day for which it was due.</summary>
    public DateOnly Day { get; set; }

    /// <summary>When it went (UTC); null also where nothing was left to be said.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? MailedAt { get; set; }
}

internal sealed class DigestTimesTable : IEntityTypeConfiguration<DigestTime>
{
    public void Configure(EntityTypeBuilder<DigestTime> table) => table.HasIndex(t => t.UserId).IsUnique().HasDatabaseName("uq_digest_times_user");
}

internal sealed class MailDigestsTable : IEntityTypeConfiguration<MailDigest>
{
    public void Configure(EntityTypeBuilder<MailDigest> table) =>
        table.HasIndex(d => new { d.UserId, d.Rhythm, d.Day }).IsUnique().HasDatabaseName("uq_mail_digests_day");
}

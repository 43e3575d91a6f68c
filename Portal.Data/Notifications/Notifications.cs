using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Identity;

namespace Portal.Data.Notifications;

[StoredByName]
public enum RecipientType { User, Owner, Admin }

/// <summary>
/// A line in one person's bell. Its words are made when it is shown: <see cref="Type"/> names them, <see cref="Message"/> holds a fallback.
/// </summary>
[Table("notifications")]
public sealed class Notification : Stamped
{
    public long Id { get; set; }

    public long RecipientId { get; set; }
    public User? Recipient { get; set; }

    public RecipientType RecipientType { get; set; }

    [MaxLength(200)]
    public string Title { get; set; } = "";

    [Column(TypeName = "text")]
    public string Message { get; set; } = "";

    [MaxLength(50)]
    public string? Type { get; set; }

    public bool? Read { get; set; } = false;

    /// <summary>A local address that shows what it is about.</summary>
    [MaxLength(255)]
    public string? Link { get; set; }

    /// <summary>
    /// What the words of <see cref="Type"/> speak of, as a JSON array of <see cref="NotificationPart"/>; null where only the fallback is
    /// there.
    /// </summary>
    [Column(TypeName = "text")]
    public string? Data { get; set; }

    /// <summary>Of what is to be told once: what it is and whom it tells. Null where nothing runs twice.</summary>
    [MaxLength(120)]
    public string? UniqueKey { get; set; }

    /// <summary>It waits for a digest, or went in one; null: it went at once, or by bell alone.</summary>
    public MailRhythm? Rhythm { get; set; }

    /// <summary>The digest it went into.</summary>
    public long? DigestId { get; set; }
    public MailDigest? Digest { get; set; }

    /// <summary>When it went by mail (UTC).</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? MailedAt { get; set; }
}

/// <summary>That a person wants a kind of notification by mail, or not, where that differs from what the portal does by itself.</summary>
[Table("notification_choices")]
public sealed class NotificationChoice
{
    public long Id { get; set; }

    public long UserId { get; set; }
    public User? User { get; set; }

    [MaxLength(50)]
    public string Kind { get; set; } = "";

    public bool ByMail { get; set; }

    /// <summary>How soon, where it comes by mail.</summary>
    public MailRhythm Rhythm { get; set; }

    /// <summary>False: not on the person's devices; null: as the portal does by itself, which is to send it there.</summary>
    public bool? ByPush { get; set; }
}

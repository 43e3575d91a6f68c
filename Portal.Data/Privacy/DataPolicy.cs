using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Identity;

namespace Portal.Data.Privacy;

/// <summary>A version of the text that says what data the building keeps, and for what. What came out is never changed.</summary>
[Table("data_policies")]
public sealed class DataPolicy : Updated
{
    public long Id { get; set; }

    /// <summary>Null: the draft.</summary>
    public int? Version { get; private set; }

    [Column(TypeName = "mediumtext")]
    public string Body { get; private set; } = "";

    [Column(TypeName = "timestamp")]
    public DateTime? PublishedAt { get; private set; }

    public long? PublishedBy { get; private set; }
    public User? Publisher { get; set; }

    /// <summary>Refuses with <c>policy.published</c>.</summary>
    public Result Write(string body)
    {
        if (Version is not null) return new Error("policy.published");
        Body = body;
        return Result.Done;
    }

    /// <summary>It comes out, and everybody is asked. Refuses with <c>policy.published</c>.</summary>
    public Result Publish(int version, long? by, DateTime utcNow)
    {
        if (Version is not null) return new Error("policy.published");
        (Version, PublishedBy, PublishedAt) = (version, by, utcNow);
        return Result.Done;
    }
}

/// <summary><see cref="Later"/> was asked and allowed nothing; they are not asked again for this version.</summary>
[StoredByName]
public enum DataConsentAnswer { Later, Given, Withdrawn }

/// <summary>What somebody answered to a version; the last one counts. Rows are never changed.</summary>
[Table("data_consents")]
public sealed class DataConsent : Stamped
{
    public long Id { get; set; }

    public long UserId { get; set; }
    public User? User { get; set; }

    public long PolicyId { get; set; }
    public DataPolicy? Policy { get; set; }

    public DataConsentAnswer Answer { get; set; }

    [MaxLength(45)]
    public string? IpAddress { get; set; }
}

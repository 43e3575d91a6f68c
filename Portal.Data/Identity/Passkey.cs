using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;

namespace Portal.Data.Identity;

/// <summary>
/// A key pair of which a person's device (or the keeper of their passwords) has the private half, for this portal alone. Events of the
/// account are its audit.
/// </summary>
[Table("passkeys"), NotAudited]
public sealed class Passkey
{
    /// <summary>How many one person may have.</summary>
    public const int Most = 10;

    public const int LongestName = 60;

    public long Id { get; private set; }

    public long UserId { get; init; }
    public User? User { get; private set; }

    /// <summary>As the authenticator made it.</summary>
    [MaxLength(1023)]
    public byte[] CredentialId { get; init; } = [];

    /// <summary>COSE, as it came.</summary>
    [MaxLength(1024)]
    public byte[] PublicKey { get; init; } = [];

    /// <summary>What the authenticator counted last; 0 where it does not count, as most that lie with a maker do not.</summary>
    public long SignCount { get; set; }

    /// <summary>Random, one for a person: an authenticator shows it to whoever holds it, so it is not the account's number.</summary>
    [MaxLength(64)]
    public byte[] UserHandle { get; init; } = [];

    /// <summary>The domain it was made for; browsers offer it nowhere else.</summary>
    [MaxLength(253)]
    public string RpId { get; init; } = "";

    /// <summary>Ways to reach it, joined by commas.</summary>
    [MaxLength(100)]
    public string? Transports { get; init; }

    /// <summary>It lies with the maker of the device too, and is there on the person's other devices.</summary>
    public bool BackedUp { get; private set; }

    /// <summary>The model of the authenticator; zeros where it does not tell.</summary>
    [MaxLength(36)]
    public string Aaguid { get; init; } = "";

    /// <summary>As the person calls it.</summary>
    [MaxLength(LongestName)]
    public string Name { get; set; } = "";

    [Column(TypeName = "timestamp")]
    public DateTime CreatedAt { get; init; }

    [Column(TypeName = "timestamp")]
    public DateTime? LastUsedAt { get; private set; }

    /// <summary>It signed.</summary>
    /// <returns>False, with nothing changed, where its count went back or stands still: there are two of it (WebAuthn level 3, section
    /// 7.2, step 22).</returns>
    public bool Use(uint count, bool backedUp, DateTime now)
    {
        if ((count > 0 || SignCount > 0) && count <= SignCount) return false;
        (SignCount, BackedUp, LastUsedAt) = (count, backedUp, now);
        return true;
    }

    /// <summary>As it was when it was made.</summary>
    internal Passkey Begun(uint count, bool backedUp)
    {
        (SignCount, BackedUp) = (count, backedUp);
        return this;
    }
}

/// <summary>What an authenticator was asked to sign: for some minutes, once, and for one purpose.</summary>
[Table("passkey_challenges"), NotAudited]
public sealed class PasskeyChallenge
{
    public long Id { get; set; }

    /// <summary>SHA-256 of the challenge, in hexadecimal.</summary>
    [Secret, MaxLength(64)]
    public string ChallengeHash { get; set; } = "";

    /// <summary>One of <see cref="PasskeyPurpose"/>.</summary>
    [MaxLength(20)]
    public string Purpose { get; set; } = "";

    /// <summary>Null at the door, where nobody has said who they are.</summary>
    public long? UserId { get; set; }
    public User? User { get; set; }

    /// <summary>In whose session it was asked; null outside of any.</summary>
    public long? SessionId { get; set; }
    public UserSession? Session { get; set; }

    /// <summary>The handle that a new passkey was asked for with.</summary>
    [MaxLength(64)]
    public byte[]? UserHandle { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime ExpiresAt { get; set; }
}

/// <summary>What a passkey is asked for.</summary>
internal static class PasskeyPurpose
{
    public const string Register = "register";
    public const string SignIn = "sign_in";
    public const string SecondStep = "second_step";
    public const string Prove = "prove";
}

/// <summary>The events of an account by which every portal hears of its passkeys.</summary>
internal static class PasskeyEvents
{
    public const string Added = "passkey_added";
    public const string Renamed = "passkey_renamed";
    public const string Removed = "passkey_removed";

    /// <summary>A right signature with a count that went back: somebody has a copy.</summary>
    public const string Copied = "passkey_copied";

    public const string Failed = "passkey_failed";
}

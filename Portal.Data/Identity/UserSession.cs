using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;

namespace Portal.Data.Identity;

/// <summary>
/// Somebody signed in on one device, from the sign-in until they leave or are made to. Its beginning and its end stand in the audit log as
/// events of the account.
/// </summary>
[Table("sessions"), NotAudited]
public sealed class UserSession
{
    public long Id { get; set; }

    public long UserId { get; set; }
    public User? User { get; set; }

    /// <summary>SHA-256 of the secret in the cookie, in hexadecimal.</summary>
    [Secret, MaxLength(64)]
    public string TokenHash { get; set; } = "";

    /// <summary>What the account's <see cref="SessionStamp"/> was at the sign-in: when it is another, the session is over.</summary>
    [MaxLength(64)]
    public string Stamp { get; set; } = "";

    /// <summary>The person asked to be remembered on this device.</summary>
    public bool Remembered { get; set; }

    /// <summary>As the browser told it at the sign-in, cut at 300 characters.</summary>
    [MaxLength(300)]
    public string? UserAgent { get; set; }

    /// <summary>Where it was last used from.</summary>
    [MaxLength(45)]
    public string? IpAddress { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime CreatedAt { get; set; }

    /// <summary>When it was last used, to the minute.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime SeenAt { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime? EndedAt { get; set; }

    /// <summary>When the person last proved in it who they are (<see cref="FreshSignIn"/>); null: they never did.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? ProvedAt { get; set; }

    /// <summary>Since when (UTC) its owner is asked whether it was them (<see cref="NewSignInService"/>); null: nobody asks.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? AskedAt { get; set; }

    /// <summary>When (UTC) that was answered; it is answered once.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? AnsweredAt { get; set; }

    /// <summary>Its owner said that it was not them.</summary>
    public bool Denied { get; set; }

    /// <summary>
    /// Where the sign-in came from; null until it was decided whether to ask about it, and by PIN: it makes its network no known one.
    /// </summary>
    [MaxLength(45)]
    public string? BeganIp { get; set; }

    /// <summary>The mail address that was asked.</summary>
    [MaxLength(255)]
    public string? AskedMail { get; set; }

    /// <summary>How they came in: one of <see cref="SignInMethods"/>; null for sessions of before.</summary>
    [MaxLength(40)]
    public string? Methods { get; set; }
}

/// <summary>Wrong passwords or codes in a row, for one account (or one name that nobody has) from one source.</summary>
[Table("sign_in_failures"), NotAudited]
public sealed class SignInFailure
{
    public long Id { get; set; }

    /// <summary>SHA-256 of the account, or of what was typed where there is none.</summary>
    [MaxLength(64)]
    public string Subject { get; set; } = "";

    /// <summary>A network address, a known device, or <see cref="SignInFailures.Strangers"/>.</summary>
    [MaxLength(64)]
    public string Source { get; set; } = "";

    public long? UserId { get; set; }
    public User? User { get; set; }

    public int Failures { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime? FirstAt { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime? LastAt { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime? WaitUntil { get; set; }
}

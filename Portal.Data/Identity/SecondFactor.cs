using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;

namespace Portal.Data.Identity;

/// <summary>
/// The app with which an account proves itself a second time (TOTP, RFC 6238). Events of the account are its audit; its secret is nobody's
/// to read, protected by the portal's keys.
/// </summary>
[Table("second_factors"), NotAudited]
public sealed class SecondFactor
{
    private SecondFactor()
    {
    }

    public SecondFactor(long userId) => UserId = userId;

    public long Id { get; private set; }

    public long UserId { get; private set; }
    public User? User { get; private set; }

    [Secret, MaxLength(500)]
    public string? Secret { get; private set; }

    /// <summary>The one being set up; the other goes on until a code of this one was typed.</summary>
    [Secret, MaxLength(500)]
    public string? PendingSecret { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? PendingAt { get; private set; }

    /// <summary>Since when (UTC) it is asked for; null: not yet.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? ConfirmedAt { get; private set; }

    /// <summary>The interval whose code was used last.</summary>
    public long? LastStep { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? LastUsedAt { get; private set; }

    /// <summary>Begins to set up an app.</summary>
    /// <param name="secret">Protected.</param>
    public void Begin(string secret, DateTime now) => (PendingSecret, PendingAt) = (secret, now);

    /// <summary>Nothing is being set up any more.</summary>
    public void Drop() => (PendingSecret, PendingAt) = (null, null);

    /// <summary>A code of the pending secret was typed: from now on it is asked for.</summary>
    /// <exception cref="InvalidOperationException">Nothing is being set up; call <see cref="Begin"/> first.</exception>
    public void Confirm(long step, DateTime now)
    {
        Secret = PendingSecret ?? throw new InvalidOperationException("No second factor is being set up; call Begin before Confirm.");
        (PendingSecret, PendingAt) = (null, null);
        ConfirmedAt ??= now;
        (LastStep, LastUsedAt) = (step, now);
    }

    /// <summary>Uses the code of an interval up.</summary>
    /// <returns>False where it, or a later one, was used before.</returns>
    public bool Use(long step, DateTime now)
    {
        if (LastStep >= step) return false;
        (LastStep, LastUsedAt) = (step, now);
        return true;
    }
}

/// <summary>A code for who has lost the app; it works once.</summary>
[Table("recovery_codes"), NotAudited]
public sealed class RecoveryCode
{
    public long Id { get; set; }

    public long UserId { get; set; }
    public User? User { get; set; }

    [Secret, MaxLength(64)]
    public string CodeHash { get; set; } = "";

    [Column(TypeName = "timestamp")]
    public DateTime CreatedAt { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime? UsedAt { get; set; }
}

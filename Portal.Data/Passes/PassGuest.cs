using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Parking;

namespace Portal.Data.Passes;

/// <summary>A name of an event, with a code of its own.</summary>
[Table("pass_guests")]
public sealed class PassGuest : Stamped
{
    private PassGuest()
    {
    }

    public long Id { get; private set; }

    public long PassId { get; private set; }
    public Pass? Pass { get; private set; }

    [MaxLength(200)]
    public string Name { get; private set; } = "";

    [MaxLength(20)]
    public string? LicensePlate { get; private set; }

    /// <summary>For comparing, see <see cref="Plates"/>.</summary>
    [WorkedOut, MaxLength(20)]
    public string? LicensePlateKey { get; private set; }

    [Secret, Column(TypeName = "char(6)")]
    public string? Code { get; private set; }

    [Secret, Column(TypeName = "char(32)")]
    public string Token { get; private set; } = "";

    /// <summary>The building's wall clock.</summary>
    [Column(TypeName = "datetime")]
    public DateTime? RevokedAt { get; private set; }

    internal static PassGuest Of(GuestLine guest, string code, string token) => new()
    {
        Name = guest.Name.Trim(),
        LicensePlate = Plates.Tidy(guest.Plate),
        Code = code,
        Token = token,
    };

    /// <summary>Their code opens nothing from now on; the event goes on.</summary>
    public Result Revoke(DateTime now)
    {
        if (RevokedAt is { } since) return new Error("pass.revoked", null, since);
        RevokedAt = now;
        return Result.Done;
    }
}

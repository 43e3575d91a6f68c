using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;

namespace Portal.Data.Passes;

/// <summary>One name of an event's list, with its own code.</summary>
[Table("pass_guests")]
public sealed class PassGuest : Stamped
{
    public long Id { get; internal set; }

    public long PassId { get; internal set; }
    public Pass? Pass { get; internal set; }

    [MaxLength(200)]
    public string Name { get; internal set; } = "";

    [MaxLength(20)]
    public string? LicensePlate { get; internal set; }

    [WorkedOut, MaxLength(20)]
    public string? LicensePlateKey { get; private set; }

    [MaxLength(6), Column(TypeName = "char(6)")]
    public string? Code { get; internal set; }

    [MaxLength(32), Column(TypeName = "char(32)"), Secret]
    public string Token { get; internal set; } = "";

    [Column(TypeName = "datetime")]
    public DateTime? RevokedAt { get; internal set; }
}

using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;
using Portal.Data.Parking;
using Portal.Data.People;

namespace Portal.Data.Passes;

/// <summary><c>Block</c>: is not let in. <c>Watch</c>: is let in, and looked at twice.</summary>
[StoredByName]
public enum BlockEffect { Block, Watch }

/// <summary>
/// Who is not let in, or is looked at twice: of the whole building (no apartment), or of one apartment, which wrote it. Why is for who
/// wrote it; the guard sees that it is so and never the reason.
/// </summary>
[Table("gate_blocks")]
public sealed class GateBlock : Stamped
{
    private GateBlock()
    {
    }

    public long Id { get; private set; }

    /// <summary>Null: of the whole building.</summary>
    public long? ApartmentId { get; private set; }
    public Apartment? Apartment { get; private set; }

    public BlockEffect Effect { get; private set; }

    [MaxLength(200)]
    public string? Name { get; private set; }

    [MaxLength(50)]
    public string? Identification { get; private set; }

    /// <summary>For comparing, see <see cref="DocumentNumbers"/>.</summary>
    [MaxLength(50)]
    public string? IdentificationKey { get; private set; }

    [MaxLength(20)]
    public string? LicensePlate { get; private set; }

    /// <summary>For comparing, see <see cref="Plates"/>.</summary>
    [MaxLength(20)]
    public string? LicensePlateKey { get; private set; }

    /// <summary>For who keeps the list; not even the audit log has it.</summary>
    [Secret, MaxLength(500)]
    public string Reason { get; private set; } = "";

    /// <summary>The last day; null: until it is lifted.</summary>
    public DateOnly? UntilDate { get; private set; }

    public long MadeBy { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? LiftedAt { get; private set; }

    public long? LiftedBy { get; private set; }

    internal static GateBlock Of(NewBlock input, long by) => new()
    {
        ApartmentId = input.ApartmentId,
        Effect = input.Effect,
        Name = input.Name.TrimToNull(),
        Identification = input.Identification.TrimToNull(),
        IdentificationKey = DocumentNumbers.Key(input.Identification).TrimToNull(),
        LicensePlate = Plates.Tidy(input.Plate),
        LicensePlateKey = Plates.Key(input.Plate).TrimToNull(),
        Reason = input.Reason.Trim(),
        UntilDate = input.Until,
        MadeBy = by,
    };

    /// <summary>They may come again.</summary>
    public Result Lift(DateTime utcNow, long? by)
    {
        if (LiftedAt is not null) return new Error("block.lifted");
        (LiftedAt, LiftedBy) = (utcNow, by);
        return Result.Done;
    }
}

using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;

namespace Portal.Data.Packages;

[StoredByName]
public enum PackageState { Waiting, Collected, Returned }

/// <summary>By what it was seen that a package went to the right person.</summary>
[StoredByName]
public enum PickupProof
{
    /// <summary>They showed the apartment's code.</summary>
    Code,

    /// <summary>They signed on the terminal.</summary>
    Signature,

    /// <summary>Somebody at the desk read their document.</summary>
    Document,

    /// <summary>By nothing: a terminal of before told it, or a code that was not right.</summary>
    None,
}

[Table("packages")]
public sealed class Package : Updated
{
    public long Id { get; set; }

    public long ApartmentId { get; set; }
    public Apartment? Apartment { get; set; }

    [MaxLength(100)]
    public string Carrier { get; set; } = "";

    [MaxLength(200)]
    public string? Description { get; set; }

    public PackageState Status { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime ReceivedAt { get; set; }

    public long? ReceivedBy { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime? CollectedAt { get; set; }

    [MaxLength(200)]
    public string? CollectedByName { get; set; }

    /// <summary>Six digits that the apartment shows at the gate; only while it waits.</summary>
    [Secret, MaxLength(6), Column(TypeName = "char(6)")]
    public string? PickupCode { get; private set; }

    /// <summary>Null: before this was asked.</summary>
    public PickupProof? Proof { get; private set; }

    /// <summary>The strokes of an SVG path in a box of 600 by 200 (<see cref="Signatures"/>).</summary>
    [Secret, Column(TypeName = "text")]
    public string? Signature { get; private set; }

    /// <summary>Who gave it away.</summary>
    public long? HandedBy { get; private set; }

    /// <summary>It waits at the gate for whoever shows this.</summary>
    internal void Await(string code) => (Status, PickupCode) = (PackageState.Waiting, code);

    /// <summary>Somebody took it, or it went back to its carrier: then nobody took it and nothing proves it.</summary>
    /// <param name="at">UTC.</param>
    internal Result End(PackageState end, string? to, PickupProof? proof, string? signature, long? by, DateTime at)
    {
        if (Status == PackageState.Collected) return new Error("package.collected", null, CollectedByName);
        if (Status == PackageState.Returned) return new Error("package.returned");
        (Status, CollectedAt, CollectedByName, Proof, Signature, HandedBy) = (end, at, to, proof, signature, by);
        PickupCode = null;
        return Result.Done;
    }
}

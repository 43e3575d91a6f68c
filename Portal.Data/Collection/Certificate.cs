using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;

namespace Portal.Data.Collection;

/// <summary>
/// Good standing (<i>paz y salvo</i>, Ley 675 of 2001, art. 29): nothing of the common expenses was due and unpaid on a day. Debt (art. 48):
/// what is owed, in such detail that a judge can order it to be paid.
/// </summary>
[StoredByName]
public enum CertificateKind { GoodStanding, Debt }

/// <summary>A numbered paper about what an apartment owed on a day, <c>PS-2026-000012</c> or <c>CD-2026-000004</c>. Never changed.</summary>
[Table("certificates")]
public sealed class Certificate : Stamped
{
    private Certificate()
    {
    }

    public long Id { get; private set; }

    [MaxLength(20)]
    public string Number { get; private set; } = "";

    [MaxLength(12)]
    public string VerificationCode { get; private set; } = "";

    public CertificateKind Kind { get; private set; }

    public long ApartmentId { get; private set; }
    public Apartment? Apartment { get; private set; }

    /// <summary>The day whose end it tells of.</summary>
    public DateOnly CutOff { get; private set; }

    /// <summary>What it says is owed; 0 for good standing.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal Total { get; private set; }

    public DateOnly IssuedOn { get; private set; }

    /// <summary>A resident, for their own, or the office.</summary>
    public long? IssuedBy { get; private set; }

    /// <summary>The series of its numbers.</summary>
    public static string Series(CertificateKind kind) => kind == CertificateKind.Debt ? "CD" : "PS";

    internal static Certificate Issue(
        CertificateKind kind, string number, long apartmentId, DateOnly cutOff, decimal total, DateOnly on, long? by) => new()
    {
        Kind = kind, Number = number, VerificationCode = Operations.VerificationCode.New(), ApartmentId = apartmentId, CutOff = cutOff,
        Total = total, IssuedOn = on, IssuedBy = by,
    };
}

using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;

namespace Portal.Data.FirstDay;

/// <summary>A file of the building that was taken in whole; what it brought of debts points at it (<c>charges.import_id</c>).</summary>
[Table("imports")]
public sealed class Import : Stamped
{
    public long Id { get; set; }

    [MaxLength(200)]
    public string FileName { get; set; } = "";

    /// <summary>The last day that its balances speak of: interest counts from the day after.</summary>
    public DateOnly AsOf { get; set; }

    public int FileRows { get; set; }

    /// <summary>Units, people, vehicles and debts that it made.</summary>
    public int Created { get; set; }

    public int Changed { get; set; }

    /// <summary>Pesos of the debts it brought.</summary>
    [Column(TypeName = "decimal(16,2)")]
    public decimal Opening { get; set; }

    public long? ImportedBy { get; set; }

    /// <summary>Until it is saved: by concept and apartment, in pesos. The books are opened with them.</summary>
    internal IReadOnlyList<(int Concept, long Apartment, decimal Amount)> Debts { get; set; } = [];
}

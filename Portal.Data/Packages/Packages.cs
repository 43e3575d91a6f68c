using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;

namespace Portal.Data.Packages;

[StoredByName]
public enum PackageState { Waiting, Collected, Returned }

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
}

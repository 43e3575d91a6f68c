using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.People;

namespace Portal.Data.Pets;

[Table("pets")]
public sealed class Pet : Updated
{
    public long Id { get; set; }

    [MaxLength(100)]
    public string Name { get; set; } = "";

    [MaxLength(50)]
    public string Species { get; set; } = "";

    [MaxLength(100)]
    public string? Breed { get; set; }

    public long OwnerId { get; set; }
    public Owner? Owner { get; set; }

    /// <summary>Number or address of the vaccination card.</summary>
    [MaxLength(255)]
    public string? VaccinationCard { get; set; }

    /// <summary>A JSON array of picture addresses.</summary>
    [Column(TypeName = "json")]
    public string? Photos { get; set; }

    public DateOnly? VaccinationExpiresOn { get; set; }
}

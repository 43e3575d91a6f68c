using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Identity;

namespace Portal.Data.Guards;

[StoredByName]
public enum Shift { Morning, Afternoon, Night }

[Table("guards")]
public sealed class Guard : Updated
{
    public long Id { get; set; }

    [MaxLength(200)]
    public string Name { get; set; } = "";

    [MaxLength(50)]
    public string Identification { get; set; } = "";

    public Shift Shift { get; set; }

    [MaxLength(50)]
    public string? ArlNumber { get; set; }

    [MaxLength(50)]
    public string? EpsNumber { get; set; }

    [MaxLength(20)]
    public string? Phone { get; set; }

    public long? UserId { get; set; }
    public User? User { get; set; }

    public DateOnly? ArlExpiresOn { get; set; }
    public DateOnly? EpsExpiresOn { get; set; }
}

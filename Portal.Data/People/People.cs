using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;
using Portal.Data.Identity;

namespace Portal.Data.People;

/// <summary>A kind of identity document; what the documented <c>document_type_id</c> points at.</summary>
[Table("document_types")]
public sealed class DocumentType
{
    public int Id { get; set; }

    /// <summary>As printed before the number: C. C., C. E., NIT.</summary>
    [MaxLength(10)]
    public string Code { get; set; } = "";

    [MaxLength(50)]
    public string Name { get; set; } = "";
}

[Table("profile")]
public sealed class Profile : Updated
{
    public long Id { get; set; }

    public long UserId { get; set; }
    public User? User { get; set; }

    [MaxLength(100)]
    public string FirstName { get; set; } = "";

    [MaxLength(100)]
    public string LastName { get; set; } = "";

    /// <summary>How a person is called, on every page and paper. In a query it becomes the same in SQL (<see cref="FullNames"/>).</summary>
    [NotMapped]
    public string FullName => FirstName + " " + LastName;

    [MaxLength(255)]
    public string? Email { get; set; }

    [MaxLength(20)]
    public string? Phone { get; set; }

    [Column(TypeName = "text")]
    public string? Address { get; set; }

    public int? DocumentTypeId { get; set; }
    public DocumentType? DocumentType { get; set; }

    [MaxLength(50)]
    public string? DocumentNumber { get; set; }

    /// <summary>For comparing, see <see cref="DocumentNumbers"/>.</summary>
    [WorkedOut, MaxLength(50)]
    public string? DocumentNumberKey { get; private set; }

    public DateOnly? BirthDate { get; set; }

    [MaxLength(255)]
    public string? PhotoUrl { get; set; }
}

/// <summary>A resident with a sign-in: an owner, or a tenant when <see cref="IsTenant"/>.</summary>
[Table("owners")]
public sealed class Owner : Updated
{
    public long Id { get; set; }

    public long UserId { get; set; }
    public User? User { get; set; }

    public bool? IsTenant { get; set; } = false;

    public DateOnly? BirthDate { get; set; }
}

/// <summary>A tenant as the owner declares them; one who signs in also has an <see cref="Owner"/> row of their own.</summary>
[Table("tenants")]
public sealed class Tenant : Updated
{
    public long Id { get; set; }

    [MaxLength(200)]
    public string Name { get; set; } = "";

    [MaxLength(50)]
    public string? DocumentNumber { get; set; }

    [MaxLength(20)]
    public string? Phone { get; set; }

    [MaxLength(255)]
    public string? Email { get; set; }

    public long OwnerId { get; set; }
    public Owner? Owner { get; set; }

    public long? ApartmentId { get; set; }
    public Apartment? Apartment { get; set; }
}

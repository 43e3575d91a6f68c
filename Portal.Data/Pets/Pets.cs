using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.People;
using Portal.Data.Pictures;

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

/// <summary>What a pet looks like; drawn anew when it comes, and kept in three sizes.</summary>
[Table("pet_photos")]
public sealed class PetPhoto : Stamped
{
    private PetPhoto()
    {
    }

    public long Id { get; private set; }

    public long PetId { get; private set; }
    public Pet? Pet { get; private set; }

    [MaxLength(50)]
    public string ContentType { get; private set; } = "";

    /// <summary>SHA-256 of the content, in hex: part of its address, so that it may be cached for good.</summary>
    [MaxLength(64)]
    public string Digest { get; private set; } = "";

    [Secret, Column(TypeName = "longblob")]
    public byte[] Content { get; private set; } = [];

    /// <summary>WebP, for small places.</summary>
    [Secret, Column(TypeName = "longblob")]
    public byte[]? Small { get; private set; }

    /// <summary>WebP, for large places.</summary>
    [Secret, Column(TypeName = "longblob")]
    public byte[]? Large { get; private set; }

    internal static PetPhoto Of(long pet) => new() { PetId = pet };

    internal void Show(DrawnPicture picture, string digest) =>
        (ContentType, Digest, Content, Small, Large) = (picture.ContentType, digest, picture.Content, picture.Small, picture.Large);
}

using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;
using Portal.Data.Identity;

namespace Portal.Data.Programmes;

[StoredByName]
public enum Gender { Female, Male, Other }

/// <summary>Somebody who takes part in courses: a child of the building, an adult, or somebody from outside.</summary>
[Table("participants")]
public sealed class Participant : Updated
{
    /// <summary>From this age on nobody represents them, and what is theirs only they see.</summary>
    public const int OfAge = 18;

    public long Id { get; set; }

    /// <summary>Their own account, where they have one.</summary>
    public long? UserId { get; set; }
    public User? User { get; set; }

    /// <summary>Where they live, and whose account pays; null for somebody from outside.</summary>
    public long? ApartmentId { get; set; }
    public Apartment? Apartment { get; set; }

    [MaxLength(100)]
    public string FirstName { get; set; } = "";

    [MaxLength(100)]
    public string LastName { get; set; } = "";

    public Gender Gender { get; set; }

    public DateOnly BirthDate { get; set; }

    /// <summary>Of school, 1 to 12; null for adults.</summary>
    public int? GradeLevel { get; set; }

    [MaxLength(20)]
    public string? Phone { get; set; }

    [MaxLength(200)]
    public string? EmergencyContact { get; set; }

    [MaxLength(150)]
    public string? PreviousSchool { get; set; }

    [MaxLength(200)]
    public string? TransferReason { get; set; }

    public DateOnly RegisteredOn { get; set; }

    public bool Active { get; set; } = true;

    [MaxLength(50)]
    public string? HouseNumber { get; set; }

    [MaxLength(100)]
    public string? Village { get; set; }

    [MaxLength(100)]
    public string? Commune { get; set; }

    [MaxLength(100)]
    public string? District { get; set; }

    [MaxLength(100)]
    public string? Province { get; set; }

    [MaxLength(100)]
    public string? BirthDistrict { get; set; }

    /// <summary>Since when it says no longer who they were.</summary>
    public DateOnly? AnonymisedOn { get; set; }

    /// <summary>In whole years on a day.</summary>
    public static int Age(DateOnly born, DateOnly day)
    {
        var years = day.Year - born.Year;
        return (born.Month, born.Day).CompareTo((day.Month, day.Day)) > 0 ? years - 1 : years;
    }
}

/// <summary>Sensitive (Ley 1581 of 2012, art. 5): with consent only, and for who is given the permission. The audit log knows that it
/// changed, never what it says.</summary>
[Table("participant_health")]
public sealed class ParticipantHealth : Updated
{
    [Key, DatabaseGenerated(DatabaseGeneratedOption.None)]
    public long ParticipantId { get; set; }
    public Participant? Participant { get; set; }

    [MaxLength(1000), Secret]
    public string? Health { get; set; }

    [Secret]
    public bool? Vaccinated { get; set; }

    /// <summary>What a teacher has to know: an allergy, what to do.</summary>
    [MaxLength(200), Secret]
    public string? SafetyNote { get; set; }
}

/// <summary>How a family lives: sensitive in what it says, so under the same terms as <see cref="ParticipantHealth"/>.</summary>
[Table("family_profiles")]
public sealed class FamilyProfile : Updated
{
    [Key, DatabaseGenerated(DatabaseGeneratedOption.None)]
    public long ParticipantId { get; set; }
    public Participant? Participant { get; set; }

    [MaxLength(80), Secret]
    public string? Religion { get; set; }

    [MaxLength(120), Secret]
    public string? ChurchName { get; set; }

    [Secret]
    public bool NeedsClothes { get; set; }

    [Secret]
    public bool NeedsMaterials { get; set; }

    [Secret]
    public bool NeedsTransport { get; set; }

    [MaxLength(120), Secret]
    public string? LivingWith { get; set; }

    [MaxLength(120), Secret]
    public string? LivingCondition { get; set; }

    [Secret]
    public bool? OwnHouse { get; set; }

    /// <summary>How long they have lived here.</summary>
    [Secret]
    public int? MonthsHere { get; set; }

    /// <summary>Of the SISBEN, A1 to D21.</summary>
    [MaxLength(5), Secret]
    public string? SisbenGroup { get; set; }

    [MaxLength(120), Secret]
    public string? HowKnown { get; set; }

    [MaxLength(120), Secret]
    public string? OrganizationHelp { get; set; }

    [Secret]
    public bool CanHelp { get; set; }

    /// <summary>Pesos.</summary>
    [Column(TypeName = "decimal(12,2)"), Secret]
    public decimal? HelpAmount { get; set; }

    [MaxLength(40), Secret]
    public string? HelpFrequency { get; set; }
}

/// <summary>Who answers for a participant.</summary>
[Table("guardians")]
public sealed class Guardian : Updated
{
    public long Id { get; set; }

    public long ParticipantId { get; set; }
    public Participant? Participant { get; set; }

    /// <summary>Their account, by which they see what is the child's.</summary>
    public long? UserId { get; set; }
    public User? User { get; set; }

    [MaxLength(50)]
    public string Relation { get; set; } = "";

    [MaxLength(100)]
    public string FirstName { get; set; } = "";

    [MaxLength(100)]
    public string LastName { get; set; } = "";

    [MaxLength(20)]
    public string? Phone { get; set; }

    /// <summary>Represents the child by law; without it, an account sees nothing of the child.</summary>
    public bool LegalAuthority { get; set; }

    public bool MayCollect { get; set; }
}

/// <summary>What a guardian lives on and believes: as <see cref="FamilyProfile"/>.</summary>
[Table("guardian_circumstances")]
public sealed class GuardianCircumstances : Updated
{
    [Key, DatabaseGenerated(DatabaseGeneratedOption.None)]
    public long GuardianId { get; set; }
    public Guardian? Guardian { get; set; }

    [MaxLength(100), Secret]
    public string? Occupation { get; set; }

    /// <summary>Pesos a month.</summary>
    [Column(TypeName = "decimal(12,2)"), Secret]
    public decimal? Income { get; set; }

    [Secret]
    public int? ChildrenCount { get; set; }

    [MaxLength(100), Secret]
    public string? BirthDistrict { get; set; }

    [MaxLength(50), Secret]
    public string? HouseNumber { get; set; }

    [MaxLength(100), Secret]
    public string? Village { get; set; }

    [MaxLength(100), Secret]
    public string? Commune { get; set; }

    [MaxLength(100), Secret]
    public string? District { get; set; }

    [MaxLength(100), Secret]
    public string? Province { get; set; }

    [MaxLength(120), Secret]
    public string? Church { get; set; }

    [Secret]
    public bool? Believes { get; set; }
}

/// <summary>What a consent is for. Without one for health or family nothing of it may be written down.</summary>
[StoredByName]
public enum ConsentPurpose { Programme, Health, Family, Photos }

/// <summary>That somebody allowed something, in which words; of a child, their representative, and the child was heard (Decreto 1377 of
/// 2013, art. 12).</summary>
[Table("participant_consents")]
public sealed class ParticipantConsent : Stamped
{
    private ParticipantConsent()
    {
    }

    public long Id { get; private set; }

    public long ParticipantId { get; private set; }
    public Participant? Participant { get; private set; }

    public ConsentPurpose Purpose { get; private set; }

    [MaxLength(1000)]
    public string Text { get; private set; } = "";

    [MaxLength(200)]
    public string GivenBy { get; private set; } = "";

    public bool ChildHeard { get; private set; }

    public DateOnly GivenOn { get; private set; }

    public DateOnly? WithdrawnOn { get; private set; }

    public long? RecordedBy { get; private set; }

    internal static ParticipantConsent Of(
        long participant, ConsentPurpose purpose, string text, string by, bool heard, DateOnly on, long? recordedBy) => new()
        {
            ParticipantId = participant, Purpose = purpose, Text = text, GivenBy = by, ChildHeard = heard, GivenOn = on, RecordedBy = recordedBy,
        };

    internal void Withdraw(DateOnly day) => WithdrawnOn ??= day < GivenOn ? GivenOn : day;
}

/// <summary>That somebody who teaches minors was looked up in the register of sexual offences (Ley 1918 of 2018, Decreto 753 of 2019).</summary>
[Table("teacher_checks")]
public sealed class TeacherCheck : Stamped
{
    /// <summary>How long one is good for, to the same day of the month.</summary>
    public const int Months = 4;

    public long Id { get; set; }

    public long UserId { get; set; }
    public User? User { get; set; }

    public DateOnly CheckedOn { get; set; }

    /// <summary>The last day.</summary>
    public DateOnly ValidUntil { get; set; }

    [MaxLength(200)]
    public string? Note { get; set; }

    public long? RecordedBy { get; set; }
}

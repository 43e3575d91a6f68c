using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Billing;
using Portal.Data.Ledger;
using Portal.Data.Payments;

namespace Portal.Data.Programmes;

/// <summary>A participant in a course: once, whatever they leave and come back to.</summary>
[Table("enrolments")]
public sealed class Enrolment : Updated
{
    private Enrolment()
    {
    }

    public long Id { get; private set; }

    public long CourseId { get; private set; }
    public Course? Course { get; private set; }

    public long ParticipantId { get; private set; }
    public Participant? Participant { get; private set; }

    public DateOnly EnrolledOn { get; private set; }

    /// <summary>The first day on which they are not expected.</summary>
    public DateOnly? DroppedOn { get; private set; }

    /// <summary>The one in which they left.</summary>
    public long? DropSemesterId { get; private set; }
    public Semester? DropSemester { get; private set; }

    [MaxLength(200), Secret]
    public string? DropReason { get; private set; }

    public long? ChargeId { get; set; }
    public Charge? Charge { get; set; }

    public long? ScholarshipId { get; set; }
    public Scholarship? Scholarship { get; set; }

    /// <summary>What of the fee the scholarship pays, in pesos.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal? ScholarshipAmount { get; set; }

    /// <summary>What of the fee was given back to who left, in pesos; coming back takes it back.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal Returned { get; set; }

    /// <summary>Of <see cref="Returned"/> what is the scholarship's.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal ReturnedScholarship { get; set; }

    internal static Enrolment Of(long course, long participant, DateOnly on) => new()
    {
        CourseId = course, ParticipantId = participant, EnrolledOn = on,
    };

    internal void Drop(DateOnly on, long? semester, string reason) => (DroppedOn, DropSemesterId, DropReason) = (on, semester, reason);

    internal void Return() => (DroppedOn, DropSemesterId, DropReason) = (null, null, null);
}

/// <summary>From when to when a participant was expected.</summary>
[Table("enrolment_periods")]
public sealed class EnrolmentPeriod : Updated
{
    public long Id { get; set; }

    public long EnrolmentId { get; set; }
    public Enrolment? Enrolment { get; set; }

    public DateOnly FromOn { get; set; }

    /// <summary>The first day on which they are not expected; null while they are.</summary>
    public DateOnly? UntilOn { get; set; }

    /// <summary>The enrolment that they came from on that day: what they did there counts for them here.</summary>
    public long? TransferredFromId { get; set; }
    public Enrolment? TransferredFrom { get; set; }
}

[StoredByName]
public enum AttendanceStatus { Present, Absent, Late, Excused }

/// <summary>Whether a participant was at a session.</summary>
[Table("attendance")]
public sealed class Attendance : Updated
{
    public long Id { get; set; }

    public long SessionId { get; set; }
    public CourseSession? Session { get; set; }

    public long EnrolmentId { get; set; }
    public Enrolment? Enrolment { get; set; }

    public AttendanceStatus Status { get; set; }

    [MaxLength(200), Secret]
    public string? Reason { get; set; }

    public long? RecordedBy { get; set; }
}

/// <summary>What a register that was saved came to, by the key that its device gave it.</summary>
[Table("register_saves"), NotAudited]
public sealed class RegisterSave : Stamped
{
    public long Id { get; set; }

    [Column(TypeName = "char(36)"), MaxLength(36)]
    public string SaveKey { get; set; } = "";

    public long SessionId { get; set; }
    public CourseSession? Session { get; set; }

    public long UserId { get; set; }

    [Column(TypeName = "text")]
    public string Outcome { get; set; } = "";
}

/// <summary>A mark of a participant, in a subject and a semester: 0 to 10.</summary>
[Table("marks")]
public sealed class Mark : Updated
{
    public long Id { get; set; }

    public long EnrolmentId { get; set; }
    public Enrolment? Enrolment { get; set; }

    public long SubjectId { get; set; }
    public Subject? Subject { get; set; }

    public long SemesterId { get; set; }
    public Semester? Semester { get; set; }

    public DateOnly GradedOn { get; set; }

    [Column(TypeName = "decimal(4,2)")]
    public decimal Value { get; set; }

    [MaxLength(300)]
    public string? Comment { get; set; }

    /// <summary>Who gave it.</summary>
    public long? UserId { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime? LastEdit { get; set; }
}

/// <summary>That a mark was changed or taken away, by whom.</summary>
[Table("mark_changes"), NotAudited]
public sealed class MarkChange : Stamped
{
    public long Id { get; set; }

    public long EnrolmentId { get; set; }
    public Enrolment? Enrolment { get; set; }

    public long SubjectId { get; set; }
    public Subject? Subject { get; set; }

    public long SemesterId { get; set; }
    public Semester? Semester { get; set; }

    /// <summary>It may be gone.</summary>
    public long MarkId { get; set; }

    [Column(TypeName = "decimal(4,2)")]
    public decimal? ValueBefore { get; set; }

    /// <summary>Null where it was taken away.</summary>
    [Column(TypeName = "decimal(4,2)")]
    public decimal? ValueAfter { get; set; }

    [MaxLength(300)]
    public string? CommentBefore { get; set; }

    public long? UserId { get; set; }
}

/// <summary>A result of a semester as it was when it was closed.</summary>
[Table("semester_results"), NotAudited]
public sealed class SemesterResult : Stamped
{
    public long Id { get; set; }

    public long SemesterId { get; set; }
    public Semester? Semester { get; set; }

    public long EnrolmentId { get; set; }
    public Enrolment? Enrolment { get; set; }

    [Column(TypeName = "decimal(4,2)")]
    public decimal? Average { get; set; }

    public int? Place { get; set; }

    public int Ranked { get; set; }

    [Column(TypeName = "decimal(4,2)")]
    public decimal? CourseMean { get; set; }
}

/// <summary>What a participant pays less, by whose decision: a part of a fee or a sum.</summary>
[Table("scholarships")]
public sealed class Scholarship : Updated
{
    private Scholarship()
    {
    }

    public long Id { get; private set; }

    public long ParticipantId { get; private set; }
    public Participant? Participant { get; private set; }

    public int? Percent { get; private set; }

    /// <summary>Pesos.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal? Amount { get; private set; }

    /// <summary>The fund of scholarships pays it; otherwise it is a discount.</summary>
    public bool FromFund { get; private set; }

    public DateOnly StartsOn { get; private set; }

    /// <summary>The last day.</summary>
    public DateOnly EndsOn { get; private set; }

    [MaxLength(100)]
    public string Act { get; private set; } = "";

    public DateOnly? RevokedOn { get; private set; }

    public long? GrantedBy { get; private set; }

    internal static Scholarship Of(
        long participant, int? percent, decimal? amount, bool fromFund, DateOnly starts, DateOnly ends, string act, long? by) => new()
        {
            ParticipantId = participant, Percent = percent, Amount = amount, FromFund = fromFund, StartsOn = starts, EndsOn = ends, Act = act,
            GrantedBy = by,
        };

    internal void Revoke(DateOnly day) => RevokedOn ??= day;

    /// <summary>What of a fee it pays: whole pesos, never more than the fee.</summary>
    internal decimal Of(decimal fee) => Math.Min(fee, Percent is { } percent ? Pesos.Round(fee * percent / 100) : Amount!.Value);
}

/// <summary>One row: where fees of courses and the fund lie in the books.</summary>
[Table("programme_accounts"), NotAudited]
public sealed class ProgrammeAccounts
{
    [DatabaseGenerated(DatabaseGeneratedOption.None)]
    public int Id { get; private set; }

    public int ConceptId { get; private set; }
    public Concept? Concept { get; private set; }

    public int FundBankId { get; private set; }
    public LedgerAccount? FundBank { get; private set; }

    public int FundId { get; private set; }
    public LedgerAccount? Fund { get; private set; }
}

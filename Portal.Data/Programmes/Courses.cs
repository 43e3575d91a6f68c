using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Facilities;
using Portal.Data.Identity;

namespace Portal.Data.Programmes;

/// <summary>A year of courses: 2026, 2026-2027.</summary>
[Table("school_years")]
public sealed class SchoolYear : Updated
{
    public long Id { get; set; }

    [MaxLength(20)]
    public string Code { get; set; } = "";

    public DateOnly StartsOn { get; set; }

    public DateOnly EndsOn { get; set; }
}

/// <summary>A part of a year in which marks are given and averaged.</summary>
[Table("semesters")]
public sealed class Semester : Updated
{
    public long Id { get; set; }

    public long YearId { get; set; }
    public SchoolYear? Year { get; set; }

    [MaxLength(20)]
    public string Code { get; set; } = "";

    [MaxLength(60)]
    public string Name { get; set; } = "";

    public DateOnly StartsOn { get; set; }

    public DateOnly EndsOn { get; set; }

    /// <summary>From then on its results are what they are (<see cref="SemesterResult"/>).</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? ClosedAt { get; private set; }

    public long? ClosedBy { get; private set; }

    internal void Close(DateTime at, long? by) => (ClosedAt, ClosedBy) = (at, by);

    internal void Reopen() => (ClosedAt, ClosedBy) = (null, null);
}

[Table("subjects")]
public sealed class Subject : Updated
{
    public long Id { get; set; }

    [MaxLength(80)]
    public string Name { get; set; } = "";

    public bool Active { get; set; } = true;
}

/// <summary>What participants enrol in.</summary>
[Table("courses")]
public sealed class Course : Updated
{
    public long Id { get; set; }

    public long YearId { get; set; }
    public SchoolYear? Year { get; set; }

    [MaxLength(100)]
    public string Name { get; set; } = "";

    /// <summary>Language, swimming, holiday school.</summary>
    [MaxLength(60)]
    public string Kind { get; set; } = "";

    /// <summary>Of school, 1 to 12; null where it is for all ages.</summary>
    public int? GradeLevel { get; set; }

    [MaxLength(10)]
    public string Section { get; set; } = "";

    /// <summary>For the key: two of no grade are alike.</summary>
    [WorkedOut]
    public int? GradeKey { get; private set; }

    /// <summary>Its participants are minors, so who teaches it is looked up (<see cref="TeacherCheck"/>).</summary>
    public bool Minors { get; set; }

    public int Capacity { get; set; }

    public long? FacilityId { get; set; }
    public Facility? Facility { get; set; }

    public DateOnly StartsOn { get; set; }

    public DateOnly EndsOn { get; set; }

    /// <summary>Pesos, once.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal Fee { get; set; }

    [MaxLength(1000)]
    public string? Description { get; set; }
}

/// <summary>What is taught in a course, and how much it counts in the average of all.</summary>
[Table("course_subjects")]
public sealed class CourseSubject : Updated
{
    public long Id { get; set; }

    public long CourseId { get; set; }
    public Course? Course { get; set; }

    public long SubjectId { get; set; }
    public Subject? Subject { get; set; }

    public int Weight { get; set; } = 1;
}

/// <summary>Who teaches a course and from when to when; three at a time at most.</summary>
[Table("course_teachers")]
public sealed class CourseTeacher : Updated
{
    public const int Most = 3;

    public long Id { get; set; }

    public long CourseId { get; set; }
    public Course? Course { get; set; }

    public long UserId { get; set; }
    public User? User { get; set; }

    /// <summary>1 to 3.</summary>
    public int Slot { get; set; }

    public DateOnly FromOn { get; set; }

    /// <summary>The last day; null while they teach it.</summary>
    public DateOnly? ToOn { get; set; }
}

/// <summary>Which part of a day a session takes. A whole day is two halves.</summary>
[StoredByName]
public enum SessionPart { Full, Am, Pm }

/// <summary>A day, or half of one, on which a course is held.</summary>
[Table("course_sessions")]
public sealed class CourseSession : Updated
{
    private CourseSession()
    {
    }

    public long Id { get; private set; }

    public long CourseId { get; private set; }
    public Course? Course { get; private set; }

    public DateOnly HeldOn { get; private set; }

    public SessionPart Session { get; private set; }

    [Column(TypeName = "time")]
    public TimeOnly? StartsAt { get; private set; }

    [Column(TypeName = "time")]
    public TimeOnly? EndsAt { get; private set; }

    public bool Cancelled { get; private set; }

    [MaxLength(200)]
    public string? CancelReason { get; private set; }

    /// <summary>1 where it takes the morning and is held: of one morning there is one.</summary>
    [WorkedOut]
    public int? Am { get; private set; }

    /// <inheritdoc cref="Am"/>
    [WorkedOut]
    public int? Pm { get; private set; }

    /// <summary>How often its register was saved: two teachers who save what they read at the same time know each other by it.</summary>
    public int Version { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? TakenAt { get; private set; }

    public long? TakenBy { get; private set; }

    /// <summary>The closure of the facility that keeps its place.</summary>
    public long? BlackoutId { get; set; }

    /// <summary>Half days.</summary>
    [NotMapped]
    public int Weight => WeightOf(Session);

    public static int WeightOf(SessionPart part) => part == SessionPart.Full ? 2 : 1;

    internal static CourseSession Of(long course, DateOnly day, SessionPart part, TimeOnly? starts, TimeOnly? ends) => new()
    {
        CourseId = course, HeldOn = day, Session = part, StartsAt = starts, EndsAt = ends,
    };

    internal void Cancel(string reason) => (Cancelled, CancelReason) = (true, reason);

    internal void Restore() => (Cancelled, CancelReason) = (false, null);

    internal void Take(DateTime at, long? by) => (TakenAt, TakenBy, Version) = (at, by, Version + 1);
}

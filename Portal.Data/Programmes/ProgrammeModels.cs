namespace Portal.Data.Programmes;

/// <summary>Something or somebody to choose.</summary>
public sealed record ProgrammeOption(long Id, string Name, string? Note = null);

/// <param name="Age">In whole years today.</param>
/// <param name="Courses">How many they are in today.</param>
public sealed record ParticipantRow(
    long Id, string FirstName, string LastName, DateOnly BirthDate, int Age, int? GradeLevel, string? Apartment, bool Active, int Courses)
{
    public string Name => FirstName + " " + LastName;
}

public sealed record ParticipantInput(
    string? FirstName, string? LastName, Gender Gender, DateOnly? BirthDate, int? GradeLevel, long? ApartmentId, long? UserId, string? Phone,
    string? EmergencyContact, string? PreviousSchool, string? TransferReason, string? HouseNumber, string? Village, string? Commune,
    string? District, string? Province, string? BirthDistrict, bool Active)
    : IEdit<ParticipantInput>
{
    /// <inheritdoc/>
    public ParticipantInput? Read { get; init; }
}

public sealed record GuardianInput(
    string? Relation, string? FirstName, string? LastName, string? Phone, long? UserId, bool LegalAuthority, bool MayCollect)
    : IEdit<GuardianInput>
{
    /// <inheritdoc/>
    public GuardianInput? Read { get; init; }
}

public sealed record GuardianView(long Id, GuardianInput Input, string? Account);

public sealed record ConsentView(
    long Id, ConsentPurpose Purpose, string Text, string GivenBy, bool ChildHeard, DateOnly GivenOn, DateOnly? WithdrawnOn);

public sealed record ConsentInput(ConsentPurpose Purpose, string? Text, string? GivenBy, bool ChildHeard);

public sealed record ScholarshipView(
    long Id, int? Percent, decimal? Amount, bool FromFund, DateOnly StartsOn, DateOnly EndsOn, string Act, DateOnly? RevokedOn, decimal Used);

/// <param name="Percent">Of a fee; or <paramref name="Amount"/>, pesos of each.</param>
public sealed record ScholarshipInput(int? Percent, decimal? Amount, bool FromFund, DateOnly? StartsOn, DateOnly? EndsOn, string? Act);

/// <summary>A course that somebody is or was in.</summary>
/// <param name="Owed">Pesos of its fee that are not paid; null where none was charged.</param>
public sealed record ParticipantCourse(
    long EnrolmentId, long CourseId, string Course, string Year, DateOnly EnrolledOn, DateOnly? DroppedOn, string? DropReason, decimal? Owed);

/// <summary>All the office knows of a participant, but health and family.</summary>
public sealed record ParticipantView(
    long Id, ParticipantInput Input, int Age, string? Apartment, string? Account, DateOnly RegisteredOn, IReadOnlyList<GuardianView> Guardians,
    IReadOnlyList<ConsentView> Consents, IReadOnlyList<ParticipantCourse> Courses, IReadOnlyList<ScholarshipView> Scholarships)
{
    public bool Minor => Age < Participant.OfAge;

    /// <summary>Whether a consent for it stands.</summary>
    public bool Allows(ConsentPurpose purpose) => Consents.Any(c => c.Purpose == purpose && c.WithdrawnOn is null);
}

public sealed record HealthInput(string? Health, bool? Vaccinated, string? SafetyNote) : IEdit<HealthInput>
{
    /// <inheritdoc/>
    public HealthInput? Read { get; init; }
}

/// <param name="MonthsHere">How long they have lived here.</param>
/// <param name="HelpAmount">Pesos.</param>
public sealed record FamilyInput(
    string? Religion, string? ChurchName, bool NeedsClothes, bool NeedsMaterials, bool NeedsTransport, string? LivingWith,
    string? LivingCondition, bool? OwnHouse, int? MonthsHere, string? SisbenGroup, string? HowKnown, string? OrganizationHelp, bool CanHelp,
    decimal? HelpAmount, string? HelpFrequency)
    : IEdit<FamilyInput>
{
    /// <inheritdoc/>
    public FamilyInput? Read { get; init; }
}

/// <param name="Income">Pesos a month.</param>
public sealed record CircumstancesInput(
    string? Occupation, decimal? Income, int? ChildrenCount, string? BirthDistrict, string? HouseNumber, string? Village, string? Commune,
    string? District, string? Province, string? Church, bool? Believes)
    : IEdit<CircumstancesInput>
{
    /// <inheritdoc/>
    public CircumstancesInput? Read { get; init; }
}

/// <param name="Guardians">Each with what is known of them; empty where nothing is.</param>
public sealed record FamilyView(FamilyInput? Family, IReadOnlyList<(GuardianView Guardian, CircumstancesInput? Circumstances)> Guardians);

// ---- Years and courses --------------------------------------------------------------------------------------------------------------------

public sealed record YearInput(string? Code, DateOnly? StartsOn, DateOnly? EndsOn) : IEdit<YearInput>
{
    /// <inheritdoc/>
    public YearInput? Read { get; init; }
}

public sealed record SemesterInput(string? Code, string? Name, DateOnly? StartsOn, DateOnly? EndsOn) : IEdit<SemesterInput>
{
    /// <inheritdoc/>
    public SemesterInput? Read { get; init; }
}

public sealed record SemesterView(long Id, SemesterInput Input, DateTime? ClosedAt);

public sealed record YearView(long Id, YearInput Input, IReadOnlyList<SemesterView> Semesters, int Courses);

public sealed record SubjectRow(long Id, string Name, bool Active, int Courses);

public sealed record TeacherRow(long UserId, string Name, int Courses, bool TeachesMinors, DateOnly? CheckedOn, DateOnly? ValidUntil);

/// <param name="Grade">Null where it is for all ages.</param>
/// <param name="Enrolled">Who is expected today, or will be.</param>
public sealed record CourseRow(
    long Id, string Name, string Kind, int? Grade, string Section, string Year, string? Facility, DateOnly StartsOn, DateOnly EndsOn, int Capacity,
    int Enrolled, decimal Fee, string? Teachers);

/// <param name="Fee">Pesos, once.</param>
public sealed record CourseInput(
    string? Name, string? Kind, long? YearId, int? GradeLevel, string? Section, bool Minors, int? Capacity, long? FacilityId, DateOnly? StartsOn,
    DateOnly? EndsOn, decimal? Fee, string? Description)
    : IEdit<CourseInput>
{
    /// <inheritdoc/>
    public CourseInput? Read { get; init; }
}

public sealed record CourseTeacherView(long Id, long UserId, string Name, int Slot, DateOnly FromOn, DateOnly? ToOn);

public sealed record CourseSubjectView(long SubjectId, string Name, int Weight);

/// <param name="Semesters">Of its year, in their order.</param>
/// <param name="Manages">The person is the office, not only its teacher.</param>
public sealed record CourseView(
    long Id, CourseInput Input, string Year, string? Facility, IReadOnlyList<CourseTeacherView> Teachers, IReadOnlyList<CourseSubjectView> Subjects,
    IReadOnlyList<SemesterView> Semesters, int Enrolled, int Held, int Planned, bool Manages)
{
    /// <summary>As it is called: <c>Inglés 5A</c>.</summary>
    public string Title => CourseNames.Of(Input.Name!, Input.GradeLevel, Input.Section!);
}

public static class CourseNames
{
    /// <summary>With grade and section where it has them.</summary>
    public static string Of(string name, int? grade, string section) => grade is null && section.Length == 0 ? name : $"{name} {grade}{section}";
}

/// <summary>Somebody in a course, as its teacher sees them.</summary>
/// <param name="SafetyNote">What a teacher has to know.</param>
/// <param name="Apartment">Only the office sees it.</param>
public sealed record RosterRow(
    long EnrolmentId, long ParticipantId, string FirstName, string LastName, int Age, string? SafetyNote, DateOnly EnrolledOn, DateOnly? DroppedOn,
    string? DropReason, string? TransferredFrom, string? Apartment, decimal? Owed)
{
    public string Name => FirstName + " " + LastName;
}

// ---- Sessions and registers ---------------------------------------------------------------------------------------------------------------

/// <param name="Weekdays">On which it is held.</param>
public sealed record SessionPlan(
    IReadOnlyList<DayOfWeek> Weekdays, DateOnly? From, DateOnly? To, SessionPart Part, TimeOnly? StartsAt, TimeOnly? EndsAt);

/// <param name="Expected">How many participants.</param>
public sealed record SessionRow(
    long Id, DateOnly HeldOn, SessionPart Part, TimeOnly? StartsAt, TimeOnly? EndsAt, bool Cancelled, string? CancelReason, DateTime? TakenAt,
    int Expected, int Present, int Absent, int Late, int Excused);

public sealed record RegisterLine(long EnrolmentId, string Name, string? SafetyNote, AttendanceStatus? Status, string? Reason);

/// <param name="Version">What a save says it began with.</param>
/// <param name="Open">The person may still write in it.</param>
public sealed record RegisterView(
    long SessionId, long CourseId, string Course, DateOnly HeldOn, SessionPart Part, TimeOnly? StartsAt, bool Cancelled, int Version,
    DateTime? TakenAt, string? TakenBy, bool Open, IReadOnlyList<RegisterLine> Lines);

public sealed record RegisterEntry(long EnrolmentId, AttendanceStatus Status, string? Reason);

/// <param name="Key">Of this save: sent again, it is answered as the first time.</param>
/// <param name="Version">Of the register that it began with.</param>
public sealed record RegisterInput(Guid Key, int Version, IReadOnlyList<RegisterEntry> Entries);

/// <param name="Kept">Enrolments of which another teacher had written something else first: that stays.</param>
public sealed record RegisterOutcome(int Version, int Saved, IReadOnlyList<long> Kept);

// ---- Marks and results --------------------------------------------------------------------------------------------------------------------

public sealed record MarkView(long Id, long SubjectId, DateOnly GradedOn, decimal Value, string? Comment, string? Author, DateTime? LastEdit);

/// <param name="SubjectId">One of the course.</param>
/// <param name="Value">0 to 10, two places at most.</param>
public sealed record MarkInput(long EnrolmentId, long SubjectId, long SemesterId, DateOnly? GradedOn, decimal? Value, string? Comment)
    : IEdit<MarkInput>
{
    /// <inheritdoc/>
    public MarkInput? Read { get; init; }
}

/// <param name="Dropped">Had left by the end of the semester.</param>
public sealed record MarkRow(long EnrolmentId, string Name, bool Dropped, IReadOnlyList<MarkView> Marks, ResultLine Result);

/// <param name="Closed">Its results are what they are.</param>
public sealed record MarkGrid(
    long CourseId, SemesterView Semester, IReadOnlyList<CourseSubjectView> Subjects, IReadOnlyList<MarkRow> Rows, decimal? Mean, int Ranked,
    bool Closed);

public sealed record MarkHistoryLine(DateTime At, decimal? Before, decimal? After, string? Comment, string? By);

/// <summary>What the document's three queries ask of a course, with the right figures beside theirs.</summary>
public sealed record AttendanceLine(
    long EnrolmentId, string Name, AttendanceShare Share);

public sealed record AttendanceSheet(
    long CourseId, DateOnly From, DateOnly To, int Sessions, IReadOnlyList<AttendanceLine> Lines, AttendanceShare Course);

/// <summary>A day of one's attendance.</summary>
public sealed record AttendanceDay(DateOnly Day, SessionPart Part, AttendanceStatus Status, string? Reason);

/// <summary>Everything of one enrolment, for a person's own page and the papers.</summary>
public sealed record EnrolmentReport(
    long EnrolmentId, long CourseId, string Course, string Participant, int? Grade, string Year, string? Teachers,
    IReadOnlyList<CourseSubjectView> Subjects, IReadOnlyList<SemesterView> Semesters, SemesterView? Semester, IReadOnlyList<MarkView> Marks,
    ResultLine? Result, int Ranked, decimal? Mean, decimal? YearAverage, AttendanceShare Attendance, IReadOnlyList<AttendanceDay> Days,
    int Planned, int Held);

/// <summary>A child or oneself, on the page of one's own.</summary>
public sealed record OwnParticipant(long Id, string Name, int Age, bool Self, IReadOnlyList<OwnCourse> Courses);

/// <param name="Next">The next session that is held.</param>
/// <param name="Owed">Pesos of the fee; null where none was charged.</param>
public sealed record OwnCourse(
    long EnrolmentId, string Course, string Year, DateOnly? DroppedOn, string? Teachers, DateOnly? Next, TimeOnly? NextAt, decimal? Percent,
    decimal? Owed);

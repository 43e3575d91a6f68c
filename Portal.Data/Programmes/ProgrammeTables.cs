using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Programmes;

internal sealed class ParticipantsTable : IEntityTypeConfiguration<Participant>
{
    public void Configure(EntityTypeBuilder<Participant> table) =>
        table.HasIndex(p => new { p.LastName, p.FirstName }).HasDatabaseName("idx_participants_name");
}

internal sealed class ParticipantHealthTable : IEntityTypeConfiguration<ParticipantHealth>
{
    public void Configure(EntityTypeBuilder<ParticipantHealth> table) =>
        table.HasOne(h => h.Participant).WithOne().HasForeignKey<ParticipantHealth>(h => h.ParticipantId);
}

internal sealed class FamilyProfilesTable : IEntityTypeConfiguration<FamilyProfile>
{
    public void Configure(EntityTypeBuilder<FamilyProfile> table) =>
        table.HasOne(f => f.Participant).WithOne().HasForeignKey<FamilyProfile>(f => f.ParticipantId);
}

internal sealed class GuardianCircumstancesTable : IEntityTypeConfiguration<GuardianCircumstances>
{
    public void Configure(EntityTypeBuilder<GuardianCircumstances> table) =>
        table.HasOne(c => c.Guardian).WithOne().HasForeignKey<GuardianCircumstances>(c => c.GuardianId);
}

internal sealed class ParticipantConsentsTable : IEntityTypeConfiguration<ParticipantConsent>
{
    public void Configure(EntityTypeBuilder<ParticipantConsent> table) =>
        table.HasIndex(c => new { c.ParticipantId, c.Purpose }).HasDatabaseName("idx_participant_consents_participant");
}

internal sealed class TeacherChecksTable : IEntityTypeConfiguration<TeacherCheck>
{
    public void Configure(EntityTypeBuilder<TeacherCheck> table) =>
        table.HasIndex(c => new { c.UserId, c.ValidUntil }).HasDatabaseName("idx_teacher_checks_user_valid");
}

internal sealed class SchoolYearsTable : IEntityTypeConfiguration<SchoolYear>
{
    public void Configure(EntityTypeBuilder<SchoolYear> table) => table.HasIndex(y => y.Code).IsUnique().HasDatabaseName("uq_school_years_code");
}

internal sealed class SemestersTable : IEntityTypeConfiguration<Semester>
{
    public void Configure(EntityTypeBuilder<Semester> table) => table.HasIndex(s => s.Code).IsUnique().HasDatabaseName("uq_semesters_code");
}

internal sealed class SubjectsTable : IEntityTypeConfiguration<Subject>
{
    public void Configure(EntityTypeBuilder<Subject> table) => table.HasIndex(s => s.Name).IsUnique().HasDatabaseName("uq_subjects_name");
}

internal sealed class CoursesTable : IEntityTypeConfiguration<Course>
{
    public void Configure(EntityTypeBuilder<Course> table)
    {
        table.HasIndex(c => new { c.YearId, c.GradeKey, c.Section, c.Name }).IsUnique().HasDatabaseName("uq_courses_year_grade_section_name");
        table.HasIndex(c => c.StartsOn).HasDatabaseName("idx_courses_starts");
    }
}

internal sealed class CourseSubjectsTable : IEntityTypeConfiguration<CourseSubject>
{
    public void Configure(EntityTypeBuilder<CourseSubject> table) =>
        table.HasIndex(s => new { s.CourseId, s.SubjectId }).IsUnique().HasDatabaseName("uq_course_subjects_course_subject");
}

internal sealed class CourseTeachersTable : IEntityTypeConfiguration<CourseTeacher>
{
    public void Configure(EntityTypeBuilder<CourseTeacher> table)
    {
        table.HasIndex(t => new { t.CourseId, t.Slot, t.FromOn }).IsUnique().HasDatabaseName("uq_course_teachers_course_slot_from");
        table.HasIndex(t => new { t.CourseId, t.UserId, t.FromOn }).IsUnique().HasDatabaseName("uq_course_teachers_course_user_from");
        table.HasIndex(t => new { t.UserId, t.ToOn }).HasDatabaseName("idx_course_teachers_user_to");
    }
}

internal sealed class ScholarshipsTable : IEntityTypeConfiguration<Scholarship>
{
    public void Configure(EntityTypeBuilder<Scholarship> table) =>
        table.HasIndex(s => new { s.ParticipantId, s.EndsOn }).HasDatabaseName("idx_scholarships_participant");
}

internal sealed class EnrolmentsTable : IEntityTypeConfiguration<Enrolment>
{
    public void Configure(EntityTypeBuilder<Enrolment> table)
    {
        table.HasIndex(e => new { e.ParticipantId, e.CourseId }).IsUnique().HasDatabaseName("uq_enrolments_participant_course");
        table.HasIndex(e => new { e.CourseId, e.DroppedOn }).HasDatabaseName("idx_enrolments_course_dropped");
        table.HasIndex(e => e.DroppedOn).HasDatabaseName("idx_enrolments_dropped");
    }
}

internal sealed class EnrolmentPeriodsTable : IEntityTypeConfiguration<EnrolmentPeriod>
{
    public void Configure(EntityTypeBuilder<EnrolmentPeriod> table) =>
        table.HasIndex(p => new { p.EnrolmentId, p.FromOn }).IsUnique().HasDatabaseName("uq_enrolment_periods_enrolment_from");
}

internal sealed class CourseSessionsTable : IEntityTypeConfiguration<CourseSession>
{
    public void Configure(EntityTypeBuilder<CourseSession> table)
    {
        table.HasIndex(s => new { s.CourseId, s.HeldOn, s.Am }).IsUnique().HasDatabaseName("uq_course_sessions_am");
        table.HasIndex(s => new { s.CourseId, s.HeldOn, s.Pm }).IsUnique().HasDatabaseName("uq_course_sessions_pm");
        table.HasIndex(s => s.HeldOn).HasDatabaseName("idx_course_sessions_held");
    }
}

internal sealed class AttendanceTable : IEntityTypeConfiguration<Attendance>
{
    public void Configure(EntityTypeBuilder<Attendance> table) =>
        table.HasIndex(a => new { a.SessionId, a.EnrolmentId }).IsUnique().HasDatabaseName("uq_attendance_session_enrolment");
}

internal sealed class RegisterSavesTable : IEntityTypeConfiguration<RegisterSave>
{
    public void Configure(EntityTypeBuilder<RegisterSave> table)
    {
        table.HasIndex(s => s.SaveKey).IsUnique().HasDatabaseName("uq_register_saves_save_key");
        table.HasIndex(s => s.CreatedAt).HasDatabaseName("idx_register_saves_created");
    }
}

internal sealed class MarksTable : IEntityTypeConfiguration<Mark>
{
    public void Configure(EntityTypeBuilder<Mark> table)
    {
        table.HasIndex(m => new { m.EnrolmentId, m.SubjectId, m.SemesterId }).HasDatabaseName("idx_marks_enrolment_subject_semester");
        table.HasIndex(m => m.GradedOn).HasDatabaseName("idx_marks_graded");
    }
}

internal sealed class MarkChangesTable : IEntityTypeConfiguration<MarkChange>
{
    public void Configure(EntityTypeBuilder<MarkChange> table)
    {
        table.HasIndex(c => c.MarkId).HasDatabaseName("idx_mark_changes_mark");
        table.HasIndex(c => new { c.EnrolmentId, c.SubjectId, c.SemesterId }).HasDatabaseName("idx_mark_changes_enrolment");
    }
}

internal sealed class SemesterResultsTable : IEntityTypeConfiguration<SemesterResult>
{
    public void Configure(EntityTypeBuilder<SemesterResult> table) =>
        table.HasIndex(r => new { r.SemesterId, r.EnrolmentId }).IsUnique().HasDatabaseName("uq_semester_results_semester_enrolment");
}

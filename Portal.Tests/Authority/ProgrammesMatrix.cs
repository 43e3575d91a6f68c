using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Programmes;

namespace Portal.Tests.Authority;

/// <summary>
/// Courses: the office's; the guard teaches one, by the permission of their role; the owner's child is in it, so the owner sees what is the
/// child's, and neither the neighbour nor who lives in the same apartment does. Health and family are nobody's.
/// </summary>
public sealed class ProgrammesMatrix : AreaMatrix
{
    internal const long Year = 601, First = 602, Second = 603, Reading = 605, Unused = 606;
    internal const long English = 611, Free = 612, Child = 621, Newcomer = 622, Grown = 623, MotherOfChild = 631, Allowed = 635, Health = 636;
    internal const long Enrolled = 641, Left = 642, Back = 624, Lesson = 651, Tomorrow = 652, Off = 653, Given = 661, Grant = 671, Teaches = 681, Hall = 690;

    private static readonly Who[] Teaching = [Who.Admin, Who.Staff, Who.Guard];

    internal static readonly ParticipantInput Person = new(
        "Ana", "Gil", Gender.Female, new DateOnly(2016, 5, 4), 4, AuthorityWorld.Apartment, null, null, null, null, null, null, null, null, null, null,
        null, true);

    internal static readonly GuardianInput Mother = new("Mother", "Luz", "Gil", "3001112233", null, false, true);

    internal static CourseInput Sound(DateOnly today) => new(
        "Chess", "Chess", Year, null, null, true, 10, null, today, today.AddMonths(2), 0, null);

    public override async Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        var today = world.Clock.Today;
        var (from, middle, to) = (today.AddMonths(-3), today.AddMonths(2), today.AddMonths(8));
        var sql = db.Database;
        await sql.ExecuteSqlAsync(
            $"""
            INSERT INTO role_permissions (role_id, permission_id)
            SELECT {Roles.Security}, p.id FROM permissions AS p WHERE p.name = {Permissions.ProgrammesTeachOwn}
            """);
        await sql.ExecuteSqlAsync($"INSERT INTO school_years (id, code, starts_on, ends_on) VALUES ({Year}, 'Y1', {from}, {to})");
        await sql.ExecuteSqlAsync(
            $"""
            INSERT INTO semesters (id, year_id, code, name, starts_on, ends_on)
            VALUES ({First}, {Year}, 'S1', 'First', {from}, {middle}), ({Second}, {Year}, 'S2', 'Second', {middle.AddDays(1)}, {to})
            """);
        await sql.ExecuteSqlAsync($"INSERT INTO facilities (id, name) VALUES ({Hall}, 'Hall')");
        await sql.ExecuteSqlAsync($"INSERT INTO subjects (id, name) VALUES ({Reading}, 'Reading'), ({Unused}, 'Writing')");
        await sql.ExecuteSqlAsync(
            $"""
            INSERT INTO courses (id, year_id, name, kind, grade_level, section, minors, capacity, starts_on, ends_on, fee)
            VALUES ({English}, {Year}, 'English', 'Language', 5, 'A', 1, 20, {from}, {to}, 0), ({Free}, {Year}, 'English', 'Language', 5, 'B', 1, 20, {from}, {to}, 0)
            """);
        await sql.ExecuteSqlAsync($"INSERT INTO course_subjects (course_id, subject_id, weight) VALUES ({English}, {Reading}, 1), ({Free}, {Reading}, 1)");
        await sql.ExecuteSqlAsync(
            $"INSERT INTO course_teachers (id, course_id, user_id, slot, from_on) VALUES ({Teaches}, {English}, {AuthorityWorld.Id(Who.Guard)}, 1, {from})");
        await sql.ExecuteSqlAsync(
            $"INSERT INTO teacher_checks (user_id, checked_on, valid_until) VALUES ({AuthorityWorld.Id(Who.Guard)}, {today.AddDays(-5)}, {today.AddDays(100)})");
        await sql.ExecuteSqlAsync(
            $"""
            INSERT INTO participants (id, apartment_id, first_name, last_name, gender, birth_date, grade_level, registered_on)
            VALUES ({Child}, {AuthorityWorld.Apartment}, 'Sara', 'Gil', 'female', {today.AddYears(-10)}, 5, {from}),
                ({Newcomer}, NULL, 'Luis', 'Paz', 'male', {today.AddYears(-9)}, 4, {from}),
                ({Grown}, {AuthorityWorld.Apartment}, 'Ines', 'Gil', 'female', {today.AddYears(-18)}, NULL, {from}),
                ({Back}, NULL, 'Omar', 'Rey', 'male', {today.AddYears(-9)}, 4, {from})
            """);
        await sql.ExecuteSqlAsync(
            $"""
            INSERT INTO guardians (id, participant_id, user_id, relation, first_name, last_name, phone, legal_authority)
            VALUES ({MotherOfChild}, {Child}, {AuthorityWorld.Id(Who.Owner)}, 'Mother', 'Luz', 'Gil', '3001234567', 1),
                ({MotherOfChild + 1}, {Child}, {AuthorityWorld.Id(Who.Tenant)}, 'Aunt', 'Eva', 'Gil', NULL, 0),
                ({MotherOfChild + 2}, {Grown}, {AuthorityWorld.Id(Who.Owner)}, 'Mother', 'Luz', 'Gil', NULL, 1)
            """);
        await sql.ExecuteSqlAsync(
            $"""
            INSERT INTO participant_consents (id, participant_id, purpose, text, given_by, child_heard, given_on)
            VALUES ({Allowed}, {Child}, 'programme', 'x', 'Luz Gil', 1, {from}), ({Health}, {Child}, 'health', 'x', 'Luz Gil', 1, {from}),
                ({Health + 1}, {Newcomer}, 'programme', 'x', 'Rosa Paz', 1, {from}), ({Health + 2}, {Child}, 'family', 'x', 'Luz Gil', 1, {from}),
                ({Health + 3}, {Back}, 'programme', 'x', 'Ana Rey', 1, {from})
            """);
        await sql.ExecuteSqlAsync($"INSERT INTO participant_health (participant_id, health, safety_note) VALUES ({Child}, 'Asthma', 'Has an inhaler')");
        await sql.ExecuteSqlAsync($"INSERT INTO family_profiles (participant_id, living_with) VALUES ({Child}, 'Mother')");
        await sql.ExecuteSqlAsync(
            $"""
            INSERT INTO scholarships (id, participant_id, percent, from_fund, starts_on, ends_on, act)
            VALUES ({Grant}, {Newcomer}, 35, 1, {from}, {to}, 'Minutes 4')
            """);
        await sql.ExecuteSqlAsync($"INSERT INTO enrolments (id, course_id, participant_id, enrolled_on) VALUES ({Enrolled}, {English}, {Child}, {from})");
        await sql.ExecuteSqlAsync($"INSERT INTO enrolment_periods (enrolment_id, from_on) VALUES ({Enrolled}, {from})");
        await sql.ExecuteSqlAsync(
            $"""
            INSERT INTO enrolments (id, course_id, participant_id, enrolled_on, dropped_on, drop_reason)
            VALUES ({Left}, {Free}, {Back}, {from}, {today.AddDays(-20)}, 'Moved')
            """);
        await sql.ExecuteSqlAsync($"INSERT INTO enrolment_periods (enrolment_id, from_on, until_on) VALUES ({Left}, {from}, {today.AddDays(-20)})");
        await sql.ExecuteSqlAsync(
            $"""
            INSERT INTO course_sessions (id, course_id, held_on, session, cancelled, cancel_reason)
            VALUES ({Lesson}, {English}, {today}, 'full', 0, NULL), ({Tomorrow}, {English}, {today.AddDays(1)}, 'am', 0, NULL),
                ({Off}, {English}, {today.AddDays(2)}, 'am', 1, 'Rain')
            """);
        await sql.ExecuteSqlAsync(
            $"""
            INSERT INTO marks (id, enrolment_id, subject_id, semester_id, graded_on, value, comment)
            VALUES ({Given}, {Enrolled}, {Reading}, {First}, {today}, 8.5, 'Good')
            """);
        await sql.ExecuteSqlAsync(
            $"""
            INSERT INTO mark_changes (enrolment_id, subject_id, semester_id, mark_id, value_before, value_after)
            VALUES ({Enrolled}, {Reading}, {First}, {Given}, 7, 8.5)
            """);
    }

    public override IEnumerable<Entry> Entries =>
        [
            Method<ParticipantService>(nameof(ParticipantService.ListAsync), (s, u, _) => Of(s.ListAsync(new(), u, default), p => p.Rows.Count > 0), Office),
            Method<ParticipantService>(nameof(ParticipantService.ExportAsync), async (s, u, _) => await s.ExportAsync(new(), u, default).AnyAsync(), Office),
            Method<ParticipantService>(nameof(ParticipantService.FindAsync), (s, u, _) => Of(s.FindAsync(Child, u, default)), Office),
            Method<ParticipantService>(nameof(ParticipantService.SaveAsync), (s, u, _) => Of(s.SaveAsync(null, Person, u, default)), Office),
            Method<ParticipantService>(
                nameof(ParticipantService.SaveGuardianAsync), (s, u, _) => Of(s.SaveGuardianAsync(Child, null, Mother, u, default)), Office),
            Method<ParticipantService>(
                nameof(ParticipantService.RemoveGuardianAsync), (s, u, _) => Of(s.RemoveGuardianAsync(Child, MotherOfChild + 1, u, default)), Office),
            Method<ParticipantService>(
                nameof(ParticipantService.ConsentAsync),
                (s, u, _) => Of(s.ConsentAsync(Child, new(ConsentPurpose.Photos, "May be in photographs", "Luz Gil", true), u, default)), Office),
            Method<ParticipantService>(
                nameof(ParticipantService.WithdrawConsentAsync), (s, u, _) => Of(s.WithdrawConsentAsync(Child, Health, u, default)), Office),
            Method<ParticipantService>(
                nameof(ParticipantService.GrantAsync),
                (s, u, w) => Of(s.GrantAsync(Child, new(20, null, true, w.Clock.Today, w.Clock.Today.AddMonths(6), "Minutes 5"), u, default)), Office),
            Method<ParticipantService>(
                nameof(ParticipantService.RevokeAsync), (s, u, _) => Of(s.RevokeAsync(Newcomer, Grant, u, default)), Office),
            Method<ParticipantService>(nameof(ParticipantService.AccountsAsync), (s, u, _) => Of(s.AccountsAsync("o", u, default)), Office),
            Method<ParticipantService>(nameof(ParticipantService.ApartmentsAsync), (s, u, _) => Of(s.ApartmentsAsync("10", u, default)), Office),
            Method<FamilyService>(nameof(FamilyService.HealthAsync), (s, u, _) => Of(s.HealthAsync(Child, u, default))),
            Method<FamilyService>(
                nameof(FamilyService.SaveHealthAsync), (s, u, _) => Of(s.SaveHealthAsync(Child, new("Well", true, null), u, default))),
            Method<FamilyService>(nameof(FamilyService.FamilyAsync), (s, u, _) => Of(s.FamilyAsync(Child, u, default))),
            Method<FamilyService>(
                nameof(FamilyService.SaveFamilyAsync),
                (s, u, _) => Of(s.SaveFamilyAsync(
                    Child, new(null, null, true, false, false, "Mother", null, null, 12, "B3", null, null, false, null, null), u, default))),
            Method<FamilyService>(
                nameof(FamilyService.SaveCircumstancesAsync),
                (s, u, _) => Of(s.SaveCircumstancesAsync(
                    Child, MotherOfChild, new("Nurse", 2_000_000, 2, null, null, null, null, null, null, null, null), u, default))),
            Method<YearService>(nameof(YearService.ListAsync), (s, u, _) => Of(s.ListAsync(u, default), all => all.Count > 0), Office),
            Method<YearService>(
                nameof(YearService.SaveAsync),
                (s, u, w) => Of(s.SaveAsync(null, new($"Y{Guid.NewGuid():N}"[..12], w.Clock.Today, w.Clock.Today.AddYears(1)), u, default)), Office),
            Method<YearService>(
                nameof(YearService.SaveSemesterAsync),
                (s, u, w) => Of(s.SaveSemesterAsync(
                    Year, Second, new("S2b", "Second", w.Clock.Today.AddMonths(3), w.Clock.Today.AddMonths(8)), u, default)), Office),
            Method<YearService>(
                nameof(YearService.CloseAsync),
                async (s, u, w) =>
                {
                    // One that is over; nobody's rows lie in it.
                    var (id, today) = (Random.Shared.NextInt64(1_000_000, long.MaxValue), w.Clock.Today);
                    await using (var db = await w.Store.OpenAsync(CurrentUser.System, default))
                    {
                        await db.Database.ExecuteSqlAsync(
                            $"INSERT INTO school_years (id, code, starts_on, ends_on) VALUES ({id}, {$"o{id}"[..18]}, {today.AddYears(-1)}, {today.AddDays(-1)})");
                        await db.Database.ExecuteSqlAsync(
                            $"""
                            INSERT INTO semesters (id, year_id, code, name, starts_on, ends_on)
                            VALUES ({id}, {id}, {$"o{id}"[..18]}, 'Over', {today.AddYears(-1)}, {today.AddDays(-1)})
                            """);
                    }

                    return await s.CloseAsync(id, u, default);
                },
                Office),
            Method<YearService>(nameof(YearService.ReopenAsync), (s, u, _) => Of(s.ReopenAsync(First, u, default)), Office),
            Method<YearService>(nameof(YearService.SubjectsAsync), (s, u, _) => Of(s.SubjectsAsync(u, default), all => all.Count > 0), Office),
            Method<YearService>(
                nameof(YearService.SaveSubjectAsync), (s, u, _) => Of(s.SaveSubjectAsync(null, $"Reading {Guid.NewGuid():N}", true, u, default)), Office),
            Method<YearService>(nameof(YearService.TeachersAsync), (s, u, _) => Of(s.TeachersAsync(u, default), all => all.Count > 0), Office),
            Method<YearService>(
                nameof(YearService.CheckTeacherAsync),
                (s, u, w) => Of(s.CheckTeacherAsync(AuthorityWorld.Id(Who.Guard), w.Clock.Today, null, u, default)), Office),
            Method<CourseService>(
                nameof(CourseService.ListAsync), (s, u, _) => Of(s.ListAsync(new(), u, default), p => p.Rows.Any(r => r.Id == English)), Teaching),
            Method<CourseService>(
                nameof(CourseService.ExportAsync), async (s, u, _) => await s.ExportAsync(new(), u, default).AnyAsync(r => r.Id == English), Teaching),
            Method<CourseService>(nameof(CourseService.FindAsync), (s, u, _) => Of(s.FindAsync(English, u, default)), Teaching),
            Method<CourseService>(nameof(CourseService.RosterAsync), (s, u, _) => Of(s.RosterAsync(English, u, default), all => all.Count > 0), Teaching),
            Method<CourseService>(
                nameof(CourseService.ContactsAsync), (s, u, _) => Of(s.ContactsAsync(Enrolled, u, default), all => all.Count > 0), Teaching),
            Method<CourseService>(nameof(CourseService.SaveAsync), (s, u, w) => Of(s.SaveAsync(Free, Sound(w.Clock.Today), u, default)), Office),
            Method<CourseService>(
                nameof(CourseService.SubjectsAsync),
                (s, u, _) => Of(s.SubjectsAsync(English, new Dictionary<long, int> { [Reading] = 2, [Unused] = 1 }, u, default)), Office),
            Method<CourseService>(
                nameof(CourseService.AddTeacherAsync), (s, u, _) => Of(s.AddTeacherAsync(Free, AuthorityWorld.Id(Who.Guard), u, default)), Office),
            Method<CourseService>(nameof(CourseService.EndTeacherAsync), (s, u, _) => Of(s.EndTeacherAsync(English, Teaches, u, default)), Office),
            Method<CourseService>(nameof(CourseService.KindsAsync), (s, u, _) => Of(s.KindsAsync(u, default), all => all.Count > 0), Office),
            Method<CourseService>(nameof(CourseService.FacilitiesAsync), (s, u, _) => Of(s.FacilitiesAsync(u, default), all => all.Count > 0), Office),
            Method<EnrolmentDesk>(
                nameof(EnrolmentDesk.EnrolAsync), (s, u, w) => Of(s.EnrolAsync(English, Newcomer, w.Clock.Today, u, default)), Office),
            Method<EnrolmentDesk>(
                nameof(EnrolmentDesk.DropAsync), (s, u, w) => Of(s.DropAsync(Enrolled, w.Clock.Today.AddDays(1), "Moves", u, default)), Office),
            Method<EnrolmentDesk>(
                nameof(EnrolmentDesk.ReturnAsync), (s, u, w) => Of(s.ReturnAsync(Left, w.Clock.Today, u, default)), Office),
            Method<EnrolmentDesk>(
                nameof(EnrolmentDesk.TransferAsync), (s, u, w) => Of(s.TransferAsync(Enrolled, Free, w.Clock.Today.AddDays(1), u, default)), Office),
            Method<EnrolmentDesk>(
                nameof(EnrolmentDesk.CandidatesAsync), (s, u, _) => Of(s.CandidatesAsync(English, "paz", u, default), all => all.Count > 0), Office),
            Method<EnrolmentDesk>(nameof(EnrolmentDesk.TargetsAsync), (s, u, _) => Of(s.TargetsAsync(English, u, default), all => all.Count > 0), Office),
            Method<SessionDesk>(nameof(SessionDesk.ListAsync), (s, u, _) => Of(s.ListAsync(English, u, default), all => all.Count > 0), Teaching),
            Method<SessionDesk>(
                nameof(SessionDesk.PlanAsync),
                (s, u, w) => Of(s.PlanAsync(
                    Free, new(Enum.GetValues<DayOfWeek>(), w.Clock.Today.AddDays(3), w.Clock.Today.AddDays(9), SessionPart.Am, null, null), u, default)),
                Office),
            Method<SessionDesk>(nameof(SessionDesk.CancelAsync), (s, u, _) => Of(s.CancelAsync(Tomorrow, "Rain", u, default)), Office),
            Method<SessionDesk>(nameof(SessionDesk.RestoreAsync), (s, u, _) => Of(s.RestoreAsync(Off, u, default)), Office),
            Method<SessionDesk>(nameof(SessionDesk.RegisterAsync), (s, u, _) => Of(s.RegisterAsync(Lesson, u, default)), Teaching),
            Method<SessionDesk>(
                nameof(SessionDesk.SaveAsync),
                (s, u, _) => Of(s.SaveAsync(Lesson, new(Guid.NewGuid(), 0, [new(Enrolled, AttendanceStatus.Present, null)]), u, default)), Teaching),
            Method<MarkDesk>(nameof(MarkDesk.GridAsync), (s, u, _) => Of(s.GridAsync(English, First, u, default)), Teaching),
            Method<MarkDesk>(
                nameof(MarkDesk.SaveAsync),
                (s, u, w) => Of(s.SaveAsync(null, new(Enrolled, Reading, First, w.Clock.Today, 9m, null), u, default)), Teaching),
            Method<MarkDesk>(nameof(MarkDesk.RemoveAsync), (s, u, _) => Of(s.RemoveAsync(Given, u, default)), Teaching),
            Method<MarkDesk>(
                nameof(MarkDesk.HistoryAsync), (s, u, _) => Of(s.HistoryAsync(Enrolled, Reading, First, u, default), all => all.Count > 0), Teaching),
            Method<ProgrammeReports>(nameof(ProgrammeReports.AttendanceAsync), (s, u, _) => Of(s.AttendanceAsync(English, null, null, u, default)), Teaching),
            Method<ProgrammeReports>(
                nameof(ProgrammeReports.EnrolmentAsync), (s, u, _) => Of(s.EnrolmentAsync(Enrolled, null, u, default)),
                Who.Admin, Who.Staff, Who.Guard, Who.Owner),
            Method<ProgrammeReports>(nameof(ProgrammeReports.MineAsync), (s, u, _) => Of(s.MineAsync(u, default), all => all.Count > 0), Who.Owner),
            Page("/programmes", Teaching),
            Page("/programmes/courses/{Id:long}", $"/programmes/courses/{English}", Teaching),
            Page("/programmes/courses/{Id:long}/sessions", $"/programmes/courses/{English}/sessions", Teaching),
            Page("/programmes/courses/{Id:long}/marks", $"/programmes/courses/{English}/marks", Teaching),
            Page("/programmes/courses/{Id:long}/attendance", $"/programmes/courses/{English}/attendance", Teaching),
            Page("/programmes/sessions/{Id:long}", $"/programmes/sessions/{Lesson}", Teaching),
            Page("/programmes/participants", Office),
            Page("/programmes/participants/{Id:long}", $"/programmes/participants/{Child}", Office),
            Page("/programmes/years", Office),
            Page("/programmes/teachers", Office),
            Page("/programmes/reports/{Id:long}", $"/programmes/reports/{Enrolled}", Who.Admin, Who.Staff, Who.Guard, Who.Owner),
            Page("/programmes/mine/{Id:long}", $"/programmes/mine/{Enrolled}", Who.Admin, Who.Staff, Who.Guard, Who.Owner),
            Page("/programmes/mine", Residents),
            Endpoint(HttpMethod.Get, "/programmes/courses/export", "/programmes/courses/export?format=csv", Teaching),
            Endpoint(HttpMethod.Get, "/programmes/participants/export", "/programmes/participants/export?format=csv", Office),
            Endpoint(
                HttpMethod.Get, "/programmes/courses/{id:long}/marks/export", $"/programmes/courses/{English}/marks/export?format=csv", Teaching),
            Endpoint(
                HttpMethod.Get, "/programmes/courses/{id:long}/attendance/export", $"/programmes/courses/{English}/attendance/export?format=csv",
                Teaching),
            Endpoint(
                HttpMethod.Get, "/programmes/reports/{id:long}/marks.pdf", $"/programmes/reports/{Enrolled}/marks.pdf",
                Who.Admin, Who.Staff, Who.Guard, Who.Owner),
            Endpoint(
                HttpMethod.Get, "/programmes/reports/{id:long}/attendance.pdf", $"/programmes/reports/{Enrolled}/attendance.pdf",
                Who.Admin, Who.Staff, Who.Guard, Who.Owner),
            Endpoint(
                HttpMethod.Post, "/programmes/sessions/{id:long}/register", $"/programmes/sessions/{Lesson}/register",
                JsonContent.Create(new { key = Guid.NewGuid(), version = 0, entries = Array.Empty<object>() }), Teaching),
        ];
}

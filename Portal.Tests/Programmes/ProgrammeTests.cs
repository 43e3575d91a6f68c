using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Ledger;
using Portal.Data.Payments;
using Portal.Data.Programmes;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using static Portal.Tests.Authority.ProgrammesMatrix;

namespace Portal.Tests.Programmes;

/// <summary>Courses from enrolment to reports, in the building of two apartments.</summary>
public sealed class ProgrammeTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);

    private DateOnly Today => _world.Clock.Today;

    private CurrentUser Staff => _world.As(Who.Staff);

    private CurrentUser Teacher => _world.As(Who.Guard);

    public Task InitializeAsync() => _world.BeginAsync(new ProgrammesMatrix());

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    private T Get<T>() where T : notnull => _world.Get<T>();

    private CurrentUser With(Who who, params string[] permissions) => _world.As(who) with { Permissions = permissions.ToHashSet() };

    private Task<PortalDb> OpenAsync() => _world.Store.OpenAsync(CurrentUser.System, default);

    [Fact]
    public async Task A_month_of_attendance_is_as_the_worked_example_has_it()
    {
        var (march, _, sessions, people) = await MarchAsync();
        string[] said = ["PPPPPP", "LPEPAP", "AAPLLE"];
        for (var person = 0; person < 3; person++)
            for (var at = 0; at < 6; at++) await SayAsync(sessions[at], people[person], $"{said[person][at]}");
        for (var at = 0; at < 3; at++) await SayAsync(sessions[at], people[3], $"{"PAA"[at]}");
        var desk = Get<EnrolmentDesk>();
        Assert.Equal("enrolment.recorded", (await desk.DropAsync(people[3], Day(3), "Moves", Staff, default)).Error!.Code);
        Assert.True((await desk.DropAsync(people[3], Day(4), "Moves", Staff, default)).Ok);
        await SayAsync(sessions[4], people[4], "P");
        await SayAsync(sessions[5], people[4], "A");

        var sheet = (await Get<ProgrammeReports>().AttendanceAsync(march, Day(1), Day(31), Staff, default))!;
        Assert.Equal(
            [100.00m, 66.67m, 71.43m, 25.00m, 66.67m], people.Select(p => sheet.Lines.Single(l => l.EnrolmentId == p).Share.Percent));
        Assert.Equal(71.43m, sheet.Course.Percent);
        Assert.Equal((23, 12, 52.17m), (sheet.Course.Rows, sheet.Course.PresentRows, sheet.Course.PresentShareOfRows));
        Assert.Equal(6, sheet.Sessions);

        // Who left is not on the list any more, and who came later was not on it before.
        Assert.DoesNotContain((await Get<SessionDesk>().RegisterAsync(sessions[3], Staff, default))!.Lines, l => l.EnrolmentId == people[3]);
        Assert.DoesNotContain((await Get<SessionDesk>().RegisterAsync(sessions[3], Staff, default))!.Lines, l => l.EnrolmentId == people[4]);
        Assert.Equal(
            "register.expected", (await Get<SessionDesk>().SaveAsync(
                sessions[4], new(Guid.NewGuid(), 99, [new(people[3], AttendanceStatus.Present, null)]), Staff, default)).Error!.Code);
    }

    [Fact]
    public async Task Of_half_a_day_there_is_one_session_and_a_cancelled_one_makes_room()
    {
        var (march, _, sessions, _) = await MarchAsync();
        var desk = Get<SessionDesk>();
        // The second has morning and afternoon; the third is whole.
        Assert.Equal("session.none", (await PlanAsync(march, Day(2), SessionPart.Am)).Error!.Code);
        Assert.Equal("session.none", (await PlanAsync(march, Day(2), SessionPart.Full)).Error!.Code);
        Assert.Equal("session.none", (await PlanAsync(march, Day(3), SessionPart.Pm)).Error!.Code);
        Assert.Equal(1, (await PlanAsync(march, Day(4), SessionPart.Pm)).Value);

        // The one of that afternoon that was cancelled cannot come back now.
        await using var db = await OpenAsync();
        var off = await db.CourseSessions.AsNoTracking().Where(s => s.CourseId == march && s.Cancelled).Select(s => s.Id).SingleAsync();
        Assert.Equal("session.there", (await desk.RestoreAsync(off, Staff, default)).Error!.Code);

        await SayAsync(sessions[0], (await db.Enrolments.AsNoTracking().FirstAsync(e => e.CourseId == march)).Id, "P");
        Assert.Equal("session.taken", (await desk.CancelAsync(sessions[0], "Rain", Staff, default)).Error!.Code);

        Task<Result<int>> PlanAsync(long course, DateOnly day, SessionPart part) =>
            desk.PlanAsync(course, new([day.DayOfWeek], day, day, part, null, null), Staff, default);
    }

    [Fact]
    public async Task A_register_is_saved_once_however_often_it_is_sent_and_the_first_of_two_teachers_stays()
    {
        var desk = Get<SessionDesk>();
        var key = Guid.NewGuid();
        var read = (await desk.RegisterAsync(Lesson, Teacher, default))!;
        Assert.Null(Assert.Single(read.Lines).Status);
        Assert.Equal("Has an inhaler", read.Lines[0].SafetyNote);
        var first = (await desk.SaveAsync(Lesson, new(key, read.Version, [new(Enrolled, AttendanceStatus.Absent, " Ill ")]), Teacher, default)).Value;
        Assert.Equal((1, 1, 0), (first.Version, first.Saved, first.Kept.Count));
        Assert.Equal(first.Version, (await desk.SaveAsync(Lesson, new(key, 0, [new(Enrolled, AttendanceStatus.Present, null)]), Teacher, default)).Value.Version);
        await using (var db = await OpenAsync())
        {
            var said = await db.Attendance.AsNoTracking().SingleAsync(a => a.SessionId == Lesson);
            Assert.Equal((AttendanceStatus.Absent, "Ill"), (said.Status, said.Reason));
            // The mother is told, once; the aunt does not represent the child.
            Assert.Equal(
                [AuthorityWorld.Id(Who.Owner)],
                await db.Notifications.AsNoTracking().Where(n => n.Type == SessionDesk.Missed).Select(n => n.RecipientId).ToListAsync());
        }

        // Somebody else read it before that: what was said first stays.
        var other = await desk.SaveAsync(Lesson, new(Guid.NewGuid(), 0, [new(Enrolled, AttendanceStatus.Present, null)]), Staff, default);
        Assert.Equal([Enrolled], other.Value.Kept);
        Assert.Equal(AttendanceStatus.Absent, Assert.Single((await desk.RegisterAsync(Lesson, Teacher, default))!.Lines).Status);
        // Who saw it corrects it.
        var seen = (await desk.RegisterAsync(Lesson, Staff, default))!;
        Assert.Empty((await desk.SaveAsync(Lesson, new(Guid.NewGuid(), seen.Version, [new(Enrolled, AttendanceStatus.Late, null)]), Staff, default)).Value.Kept);
        Assert.Equal("register.early", (await desk.SaveAsync(Tomorrow, new(Guid.NewGuid(), 0, []), Teacher, default)).Error!.Code);
        Assert.Equal("session.cancelled", (await desk.SaveAsync(Off, new(Guid.NewGuid(), 0, []), Teacher, default)).Error!.Code);

        // A week later it is the office's.
        await database.ExecuteAsync($"UPDATE course_sessions SET held_on = DATE_SUB(held_on, INTERVAL 8 DAY) WHERE id = {Lesson}");
        Assert.Equal("register.late", (await desk.SaveAsync(Lesson, new(Guid.NewGuid(), 9, []), Teacher, default)).Error!.Code);
        Assert.False((await desk.RegisterAsync(Lesson, Teacher, default))!.Open);
        Assert.True((await desk.RegisterAsync(Lesson, Staff, default))!.Open);
    }

    [Fact]
    public async Task Who_teaches_sees_their_course_only_while_they_teach_it_and_were_looked_up()
    {
        var courses = Get<CourseService>();
        Assert.Equal([English], (await courses.ListAsync(new(), Teacher, default)).Rows.Select(r => r.Id));
        Assert.Null(await courses.FindAsync(Free, Teacher, default));
        Assert.Empty(await courses.RosterAsync(Free, Teacher, default));
        var child = Assert.Single(await courses.RosterAsync(English, Teacher, default));
        Assert.Equal((10, "Has an inhaler", null), (child.Age, child.SafetyNote, child.Apartment));
        // The office is not told of health, unless somebody gives it that right; then it is written down.
        Assert.Null(Assert.Single(await courses.RosterAsync(English, Staff, default)).SafetyNote);
        Assert.Null(Assert.Single((await Get<SessionDesk>().RegisterAsync(Lesson, Staff, default))!.Lines).SafetyNote);
        Assert.Contains(await courses.ContactsAsync(Enrolled, Teacher, default), c => c.Note == "3001234567");
        await using (var db = await OpenAsync())
            Assert.True(await db.AuditLog.AnyAsync(e => e.Action == "guardian_phone_read" && e.RecordId == Child));

        // The check is over: no course of minors, at once.
        await database.ExecuteAsync("UPDATE teacher_checks SET checked_on = '2020-01-01', valid_until = '2020-05-01'");
        Assert.Empty((await courses.ListAsync(new(), Teacher, default)).Rows);
        Assert.Null(await Get<MarkDesk>().GridAsync(English, First, Teacher, default));
        Assert.Equal("course.unchecked", (await courses.AddTeacherAsync(Free, AuthorityWorld.Id(Who.Guard), Staff, default)).Error!.Code);
        Assert.True((await Get<YearService>().CheckTeacherAsync(AuthorityWorld.Id(Who.Guard), Today, null, Staff, default)).Ok);
        Assert.Equal(Today.AddMonths(4), Assert.Single(await Get<YearService>().TeachersAsync(Staff, default)).ValidUntil);
        Assert.True((await courses.AddTeacherAsync(Free, AuthorityWorld.Id(Who.Guard), Staff, default)).Ok);
        Assert.True((await courses.EndTeacherAsync(English, Teaches, Staff, default)).Ok);
        Assert.Equal([Free], (await courses.ListAsync(new(), Teacher, default)).Rows.Select(r => r.Id));
        await using var after = await OpenAsync();
        Assert.True(await after.CourseTeachers.AnyAsync(t => t.Id == Teaches && t.ToOn != null));
    }

    [Fact]
    public async Task A_guardian_with_authority_sees_the_childs_course_and_nobody_else_does()
    {
        var reports = Get<ProgrammeReports>();
        var mine = Assert.Single(await reports.MineAsync(_world.As(Who.Owner), default));
        Assert.Equal((Child, false), (mine.Id, mine.Self));
        var course = Assert.Single(mine.Courses);
        Assert.Equal(("English 5A", Today), (course.Course, course.Next));
        var report = (await reports.EnrolmentAsync(Enrolled, null, _world.As(Who.Owner), default))!;
        Assert.Equal(("Sara Gil", 8.5m, 1, 1), (report.Participant, report.Result!.Overall, report.Result.Place, report.Ranked));
        Assert.Equal("Good", Assert.Single(report.Marks).Comment);
        foreach (var who in new[] { Who.Neighbour, Who.Tenant, Who.Nobody })
        {
            Assert.Empty(await reports.MineAsync(_world.As(who), default));
            Assert.Null(await reports.EnrolmentAsync(Enrolled, null, _world.As(who), default));
        }

        // Of age, they are nobody's but their own.
        await database.ExecuteAsync($"UPDATE participants SET birth_date = '{Today.AddYears(-18):yyyy-MM-dd}' WHERE id = {Child}");
        Assert.Empty(await reports.MineAsync(_world.As(Who.Owner), default));
        await database.ExecuteAsync($"UPDATE participants SET user_id = {AuthorityWorld.Id(Who.Tenant)} WHERE id = {Child}");
        Assert.True(Assert.Single(await reports.MineAsync(_world.As(Who.Tenant), default)).Self);
    }

    [Fact]
    public async Task Health_and_family_need_a_permission_and_a_consent_and_leave_a_trace_without_their_words()
    {
        var (family, people) = (Get<FamilyService>(), Get<ParticipantService>());
        var nurse = With(Who.Staff, Permissions.ProgrammesHealth, Permissions.ProgrammesFamily, Permissions.ProgrammesManage);
        Assert.Equal("Asthma", (await family.HealthAsync(Child, nurse, default))!.Health);
        Assert.True((await family.SaveHealthAsync(Child, new("Asthma, mild", true, "Inhaler in the bag"), nurse, default)).Ok);
        Assert.Equal("consent.missing", (await family.SaveHealthAsync(Newcomer, new("x", null, null), nurse, default)).Error!.Code);
        Assert.Equal(
            "family.sisben",
            (await family.SaveFamilyAsync(
                Child, new(null, null, false, false, false, null, null, null, null, "E9", null, null, false, null, null), nurse, default)).Error!.Code);
        Assert.True((await family.SaveFamilyAsync(
            Child, new("Rarism", null, true, false, false, "Mother", null, true, 40, "b3", null, null, true, 20_000, "Monthly"), nurse, default)).Ok);
        Assert.True((await family.SaveCircumstancesAsync(
            Child, MotherOfChild, new("Nurse", 2_345_678, 2, null, null, null, null, null, null, "Saint Rare", true), nurse, default)).Ok);
        var view = (await family.FamilyAsync(Child, nurse, default))!;
        Assert.Equal(("B3", 2_345_678m), (view.Family!.SisbenGroup, view.Guardians[0].Circumstances!.Income));
        await using (var db = await OpenAsync())
        {
            var lines = await db.AuditLog.AsNoTracking().Select(e => e.Action + e.TableName + e.OldValue + e.NewValue).ToListAsync();
            Assert.Contains(lines, l => l.StartsWith("health_readparticipant_health", StringComparison.Ordinal));
            Assert.Contains(lines, l => l.StartsWith("family_readfamily_profiles", StringComparison.Ordinal));
            Assert.DoesNotContain(lines, l => l.Contains("Asthma") || l.Contains("Inhaler") || l.Contains("Rarism") || l.Contains("2345678") || l.Contains("Saint Rare"));
        }

        // Taken back, it is gone.
        Assert.True((await people.WithdrawConsentAsync(Child, Health, Staff, default)).Ok);
        Assert.True((await people.WithdrawConsentAsync(Child, Health + 2, Staff, default)).Ok);
        Assert.Equal("consent.enrolled", (await people.WithdrawConsentAsync(Child, Allowed, Staff, default)).Error!.Code);
        await using var after = await OpenAsync();
        Assert.False(await after.ParticipantHealth.AnyAsync());
        Assert.False(await after.FamilyProfiles.AnyAsync());
        Assert.False(await after.GuardianCircumstances.AnyAsync());
        Assert.Equal("consent.missing", (await family.SaveHealthAsync(Child, new("x", null, null), nurse, default)).Error!.Code);
    }

    [Fact]
    public async Task Marks_keep_what_was_there_and_a_closed_semester_keeps_them()
    {
        var desk = Get<MarkDesk>();
        var again = new MarkInput(Enrolled, Reading, First, Today, 9.25m, "Better");
        Assert.Equal(Given, (await desk.SaveAsync(Given, again, Teacher, default)).Value);
        Assert.Equal("mark.value", (await desk.SaveAsync(null, again with { Value = 10.01m }, Teacher, default)).Error!.Code);
        Assert.Equal("mark.value", (await desk.SaveAsync(null, again with { Value = 9.255m }, Teacher, default)).Error!.Code);
        Assert.Equal("mark.subject", (await desk.SaveAsync(null, again with { SubjectId = Unused }, Teacher, default)).Error!.Code);
        Assert.Equal("mark.day", (await desk.SaveAsync(null, again with { GradedOn = Today.AddDays(1) }, Teacher, default)).Error!.Code);
        Assert.True((await desk.SaveAsync(null, again with { Value = 0 }, Teacher, default)).Ok);
        var grid = (await desk.GridAsync(English, First, Teacher, default))!;
        var row = Assert.Single(grid.Rows);
        Assert.Equal([9.25m, 0m], row.Marks.Select(m => m.Value));
        Assert.Equal(4.63m, row.Result.Overall);
        var history = (await desk.HistoryAsync(Enrolled, Reading, First, Teacher, default)).First(h => h.After == 9.25m);
        Assert.Equal((8.5m, "Good"), (history.Before, history.Comment));

        Assert.Equal("semester.runs", (await Get<YearService>().CloseAsync(First, Staff, default)).Error!.Code);
        await database.ExecuteAsync($"UPDATE semesters SET ends_on = '{Today:yyyy-MM-dd}' WHERE id = {First}");
        Assert.True((await Get<YearService>().CloseAsync(First, Staff, default)).Ok);
        Assert.Equal("semester.closed", (await desk.SaveAsync(Given, again with { Value = 1 }, Teacher, default)).Error!.Code);
        Assert.Equal("semester.closed", (await desk.RemoveAsync(Given, Teacher, default)).Error!.Code);
        // Who leaves later changes nothing of it.
        Assert.True((await Get<EnrolmentDesk>().DropAsync(Enrolled, Today.AddDays(1), "Moves", Staff, default)).Ok);
        var report = (await Get<ProgrammeReports>().EnrolmentAsync(Enrolled, First, Staff, default))!;
        Assert.Equal((4.63m, 1, 1), (report.Result!.Overall, report.Result.Place, report.Ranked));
        Assert.True((await Get<YearService>().ReopenAsync(First, Staff, default)).Ok);
        Assert.True((await desk.RemoveAsync(Given, Teacher, default)).Ok);
    }

    [Fact]
    public async Task Who_changes_courses_brings_their_marks_and_attendance_and_is_ranked_in_the_new_one()
    {
        await database.ExecuteAsync($"DELETE FROM marks; DELETE FROM mark_changes");
        var (desk, marks) = (Get<EnrolmentDesk>(), Get<MarkDesk>());
        var before = Today.AddDays(-10);
        foreach (var value in new[] { 6m, 8m })
            Assert.True((await marks.SaveAsync(null, new(Enrolled, Reading, First, before, value, null), Staff, default)).Ok);
        await database.ExecuteAsync($"UPDATE course_sessions SET held_on = '{before:yyyy-MM-dd}' WHERE id = {Lesson}");
        await SayAsync(Lesson, Enrolled, "P");
        var there = (await desk.TransferAsync(Enrolled, Free, Today, Staff, default)).Value;
        Assert.True((await marks.SaveAsync(null, new(there, Reading, First, Today, 9, null), Staff, default)).Ok);
        Assert.Equal("mark.expected", (await marks.SaveAsync(null, new(there, Reading, First, before, 9, null), Staff, default)).Error!.Code);
        Assert.Equal("mark.expected", (await marks.SaveAsync(null, new(Enrolled, Reading, First, Today, 9, null), Staff, default)).Error!.Code);
        var report = (await Get<ProgrammeReports>().EnrolmentAsync(there, First, Staff, default))!;
        Assert.Equal((7.67m, 1, 100m), (report.Result!.Overall, report.Result.Place, report.Attendance.Percent));
        Assert.Null((await marks.GridAsync(English, First, Staff, default))!.Rows.Single().Result.Place);
        Assert.Equal("enrolment.left", (await desk.DropAsync(Enrolled, Today, "Again", Staff, default)).Error!.Code);

        Assert.Equal("enrolment.transferred", (await desk.ReturnAsync(Enrolled, Today, Staff, default)).Error!.Code);

        // And back: what they did in both is theirs still, once.
        Assert.Equal(Enrolled, (await desk.TransferAsync(there, English, Today.AddDays(1), Staff, default)).Value);
        Assert.Equal(7.67m, (await Get<ProgrammeReports>().EnrolmentAsync(Enrolled, First, Staff, default))!.Result!.Overall);
    }

    [Fact]
    public async Task The_last_place_is_given_once_and_only_with_a_consent()
    {
        var desk = Get<EnrolmentDesk>();
        Assert.Equal("enrolment.twice", (await desk.EnrolAsync(English, Child, Today, Staff, default)).Error!.Code);
        Assert.Equal("enrolment.consent", (await desk.EnrolAsync(English, Grown, Today, Staff, default)).Error!.Code);
        await database.ExecuteAsync($"UPDATE courses SET minors = 0 WHERE id = {Free}");
        Assert.Equal("enrolment.minor", (await desk.EnrolAsync(Free, Newcomer, Today, Staff, default)).Error!.Code);
        await database.ExecuteAsync($"UPDATE courses SET minors = 1 WHERE id = {Free}");
        await database.ExecuteAsync($"UPDATE courses SET capacity = 1 WHERE id = {Free}");
        var both = await Task.WhenAll(
            desk.EnrolAsync(Free, Child, Today, Staff, default), Get<EnrolmentDesk>().EnrolAsync(Free, Newcomer, Today, _world.As(Who.Admin), default));
        Assert.Equal("enrolment.full", Assert.Single(both, r => !r.Ok).Error!.Code);
        var input = (await Get<CourseService>().FindAsync(Free, Staff, default))!.Input;
        await database.ExecuteAsync($"UPDATE courses SET capacity = 2 WHERE id = {Free}");
        Assert.True((await desk.EnrolAsync(Free, both[0].Ok ? Newcomer : Child, Today, Staff, default)).Ok);
        Assert.Equal("course.full", (await Get<CourseService>().SaveAsync(Free, input, Staff, default)).Error!.Code);
    }

    [Fact]
    public async Task A_fee_is_charged_the_fund_pays_its_part_and_who_leaves_gets_back_what_was_not_held()
    {
        await database.ExecuteAsync(
            $"UPDATE courses SET fee = 185000 WHERE id = {Free}; UPDATE participants SET apartment_id = {AuthorityWorld.Apartment} WHERE id = {Newcomer}");
        var desk = Get<EnrolmentDesk>();
        Assert.Equal("scholarship.fund", (await desk.EnrolAsync(Free, Newcomer, Today, Staff, default)).Error!.Code);
        await FundAsync(100_000);
        var enrolment = (await desk.EnrolAsync(Free, Newcomer, Today, Staff, default)).Value;
        await using (var db = await OpenAsync())
        {
            var charge = await db.Enrolments.AsNoTracking().Where(e => e.Id == enrolment).Select(e => e.Charge!).SingleAsync();
            Assert.Equal((185_000m, -64_750m, 120_250m), (charge.Amount, charge.Adjusted, charge.Owed));
        }

        Assert.Equal(35_250m, -await BalanceAsync("3310"));
        Assert.Equal(35_250m, await BalanceAsync("1125"));
        Assert.Equal(185_000m, -await BalanceAsync("4182"));

        // All of it is paid; they leave with seven of twelve sessions to come.
        await PayAsync(120_250m);
        var sessions = Enumerable.Range(-5, 12).Select(d => $"({Free}, '{Today.AddDays(d):yyyy-MM-dd}', 'am')");
        await database.ExecuteAsync($"INSERT INTO course_sessions (course_id, held_on, session) VALUES {string.Join(", ", sessions)}");
        Assert.True((await desk.DropAsync(enrolment, Today, "Moves", Staff, default)).Ok);
        await using (var db = await OpenAsync())
        {
            var charge = await db.Enrolments.AsNoTracking().Where(e => e.Id == enrolment).Select(e => e.Charge!).SingleAsync();
            Assert.Equal((50_104m, 50_104m, ChargeState.Paid), (charge.Amount + charge.Adjusted, charge.Paid, charge.Status));
            Assert.Equal(
                70_146m,
                120_250m - await db.PaymentApplications.Where(a => !a.Reversed).SumAsync(a => a.Amount));
        }

        Assert.Equal(35_250m + 37_771m, -await BalanceAsync("3310"));
        Assert.Equal(35_250m + 37_771m, await BalanceAsync("1125"));
        Assert.Equal(185_000m - 107_917m, -await BalanceAsync("4182"));
        await using var books = await OpenAsync();
        Assert.True((await LedgerProof.ReadAsync(books, whole: true, default)).Agrees);

        // Back on the day they left, it is as it was before: nobody is charged twice, and nobody has it for nothing.
        Assert.True((await desk.ReturnAsync(enrolment, Today, Staff, default)).Ok);
        await ShowsAsync(120_250m, 35_250m);
        // And away again in the middle of what was left, twice over: never more than was paid.
        Assert.True((await desk.DropAsync(enrolment, Today.AddDays(3), "Again", Staff, default)).Ok);
        await ShowsAsync(120_250m - 40_084m, 35_250m + 21_583m);
        Assert.True((await desk.ReturnAsync(enrolment, Today.AddDays(5), Staff, default)).Ok);
        Assert.True((await desk.DropAsync(enrolment, Today.AddDays(5), "And again", Staff, default)).Ok);
        await ShowsAsync(120_250m - 40_083m, 35_250m + 21_584m);
        await using var after = await OpenAsync();
        Assert.True((await LedgerProof.ReadAsync(after, whole: true, default)).Agrees);
        Assert.Equal(1, await after.Charges.CountAsync(c => c.ApartmentId == AuthorityWorld.Apartment && c.Amount == 185_000m));

        async Task ShowsAsync(decimal family, decimal fund)
        {
            await using var db = await OpenAsync();
            var charge = await db.Enrolments.AsNoTracking().Where(e => e.Id == enrolment).Select(e => e.Charge!).SingleAsync();
            Assert.Equal((family, fund), (charge.Amount + charge.Adjusted, -await BalanceAsync("3310")));
            Assert.Equal(await BalanceAsync("1125"), -await BalanceAsync("3310"));
        }
    }

    [Fact]
    public async Task Sessions_hold_their_place_in_the_facility_and_give_it_back()
    {
        await database.ExecuteAsync($"UPDATE courses SET facility_id = {Hall} WHERE id = {Free}");
        var (desk, day) = (Get<SessionDesk>(), Today.AddDays(3));
        var plan = new SessionPlan([day.DayOfWeek], day, day.AddDays(14), SessionPart.Pm, new(16, 0), new(18, 0));
        Assert.Equal(3, (await desk.PlanAsync(Free, plan, Staff, default)).Value);
        await using var db = await OpenAsync();
        Assert.Equal(3, await db.FacilityBlackouts.CountAsync(b => b.FacilityId == Hall));
        var closure = await db.FacilityBlackouts.Where(b => b.FacilityId == Hall).MinAsync(b => b.Id);
        Assert.Equal("facility.blackout_course", (await Get<Data.Facilities.BlackoutService>().RemoveAsync(closure, _world.As(Who.Admin), default)).Error!.Code);
        var first = await db.CourseSessions.AsNoTracking().Where(s => s.CourseId == Free).OrderBy(s => s.HeldOn).Select(s => s.Id).FirstAsync();
        Assert.True((await desk.CancelAsync(first, "Holiday", Staff, default)).Ok);
        Assert.Equal(2, await db.FacilityBlackouts.CountAsync(b => b.FacilityId == Hall));
        // Another course takes the hour meanwhile.
        await database.ExecuteAsync($"UPDATE courses SET facility_id = {Hall} WHERE id = {English}");
        Assert.Equal(1, (await desk.PlanAsync(English, plan with { To = day }, Staff, default)).Value);
        Assert.Equal("session.booked", (await desk.RestoreAsync(first, Staff, default)).Error!.Code);
        Assert.Equal("session.booked", (await desk.PlanAsync(English, plan, Staff, default)).Error!.Code);
        Assert.Equal(3, await db.FacilityBlackouts.CountAsync(b => b.FacilityId == Hall));
    }

    [Fact]
    public async Task Who_was_in_no_course_for_two_years_is_nobody_any_more_and_the_figures_stay()
    {
        var handler = ActivatorUtilities();
        await handler.RunAsync(Today, default);
        await using (var db = await OpenAsync()) Assert.False(await db.Participants.AnyAsync(p => p.AnonymisedOn != null));
        await database.ExecuteAsync(
            $"UPDATE enrolments SET enrolled_on = '2020-01-01', dropped_on = '2020-05-01'; UPDATE participants SET registered_on = '2020-01-01' WHERE id = {Child}");
        await SayAsync(Lesson, Enrolled, "A", office: false);
        await handler.RunAsync(Today, default);
        await using var after = await OpenAsync();
        var child = await after.Participants.AsNoTracking().SingleAsync(p => p.Id == Child);
        Assert.Equal(("Persona", null, false), (child.FirstName, child.ApartmentId, child.Active));
        Assert.False(await after.Guardians.AnyAsync(g => g.ParticipantId == Child));
        Assert.False(await after.ParticipantHealth.AnyAsync());
        Assert.Null((await after.Marks.AsNoTracking().SingleAsync()).Comment);
        Assert.Equal(8.5m, (await after.Marks.AsNoTracking().SingleAsync()).Value);
        Assert.Empty((await Get<ParticipantService>().ListAsync(new("Sara"), Staff, default)).Rows);
        Assert.DoesNotContain(
            await after.AuditLog.AsNoTracking().Where(e => e.TableName == "participants").Select(e => e.OldValue + e.NewValue).ToListAsync(),
            text => text.Contains("Sara", StringComparison.Ordinal));

        ProgrammeUpkeep ActivatorUtilities() => new(_world.Store, _world.Clock, Get<ModuleStates>());
    }

    /// <summary>March of 2026 as in the worked example: six sessions that are held and one that is not, five people.</summary>
    private async Task<(long Course, long Year, long[] Sessions, long[] People)> MarchAsync()
    {
        await database.ExecuteAsync(
            """
            INSERT INTO school_years (id, code, starts_on, ends_on) VALUES (6000, '2026', '2026-01-01', '2026-12-31');
            INSERT INTO courses (id, year_id, name, kind, grade_level, section, capacity, starts_on, ends_on)
                VALUES (6001, 6000, 'Languages', 'Language', 5, 'C', 20, '2026-01-15', '2026-12-31');
            INSERT INTO course_sessions (id, course_id, held_on, session, cancelled) VALUES
                (6011, 6001, '2026-03-02', 'am', 0), (6012, 6001, '2026-03-02', 'pm', 0), (6013, 6001, '2026-03-03', 'full', 0),
                (6014, 6001, '2026-03-04', 'am', 0), (6019, 6001, '2026-03-04', 'pm', 1), (6015, 6001, '2026-03-05', 'full', 0),
                (6016, 6001, '2026-03-06', 'am', 0);
            """);
        var people = Enumerable.Range(6021, 5).Select(i => (long)i).ToArray();
        foreach (var (id, at) in people.Select((id, at) => (id, at)))
        {
            var from = at == 4 ? "2026-03-05" : "2026-02-01";
            await database.ExecuteAsync(
                $"""
                INSERT INTO participants (id, first_name, last_name, gender, birth_date, registered_on)
                    VALUES ({id}, 'Person', 'Number {at}', 'other', '2015-01-01', '2026-01-01');
                INSERT INTO enrolments (id, course_id, participant_id, enrolled_on) VALUES ({id}, 6001, {id}, '{from}');
                INSERT INTO enrolment_periods (enrolment_id, from_on) VALUES ({id}, '{from}');
                """);
        }

        return (6001, 6000, [6011, 6012, 6013, 6014, 6015, 6016], people);
    }

    private static DateOnly Day(int day) => new(2026, 3, day);

    private async Task SayAsync(long session, long enrolment, string status, bool office = true)
    {
        var said = status switch
        {
            "P" => AttendanceStatus.Present, "A" => AttendanceStatus.Absent, "L" => AttendanceStatus.Late, _ => AttendanceStatus.Excused,
        };
        if (!office)
        {
            await database.ExecuteAsync($"INSERT INTO attendance (session_id, enrolment_id, status, reason) VALUES ({session}, {enrolment}, '{said}', 'Ill')");
            return;
        }

        var saved = await Get<SessionDesk>().SaveAsync(session, new(Guid.NewGuid(), 99, [new(enrolment, said, null)]), Staff, default);
        Assert.True(saved.Ok, saved.Error?.Code);
    }

    private async Task<decimal> BalanceAsync(string code)
    {
        await using var db = await OpenAsync();
        return await db.JournalLines.Where(l => l.Account!.Code == code).SumAsync(l => l.Debit - l.Credit);
    }

    private async Task FundAsync(decimal amount)
    {
        await using var db = await OpenAsync();
        var accounts = await db.LedgerAccounts.AsNoTracking().Where(a => a.Code == "3310" || a.Code == "1125").ToDictionaryAsync(a => a.Code, a => a.Id);
        await database.ExecuteAsync(
            $"""
            INSERT INTO journal_entries (posted_on, act, source_id, seq, memo) VALUES ('{Today:yyyy-MM-dd}', 'manual', 1, 1, 'Donation');
            SET @e = LAST_INSERT_ID();
            INSERT INTO journal_lines (entry_id, line, account_id, posted_on, debit, credit)
                VALUES (@e, 1, {accounts["1125"]}, '{Today:yyyy-MM-dd}', {amount}, 0), (@e, 2, {accounts["3310"]}, '{Today:yyyy-MM-dd}', 0, {amount});
            """);
    }

    private async Task PayAsync(decimal amount)
    {
        var recorded = await Get<PaymentDesk>().RecordAsync(
            new PaymentInput(
                AuthorityWorld.Apartment, AuthorityWorld.OwnerRow(Who.Owner), amount, PaymentRules.Cash, null, Today, null, null),
            _world.As(Who.Admin), default);
        Assert.True(recorded.Ok, recorded.Error?.Code);
    }
}

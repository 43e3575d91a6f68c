using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Programmes;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Programmes;

/// <summary>A course: who is in it, who teaches it, what is taught.</summary>
public sealed partial class CoursePage(
    CourseService courses, YearService allYears, NavigationManager nav, Toasts toasts, Me me, IStringLocalizer<ProgrammeWords> L,
    IStringLocalizer<SharedWords> S, BuildingClock clock)
{
    private static readonly string[] Tables =
        ["courses", "enrolments", "course_teachers", "course_subjects", "participants", "participant_health", "course_sessions", "charges"];

    private CourseView? course;
    private IReadOnlyList<RosterRow> roster = [];
    private IReadOnlyList<YearView> years = [];
    private IReadOnlyList<TeacherRow> teachers = [];
    private IReadOnlyList<ProgrammeOption>? contacts;
    private RosterRow? called;
    private LeavePanel.Asked? moving;
    private string? chosen;
    private bool editing, enrolling, subjects, missing;

    [Parameter] public long Id { get; set; }

    private List<TeacherRow> Free => [.. teachers.Where(t => course?.Teachers.Any(c => c.UserId == t.UserId && c.ToOn is null) != true)];

    private long? Chosen => long.TryParse(chosen, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    protected override async Task OnParametersSetAsync()
    {
        if (course?.Id != Id) course = null;
        await ReadAsync();
    }

    private bool Gone(RosterRow one) => one.DroppedOn <= clock.Today;

    private async Task ReadAsync()
    {
        var user = await me.GetAsync();
        var found = await courses.FindAsync(Id, user, CancellationToken.None);
        if (found is null)
        {
            (missing, course) = (true, null);
            nav.NotFound();
            return;
        }

        roster = await courses.RosterAsync(Id, user, CancellationToken.None);
        if (found.Manages)
        {
            years = await allYears.ListAsync(user, CancellationToken.None);
            teachers = await allYears.TeachersAsync(user, CancellationToken.None);
        }

        course = found;
    }

    private async Task CallAsync(RosterRow one)
    {
        var found = await courses.ContactsAsync(one.EnrolmentId, await me.GetAsync(), CancellationToken.None);
        (called, contacts) = (one, found);
    }

    private async Task AddTeacherAsync()
    {
        if (Chosen is not { } account) return;
        await ToldAsync(await courses.AddTeacherAsync(Id, account, await me.GetAsync(), CancellationToken.None));
        chosen = null;
    }

    private async Task EndTeacherAsync(CourseTeacherView one) =>
        await ToldAsync(await courses.EndTeacherAsync(Id, one.Id, await me.GetAsync(), CancellationToken.None));

    private async Task MovedAsync(bool done)
    {
        moving = null;
        if (done) await ReadAsync();
    }

    private async Task ToldAsync(Result result)
    {
        if (result.Ok) toasts.Show(L["saved"], Tone.Ok);
        else toasts.Show(result.Error!.Explain(S, L), Tone.Bad);
        await ReadAsync();
    }
}

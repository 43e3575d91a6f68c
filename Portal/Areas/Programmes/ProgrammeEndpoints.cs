using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Operations;
using Portal.Data.Programmes;
using Portal.Documents;
using Portal.Documents.TableExport;
using Portal.Hosting;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Programmes;

/// <summary>Lists and papers of courses as files, and the saving of registers, which goes on where the circuit is cut.</summary>
public sealed class ProgrammeEndpoints : WebArea
{
    private const string Teaches = Permissions.ProgrammesManage + "|" + Permissions.ProgrammesTeachOwn;

    private const string Reads = Teaches + "|" + Permissions.ProgrammesViewOwn;

    public override void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/programmes/courses/export", CoursesAsync).RequireAuthorization(Teaches);
        app.MapGet("/programmes/participants/export", ParticipantsAsync).RequireAuthorization(Permissions.ProgrammesManage);
        app.MapGet("/programmes/courses/{id:long}/marks/export", MarksAsync).RequireAuthorization(Teaches);
        app.MapGet("/programmes/courses/{id:long}/attendance/export", AttendanceAsync).RequireAuthorization(Teaches);
        app.MapGet("/programmes/reports/{id:long}/marks.pdf", MarksPdfAsync).RequireAuthorization(Reads);
        app.MapGet("/programmes/reports/{id:long}/attendance.pdf", AttendancePdfAsync).RequireAuthorization(Reads);
        // Who may, the service says, in words that the page shows: a policy's refusal is a page of its own.
        app.MapPost("/programmes/sessions/{id:long}/register", RegisterAsync).RequireAuthorization();
    }

    private static async Task<IResult> CoursesAsync(
        string? format, HttpContext http, CourseService courses, BuildingClock clock, Me me, IStringLocalizer<ProgrammeWords> words, CancellationToken ct)
    {
        var rows = courses.ExportAsync(ListAddress.Read(http.Request.Query, "name"), await me.GetAsync(ct), ct);
        List<ExportColumn<CourseRow>> columns =
        [
            new(words["course"], ExportKind.Text, row => CourseNames.Of(row.Name, row.Grade, row.Section)),
            new(words["course.kind"], ExportKind.Text, row => row.Kind),
            new(words["teachers"], ExportKind.Text, row => row.Teachers),
            new(words["year"], ExportKind.Text, row => row.Year),
            new(words["course.facility"], ExportKind.Text, row => row.Facility),
            new(words["course.starts"], ExportKind.Date, row => row.StartsOn),
            new(words["course.ends"], ExportKind.Date, row => row.EndsOn),
            new(words["course.enrolled"], ExportKind.Number, row => row.Enrolled),
            new(words["course.capacity"], ExportKind.Number, row => row.Capacity),
            new(words["course.fee"], ExportKind.Money, row => row.Fee),
        ];
        return ListFile.Of(format, words["courses"], $"{words["courses.file"].Value}-{clock.Today:yyyy-MM-dd}", columns, rows, ct);
    }

    private static async Task<IResult> ParticipantsAsync(
        string? format, HttpContext http, ParticipantService people, BuildingClock clock, Me me, IStringLocalizer<ProgrammeWords> words,
        CancellationToken ct)
    {
        var rows = people.ExportAsync(ListAddress.Read(http.Request.Query, "name"), await me.GetAsync(ct), ct);
        List<ExportColumn<ParticipantRow>> columns =
        [
            new(words["last.name"], ExportKind.Text, row => row.LastName),
            new(words["first.name"], ExportKind.Text, row => row.FirstName),
            new(words["birth"], ExportKind.Date, row => row.BirthDate),
            new(words["age"], ExportKind.Number, row => row.Age),
            new(words["grade"], ExportKind.Number, row => row.GradeLevel),
            new(words["apartment"], ExportKind.Text, row => row.Apartment),
            new(words["courses"], ExportKind.Number, row => row.Courses),
        ];
        return ListFile.Of(format, words["participants"], $"{words["participants.file"].Value}-{clock.Today:yyyy-MM-dd}", columns, rows, ct);
    }

    private static async Task<IResult> MarksAsync(
        long id, string? semester, string? format, MarkDesk desk, CourseService courses, BuildingClock clock, Me me,
        IStringLocalizer<ProgrammeWords> words, CancellationToken ct)
    {
        var user = await me.GetAsync(ct);
        if (await courses.FindAsync(id, user, ct) is not { } course || await desk.GridAsync(id, Number(semester), user, ct) is not { } grid)
            return Results.NotFound();
        List<ExportColumn<MarkRow>> columns =
        [
            new(words["name"], ExportKind.Text, row => row.Name),
            .. grid.Subjects.Select(s => new ExportColumn<MarkRow>(s.Name, ExportKind.Number, row => row.Result.Subjects.GetValueOrDefault(s.SubjectId))),
            new(words["average"], ExportKind.Number, row => row.Result.Overall),
            new(words["place"], ExportKind.Number, row => row.Result.Place),
            new(words["average.plain"], ExportKind.Number, row => row.Result.Plain),
        ];
        return ListFile.Of(
            format, words["marks"], $"{words["marks.file"].Value}-{id}-{grid.Semester.Input.Code}-{clock.Today:yyyy-MM-dd}", columns,
            grid.Rows.ToAsyncEnumerable(), ct);
    }

    private static async Task<IResult> AttendanceAsync(
        long id, string? from, string? to, string? format, ProgrammeReports reports, BuildingClock clock, Me me,
        IStringLocalizer<ProgrammeWords> words, CancellationToken ct)
    {
        if (await reports.AttendanceAsync(id, Day(from), Day(to), await me.GetAsync(ct), ct) is not { } sheet) return Results.NotFound();
        List<ExportColumn<AttendanceLine>> columns =
        [
            new(words["name"], ExportKind.Text, row => row.Name),
            new(words["status.Present"], ExportKind.Number, row => row.Share.PresentDays),
            new(words["status.Late"], ExportKind.Number, row => row.Share.LateDays),
            new(words["status.Absent"], ExportKind.Number, row => row.Share.AbsentDays),
            new(words["status.Excused"], ExportKind.Number, row => row.Share.ExcusedDays),
            new(words["days.total"], ExportKind.Number, row => row.Share.TotalDays),
            new(words["attendance.percent"], ExportKind.Percent, row => row.Share.Percent),
            new(words["attendance.rows"], ExportKind.Percent, row => row.Share.PresentShareOfRows),
        ];
        return ListFile.Of(
            format, words["attendance"], $"{words["attendance.file"].Value}-{id}-{clock.Today:yyyy-MM-dd}", columns, sheet.Lines.ToAsyncEnumerable(), ct);
    }

    private static async Task<IResult> MarksPdfAsync(
        long id, string? semester, HttpContext http, ProgrammeReports reports, SettingsService settings, BuildingClock clock, Me me,
        IStringLocalizer<ProgrammeWords> words, CancellationToken ct)
    {
        if (await reports.EnrolmentAsync(id, Number(semester), await me.GetAsync(ct), ct) is not { Semester: not null } report) return Results.NotFound();
        var pdf = MarkReportDocument.Render(await ModelAsync(http, report, settings, clock, ct), CultureInfo.CurrentUICulture);
        return PrivateFile.Pdf(http, pdf, $"{words["marks.file"].Value}-{id}-{report.Semester.Input.Code}.pdf");
    }

    private static async Task<IResult> AttendancePdfAsync(
        long id, HttpContext http, ProgrammeReports reports, SettingsService settings, BuildingClock clock, Me me,
        IStringLocalizer<ProgrammeWords> words, CancellationToken ct)
    {
        if (await reports.EnrolmentAsync(id, null, await me.GetAsync(ct), ct) is not { } report) return Results.NotFound();
        var pdf = AttendanceReportDocument.Render(await ModelAsync(http, report, settings, clock, ct), CultureInfo.CurrentUICulture);
        return PrivateFile.Pdf(http, pdf, $"{words["attendance.file"].Value}-{id}.pdf");
    }

    private static async Task<CourseReportModel> ModelAsync(
        HttpContext http, EnrolmentReport report, SettingsService settings, BuildingClock clock, CancellationToken ct)
    {
        var building = await settings.GetAsync(ct);
        var host = (building.PublicAddress.Length > 0 ? building.PublicAddress : http.Request.Host.Value ?? "").TrimEnd('/');
        return new CourseReportModel(
            BuildingPaper.Header(building), report, $"{host}/programmes/reports/{report.EnrolmentId}", BuildingPaper.Stamp(building, clock));
    }

    /// <summary>A register as its page sends it: with a key of its own, until it is answered.</summary>
    private static async Task<IResult> RegisterAsync(
        long id, RegisterBody body, HttpContext http, SessionDesk desk, Me me, IStringLocalizer<ProgrammeWords> words,
        IStringLocalizer<SharedWords> shared, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!SameOrigin.Is(http.Request)) return Refused(new Error("gone"));
        List<RegisterEntry> entries = [];
        foreach (var one in body.Entries ?? [])
        {
            if (one is null || !Enum.TryParse<AttendanceStatus>(one.Status, ignoreCase: true, out var status) || !Enum.IsDefined(status)) return Refused(new Error("gone"));
            entries.Add(new RegisterEntry(one.EnrolmentId, status, one.Reason));
        }

        var saved = await desk.SaveAsync(id, new RegisterInput(body.Key, body.Version, entries), await me.GetAsync(ct), ct);
        return saved.Ok ? Results.Json(saved.Value) : Refused(saved.Error!);

        IResult Refused(Error error) => Results.Json(
            new { error = error.Explain(shared, words) },
            statusCode: error.IsOutage ? StatusCodes.Status503ServiceUnavailable
                : error.Code == "forbidden" ? StatusCodes.Status403Forbidden
                : error.Code == "not_found" ? StatusCodes.Status404NotFound
                : StatusCodes.Status400BadRequest);
    }

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1900 and <= 2200
            ? day
            : null;

    /// <summary>What a register's page sends.</summary>
    public sealed record RegisterBody(Guid Key, int Version, IReadOnlyList<RegisterLineBody?>? Entries);

    /// <param name="Status">present, absent, late or excused.</param>
    public sealed record RegisterLineBody(long EnrolmentId, string? Status, string? Reason);
}

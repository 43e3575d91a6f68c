using System.Globalization;
using Portal.Data.Programmes;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>What the papers of a course are printed from: the same that the page shows, and nobody else's name.</summary>
/// <param name="Address">Where it is read in the portal, without https://.</param>
public sealed record CourseReportModel(BuildingHeader Building, EnrolmentReport Report, string Address, DocumentStamp Stamp);

/// <summary>Marks of somebody in a semester: each with its comment, averages, the place in the course, and attendance.</summary>
public static class MarkReportDocument
{
    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(CourseReportModel model, CultureInfo culture)
    {
        var words = new Wording(culture);
        var semester = model.Report.Semester!;
        using var buffer = new MemoryStream();
        new PdfDocument(
            model.Building, "marks", semester.Input.Code!, words.Date(DateOnly.FromDateTime(model.Stamp.GeneratedAt)), model.Report.Participant,
            model.Stamp, null)
            .Write(buffer, words, flow => Compose(flow, model, words));
        return buffer.ToArray();
    }

    private static void Compose(Flow flow, CourseReportModel model, Wording words)
    {
        var r = model.Report;
        flow.Add(new Words(r.Participant, TextStyle.Title), before: 22);
        flow.Add(CourseReportParts.Facts(r, words, r.Semester!.Input.Name), before: 10);
        var table = new Table(
            new TableColumn(words["marks.subject"], ColumnWidth.Fixed(120)), new TableColumn(words["marks.marks"], ColumnWidth.Part()),
            new TableColumn(words["marks.average"], ColumnWidth.Content, Side.Right));
        foreach (var subject in r.Subjects)
        {
            var marks = r.Marks.Where(m => m.SubjectId == subject.SubjectId).ToList();
            var lines = marks.Select(m => (Block)Table.Cell(
                $"{words.Figure(m.Value)}  ·  {words.Date(m.GradedOn)}{(m.Comment is { } text ? $"  ·  {text}" : "")}"));
            table.Row(
                Table.Described(subject.Name, r.Subjects.Any(s => s.Weight != 1) ? words["marks.weight", subject.Weight] : null),
                marks.Count == 0 ? Table.Cell("—", TextStyle.CellNote) : new Stack(2, [.. lines]),
                Table.Figure(words.Figure(r.Result?.Subjects.GetValueOrDefault(subject.SubjectId))));
        }

        table.Total =
            [Table.Cell(words["marks.overall"], TextStyle.BodyStrong), Table.Cell(""), Table.Figure(words.Figure(r.Result?.Overall), TextStyle.BodyStrong)];
        flow.Add(new Gap(16));
        table.AddTo(flow);
        flow.Add(
            Facts.Of(
                (words["marks.place"], r.Result?.Place is { } place ? words["marks.place.of", place, r.Ranked] : "—"),
                (words["marks.mean"], words.Figure(r.Mean)),
                (words["marks.year"], words.Figure(r.YearAverage)),
                (words["marks.attendance"], r.Attendance.Percent is { } percent ? $"{words.Figure(percent)} %" : "—")),
            before: 18);
        flow.AddAtFoot(CourseReportParts.Where(model, words), before: 18);
    }
}

/// <summary>
/// That somebody attended: days and per cent. Not a certificate of studies: these are courses of less than 160 hours (Decreto 1075 of 2015).
/// </summary>
public static class AttendanceReportDocument
{
    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(CourseReportModel model, CultureInfo culture)
    {
        var words = new Wording(culture);
        using var buffer = new MemoryStream();
        new PdfDocument(
            model.Building, "attendance", model.Report.Year, words.Date(DateOnly.FromDateTime(model.Stamp.GeneratedAt)), model.Report.Participant,
            model.Stamp, null)
            .Write(buffer, words, flow => Compose(flow, model, words));
        return buffer.ToArray();
    }

    private static void Compose(Flow flow, CourseReportModel model, Wording words)
    {
        var (r, share) = (model.Report, model.Report.Attendance);
        flow.Add(new Words(r.Participant, TextStyle.Title), before: 22);
        flow.Add(CourseReportParts.Facts(r, words, null), before: 10);
        flow.Add(
            Facts.Of(
                (words["attendance.days"], words.Days(share.TotalDays)), (words["attendance.percent"], share.Percent is { } p ? $"{words.Figure(p)} %" : "—"),
                (words["attendance.present"], words.Days(share.PresentDays)), (words["attendance.late"], words.Days(share.LateDays)),
                (words["attendance.absent"], words.Days(share.AbsentDays)), (words["attendance.excused"], words.Days(share.ExcusedDays))),
            before: 14);
        flow.Add(new Words(words["attendance.note"], TextStyle.BodySoft), before: 12);
        if (r.Days.Count > 0)
        {
            var table = new Table(
                new TableColumn(words["attendance.day"], ColumnWidth.Fixed(120)), new TableColumn(words["attendance.session"], ColumnWidth.Fixed(90)),
                new TableColumn(words["attendance.state"], ColumnWidth.Fixed(90)), new TableColumn(words["attendance.reason"], ColumnWidth.Part()));
            foreach (var day in r.Days.Reverse())
            {
                table.Row(
                    Table.Cell(words.Date(day.Day)), Table.Cell(words[$"attendance.session.{day.Part}"]), Table.Cell(words[$"attendance.{day.Status}".ToLowerInvariant()]),
                    Table.Cell(day.Reason ?? ""));
            }

            flow.Add(new Gap(16));
            table.AddTo(flow);
        }

        flow.AddAtFoot(CourseReportParts.Where(model, words), before: 18);
    }
}

/// <summary>What both papers have.</summary>
internal static class CourseReportParts
{
    private const double CodeSize = 66;

    public static Block Facts(EnrolmentReport r, Wording words, string? semester) => Layout.Facts.Of(
        (words["course.course"], r.Course), (words["course.year"], r.Year), (words["course.semester"], semester),
        (words["course.teachers"], r.Teachers), (words["course.sessions"], words["course.held", r.Held, r.Planned]));

    public static Block Where(CourseReportModel model, Wording words) => new Box(
        new Columns(
            15, Upright.Middle, (ColumnWidth.Fixed(CodeSize), new QrSquare($"https://{model.Address}", CodeSize)),
            (ColumnWidth.Part(), new Stack(
                3, new Words(words["course.read"], TextStyle.Heading), new Words(model.Address, TextStyle.BodySoft)))),
        padding: 12, border: Ink.Line);

    public static string Figure(this Wording words, decimal? value) => value is { } figure ? Formats.Number(figure, 2, words.Culture) : "—";

    public static string Days(this Wording words, decimal days) => Formats.Number(days, days == decimal.Truncate(days) ? 0 : 1, words.Culture);
}

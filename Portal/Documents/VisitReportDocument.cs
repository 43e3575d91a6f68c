using System.Globalization;
using Portal.Data.Gate;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;
using Portal.Resources;

namespace Portal.Documents;

/// <summary>What the report of visits is printed from.</summary>
public sealed record VisitReportModel(BuildingHeader Building, VisitReport Report, string? MadeBy, DocumentStamp Stamp);

/// <summary>How many came, by tower, kind, hour of the day, and day.</summary>
public static class VisitReportDocument
{
    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(VisitReportModel model, CultureInfo culture)
    {
        using var buffer = new MemoryStream();
        var words = new Wording(culture);
        var period = Formats.DateRange(model.Report.From, model.Report.To, words.Culture);
        new PdfDocument(model.Building, "visits", period, model.MadeBy ?? "", words["visits.subject", period], model.Stamp, null)
            .Write(
                buffer, words,
                flow => Compose(flow, model.Report, new Wording(culture, typeof(VisitReportWords)), new Wording(culture, typeof(GateWords))));
        return buffer.ToArray();
    }

    private static void Compose(Flow flow, VisitReport report, Wording area, Wording gate)
    {
        var total = report.Total;
        flow.Add(
            Facts.Of(
                (area["kpi.visits"], Number(total.Visits, area)), (area["col.people"], Number(total.People, area)),
                (area["kpi.announced"], $"{Number(total.Announced, area)} ({Share(total.Announced, total.Visits, area)})"),
                (area["kpi.overstays"], $"{Number(report.Overstays, area)} ({Share(report.Overstays, total.Visits, area)})")),
            before: 15);
        if (report.From < report.Kept) flow.Add(new Words(area["kept", area.LongDate(report.Kept)], TextStyle.Small), before: 8);

        Headed(flow, area["towers"]);
        var towers = Counted(area, area["col.tower"], new TableColumn(area["col.units"], ColumnWidth.ContentAtLeast(60), Side.Right));
        foreach (var row in report.Towers)
            towers.Row([.. Cells(row.Tower ?? area["tower.none"], row.Count, total, area), Table.Figure(Number(row.Apartments, area))]);
        towers.Total = [.. Cells(area["col.total"], total, total, area, TextStyle.CellStrong), Table.Cell("")];
        towers.AddTo(flow);

        Headed(flow, area["kinds"]);
        var kinds = Counted(
            area, area["col.kind"], new TableColumn(area["col.stay"], ColumnWidth.ContentAtLeast(60), Side.Right),
            new TableColumn(area["col.overstays"], ColumnWidth.ContentAtLeast(50), Side.Right));
        foreach (var row in report.Kinds)
        {
            kinds.Row(
                [
                    .. Cells(gate[$"kind.{row.Kind}"], row.Count, total, area),
                    Table.Figure(row.Minutes is { } minutes ? Formats.Duration(TimeSpan.FromMinutes(minutes), area.Culture) : "–"),
                    Table.Figure(Number(row.Overstays, area)),
                ]);
        }

        kinds.AddTo(flow);

        Headed(flow, area["hours"]);
        var hours = Counted(area, area["col.hour"]);
        foreach (var row in report.Hours.Where(h => h.Count.Visits > 0))
            hours.Row([.. Cells(Formats.Time(new TimeOnly(row.Hour, 0)), row.Count, total, area)]);
        hours.AddTo(flow);

        Headed(flow, area["days.day"]);
        var days = Counted(area, area["col.day"]);
        foreach (var row in report.Days) days.Row([.. Cells(Formats.WeekdayDate(row.Day, area.Culture), row.Count, total, area)]);
        days.AddTo(flow);
        flow.Add(new Words(area["noted"], TextStyle.Small), before: 12);
    }

    private static void Headed(Flow flow, string title)
    {
        flow.Add(Headings.Of(title, null), before: 18, keep: 60);
        flow.Add(new Gap(4));
    }

    private static Table Counted(Wording area, string first, params TableColumn[] more) => new(
    [
        new TableColumn(first, ColumnWidth.Part()), new(area["col.visits"], ColumnWidth.ContentAtLeast(50), Side.Right),
        new(area["col.share"], ColumnWidth.ContentAtLeast(44), Side.Right), new(area["col.people"], ColumnWidth.ContentAtLeast(50), Side.Right),
        new(area["col.announced"], ColumnWidth.ContentAtLeast(56), Side.Right), .. more,
    ]);

    private static Block[] Cells(string name, VisitCount count, VisitCount total, Wording area, TextStyle? style = null) =>
    [
        Table.Cell(name, style), Table.Figure(Number(count.Visits, area), style), Table.Figure(Share(count.Visits, total.Visits, area), style),
        Table.Figure(Number(count.People, area), style), Table.Figure(Number(count.Announced, area), style),
    ];

    private static string Share(int part, int whole, Wording area) =>
        whole == 0 ? "–" : Formats.Percent(Math.Round(part * 100m / whole), 0, area.Culture);

    private static string Number(int number, Wording area) => Formats.Number(number, 0, area.Culture);
}

/// <summary>What a list of stays is printed from.</summary>
/// <param name="Told">Of which days, or between which moments.</param>
/// <param name="More">There are more than are printed.</param>
public sealed record StaysModel(
    BuildingHeader Building, LookKind Kind, string Told, IReadOnlyList<StayRow> Rows, bool More, DateTime Now, string? MadeBy,
    DocumentStamp Stamp);

/// <summary>Who was inside between two moments, or who overstayed.</summary>
public static class StaysDocument
{
    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(StaysModel model, CultureInfo culture)
    {
        using var buffer = new MemoryStream();
        var words = new Wording(culture);
        var key = model.Kind == LookKind.Inside ? "inside" : "overstays";
        new PdfDocument(model.Building, key, model.Told, model.MadeBy ?? "", words[$"{key}.subject", model.Told], model.Stamp, null)
            .Write(
                buffer, words,
                flow => Compose(flow, model, new Wording(culture, typeof(VisitReportWords)), new Wording(culture, typeof(GateWords))));
        return buffer.ToArray();
    }

    private static void Compose(Flow flow, StaysModel model, Wording area, Wording gate)
    {
        if (model.Rows.Count == 0)
        {
            flow.Add(new Words(area[model.Kind == LookKind.Inside ? "inside.nobody" : "overstays.nobody"], TextStyle.BodyStrong), before: 18);
            return;
        }

        flow.Add(new Words(area[model.Rows.Count == 1 ? "count.one" : "count.many", model.Rows.Count], TextStyle.BodyStrong), before: 18);
        if (model.More) flow.Add(new Words(area["paper.more"], TextStyle.Small), before: 4);
        flow.Add(new Gap(6));
        var table = new Table(
            new TableColumn(gate["col.name"], ColumnWidth.Part()), new(gate["col.unit"], ColumnWidth.ContentAtLeast(64)),
            new(gate["col.plate"], ColumnWidth.ContentAtLeast(50)), new(area["col.entered"], ColumnWidth.ContentAtLeast(84), Side.Right),
            new(area["col.left"], ColumnWidth.ContentAtLeast(84), Side.Right), new(area["col.stayed"], ColumnWidth.ContentAtLeast(50), Side.Right));
        foreach (var row in model.Rows)
        {
            var stayed = row.AutoClosed ? null : row.Stayed(model.Now);
            table.Row(
                Table.Described(row.Name, string.Join(" · ", new[] { row.Identification, gate[$"kind.{row.Kind}"] }.Where(t => t.Length > 0))),
                Table.Cell(row.Unit), Table.Cell(row.Plate ?? ""), Table.Figure(row.Entered is { } entered ? area.Moment(entered) : ""),
                Table.Figure(
                    row.State == VisitorState.Inside ? area["still"]
                    : row.AutoClosed || row.Left is null ? area["not.logged"]
                    : area.Moment(row.Left.Value)),
                Table.Figure(stayed is { } length ? Formats.Duration(length, area.Culture) : "–"));
        }

        table.AddTo(flow);
        flow.Add(new Words(area["noted"], TextStyle.Small), before: 12);
    }
}

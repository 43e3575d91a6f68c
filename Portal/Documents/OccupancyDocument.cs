using System.Globalization;
using Portal.Data.Facilities.Occupancy;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;
using Portal.Resources;

namespace Portal.Documents;

/// <summary>What the report on the use of facilities is printed from.</summary>
public sealed record OccupancyModel(BuildingHeader Building, OccupancyReport Report, DocumentStamp Stamp);

/// <summary>
/// How the facilities were used: the sums, each facility, weekday by hour for all and for each, and the steps of the period.
/// </summary>
public static class OccupancyDocument
{
    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(OccupancyModel model, CultureInfo culture)
    {
        using var buffer = new MemoryStream();
        Write(model, culture, buffer);
        return buffer.ToArray();
    }

    /// <inheritdoc cref="Render"/>
    public static void Write(OccupancyModel model, CultureInfo culture, Stream output)
    {
        var words = new Wording(culture);
        var report = model.Report;
        var period = Formats.DateRange(report.From, report.To, words.Culture);
        var about = report.Facilities is [var one] ? one.Name : words["use.all"];
        new PdfDocument(model.Building, "use", period, about, words["use.subject", about, period], model.Stamp, null)
            .Write(output, words, flow => Compose(flow, report, words, new Wording(culture, typeof(OccupancyWords))));
    }

    private static void Compose(Flow flow, OccupancyReport report, Wording words, Wording area)
    {
        var total = report.Total;
        flow.Add(
            new Stack(
                0,
                new Words(area["kpi.use"], TextStyle.BodySoft),
                new Words(Share(total.Share, area), TextStyle.Sum),
                new Words(area["kpi.use.unit", Hours(total.Use.Total.Booked, area), Hours(total.Use.Total.Open, area)], TextStyle.BodySoft)
            ),
            before: 18
        );
        flow.Add(
            Facts.Of(
                (area["col.bookings"], Number(total.Bookings, area)), (area["col.people"], Number(total.People, area)),
                (area["col.no_shows"], $"{Number(total.NoShows, area)} ({Share(total.NoShowRate, area)})"),
                (area["col.cancelled"], words["use.cancelled", total.Cancelled, total.LateCancelled]),
                (words["use.charged"], area.Money(total.Charged)), (words["use.paid"], area.Money(total.Paid)),
                (words["use.deposits"], area.Money(total.Deposits)),
                (area["col.unserved"], words["use.unserved", total.Unserved, total.Waited])),
            before: 15
        );

        flow.Add(Headings.Of(area["table.title"]), before: 18, keep: 60);
        flow.Add(new Gap(4));
        Uses(report, area).AddTo(flow);
        flow.Add(Headings.Of(words["use.money"]), before: 18, keep: 60);
        flow.Add(new Gap(4));
        Sums(report, words, area).AddTo(flow);

        flow.Add(Headings.Of(area["heat.title"], area["heat.note"]), before: 18, keep: 220);
        flow.Add(new HeatSquare(total.Use, area), before: 8);
        if (report.Facilities.Count > 1)
        {
            foreach (var pair in report.Facilities.Where(f => f.Use.Hours.Count > 0).Chunk(2))
            {
                flow.Add(
                    new Columns(
                        24, Upright.Top, (ColumnWidth.Part(), Of(pair[0])),
                        (ColumnWidth.Part(), pair.Length > 1 ? Of(pair[1]) : new Gap(0))),
                    before: 16
                );
            }
        }

        flow.Add(Headings.Of(words[$"use.steps.{report.Scale}"]), before: 18, keep: 60);
        flow.Add(new Gap(4));
        Steps(report, words, area).AddTo(flow);
        flow.Add(Headings.Of(area["notes.title"]), before: 18, keep: 60);
        for (var note = 1; note <= 4; note++) flow.Add(new Words(area[$"notes.{note}"], TextStyle.Small), before: 4);

        Stack Of(FacilityOccupancy facility) =>
            new(
                6,
                new Columns(
                    6, Upright.Bottom, (ColumnWidth.Part(), new Words(facility.Name, TextStyle.BodyStrong, mostLines: 1)),
                    (ColumnWidth.Content, new Words(Share(facility.Share, area), TextStyle.BodyStrong, Side.Right))),
                new HeatSquare(facility.Use, area)
            );
    }

    private static Table Uses(OccupancyReport report, Wording area)
    {
        var table = new Table(
            new TableColumn(area["col.facility"], ColumnWidth.Part()), Right("col.use", 34), Right("col.booked", 44), Right("col.open", 44),
            Right("col.bookings", 40), Right("col.people", 40), Right("col.no_shows", 46), Right("col.cancelled", 44));
        foreach (var row in report.Facilities) table.Row([Table.Cell(row.Name), .. Cells(row, TextStyle.CellFigure)]);
        if (report.Facilities.Count > 1)
            table.Total = [Table.Cell(area["col.total"], TextStyle.Heading), .. Cells(report.Total, TextStyle.CellStrong)];
        return table;

        TableColumn Right(string key, double width) => new(area[key], ColumnWidth.ContentAtLeast(width), Side.Right);

        Block[] Cells(FacilityOccupancy f, TextStyle style) =>
            [
                Table.Figure(Share(f.Share, area), TextStyle.CellStrong),
                Table.Figure(Hours(f.Use.Total.Booked, area), style),
                Table.Figure(Hours(f.Use.Total.Open, area), style),
                Table.Figure(Number(f.Bookings, area), style),
                Table.Figure(Number(f.People, area), style),
                Table.Figure(Number(f.NoShows, area), style),
                Table.Figure(Number(f.Cancelled, area), style),
            ];
    }

    private static Table Sums(OccupancyReport report, Wording words, Wording area)
    {
        var table = new Table(
            new TableColumn(area["col.facility"], ColumnWidth.Part()),
            new(words["use.charged"], ColumnWidth.ContentAtLeast(80), Side.Right),
            new(words["use.paid"], ColumnWidth.ContentAtLeast(80), Side.Right),
            new(words["use.deposits"], ColumnWidth.ContentAtLeast(80), Side.Right),
            new(words["use.deposits.paid"], ColumnWidth.ContentAtLeast(80), Side.Right));
        foreach (var row in report.Facilities) table.Row([Table.Cell(row.Name), .. Cells(row, TextStyle.CellFigure)]);
        if (report.Facilities.Count > 1)
            table.Total = [Table.Cell(area["col.total"], TextStyle.Heading), .. Cells(report.Total, TextStyle.CellStrong)];
        return table;

        Block[] Cells(FacilityOccupancy f, TextStyle style) =>
            [.. new[] { f.Charged, f.Paid, f.Deposits, f.DepositsPaid }.Select(sum => Table.Figure(area.Money(sum), style))];
    }

    private static Table Steps(OccupancyReport report, Wording words, Wording area)
    {
        var table = new Table(
            new TableColumn(area[$"step.{report.Scale}"], ColumnWidth.Part()),
            new(area["col.bookings"], ColumnWidth.ContentAtLeast(60), Side.Right),
            new(area["col.no_shows"], ColumnWidth.ContentAtLeast(60), Side.Right),
            new(words["use.charged"], ColumnWidth.ContentAtLeast(90), Side.Right),
            new(words["use.paid"], ColumnWidth.ContentAtLeast(90), Side.Right));
        foreach (var step in report.Steps)
        {
            var name =
                report.Scale == OccupancyScale.Month && step.From.Day == 1 && step.To == step.From.AddMonths(1).AddDays(-1)
                    ? Formats.MonthYear(step.From, area.Culture)
                    : Formats.DateRange(step.From, step.To, area.Culture);
            table.Row(
                Table.Cell(name), Table.Figure(Number(step.Bookings, area)), Table.Figure(Number(step.NoShows, area)),
                Table.Figure(area.Money(step.Charged)), Table.Figure(area.Money(step.Paid)));
        }

        return table;
    }

    internal static string Share(double? share, Wording words) =>
        share is { } part ? Formats.Percent((decimal)Math.Round(part * 100), 0, words.Culture) : "–";

    private static string Hours(double hours, Wording words) =>
        Formats.Number((decimal)hours, hours is > 0 and < 10 && hours != Math.Round(hours) ? 1 : 0, words.Culture);

    private static string Number(int number, Wording words) => Formats.Number(number, 0, words.Culture);
}

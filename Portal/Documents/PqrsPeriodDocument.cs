using System.Globalization;
using Portal.Areas.Pqrs;
using Portal.Data.Pqrs;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;
using Portal.Resources;

namespace Portal.Documents;

/// <summary>What the report of a period is printed from.</summary>
/// <param name="Kind">Names a kind of case.</param>
/// <param name="Category">Names a category.</param>
public sealed record PqrsPeriodModel(
    BuildingHeader Building, PqrsPeriodReport Report, Func<string, string> Kind, Func<string, string> Category, DocumentStamp Stamp);

/// <summary>The office's work on cases in a period, as it stood at its end: an equation, what it means, six months, kinds, what was late.</summary>
public static class PqrsPeriodDocument
{
    private const double ChartHeight = 96;

    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(PqrsPeriodModel model, CultureInfo culture)
    {
        using var buffer = new MemoryStream();
        var words = new Wording(culture);
        var area = new Wording(culture, typeof(PqrsWords));
        var period = model.Report.Period;
        var days = Formats.DateRange(period.From, period.To, words.Culture);
        new PdfDocument(
            model.Building, "pqrsperiod", PqrsPeriodLook.Number(period), days, words["pqrsperiod.subject", days], model.Stamp, null)
            .Write(buffer, words, flow => Compose(flow, model, area));
        return buffer.ToArray();
    }

    private static void Compose(Flow flow, PqrsPeriodModel model, Wording words)
    {
        var (period, all) = (model.Report.Period, model.Report.Period.All);
        flow.Add(
            new Columns(
                12, Upright.Bottom,
                (ColumnWidth.Part(), new Words(PqrsPeriodLook.Title(period, words.Culture, key => words[key]), TextStyle.Title, mostLines: 2)),
                (ColumnWidth.Part(), new Words(
                    words["period.asof", Formats.LongDate(period.To, words.Culture)], TextStyle.Small, Side.Right, 3))),
            before: 18);
        flow.Add(
            new Box(
                new Columns(
                    6, Upright.Middle,
                    Term(all.Opening, "period.opening"), Sign("+"), Term(all.Received, "period.received"), Sign("+"),
                    Term(all.Reopened, "period.reopened"), Sign("−"), Term(all.Resolved, "period.resolved"), Sign("="),
                    Term(all.Closing, "period.closing")),
                padding: 10, border: Ink.Line),
            before: 12);
        flow.Add(
            Facts.Of(
                (words["period.ontime"], all.OnTimePercent is { } share
                    ? $"{Formats.Percent(share, 1, words.Culture)} ({words["period.of", all.OnTime, all.Timed]})" : "—"),
                (words["period.days"], all.MeanDays is { } mean
                    ? words["period.days.text", Number(mean, 1), Number(all.MedianDays!.Value, 1), Number(all.Days)] : "—"),
                (words["period.rating"], all.Rating is { } rating
                    ? words["period.rating.text", Number(rating, 2), all.Rated, all.Resolved] : "—"),
                (words["period.open"], words["period.open.text", all.Overdue, all.Waiting, all.Closing - all.Overdue - all.Waiting])),
            before: 14);

        flow.Add(Headings.Of(words["period.chart"], words["period.chart.note"]), before: 18, keep: ChartHeight + 60);
        flow.Add(new Bars(model.Report.Months, words), before: 6);

        if (period.Kinds.Count > 0)
        {
            flow.Add(Headings.Of(words["period.kinds"]), before: 16, keep: 70);
            flow.Add(new Gap(4));
            Figures(period.Kinds, words["col.kind"], model.Kind).AddTo(flow);
            flow.Add(Headings.Of(words["period.categories"]), before: 16, keep: 70);
            flow.Add(new Gap(4));
            Figures(period.Categories, words["col.category"], model.Category).AddTo(flow);
        }

        flow.Add(Headings.Of(words["period.late"]), before: 16, keep: 60);
        flow.Add(new Gap(4));
        if (period.Late.Count == 0)
        {
            flow.Add(new Words(words["period.late.none"], TextStyle.BodySoft));
        }
        else
        {
            var late = new Table(
                new TableColumn(words["col.number"], ColumnWidth.Content), new(words["col.title"], ColumnWidth.Part()),
                new(words["col.filed"], ColumnWidth.Content), new(words["period.due"], ColumnWidth.Content),
                new(words["period.answered"], ColumnWidth.Content), new(words["period.late.days"], ColumnWidth.Content, Side.Right));
            foreach (var one in period.Late)
            {
                late.Row(
                    Table.Cell(one.Number),
                    Table.Cell(one.Apartment is null ? one.Title : $"{one.Title}, {PqrsLook.ShortPlace(one.Apartment)}"),
                    Table.Cell(Formats.ShortDate(one.FiledOn, words.Culture)), Table.Cell(Formats.ShortDate(one.DueOn, words.Culture)),
                    Table.Cell(one.AnsweredOn is { } on ? Formats.ShortDate(on, words.Culture) : words["period.unanswered"]),
                    Table.Figure(words["period.of", one.Days, one.Given]));
            }

            late.AddTo(flow);
        }

        flow.Add(new Words(words["period.how"], TextStyle.Small, mostLines: 8), before: 12);

        (ColumnWidth, Block) Term(int count, string key) => (
            ColumnWidth.Part(),
            new Stack(
                0, new Words(Number(count), TextStyle.Sum, Side.Centre, 1), new Words(words[key], TextStyle.Small, Side.Centre, 2)));

        static (ColumnWidth, Block) Sign(string sign) => (ColumnWidth.Content, new Words(sign, TextStyle.BodySoft, Side.Centre, 1));

        string Number(decimal number, int decimals = 0) => Formats.Number(number, decimals, words.Culture);

        Table Figures(IReadOnlyList<PqrsFigures> rows, string head, Func<string, string> name)
        {
            var table = new Table(
            [
                new TableColumn(head, ColumnWidth.Part()),
                .. ((string[])["opening", "received", "reopened", "resolved", "closing"])
                    .Select(key => new TableColumn(words[$"period.{key}.short"], ColumnWidth.Fixed(51), Side.Right)),
                new(words["period.ontime"], ColumnWidth.Fixed(52), Side.Right),
                new(words["period.mean.median"], ColumnWidth.Fixed(60), Side.Right),
            ]);
            foreach (var row in rows) table.Row(Cells(name(row.Name ?? ""), row, null));
            table.Total = Cells(words["period.total"], all, TextStyle.CellStrong);
            return table;
        }

        Block[] Cells(string name, PqrsFigures row, TextStyle? style) =>
        [
            Table.Cell(name, style), Table.Figure(Number(row.Opening), style), Table.Figure(Number(row.Received), style),
            Table.Figure(Number(row.Reopened), style), Table.Figure(Number(row.Resolved), style), Table.Figure(Number(row.Closing), style),
            Table.Figure(row.OnTimePercent is { } share ? Formats.Percent(share, 1, words.Culture) : "—", style),
            Table.Figure(row.MeanDays is { } mean ? $"{Number(mean, 1)} · {Number(row.MedianDays!.Value, 1)}" : "—", style),
        ];
    }

    /// <summary>Filed and resolved side by side, with their figures, and under each month what was open at its end.</summary>
    private sealed class Bars(IReadOnlyList<PqrsMonth> months, Wording words) : Block
    {
        private double _width;
        private List<(Words Words, double X, double Y)> _texts = [];

        public override double Fit(Typesetter type, double width)
        {
            _width = width;
            _texts = [];
            var slot = width / months.Count;
            var highest = Math.Max(1, months.Max(m => Math.Max(m.Received, m.Resolved)));
            for (var i = 0; i < months.Count; i++)
            {
                var month = months[i];
                Put(Formats.Number(month.Received, 0, words.Culture), (i * slot) + (slot / 2) - 26, 26, Top(month.Received, highest) - 13);
                Put(Formats.Number(month.Resolved, 0, words.Culture), (i * slot) + (slot / 2), 26, Top(month.Resolved, highest) - 13);
                Put(PqrsPeriodLook.ShortMonth(month.First, words.Culture), i * slot, slot, ChartHeight + 3);
                Put(words["period.chart.open", month.Closing], i * slot, slot, ChartHeight + 15);
            }

            return ChartHeight + 30;

            void Put(string text, double x, double room, double y)
            {
                var set = new Words(text, TextStyle.Small, Side.Centre, 1);
                set.Fit(type, room);
                _texts.Add((set, x, y));
            }
        }

        public override void Paint(Canvas canvas, double x, double y)
        {
            var slot = _width / months.Count;
            var highest = Math.Max(1, months.Max(m => Math.Max(m.Received, m.Resolved)));
            for (var i = 0; i < months.Count; i++)
            {
                var middle = x + (i * slot) + (slot / 2);
                Bar(middle - 24, months[i].Received, Ink.Rest);
                Bar(middle + 2, months[i].Resolved, Ink.Accent);
            }

            canvas.Fill(x, y + ChartHeight, _width, 0.75, Ink.StrongLine);
            foreach (var (text, dx, dy) in _texts) text.Paint(canvas, x + dx, y + dy);

            void Bar(double left, int count, Colour colour)
            {
                var top = Top(count, highest);
                if (count > 0) canvas.Fill(left, y + top, 22, ChartHeight - top, colour);
            }
        }

        private static double Top(int count, int highest) => ChartHeight - (count * (ChartHeight - 16) / highest);
    }
}

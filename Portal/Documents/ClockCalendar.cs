using System.Globalization;
using Portal.Data;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>Weeks from Monday to Friday, each day in the dress of how it counts, with what each dress means under them.</summary>
internal sealed class ClockCalendar(IReadOnlyList<PqrsDay> days, int weeks, Wording words) : Block
{
    private const double CellWidth = 29;
    private const double CellHeight = 12.5;
    private const double Gap = 2.5;
    public const double Width = 5 * CellWidth + 4 * Gap;

    private static readonly TextStyle Number = new(7.5, CellHeight, 600, Ink.Text, Tabular: true);

    private readonly DateOnly first = BuildingClock.MondayOf(days.Min(day => day.Date));
    private readonly List<(Words Text, double X, double Y, PqrsDayKind? Kind)> cells = [];
    private Stack legend = new(0);
    private double legendTop;

    public override double Fit(Typesetter type, double width)
    {
        cells.Clear();
        var kinds = days.ToDictionary(day => day.Date, day => day.Kind);
        var names = words["report.weekdays"].Split(' ');
        for (var column = 0; column < 5; column++)
        {
            Cell(names[column], column, 0, null, Ink.Mute);
            for (var week = 0; week < weeks; week++)
            {
                var date = first.AddDays(7 * week + column);
                PqrsDayKind? kind = kinds.TryGetValue(date, out var known) ? known : null;
                Cell(date.Day.ToString(CultureInfo.InvariantCulture), column, week + 1, kind, kind switch
                {
                    PqrsDayKind.Counted => Ink.White,
                    PqrsDayKind.Ahead => Ink.Warning,
                    null => Ink.StrongLine,
                    _ => Ink.Soft,
                });
            }
        }

        legendTop = (weeks + 1) * (CellHeight + Gap) + 2;
        legend = new(
            1,
            [
                .. Enum.GetValues<PqrsDayKind>()
                    .Select(kind => (Kind: kind, Count: days.Count(day => day.Kind == kind)))
                    .Where(line => line.Count > 0)
                    .Select(line => new Columns(
                        5,
                        Upright.Middle,
                        (ColumnWidth.Fixed(8), new Drawn(8, 8, (canvas, x, y) => Dress(canvas, line.Kind, x, y, 8, 8))),
                        (
                            ColumnWidth.Part(),
                            new Words(
                                words["report.day." + line.Kind.ToString().ToLowerInvariant(), line.Count],
                                TextStyle.Small with
                                {
                                    Size = 8,
                                    Leading = 11.5,
                                }
                            )
                        )
                    )),
            ]
        );
        return legendTop + legend.Fit(type, Width);

        void Cell(string text, int column, int row, PqrsDayKind? kind, Colour colour)
        {
            var cell = new Words(text, Number with { Colour = colour, Weight = kind is null ? 400 : 600 }, Side.Centre);
            cell.Fit(type, CellWidth);
            cells.Add((cell, column * (CellWidth + Gap), row * (CellHeight + Gap), kind));
        }
    }

    public override void Paint(Canvas canvas, double x, double y)
    {
        foreach (var cell in cells)
        {
            if (cell.Kind is { } kind)
            {
                Dress(canvas, kind, x + cell.X, y + cell.Y, CellWidth, CellHeight);
            }

            cell.Text.Paint(canvas, x + cell.X, y + cell.Y);
        }

        legend.Paint(canvas, x, y + legendTop);
    }

    private static void Dress(Canvas canvas, PqrsDayKind kind, double x, double y, double width, double height)
    {
        switch (kind)
        {
            case PqrsDayKind.Counted:
                canvas.FillRounded(x, y, width, height, 2, Ink.Accent);
                break;
            case PqrsDayKind.Paused:
                canvas.FillRounded(x, y, width, height, 2, Ink.NeutralSoft);
                canvas.Hatch(x, y, width, height, 3.5, Ink.Rest);
                break;
            case PqrsDayKind.Holiday:
                canvas.StrokeRounded(x, y, width, height, 2, 0.6, Ink.StrongLine);
                break;
            default:
                canvas.FillRounded(x, y, width, height, 2, Ink.WarningSoft);
                break;
        }
    }
}

using System.Globalization;
using Portal.Data.Facilities.Occupancy;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>Weekday by hour: the darker, the more of the open hours was booked. Every cell carries its figure.</summary>
internal sealed class HeatSquare(WeekGrid use, Wording words) : Block
{
    private const double CellHeight = 13;
    private const double Gap = 1.5;
    private const double Label = 30;

    private static readonly TextStyle Figure = new(7.5, CellHeight, 400, Ink.Text, Tabular: true);

    private readonly List<(Words Text, double X, double Y, double Width, Colour? Ground)> cells = [];

    public override double Fit(Typesetter type, double width)
    {
        cells.Clear();
        var hours = use.Hours;
        var cell = (width - Label) / 7;
        for (var day = 1; day <= 7; day++)
            Put(
                words.Culture.DateTimeFormat.GetAbbreviatedDayName((DayOfWeek)(day % 7)).Replace(".", "", StringComparison.Ordinal),
                day,
                0,
                Figure with
                {
                    Colour = Ink.Mute,
                },
                null
            );
        for (var row = 0; row < hours.Count; row++)
        {
            Put(string.Create(CultureInfo.InvariantCulture, $"{hours[row]}:00"), 0, row + 1, Figure with { Colour = Ink.Mute }, null);
            for (var day = 1; day <= 7; day++) Cell(use[day, hours[row]], day, row + 1);
        }

        Put(words["col.total"], 0, hours.Count + 1, Figure with { Weight = 600 }, null);
        for (var day = 1; day <= 7; day++) Cell(use.Weekday(day), day, hours.Count + 1);
        return (hours.Count + 2) * (CellHeight + Gap);

        void Cell(HourUse of, int day, int row)
        {
            var share = of.Share;
            var dark = share >= 0.75;
            Put(
                share is { } part ? Math.Round(part * 100).ToString(CultureInfo.InvariantCulture) : " ",
                day,
                row,
                Figure with
                {
                    Colour = dark ? Ink.White : Ink.Text,
                    Weight = dark ? 600 : 400,
                },
                share is { } known ? Ground(known) : Ink.NeutralSoft
            );
        }

        void Put(string text, int column, int row, TextStyle style, Colour? ground)
        {
            var written = new Words(text, style, column == 0 ? Side.Left : Side.Centre, 1);
            var room = (column == 0 ? Label : cell) - Gap;
            written.Fit(type, room);
            cells.Add((written, column == 0 ? 0 : Label + (column - 1) * cell, row * (CellHeight + Gap), room, ground));
        }
    }

    public override void Paint(Canvas canvas, double x, double y)
    {
        foreach (var cell in cells)
        {
            if (cell.Ground is { } ground) canvas.FillRounded(x + cell.X, y + cell.Y, cell.Width, CellHeight, 2, ground);
            cell.Text.Paint(canvas, x + cell.X, y + cell.Y);
        }
    }

    /// <summary>The steps of the page: white for none, then five.</summary>
    private static Colour Ground(double share)
    {
        var part = share switch { <= 0 => 0.03, < 0.1 => 0.09, < 0.25 => 0.18, < 0.5 => 0.3, < 0.75 => 0.44, _ => 1.0 };
        return new(Mix(Ink.Accent.Red), Mix(Ink.Accent.Green), Mix(Ink.Accent.Blue));

        double Mix(double of) => of * part + (1 - part);
    }
}

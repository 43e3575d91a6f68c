using System.Globalization;
using Portal.Data;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>The legal clock as on the page: a ring with the days used, a sentence, and the calendar that proves the count.</summary>
internal static class ClockFace
{
    private const double Ring = 69;

    // A calendar taller than this many weeks would push everything else off the page; the sentences still tell the count.
    private const int MostWeeks = 14;

    public static Block Of(PqrsClock clock, Wording words)
    {
        var colour = clock.AnsweredOnTime == false || clock.Used > clock.Given ? Ink.Danger
            : clock.AnsweredOnTime is null && clock.Given - clock.Used <= 3 ? Ink.WarningSolid
            : Ink.Accent;
        var sentences = Sentences(clock, words, colour == Ink.WarningSolid ? Ink.Warning : colour);
        var weeks =
            clock.Days.Count == 0
                ? 0
                : (Monday(clock.Days.Max(day => day.Date)) - Monday(clock.Days.Min(day => day.Date))) / 7 + 1;
        return weeks is 0 or > MostWeeks
            ? new Columns(15, Upright.Middle, (ColumnWidth.Fixed(Ring), new RingOf(clock, words, colour)), (ColumnWidth.Part(), sentences))
            : new Columns(
                15, Upright.Top, (ColumnWidth.Fixed(Ring), new RingOf(clock, words, colour)), (ColumnWidth.Part(), sentences),
                (ColumnWidth.Fixed(ClockCalendar.Width), new ClockCalendar(clock.Days, weeks, words)));
    }

    private static Stack Sentences(PqrsClock clock, Wording words, Colour colour)
    {
        var left = clock.Given - clock.Used;
        var (first, due) = clock.AnsweredOnTime switch
        {
            true => (words["report.clock.met"], "report.clock.was"),
            false => (words["report.clock.missed"], "report.clock.was"),
            null when left < 0 => (words["report.clock.expired"], "report.clock.was"),
            _ => (left == 1 ? words["report.clock.left.one"] : words["report.clock.left.many", left], "report.clock.due"),
        };
        var lines = new List<Block>
        {
            new Words(first, TextStyle.Heading with { Colour = colour }),
            new Words(words[due, Formats.LongWeekdayDate(clock.Due, words.Culture)], TextStyle.BodyMedium),
            new Words(words["report.clock.given", clock.Given], TextStyle.Small),
        };
        if (clock.ExtendedBy > 0)
        {
            lines.Add(new Words(words["report.clock.extended", clock.ExtendedBy], TextStyle.Small));
        }

        if (clock.Paused > TimeSpan.Zero)
        {
            lines.Add(new Words(words["report.clock.paused", Formats.Duration(clock.Paused, words.Culture)], TextStyle.Small));
        }

        return new(2.5, [.. lines]);
    }

    private static int Monday(DateOnly day) => BuildingClock.MondayOf(day).DayNumber;

    private sealed class RingOf(PqrsClock clock, Wording words, Colour colour) : Block
    {
        private readonly Words used = new(clock.Used.ToString(CultureInfo.InvariantCulture), TextStyle.Title, Side.Centre);
        private readonly Words of = new(words["report.clock.of", clock.Given], TextStyle.SmallMute with { Leading = 10 }, Side.Centre);

        public override double Fit(Typesetter type, double width)
        {
            used.Fit(type, Ring);
            of.Fit(type, Ring);
            return Ring;
        }

        public override void Paint(Canvas canvas, double x, double y)
        {
            const double Thick = 7;
            var (centreX, centreY, radius) = (x + Ring / 2, y + Ring / 2, (Ring - Thick) / 2);
            canvas.Arc(centreX, centreY, radius, 0, 2 * Math.PI, Thick, Ink.Rest);
            var part = Math.Clamp((double)clock.Used / Math.Max(1, clock.Given), 0, 1);
            if (part > 0)
            {
                canvas.Arc(centreX, centreY, radius, -Math.PI / 2, -Math.PI / 2 + part * 2 * Math.PI, Thick, colour);
            }

            used.Paint(canvas, x, centreY - 16);
            of.Paint(canvas, x, centreY + 3.5);
        }
    }
}

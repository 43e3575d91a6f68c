using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>
/// Draws an entry of a case. Each kind has its own dress, as on the page: the petitioner's message plain, a public reply
/// with a teal head and bar, an internal note grey with a lock. A long text goes on over the page with its bar beside it.
/// </summary>
internal static class Timeline
{
    private const double Indent = 14;
    private const double RightPadding = 9;
    private const double Bar = 2.25;

    public static void Add(Flow flow, PqrsEntry entry, Wording words)
    {
        if (entry.Kind == PqrsEntryKind.Event)
        {
            flow.Add(Happening(entry, words), before: 9);
            return;
        }

        var (bar, head, ground) = entry.Kind switch
        {
            PqrsEntryKind.Reply => (Ink.Accent, Ink.AccentSoft, (Colour?)null),
            PqrsEntryKind.Note => (Ink.StrongLine, Ink.NeutralSoft, Ink.Sunk),
            _ => (Ink.Rest, Ink.Sunk, null),
        };
        flow.Add(new Banded(Head(entry, words), head, ground, bar), before: 12, keep: 44);
        flow.AddText(new Words(entry.Text, TextStyle.Body), indent: Indent, right: RightPadding, beside: Side);
        PqrsParts.Attachments(flow, entry.Attachments, words, Indent, Side);
        flow.Add(new Drawn(0, 5, (canvas, x, y) => Side(canvas, x, y, 5)), indent: Indent);

        void Side(Canvas canvas, double x, double y, double height)
        {
            if (ground is { } fill)
            {
                canvas.Fill(x - Indent, y, flow.Width, height, fill);
            }

            canvas.Fill(x - Indent, y, Bar, height, bar);
        }
    }

    private static Columns Head(PqrsEntry entry, Wording words)
    {
        var who = new List<Run> { new(entry.Author, TextStyle.SmallStrong with { Colour = Ink.Text }) };
        if (!string.IsNullOrWhiteSpace(entry.Role))
        {
            who.Add(new("   " + entry.Role, TextStyle.SmallMute));
        }

        var when = new Words(words.Moment(entry.At), TextStyle.SmallMute, Layout.Side.Right);
        Block mark = entry.Kind switch
        {
            PqrsEntryKind.Reply => Mark(Icon.Reply, words["report.entry.reply"], Ink.Accent),
            PqrsEntryKind.Note => Mark(Icon.Lock, words["report.entry.note"], Ink.Soft),
            _ => new Gap(0),
        };
        return new(
            9, Upright.Middle, (ColumnWidth.Content, new Words(who, mostLines: 1)), (ColumnWidth.Part(), mark),
            (ColumnWidth.Content, when));
    }

    private static Columns Mark(Icon icon, string text, Colour colour) => new(4, Upright.Middle,
        (ColumnWidth.Fixed(9.5), new Drawn(9.5, 9.5, (canvas, x, y) => Icons.Draw(canvas, icon, x, y, 9.5, colour))),
        (ColumnWidth.Part(), new Words(text, TextStyle.SmallStrong with { Colour = colour }, mostLines: 1)));

    private static Columns Happening(PqrsEntry entry, Wording words) =>
        new(
            9,
            Upright.Top,
            (ColumnWidth.Fixed(5), new Drawn(5, 12.75, (canvas, x, y) => canvas.Disc(x + 2.2, y + 6.6, 2.2, Ink.StrongLine))),
            (
                ColumnWidth.Part(),
                new Words(
                    [
                        new(entry.Text, TextStyle.Small with { Colour = Ink.Text }),
                        new(string.IsNullOrWhiteSpace(entry.Author) ? "" : " · " + entry.Author, TextStyle.SmallMute),
                    ],
                    mostLines: 6
                )
            ),
            (ColumnWidth.Content, new Words(words.Moment(entry.At), TextStyle.SmallMute, Layout.Side.Right))
        );

    /// <summary>The head of an entry: a band, its bar, and a little of the ground of the text under it.</summary>
    private sealed class Banded(Block inner, Colour band, Colour? ground, Colour bar) : Block
    {
        private const double Padding = 4.5;
        private const double Under = 4;
        private double width;
        private double height;

        public override double Fit(Typesetter type, double width)
        {
            this.width = width;
            height = inner.Fit(type, width - Indent - RightPadding) + 2 * Padding;
            return height + Under;
        }

        public override void Paint(Canvas canvas, double x, double y)
        {
            canvas.Fill(x, y, width, height, band);
            if (ground is { } fill)
            {
                canvas.Fill(x, y + height, width, Under, fill);
            }

            canvas.Fill(x, y, Bar, height + Under, bar);
            inner.Paint(canvas, x + Indent, y + Padding);
        }
    }
}

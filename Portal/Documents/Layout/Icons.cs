using Portal.Documents.Drawing;

namespace Portal.Documents.Layout;

/// <summary>The icons of the chips, drawn as strokes in a box of 24 by 24.</summary>
internal enum Icon
{
    Done, Voided, Progress, Waiting, Late, New, Lock, Reply, Person, Clock,
}

internal static class Icons
{
    /// <summary>Draws the icon so that its box is <paramref name="size"/> points wide.</summary>
    public static void Draw(Canvas canvas, Icon icon, double x, double y, double size, Colour colour)
    {
        var unit = size / 24;
        var pen = 2.1 * unit;
        switch (icon)
        {
            case Icon.Done:
                Ring();
                Line((8, 12.3), (10.8, 15.1), (16, 9.8));
                break;
            case Icon.Voided:
                Ring();
                Line((9, 9), (15, 15));
                Line((15, 9), (9, 15));
                break;
            case Icon.Progress:
                Line((4.5, 19.5), (5.5, 15.5), (15.5, 5.5), (18.5, 8.5), (8.5, 18.5), (4.5, 19.5));
                break;
            case Icon.Waiting:
                Line((9, 5.5), (9, 18.5));
                Line((15, 5.5), (15, 18.5));
                break;
            case Icon.Late:
                Line((12, 3.8), (21.2, 19.8), (2.8, 19.8), (12, 3.8));
                Line((12, 9.8), (12, 14));
                Line((12, 16.8), (12, 16.9));
                break;
            case Icon.Lock:
                Line((5.5, 11), (18.5, 11), (18.5, 20), (5.5, 20), (5.5, 11));
                Line((8.5, 11), (8.5, 7.5), (10, 4.8), (12, 4), (14, 4.8), (15.5, 7.5), (15.5, 11));
                break;
            case Icon.Reply:
                Line((20.5, 3.5), (3.5, 10.5), (10, 14), (13.5, 20.5), (20.5, 3.5));
                Line((10, 14), (20.5, 3.5));
                break;
            case Icon.Person:
                canvas.Arc(x + 12 * unit, y + 8 * unit, 3.8 * unit, 0, 2 * Math.PI, pen, colour);
                Line((5, 20), (5.6, 17), (8, 15), (12, 14.6), (16, 15), (18.4, 17), (19, 20));
                break;
            case Icon.Clock:
                Ring();
                Line((12, 7), (12, 12), (15.5, 14));
                break;
            default:
                Ring();
                Line((12, 11), (12, 16.5));
                Line((12, 7.8), (12, 7.9));
                break;
        }

        void Ring() => canvas.Arc(x + 12 * unit, y + 12 * unit, 9 * unit, 0, 2 * Math.PI, pen, colour);

        void Line(params (double X, double Y)[] points) =>
            canvas.Strokes([.. points.Select(point => (x + point.X * unit, y + point.Y * unit))], pen, colour);
    }
}

/// <summary>What a state means to the reader, as a pair of colours.</summary>
internal enum Tone
{
    Good, Warning, Bad, Info, Neutral,
}

/// <summary>A state: an icon and a word on a soft ground; never colour alone.</summary>
internal sealed class Chip(Icon icon, string text, Tone tone) : Block
{
    private const double Height = 16.5;
    private const double IconSize = 10.5;
    private readonly (Colour Ground, Colour Ink) colours = Colours(tone);
    private Words? words;
    private double width;

    public override double Natural(Typesetter type)
    {
        words ??= new Words(text, TextStyle.SmallStrong with { Colour = colours.Ink }, mostLines: 1);
        return width = 4.5 + IconSize + 3.75 + words.Natural(type) + 6;
    }

    public override double Fit(Typesetter type, double width)
    {
        Natural(type);
        words!.Fit(type, words.Natural(type));
        return Height;
    }

    public override void Paint(Canvas canvas, double x, double y)
    {
        canvas.FillRounded(x, y, width, Height, 4.5, colours.Ground);
        Icons.Draw(canvas, icon, x + 4.5, y + (Height - IconSize) / 2, IconSize, colours.Ink);
        words!.Paint(canvas, x + 4.5 + IconSize + 3.75, y + (Height - words.Leading) / 2);
    }

    private static (Colour, Colour) Colours(Tone tone) => tone switch
    {
        Tone.Good => (Ink.SuccessSoft, Ink.Success),
        Tone.Warning => (Ink.WarningSoft, Ink.Warning),
        Tone.Bad => (Ink.DangerSoft, Ink.Danger),
        Tone.Info => (Ink.InfoSoft, Ink.Info),
        _ => (Ink.NeutralSoft, Ink.Neutral),
    };
}

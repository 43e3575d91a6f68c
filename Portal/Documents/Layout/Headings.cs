using Portal.Documents.Drawing;

namespace Portal.Documents.Layout;

/// <summary>The heading of a part, with a sentence under it where there is something to explain.</summary>
internal static class Headings
{
    public static Block Of(string title, string? note = null) => string.IsNullOrWhiteSpace(note)
        ? new Words(title, TextStyle.Heading)
        : new Stack(1.5, new Words(title, TextStyle.Heading), new Words(note, TextStyle.BodySoft, mostLines: 8));
}

/// <summary>A word in large pale letters across the page, under everything.</summary>
internal static class Watermark
{
    public static Action<Canvas, PaperSize> Of(Typesetter type, string word)
    {
        var text = type.Set([new Run(word, new TextStyle(108, 108, 600, Ink.Danger, Spacing: 0.06))]);
        return (canvas, paper) =>
            canvas.Watermark(
                text.Handle(0),
                paper.Width / 2,
                paper.Height / 2,
                text.Width,
                -Math.PI / 4.5,
                Ink.Danger with
                {
                    Alpha = 0.07,
                }
            );
    }
}

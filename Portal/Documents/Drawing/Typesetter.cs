using System.Collections.Concurrent;

namespace Portal.Documents.Drawing;

/// <summary>
/// Sets the texts of one document. For one thread at a time: two documents drawn at once have a typesetter each. Disposing
/// ends the document; the typesetter itself is kept for the next one, with its fonts and with the short texts that documents
/// share (labels, the building, round sums), because setting text is a third of the time of a receipt.
/// </summary>
internal sealed class Typesetter : IDisposable
{
    private const int MostKept = 1000;
    private const int LongestKept = 60;

    private static readonly ConcurrentDictionary<string, ConcurrentBag<Typesetter>> Idle = new(StringComparer.Ordinal);

    private readonly string languageTag;
    private readonly TypeCase fonts;
    private readonly Dictionary<Run, Paragraph> kept = [];
    private readonly List<IDisposable> owned = [];

    private Typesetter(string languageTag)
    {
        this.languageTag = languageTag;
        fonts = new(languageTag);
    }

    /// <param name="languageTag"><c>es</c> or <c>en</c>: where words may break.</param>
    public static Typesetter Take(string languageTag) => IdleFor(languageTag).TryTake(out var idle) ? idle : new(languageTag);

    /// <summary>Keeps <paramref name="thing"/> until the document is written.</summary>
    public T Own<T>(T thing)
        where T : IDisposable
    {
        owned.Add(thing);
        return thing;
    }

    /// <summary>A paragraph in one line as wide as it needs. It may be shared, also with later documents.</summary>
    public Paragraph Set(IReadOnlyList<Run> runs)
    {
        if (runs.Count > 1 || runs[0].Text.Length > LongestKept)
        {
            return fonts.Make(runs, Own(fonts.NewLayout()));
        }

        if (!kept.TryGetValue(runs[0], out var paragraph))
        {
            paragraph = fonts.Make(runs, kept.Count < MostKept ? fonts.NewLayout() : Own(fonts.NewLayout()));
            if (kept.Count < MostKept)
            {
                kept.Add(runs[0], paragraph);
            }
        }

        return paragraph;
    }

    /// <summary>
    /// A paragraph no line of which is wider than <paramref name="width"/> points; after <paramref name="mostLines"/> it ends in "…".
    /// </summary>
    public Paragraph Set(IReadOnlyList<Run> runs, double width, int mostLines)
    {
        var layout = Own(fonts.NewLayout());
        Pango.pango_layout_set_wrap(layout, Pango.WrapWordThenCharacter);
        Pango.pango_layout_set_width(layout, (int)Math.Ceiling(width * Pango.Unit));
        var paragraph = fonts.Make(runs, layout);
        if (Pango.pango_layout_get_line_count(layout) <= mostLines)
        {
            return paragraph;
        }

        Pango.pango_layout_set_height(layout, -mostLines);
        Pango.pango_layout_set_ellipsize(layout, Pango.EllipsizeEnd);
        return paragraph;
    }

    public void Dispose()
    {
        for (var i = owned.Count - 1; i >= 0; i--)
        {
            owned[i].Dispose();
        }

        owned.Clear();
        if (kept.Count >= MostKept)
        {
            Forget();
        }

        // Never more idle ones than the machine draws at once.
        if (IdleFor(languageTag).Count < Environment.ProcessorCount)
        {
            IdleFor(languageTag).Add(this);
            return;
        }

        Forget();
        fonts.Dispose();
    }

    private static ConcurrentBag<Typesetter> IdleFor(string languageTag) => Idle.GetOrAdd(languageTag, _ => []);

    private void Forget()
    {
        foreach (var paragraph in kept.Values)
        {
            paragraph.Dispose();
        }

        kept.Clear();
    }
}

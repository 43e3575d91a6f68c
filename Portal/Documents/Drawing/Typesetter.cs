using System.Runtime.InteropServices;
using System.Text;

namespace Portal.Documents.Drawing;

/// <summary>
/// Sets the texts of one document: borrows a font map, keeps what it made until the document is written. For one thread;
/// two documents drawn at once have a typesetter each.
/// </summary>
internal sealed class Typesetter : IDisposable
{
    private const string TextFamilies = "Inter, Noto Sans, DejaVu Sans, sans-serif";
    private const string DisplayFamilies = "Inter Display, " + TextFamilies;

    // The forms of l and of quotation marks that the portal's pages use as well.
    private static readonly byte[] Features = PdfEngine.Utf8("cv05=1, ss03=1");
    private static readonly byte[] TabularFeatures = PdfEngine.Utf8("cv05=1, ss03=1, tnum=1");

    private readonly PangoObjectHandle fontMap;
    private readonly PangoObjectHandle context;
    private readonly IntPtr language;
    private readonly List<IDisposable> owned = [];
    private readonly Dictionary<TextStyle, Font> fonts = [];

    /// <param name="languageTag"><c>es</c> or <c>en</c>: where words may break.</param>
    public Typesetter(string languageTag)
    {
        fontMap = PdfEngine.BorrowFontMap();
        context = PdfEngine.Made(Pango.pango_font_map_create_context(fontMap), "a text context");
        language = Pango.pango_language_from_string(PdfEngine.Utf8(languageTag));
        Pango.pango_context_set_language(context, language);
        Pango.pango_cairo_context_set_resolution(context, 72);
        Pango.pango_context_set_round_glyph_positions(context, 0);
        using var options = Cairo.cairo_font_options_create();
        Cairo.cairo_font_options_set_hint_style(options, Cairo.HintNone);
        Cairo.cairo_font_options_set_hint_metrics(options, Cairo.HintMetricsOff);
        Pango.pango_cairo_context_set_font_options(context, options);
    }

    /// <summary>Letters asked for that no font of the machine has; they are drawn as boxes.</summary>
    public int UnknownGlyphs { get; private set; }

    /// <summary>Keeps <paramref name="thing"/> until the document is written.</summary>
    public T Own<T>(T thing)
        where T : IDisposable
    {
        owned.Add(thing);
        return thing;
    }

    /// <summary>A paragraph in one line as wide as it needs; call <see cref="Paragraph.Wrap"/> to break it.</summary>
    public Paragraph Set(IReadOnlyList<Run> runs)
    {
        var layout = Own(PdfEngine.Made(Pango.pango_layout_new(context), "a paragraph"));
        using var attributes = Pango.pango_attr_list_new();
        var bytes = new List<byte>();
        foreach (var run in runs)
        {
            var start = bytes.Count;
            bytes.AddRange(Encoding.UTF8.GetBytes(Readable(run.Text)));
            Dress(attributes, run.Style, start, bytes.Count);
        }

        Pango.pango_layout_set_font_description(layout, FontOf(runs[0].Style).Description);
        Pango.pango_layout_set_text(layout, [.. bytes], bytes.Count);
        Pango.pango_layout_set_attributes(layout, attributes);
        Pango.pango_layout_set_wrap(layout, Pango.WrapWordThenCharacter);
        UnknownGlyphs += Pango.pango_layout_get_unknown_glyphs_count(layout);
        var font = FontOf(runs[0].Style);
        return new(layout, font.Ascent, font.Descent);
    }

    public void Dispose()
    {
        for (var i = owned.Count - 1; i >= 0; i--)
        {
            owned[i].Dispose();
        }

        context.Dispose();
        PdfEngine.GiveBack(fontMap);
    }

    private sealed record Font(FontDescriptionHandle Description, double Ascent, double Descent);

    private Font FontOf(TextStyle style)
    {
        if (fonts.TryGetValue(style, out var known))
        {
            return known;
        }

        var description = Own(Pango.pango_font_description_new());
        Pango.pango_font_description_set_family(description, PdfEngine.Utf8(style.Display ? DisplayFamilies : TextFamilies));
        Pango.pango_font_description_set_weight(description, style.Weight);
        Pango.pango_font_description_set_absolute_size(description, style.Size * Pango.Unit);
        using var metrics = PdfEngine.Made(Pango.pango_context_get_metrics(context, description, language), "the measures of a font");
        return fonts[style] = new(description, Pango.pango_font_metrics_get_ascent(metrics) / Pango.Unit, Pango.pango_font_metrics_get_descent(metrics) / Pango.Unit);
    }

    private void Dress(AttributesHandle attributes, TextStyle style, int start, int end)
    {
        Insert(Pango.pango_attr_font_desc_new(FontOf(style).Description));
        Insert(Pango.pango_attr_foreground_new(Part(style.Colour.Red), Part(style.Colour.Green), Part(style.Colour.Blue)));
        Insert(Pango.pango_attr_font_features_new(style.Tabular ? TabularFeatures : Features));
        if (style.Spacing != 0)
        {
            Insert(Pango.pango_attr_letter_spacing_new((int)(style.Spacing * style.Size * Pango.Unit)));
        }

        void Insert(IntPtr attribute)
        {
            // struct PangoAttribute { const PangoAttrClass *klass; guint start_index; guint end_index; }
            Marshal.WriteInt32(attribute, IntPtr.Size, start);
            Marshal.WriteInt32(attribute, IntPtr.Size + sizeof(int), end);
            Pango.pango_attr_list_insert(attributes, attribute);
        }

        static ushort Part(double part) => (ushort)(part * ushort.MaxValue);
    }

    /// <summary>What people paste may hold control characters, which have no picture: they are left out, but for line ends and tabs.</summary>
    private static string Readable(string text)
    {
        text = text.ReplaceLineEndings("\n");
        return text.Any(Unseen) ? string.Concat(text.Where(letter => !Unseen(letter))) : text;

        static bool Unseen(char letter) => char.IsControl(letter) && letter is not ('\n' or '\t');
    }
}

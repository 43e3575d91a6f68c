using System.Runtime.InteropServices;
using System.Text;

namespace Portal.Documents.Drawing;

/// <summary>The fonts of a <see cref="Typesetter"/> and the making of paragraphs with them. For one thread at a time.</summary>
internal sealed class TypeCase : IDisposable
{
    private const string Families = "Inter, Noto Sans, DejaVu Sans, sans-serif";

    // Inter's contextual forms (a higher colon between figures, arrows) are left out: their glyphs have no letter of their
    // own, and Cairo would embed each font twice.
    private static readonly byte[] Features = PdfEngine.Utf8("calt=0");
    private static readonly byte[] TabularFeatures = PdfEngine.Utf8("calt=0, tnum=1");

    private readonly PangoObjectHandle fontMap;
    private readonly PangoObjectHandle context;
    private readonly IntPtr language;
    private readonly Dictionary<TextStyle, Font> fonts = [];

    /// <param name="languageTag"><c>es</c> or <c>en</c>: where words may break.</param>
    public TypeCase(string languageTag)
    {
        fontMap = PdfEngine.Made(Pango.pango_cairo_font_map_new(), "a font map");
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

    public PangoObjectHandle NewLayout() => PdfEngine.Made(Pango.pango_layout_new(context), "a paragraph");

    /// <summary>Puts the text into the layout, whose width may have been set before.</summary>
    public Paragraph Make(IReadOnlyList<Run> runs, PangoObjectHandle layout)
    {
        var font = FontOf(runs[0].Style);
        Pango.pango_layout_set_font_description(layout, font.Description);
        if (runs.Count == 1)
        {
            var utf8 = Encoding.UTF8.GetBytes(Readable(runs[0].Text));
            Pango.pango_layout_set_text(layout, utf8, utf8.Length);
            Pango.pango_layout_set_attributes(layout, font.Attributes);
        }
        else
        {
            SetRuns(layout, runs);
        }

        return new(layout, font.Ascent, font.Descent, runs[0].Style.Colour);
    }

    public void Dispose()
    {
        foreach (var font in fonts.Values)
        {
            font.Description.Dispose();
            font.Attributes.Dispose();
        }

        context.Dispose();
        fontMap.Dispose();
    }

    /// <param name="Attributes">For a paragraph all in this font.</param>
    private sealed record Font(FontDescriptionHandle Description, AttributesHandle Attributes, double Ascent, double Descent);

    private void SetRuns(PangoObjectHandle layout, IReadOnlyList<Run> runs)
    {
        using var attributes = Pango.pango_attr_list_new();
        var bytes = new List<byte>();
        foreach (var run in runs)
        {
            var start = bytes.Count;
            bytes.AddRange(Encoding.UTF8.GetBytes(Readable(run.Text)));
            Insert(Pango.pango_attr_font_desc_new(FontOf(run.Style).Description));
            Insert(Pango.pango_attr_foreground_new(Part(run.Style.Colour.Red), Part(run.Style.Colour.Green), Part(run.Style.Colour.Blue)));
            Dress(run.Style, Insert);

            void Insert(IntPtr attribute)
            {
                // struct PangoAttribute { const PangoAttrClass *klass; guint start_index; guint end_index; }
                Marshal.WriteInt32(attribute, IntPtr.Size, start);
                Marshal.WriteInt32(attribute, IntPtr.Size + sizeof(int), bytes.Count);
                Pango.pango_attr_list_insert(attributes, attribute);
            }
        }

        Pango.pango_layout_set_text(layout, [.. bytes], bytes.Count);
        Pango.pango_layout_set_attributes(layout, attributes);

        static ushort Part(double part) => (ushort)(part * ushort.MaxValue);
    }

    private Font FontOf(TextStyle style)
    {
        if (fonts.TryGetValue(style, out var known))
        {
            return known;
        }

        var description = Pango.pango_font_description_new();
        Pango.pango_font_description_set_family(description, PdfEngine.Utf8(Families));
        Pango.pango_font_description_set_weight(description, style.Weight);
        Pango.pango_font_description_set_absolute_size(description, style.Size * Pango.Unit);
        var attributes = Pango.pango_attr_list_new();
        Dress(style, attribute => Pango.pango_attr_list_insert(attributes, attribute));
        using var metrics = PdfEngine.Made(Pango.pango_context_get_metrics(context, description, language), "the measures of a font");
        return fonts[style] = new(
            description, attributes, Pango.pango_font_metrics_get_ascent(metrics) / Pango.Unit,
            Pango.pango_font_metrics_get_descent(metrics) / Pango.Unit);
    }

    /// <summary>What a style has besides font and colour; the attributes are for all of the text unless told otherwise.</summary>
    private static void Dress(TextStyle style, Action<IntPtr> insert)
    {
        insert(Pango.pango_attr_font_features_new(style.Tabular ? TabularFeatures : Features));
        if (style.Spacing != 0)
        {
            insert(Pango.pango_attr_letter_spacing_new((int)(style.Spacing * style.Size * Pango.Unit)));
        }
    }

    /// <summary>
    /// What people paste may hold control characters, which have no picture: they are left out, but for line ends and tabs.
    /// </summary>
    private static string Readable(string text)
    {
        text = text.ReplaceLineEndings("\n");
        return text.Any(Unseen) ? string.Concat(text.Where(letter => !Unseen(letter))) : text;

        static bool Unseen(char letter) => char.IsControl(letter) && letter is not ('\n' or '\t');
    }
}

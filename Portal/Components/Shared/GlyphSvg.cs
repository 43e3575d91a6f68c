namespace Portal.Components.Shared;

/// <summary>The portal's own icons, for MudBlazor's parts: <c>StartIcon="@Glyph.Plus.Svg()"</c>.</summary>
public static class GlyphSvg
{
    private static readonly Dictionary<Glyph, string> Drawn = Enum.GetValues<Glyph>().ToDictionary(glyph => glyph, glyph =>
        $"""<path d="{Glyphs.Path(glyph)}" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" />""");

    /// <summary>The inside of an icon's svg, as MudIcon takes it.</summary>
    public static string Svg(this Glyph glyph) => Drawn[glyph];
}

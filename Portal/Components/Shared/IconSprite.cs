using System.Text;
using Portal.Hosting;

namespace Portal.Components.Shared;

/// <summary>
/// All of <see cref="Glyphs"/> in one picture that a browser fetches once and keeps: pages name the icon they want of it.
/// </summary>
public static class IconSprite
{
    // A list of twenty rows names it a hundred times: short.
    private const string Path = "/i";
    private static readonly KeptFile File = new(Path, "image/svg+xml", Write());

    /// <summary>Changes with the pictures, so that it can be kept for ever.</summary>
    public static string Source => File.Address;

    /// <summary>Where one icon is.</summary>
    public static string Address(Glyph glyph) => Source + "#" + glyph;

    public static void MapIcons(this WebApplication app) => KeptFile.Map(app, Path, () => Task.FromResult(File));

    private static string Write()
    {
        var svg = new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\">");
        foreach (var glyph in Enum.GetValues<Glyph>())
        {
            svg.Append($"<symbol id=\"{glyph}\" viewBox=\"0 0 24 24\"><path d=\"{Glyphs.Path(glyph)}\"/></symbol>");
        }

        return svg.Append("</svg>").ToString();
    }
}

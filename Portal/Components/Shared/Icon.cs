using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Portal.Components.Shared;

/// <summary>One <see cref="Glyph"/>, drawn by reference to the sprite: a list of twenty rows has a hundred of them.</summary>
public sealed class Icon : ComponentBase
{
    // What a page repeats most is written once for the process and shared by all circuits.
    private static readonly string?[,] Plain =
        new string?[Enum.GetValues<Glyph>().Length, Enum.GetValues<IconSize>().Length];

    [Parameter, EditorRequired] public Glyph Name { get; set; }

    [Parameter] public IconSize Size { get; set; } = IconSize.Normal;

    /// <summary>Read aloud; leave out where a word stands beside the icon.</summary>
    [Parameter] public string? Title { get; set; }

    [Parameter] public string? Class { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder) =>
        builder.AddMarkupContent(0, Title is null && Class is null ? Plain[(int)Name, (int)Size] ??= Markup() : Markup());

    private string Markup()
    {
        var css = Size switch { IconSize.Small => "i i-sm", IconSize.Large => "i i-lg", IconSize.Huge => "i i-xl", _ => "i" };
        var said = Title is null ? "aria-hidden=\"true\"" : $"role=\"img\" aria-label=\"{HtmlEncoder.Default.Encode(Title)}\"";
        return $"<svg class=\"{(Class is null ? css : css + " " + Class)}\" {said}><use href=\"{IconSprite.Address(Name)}\"/></svg>";
    }
}

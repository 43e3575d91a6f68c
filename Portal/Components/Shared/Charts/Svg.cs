using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace Portal.Components.Shared;

/// <summary>
/// Small help for drawing: coordinates are always written with a point, and Razor takes a literal text element for its own tag.
/// </summary>
public static class Svg
{
    public static string N(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    public static RenderFragment Text(double x, double y, string text, string? css = null, string? anchor = null, double? size = null) =>
        builder =>
        {
            builder.OpenElement(0, "text");
            builder.AddAttribute(1, "x", N(x));
            builder.AddAttribute(2, "y", N(y));
            builder.AddAttribute(3, "class", css);
            builder.AddAttribute(4, "text-anchor", anchor);
            builder.AddAttribute(5, "font-size", size is null ? null : N(size.Value));
            builder.AddContent(6, text);
            builder.CloseElement();
        };
}

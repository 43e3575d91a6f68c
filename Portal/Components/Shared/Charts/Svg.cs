using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace Portal.Components.Shared;

/// <summary>
/// Small help for drawing: coordinates are always written with a point, and Razor takes a literal text element for its own tag.
/// </summary>
public static class Svg
{
    /// <summary>
    /// What an axis of three lines counts in: the least round number (1, 2, 2.5, 4, 5 times a power of ten) of which so many hold the
    /// highest figure; one where there is none.
    /// </summary>
    public static decimal Step(decimal highest, decimal steps)
    {
        var power = 1m;
        while (highest > 0 && power * 30 < highest) power *= 10;
        while (highest > 0 && power * 3 > highest && power > 0.01m) power /= 10;
        var step = new[] { 1m, 2m, 2.5m, 4m, 5m, 10m, 20m }.Select(round => round * power)
            .FirstOrDefault(round => round * steps >= highest, power * 10);
        return step <= 0 ? 1 : step;
    }

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

using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data.Parking;
using Portal.Resources;

namespace Portal.Areas.Parking;

/// <summary>How spaces look and what they are called.</summary>
internal static class ParkingLook
{
    /// <summary>The order of the legend.</summary>
    public static readonly IReadOnlyList<SpotState> Legend =
    [
        SpotState.Assigned, SpotState.Invaded, SpotState.Unassigned, SpotState.Leased, SpotState.Reserved, SpotState.VisitorFree,
        SpotState.VisitorInside, SpotState.VisitorOver, SpotState.Closed,
    ];

    /// <summary>The class of its colour.</summary>
    public static string Css(SpotState state) => state switch
    {
        SpotState.Assigned => "own",
        SpotState.Leased => "rent",
        SpotState.Reserved => "kept",
        SpotState.Closed => "out",
        SpotState.VisitorFree => "vfree",
        SpotState.VisitorInside => "vocc",
        SpotState.VisitorOver => "over",
        SpotState.Invaded => "bad",
        _ => "none",
    };

    public static Tone Tone(SpotState state) => state switch
    {
        SpotState.Invaded => Components.Shared.Tone.Bad,
        SpotState.VisitorOver => Components.Shared.Tone.Warn,
        SpotState.VisitorInside or SpotState.VisitorFree => Components.Shared.Tone.Ok,
        SpotState.Leased or SpotState.Reserved => Components.Shared.Tone.Info,
        _ => Components.Shared.Tone.Neutral,
    };

    public static Glyph Icon(SpotState state) => state switch
    {
        SpotState.Invaded => Glyph.Alert,
        SpotState.VisitorOver => Glyph.Clock,
        SpotState.VisitorInside => Glyph.Car,
        SpotState.Closed => Glyph.Pause,
        SpotState.Unassigned or SpotState.VisitorFree => Glyph.CheckCircle,
        _ => Glyph.Check,
    };

    /// <summary>The documented kinds of vehicles have words; one added as data keeps its name.</summary>
    public static string? Type(IStringLocalizer<ParkingWords> words, string? name) =>
        name is null ? null : words["type." + name.ToLowerInvariant()] is { ResourceNotFound: false } known ? known.Value : name;

    /// <summary><c>2 h 10</c>: as short as a space on the plan is wide.</summary>
    public static string Short(TimeSpan length) => length.TotalMinutes < 60
        ? $"{Math.Max(0, (int)length.TotalMinutes)} min"
        : FormattableString.Invariant($"{(int)length.TotalHours} h {length.Minutes:00}");
}

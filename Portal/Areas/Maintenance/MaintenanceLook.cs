using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data.Maintenance;
using Portal.Resources;

namespace Portal.Areas.Maintenance;

/// <summary>How inspections stand, in words and colours.</summary>
internal static class MaintenanceLook
{
    public static Tone Tone(this InspectionState state) => state switch
    {
        InspectionState.Failed or InspectionState.Expired => Components.Shared.Tone.Bad,
        InspectionState.Missing or InspectionState.Soon => Components.Shared.Tone.Warn,
        _ => Components.Shared.Tone.Ok,
    };

    public static Glyph Icon(this InspectionState state) => state switch
    {
        InspectionState.Failed => Glyph.CloseCircle,
        InspectionState.Expired => Glyph.Alert,
        InspectionState.Missing => Glyph.Info,
        InspectionState.Soon => Glyph.Clock,
        _ => Glyph.CheckCircle,
    };

    /// <summary>With the day that matters: <c>until 14 Dec 2027</c>, <c>ended 5 Nov 2026</c>.</summary>
    public static string Standing(this IStringLocalizer<MaintenanceWords> words, InspectionState state, DateOnly? until) =>
        state is InspectionState.Missing or InspectionState.Failed || until is not { } day
            ? words[$"state.{state}"]
            : words[$"standing.{state}", Formats.ShortDate(day)];
}

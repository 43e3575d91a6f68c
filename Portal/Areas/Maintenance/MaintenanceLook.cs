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

    public static Tone Tone(this WorkOrderState state) => state switch
    {
        WorkOrderState.Approval or WorkOrderState.Waiting => Components.Shared.Tone.Warn,
        WorkOrderState.Open or WorkOrderState.Assigned or WorkOrderState.Working => Components.Shared.Tone.Info,
        WorkOrderState.Done or WorkOrderState.Accepted => Components.Shared.Tone.Ok,
        _ => Components.Shared.Tone.Neutral,
    };

    public static Glyph Icon(this WorkOrderState state) => state switch
    {
        WorkOrderState.Open => Glyph.Note,
        WorkOrderState.Approval => Glyph.Clock,
        WorkOrderState.Assigned => Glyph.User,
        WorkOrderState.Working => Glyph.Wrench,
        WorkOrderState.Waiting => Glyph.Pause,
        WorkOrderState.Done => Glyph.Check,
        WorkOrderState.Accepted => Glyph.CheckCircle,
        _ => Glyph.Stop,
    };

    public static Glyph Icon(this WorkOrderStepKind kind) => kind switch
    {
        WorkOrderStepKind.Made => Glyph.Plus,
        WorkOrderStepKind.Changed => Glyph.Edit,
        WorkOrderStepKind.Asked => Glyph.Send,
        WorkOrderStepKind.Approved => Glyph.Check,
        WorkOrderStepKind.Rejected => Glyph.CloseCircle,
        WorkOrderStepKind.Assigned => Glyph.User,
        WorkOrderStepKind.Started => Glyph.Play,
        WorkOrderStepKind.Waiting => Glyph.Pause,
        WorkOrderStepKind.SentBack => Glyph.Undo,
        WorkOrderStepKind.Cancelled => Glyph.Stop,
        _ => Glyph.CheckCircle,
    };

    /// <summary><c>every 6 months</c>.</summary>
    public static string Rhythm(this IStringLocalizer<MaintenanceWords> words, int every, PlanUnit unit) =>
        every == 1 ? words[$"every.{unit}.one"] : words[$"every.{unit}", every];
}

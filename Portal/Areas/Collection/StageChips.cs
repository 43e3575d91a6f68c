using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data.Collection;
using Portal.Resources;

namespace Portal.Areas.Collection;

/// <summary>How far collecting has gone, as a chip; an agreement or a dispute before the stage, for they silence it.</summary>
internal static class StageChips
{
    public static (Tone Tone, Glyph Icon, string Text)? Of(
        CollectionStage? stage, bool agreed, bool disputed, IStringLocalizer<CollectionWords> words) => stage switch
    {
        _ when agreed => (Tone.Ok, Glyph.CheckCircle, words["stage.agreement"]),
        _ when disputed => (Tone.Info, Glyph.Pqrs, words["stage.dispute"]),
        null => null,
        CollectionStage.Demand => (Tone.Warn, Glyph.Mail, words["stage.Demand"]),
        CollectionStage.PreLegal => (Tone.Warn, Glyph.Alert, words["stage.PreLegal"]),
        CollectionStage.Lawyer => (Tone.Bad, Glyph.Alert, words["stage.Lawyer"]),
        _ => (Tone.Neutral, Glyph.Bell, words[$"stage.{stage}"]),
    };

    /// <summary>For the filter of the list.</summary>
    public static List<FilterOption> Options(IStringLocalizer<CollectionWords> words) =>
    [
        new("none", words["stage.none"]),
        .. Enum.GetValues<CollectionStage>().Where(s => s != CollectionStage.Reminder)
            .Select(s => new FilterOption(s.ToString(), words[$"stage.{s}"])),
        new("agreement", words["stage.agreement"]), new("dispute", words["stage.dispute"]), new("prescribes", words["prescribes"]),
    ];
}

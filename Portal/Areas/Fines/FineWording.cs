using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data.Fines;
using Portal.Resources;

namespace Portal.Areas.Fines;

/// <summary>How the states of a fine look.</summary>
internal static class FineWording
{
    public static Tone ToneOf(FineState state) => state switch
    {
        FineState.Charged => Tone.Ok,
        FineState.Absolved or FineState.Dropped or FineState.Annulled => Tone.Neutral,
        FineState.Challenged => Tone.Bad,
        _ => Tone.Warn,
    };

    public static Glyph IconOf(FineState state) => state switch
    {
        FineState.Charged => Glyph.CheckCircle,
        FineState.Absolved or FineState.Dropped or FineState.Annulled => Glyph.CloseCircle,
        FineState.Notified => Glyph.Send,
        _ => Glyph.Clock,
    };

    /// <summary>The accused answer; the office writes down that they did.</summary>
    public static string Verb(IStringLocalizer<FineWords> words, FineVerb act, FineDetails fine) => (act, fine.Edits) switch
    {
        (FineVerb.Hear, false) => words["act.answer"],
        (FineVerb.Challenge, true) => words["act.challenged"],
        _ => words[$"act.{act}"],
    };

    /// <summary>The way of a fine that nobody challenges.</summary>
    public static readonly FineState[] Way =
        [FineState.Requested, FineState.Heard, FineState.Decided, FineState.Notified, FineState.Charged];
}

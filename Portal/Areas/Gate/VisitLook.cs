using Portal.Components.Shared;
using Portal.Data.Gate;

namespace Portal.Areas.Gate;

/// <summary>How the state of a visit looks.</summary>
internal static class VisitLook
{
    public static Tone Tone(VisitorState state) => state switch
    {
        VisitorState.Announced => Components.Shared.Tone.Warn,
        VisitorState.Inside => Components.Shared.Tone.Ok,
        VisitorState.Denied => Components.Shared.Tone.Bad,
        _ => Components.Shared.Tone.Neutral,
    };

    public static Glyph Icon(VisitorState state) => state switch
    {
        VisitorState.Announced => Glyph.Clock,
        VisitorState.Inside => Glyph.CheckCircle,
        VisitorState.Left => Glyph.SignOut,
        VisitorState.Denied => Glyph.Stop,
        _ => Glyph.CloseCircle,
    };
}

using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data.Building;
using Portal.Data.Identity;
using Portal.Resources;

namespace Portal.Areas.People;

/// <summary>States and ties in words.</summary>
public static class PersonWording
{
    public static (Tone Tone, Glyph Icon, string Text) Chip(this IStringLocalizer<PeopleWords> words, UserState state, bool locked) =>
        locked
            ? (Tone.Bad, Glyph.Lock, words["state.locked"])
            : (
                state switch
                {
                    UserState.Active => Tone.Ok,
                    UserState.Pending => Tone.Warn,
                    UserState.Suspended => Tone.Bad,
                    _ => Tone.Neutral,
                },
                state switch
                {
                    UserState.Active => Glyph.CheckCircle,
                    UserState.Pending => Glyph.Clock,
                    UserState.Suspended => Glyph.CloseCircle,
                    _ => Glyph.Pause,
                },
                words["state." + Key(state)]
            );

    public static string Kind(this IStringLocalizer<PeopleWords> words, OccupancyKind kind) => words["kind." + Key(kind)];

    public static string Key(Enum value) => value.ToString().ToLowerInvariant();
}

using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data.Programmes;
using Portal.Resources;

namespace Portal.Areas.Programmes;

/// <summary>How attendance, averages and people of courses are said.</summary>
internal static class ProgrammeLook
{
    public static Tone Tone(this AttendanceStatus status) => status switch
    {
        AttendanceStatus.Present => Components.Shared.Tone.Ok,
        AttendanceStatus.Absent => Components.Shared.Tone.Bad,
        AttendanceStatus.Late => Components.Shared.Tone.Warn,
        _ => Components.Shared.Tone.Neutral,
    };

    public static Glyph Icon(this AttendanceStatus status) => status switch
    {
        AttendanceStatus.Present => Glyph.Check,
        AttendanceStatus.Absent => Glyph.CloseCircle,
        AttendanceStatus.Late => Glyph.Clock,
        _ => Glyph.Note,
    };

    /// <summary>With two places as the language writes them; a dash where there is none.</summary>
    public static string Figure(decimal? value) => value is { } figure ? Formats.Number(figure, 2) : "—";

    public static string Percent(decimal? value) => value is { } figure ? Formats.Percent(figure) : "—";

    /// <summary><c>5th</c>, or all ages.</summary>
    public static string Grade(this IStringLocalizer<ProgrammeWords> words, int? grade) => grade is { } one ? words["grade.of", one] : words["grade.none"];

    /// <summary><c>whole day</c>, with the hours where there are any.</summary>
    public static string When(this IStringLocalizer<ProgrammeWords> words, SessionPart part, TimeOnly? from, TimeOnly? to) =>
        from is { } start && to is { } end ? $"{words[$"session.{part}"]}, {Formats.Time(start)}–{Formats.Time(end)}" : words[$"session.{part}"];
}

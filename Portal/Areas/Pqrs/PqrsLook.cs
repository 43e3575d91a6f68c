using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Pqrs;
using Portal.Resources;

namespace Portal.Areas.Pqrs;

/// <summary>How cases are shown: the same words, tones and icons in the list, in a case, in its papers and in exports.</summary>
public static class PqrsLook
{
    public static Tone ToneOf(PqrsState state) => state switch
    {
        PqrsState.Open => Tone.Info,
        PqrsState.InProgress => Tone.Warn,
        PqrsState.Resolved => Tone.Ok,
        _ => Tone.Neutral,
    };

    public static Glyph IconOf(PqrsState state) => state switch
    {
        PqrsState.Open => Glyph.Mail,
        PqrsState.InProgress => Glyph.Edit,
        PqrsState.WaitingForPetitioner => Glyph.Pause,
        PqrsState.Resolved => Glyph.Check,
        _ => Glyph.Lock,
    };

    public static string Word(this IStringLocalizer<PqrsWords> l, PqrsState state) => l["state." + Key(state)];

    public static string Word(this IStringLocalizer<PqrsWords> l, PqrsKind? kind) =>
        kind is { } known ? l["kind." + Key(known)] : l["kind.unknown"];

    public static string Word(this IStringLocalizer<PqrsWords> l, PqrsPriority? priority) =>
        l["priority." + Key(priority ?? PqrsPriority.Medium)];

    public static string Word(this IStringLocalizer<PqrsWords> l, PqrsChannel channel) => l["channel." + Key(channel)];

    /// <summary>The documented categories are English names; ours and those a building adds are shown as they are.</summary>
    public static string Category(this IStringLocalizer<PqrsWords> l, string name) =>
        l["category." + name.ToLowerInvariant().Replace(' ', '_')] is { ResourceNotFound: false } word ? word : name;

    /// <summary>"Torre B 1204", whether the tower is called B or Torre B.</summary>
    public static string Place(this IStringLocalizer<PqrsWords> l, PqrsPlace? place) =>
        place is null ? "" : place.Tower.Contains(' ') ? $"{place.Tower} {place.Number}" : l["place", place.Tower, place.Number];

    /// <summary>2026-000123: in a list of nothing but PQRS the word says nothing.</summary>
    public static string ShortNumber(string number) => number.StartsWith("PQRS-", StringComparison.Ordinal) ? number[5..] : number;

    /// <summary>"B 1204", where a column is narrow.</summary>
    public static string ShortPlace(PqrsPlace? place) =>
        place is null ? "" : $"{place.Tower[(place.Tower.LastIndexOf(' ') + 1)..]} {place.Number}";

    /// <summary>What is left of the time, in two or three words: "2 días", "ayer", "en pausa".</summary>
    public static string Left(this IStringLocalizer<PqrsWords> l, PqrsRow row) => row switch
    {
        { State: PqrsState.WaitingForPetitioner } => l["left.held"],
        { DaysLeft: null } => "—",
        { Overdue: true, DaysLeft: -1 } => l["left.late.one"],
        { Overdue: true, DaysLeft: { } days } => l["left.late.many", -days],
        { DaysLeft: 0 } => l["left.today"],
        { DaysLeft: 1 } => l["left.one"],
        { DaysLeft: { } days } => l["left.many", days],
    };

    public static string? LeftCss(PqrsRow row) => row switch
    {
        { Overdue: true } => "tone-bad strong",
        { DaysLeft: { } left } when left <= PqrsClock.WarningDays => "tone-warn strong",
        { DaysLeft: null } => "mute",
        _ => null,
    };

    public static Tone ToneOf(PqrsClock clock) => clock switch
    {
        { Late: true } => Tone.Bad,
        { Warns: true } => Tone.Warn,
        _ => Tone.Ok,
    };

    /// <summary>What is missing, by its own name: of four lines that all say "required" nobody learns anything.</summary>
    public static Error Named(this Error error) =>
        error is { Code: "required", Field: { } field } ? error with { Code = $"required.{field.ToLowerInvariant()}" } : error;

    /// <summary>"320 KB", "4,2 MB".</summary>
    public static string Size(int bytes) => bytes < 1024 * 1024
        ? $"{Math.Max(1, bytes / 1024)} KB"
        : $"{Formats.Number(bytes / (1024m * 1024m), 1)} MB";

    private static string Key<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}

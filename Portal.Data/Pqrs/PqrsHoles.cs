using System.Text.RegularExpressions;

namespace Portal.Data.Pqrs;

/// <summary>
/// The holes of an answer that is kept ready: <c>{nombre}</c>, <c>{numero}</c>. What could not be filled stays, and blocks sending until
/// somebody fills it: nobody is to read "Estimada {nombre}".
/// </summary>
public static partial class PqrsHoles
{
    /// <summary>What can stand in a hole, by its Spanish and its English name.</summary>
    private static readonly (string Spanish, string English)[] Names =
    [
        ("nombre", "name"), ("numero", "number"), ("asunto", "title"), ("apartamento", "apartment"), ("vence", "due"),
        ("responsable", "handler"), ("edificio", "building"),
    ];

    public static IReadOnlyList<string> Known { get; } = [.. Names.Select(n => n.Spanish)];

    /// <summary>All of them, as a person writes them.</summary>
    public static string Written { get; } = string.Join(", ", Known.Select(name => $"{{{name}}}"));

    /// <param name="values">By the Spanish name; what is missing or empty leaves its hole.</param>
    public static string Fill(string text, IReadOnlyDictionary<string, string?> values) => Hole().Replace(
        text,
        hole => Key(hole.Groups[1].Value) is { } key && values.GetValueOrDefault(key) is { Length: > 0 } value ? value : hole.Value);

    /// <summary>The first hole that is still open; null where there is none. Other words in braces are the writer's own.</summary>
    public static string? Open(string? text) =>
        Hole().Matches(text ?? "").Select(h => h.Groups[1].Value).FirstOrDefault(name => Key(name) is not null);

    /// <summary>The first word in braces that names nothing.</summary>
    internal static string? Unknown(string? text) =>
        Hole().Matches(text ?? "").Select(h => h.Groups[1].Value).FirstOrDefault(name => Key(name) is null);

    private static string? Key(string name) =>
        Names.FirstOrDefault(n => n.Spanish.Equals(name, StringComparison.OrdinalIgnoreCase)
            || n.English.Equals(name, StringComparison.OrdinalIgnoreCase)).Spanish;

    [GeneratedRegex(@"\{\s*([\p{L}]{2,20})\s*\}")]
    private static partial Regex Hole();
}

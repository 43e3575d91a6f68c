using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Portal.Data.Surveys;

/// <summary>
/// The choices of a question as <c>questions.options</c> holds them. The portal writes an array of texts; older systems wrote what they
/// liked, and it is read for the words a person was shown: of <c>{"a":"Rojo"}</c>, <c>[{"label":"Rojo"}]</c> and <c>"Rojo"</c> that is
/// Rojo, of <c>[1,2,3]</c> the three numbers.
/// </summary>
public static class SurveyOptions
{
    /// <summary>Under which an object keeps the word that is shown, the likeliest first.</summary>
    private static readonly string[] Labels = ["label", "text", "name", "title", "option", "value"];

    /// <summary>In their order, none twice; empty where there is none to be read.</summary>
    public static IReadOnlyList<string> Read(string? json)
    {
        if (string.IsNullOrWhiteSpace(json)) return [];
        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. Choices(document.RootElement).Select(choice => choice.Trim()).Where(choice => choice.Length > 0).Distinct()];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>
    /// Options that differ in nothing but upper case and accents, side by side: they are counted apart, and who reads them will not tell
    /// them apart.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<string>> Alike(IEnumerable<string> options) =>
        [.. options.Select(o => o.Trim()).Where(o => o.Length > 0).Distinct().GroupBy(Plain).Where(g => g.Count() > 1).Select(g => g.ToList())];

    private static string Plain(string option) => Spelling.Unaccented(option).ToLowerInvariant();

    private static IEnumerable<string> Choices(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().Select(Word).OfType<string>(),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(choice =>
            choice.Value.ValueKind == JsonValueKind.Array ? Choices(choice.Value) : Word(choice.Value) is { } word ? [word] : []),
        _ => Word(element) is { } word ? [word] : [],
    };

    private static string? Word(JsonElement choice) => choice.ValueKind switch
    {
        JsonValueKind.String => choice.GetString(),
        JsonValueKind.Number => choice.GetRawText(),
        JsonValueKind.True or JsonValueKind.False => choice.GetRawText(),
        JsonValueKind.Object => Labels
            .Select(label => choice.TryGetProperty(label, out var named) ? Word(named) : null)
            .Concat(choice.EnumerateObject().Select(property => Word(property.Value)))
            .FirstOrDefault(word => word is not null),
        _ => null,
    };
}

namespace Portal.Components.Shared;

/// <summary>The one or two letters of an avatar.</summary>
public static class Initials
{
    /// <summary>First letters of the first two words: Carolina Mejía → CM; one word gives one letter; nothing gives "?".</summary>
    public static string Of(string? name)
    {
        var words = (name ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var letters = string.Concat(words.Where(word => char.IsLetter(word[0])).Take(2).Select(word => char.ToUpperInvariant(word[0])));
        return letters.Length > 0 ? letters : "?";
    }
}

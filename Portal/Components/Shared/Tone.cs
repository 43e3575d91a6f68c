namespace Portal.Components.Shared;

/// <summary>
/// What a state means, never decoration: waiting is amber, done green, late or rejected red, new or refunded blue, paused or void neutral.
/// </summary>
public enum Tone
{
    Neutral,
    Ok,
    Warn,
    Bad,
    Info,
}

public static class Tones
{
    /// <summary>The suffix in the style sheet: <c>chip-warn</c>.</summary>
    public static string? Css(this Tone tone, string prefix) => tone switch
    {
        Tone.Ok => prefix + "-ok", Tone.Warn => prefix + "-warn", Tone.Bad => prefix + "-bad", Tone.Info => prefix + "-info", _ => null,
    };

    public static Glyph Icon(this Tone tone) => tone switch
    {
        Tone.Ok => Glyph.CheckCircle, Tone.Warn => Glyph.Clock, Tone.Bad => Glyph.Alert, Tone.Info => Glyph.Mail, _ => Glyph.Pause,
    };
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Portal.Data.Audit;

namespace Portal.Data.Gate;

/// <summary>
/// One event as a terminal sends it. Whatever cannot be read is left empty: an event is never a reason to refuse those that came with it.
/// </summary>
/// <param name="Key">A UUID, in small letters.</param>
/// <param name="At">By the device's clock, in UTC.</param>
/// <param name="Offset">Seconds by which the server's clock was ahead of the device's at the last answer.</param>
/// <param name="Contact">The server's time (UTC) of the last answer; null: there never was one.</param>
/// <param name="Body">As it was sent.</param>
internal sealed record GateAct(
    string Key, long Seq, string Kind, DateTime? At, double Offset, DateTime? Contact, bool Offline, long Guard, JsonElement Fields,
    string Body)
{
    /// <summary>In bytes, as the column holds them.</summary>
    private const int LongestBody = 60_000;

    /// <summary>Of what it says, whatever the order of its members.</summary>
    public string Hash { get; } = HashOf(Body);

    /// <returns>Null for what has no key by which it could be known again.</returns>
    public static GateAct? Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || !Guid.TryParse(Text(json, "key", 36), out var key)) return null;
        var body = json.GetRawText();
        if (Encoding.UTF8.GetByteCount(body) > LongestBody) return null;
        var fields = json.TryGetProperty("fields", out var given) && given.ValueKind == JsonValueKind.Object ? given : default;
        return new GateAct(
            key.ToString(), Number(json, "seq") ?? 0, Text(json, "kind", 20) ?? "", Instant(json, "at"),
            json.TryGetProperty("offset", out var offset) && offset.ValueKind == JsonValueKind.Number
                && offset.TryGetDouble(out var seconds)
                ? seconds
                : 0,
            Instant(json, "contact"), Flag(json, "offline"), Number(json, "guard") ?? 0, fields, body);
    }

    /// <summary>The key of what cannot be read otherwise.</summary>
    public static string? KeyOf(JsonElement json) => Text(json, "key", 36);

    public long? Id(string name) => Number(Fields, name) is > 0 and var id ? id : null;

    public string? Word(string name, int longest) => Text(Fields, name, longest);

    /// <summary>The ids of a list; what is none is left out.</summary>
    public IReadOnlyList<long> Ids(string name, int most) =>
        [.. Items(name, most).Where(i => i.ValueKind == JsonValueKind.Number && i.TryGetInt64(out _)).Select(i => i.GetInt64())];

    /// <summary>The UUIDs of a list, in small letters; what is none is left out.</summary>
    public IReadOnlyList<string> Keys(string name, int most) =>
    [
        .. Items(name, most).Where(i => i.ValueKind == JsonValueKind.String && Guid.TryParse(i.GetString(), out _))
            .Select(i => Guid.Parse(i.GetString()!).ToString()),
    ];

    public bool Says(string name) => Flag(Fields, name);

    /// <summary>A time of the building's wall clock, as <c>yyyy-MM-ddTHH:mm:ss</c>.</summary>
    public DateTime? Wall(string name) =>
        DateTime.TryParseExact(
            Word(name, 19), "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? at
            : null;

    /// <summary>One of an enum's values, in small letters with underscores; the first of them for anything else.</summary>
    public TEnum Choice<TEnum>(string name) where TEnum : struct, Enum =>
        Chosen<TEnum>(name) ?? default;

    public TEnum? Chosen<TEnum>(string name) where TEnum : struct, Enum
    {
        foreach (var value in Enum.GetValues<TEnum>())
        {
            if (Schema.PortalModel.Snake(value.ToString()) == Word(name, 40)) return value;
        }

        return null;
    }

    private IEnumerable<JsonElement> Items(string name, int most) =>
        Fields.ValueKind == JsonValueKind.Object && Fields.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Take(most)
            : [];

    private static string? Text(JsonElement json, string name, int longest)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out var value)) return null;
        if (value.ValueKind != JsonValueKind.String) return null;
        string? text;
        try
        {
            text = value.GetString().TrimToNull();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            return null;
        }

        if (text is null || text.Length <= longest) return text;
        // Cut rather than refused: it happened. Not through the middle of a letter.
        return text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
    }

    private static long? Number(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var number)
            ? number
            : null;

    private static bool Flag(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static DateTime? Instant(JsonElement json, string name) =>
        DateTimeOffset.TryParse(
            Text(json, name, 40), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var at)
            ? at.UtcDateTime
            : null;

    private static string HashOf(string body)
    {
        using var json = JsonDocument.Parse(body);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(json.RootElement, writer);
        }

        return Convert.ToHexStringLower(SHA256.HashData(stream.ToArray()));
    }

    private static void Write(JsonElement json, Utf8JsonWriter writer)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in json.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(member.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in json.EnumerateArray()) Write(item, writer);
                writer.WriteEndArray();
                break;
            default:
                writer.WriteRawValue(Encoding.UTF8.GetBytes(json.GetRawText()));
                break;
        }
    }
}

/// <summary>What came of an event.</summary>
/// <param name="Reason">Why it was refused, or what there is to settle.</param>
/// <param name="Visit">The visit it is about.</param>
/// <param name="At">When it happened, on the building's wall.</param>
/// <param name="Flags">What the office is to settle of it, and <c>time_doubt</c>.</param>
public sealed record EventResult(
    string? Key, EventOutcome Outcome, string? Reason, long? Visit, DateTime? At, IReadOnlyList<string> Flags);

/// <summary>When and where something happened.</summary>
/// <param name="At">On the building's wall, whole seconds.</param>
/// <param name="Doubt">It is the nearest that can be.</param>
internal sealed record GateMoment(DateTime At, bool Doubt, long Terminal, long Guard);

/// <summary>What the rules made of an act.</summary>
internal sealed record GateRuling(EventOutcome Outcome, string? Reason = null, Visitor? Visit = null,
    IReadOnlyList<ConflictKind>? Conflicts = null)
{
    public static GateRuling Refused(string reason) => new(EventOutcome.Refused, reason);

    public static GateRuling Merged(Visitor? visit) => new(EventOutcome.Merged, null, visit);

    public static GateRuling Done(Visitor? visit, IReadOnlyList<ConflictKind>? conflicts = null) =>
        conflicts is [var first, ..]
            ? new(EventOutcome.Conflict, Schema.PortalModel.Snake(first.ToString()), visit, conflicts)
            : new(EventOutcome.Applied, null, visit);
}

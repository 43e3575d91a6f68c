using System.Text.Json;

namespace Portal.Areas.Audit;

/// <summary>One value of a change, before and after; null where there was none.</summary>
internal sealed record AuditValue(string Name, string? Before, string? After)
{
    /// <summary>
    /// The values of both sides by name, in the order in which they were written. What is not a JSON object (an adopted log) stands as one
    /// value.
    /// </summary>
    public static IReadOnlyList<AuditValue> Of(string? before, string? after)
    {
        var (was, now) = (Read(before), Read(after));
        return
        [
            .. now
                .Keys.Concat(was.Keys)
                .Distinct()
                .Select(name => new AuditValue(name, was.GetValueOrDefault(name), now.GetValueOrDefault(name))),
        ];
    }

    private static Dictionary<string, string?> Read(string? json)
    {
        if (string.IsNullOrEmpty(json)) return [];
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document
                    .RootElement.EnumerateObject()
                    .ToDictionary(
                        value => value.Name,
                        value => value.Value.ValueKind == JsonValueKind.Null ? null : (string?)value.Value.ToString()
                    )
                : new() { [""] = json };
        }
        catch (JsonException)
        {
            return new() { [""] = json };
        }
    }
}

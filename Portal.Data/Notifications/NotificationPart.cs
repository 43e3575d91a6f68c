using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Data.Notifications;

/// <summary>
/// One thing that the words of a notification speak of. It says what it is, so that every reader gets it in their own way of writing.
/// </summary>
/// <param name="Text">As it stands.</param>
/// <param name="Money">In pesos.</param>
/// <param name="From">From when (wall clock), with <paramref name="To"/>.</param>
/// <param name="To">Until when (wall clock).</param>
/// <param name="Until">Until when something is to be done (UTC).</param>
/// <param name="Why">A reason in somebody's own words; it follows the message.</param>
/// <param name="Day">A day.</param>
public sealed record NotificationPart(
    string? Text = null, decimal? Money = null, DateTime? From = null, DateTime? To = null, DateTime? Until = null, string? Why = null,
    DateOnly? Day = null)
{
    // Letters as they are, so that rows and their audit can be read.
    private static readonly JsonSerializerOptions Json = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal static string Write(IReadOnlyList<NotificationPart> parts) => JsonSerializer.Serialize(parts, Json);

    /// <summary>What <see cref="Notification.Data"/> holds; empty where there is nothing.</summary>
    /// <remarks>Rows of before had a part more that says nothing to a reader, a key.</remarks>
    public static IReadOnlyList<NotificationPart> Read(string? data) =>
        data is null
            ? []
            : [.. (JsonSerializer.Deserialize<List<NotificationPart>>(data, Json) ?? []).Where(part => part != new NotificationPart())];
}

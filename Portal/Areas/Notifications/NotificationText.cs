using System.Globalization;
using System.Resources;
using Portal.Data;
using Portal.Data.Notifications;
using Portal.Resources;

namespace Portal.Areas.Notifications;

/// <summary>The words of a notification, made when somebody reads it, in their language: the bell and the mail say the same.</summary>
public sealed class NotificationText(BuildingClock clock)
{
    /// <summary>How many things the words of a type may speak of.</summary>
    private const int Most = 6;

    private static readonly ResourceManager Words = new(typeof(NotificationWords));

    /// <param name="row">The notification.</param>
    /// <param name="culture">The reader's; null: of the page that is being drawn.</param>
    public (string Title, string Message) Of(NotificationRow row, CultureInfo? culture = null)
    {
        var language = Formats.LanguageOf(culture);
        var title = Find($"type.{row.Type}", language) ?? row.Title;
        if (row.Data is null) return (title, Plain(row));
        var words = Find($"message.{row.Type}", language) ?? Find($"message.{row.Type?.Split('.')[0]}", language);
        if (words is null) return (title, Plain(row));

        var about = NotificationPart.Read(row.Data);
        var parts = about.Where(s => s.Why is null).Select(s => Write(s, language)).ToList();
        while (parts.Count < Most) parts.Add("");
        var message = string.Format(language, words, [.. parts]);
        var why = about.FirstOrDefault(s => s.Why is not null)?.Why;
        return (title, why is null ? message : $"{message} {Word("why", language, why)}");
    }

    internal static string Word(string key, CultureInfo language, params object[] values) =>
        string.Format(
            language,
            Find(key, language)
                ?? throw new MissingManifestResourceException($"NotificationWords lacks '{key}': add it to both .resx files."),
            values
        );

    /// <summary>Not GetString: that throws for a key that no language has.</summary>
    private static string? Find(string key, CultureInfo language) =>
        Words.GetResourceSet(language, createIfNotExists: true, tryParents: false)?.GetString(key);

    /// <summary>Written in the building's language when it happened.</summary>
    private static string Plain(NotificationRow row) =>
        row.Title.StartsWith("PQRS-", StringComparison.Ordinal) ? $"{row.Title} · {row.Message}" : row.Message;

    private string Write(NotificationPart said, CultureInfo language) => said switch
    {
        { Money: { } money } => Formats.Money(money, language),
        { From: { } from, To: { } to } => Span(from, to, language),
        { Day: { } day } => Formats.LongDate(day, language),
        { Until: { } until } => Formats.LongDateAndTime(clock.ToWall(until), language),
        _ => said.Text ?? "",
    };

    /// <summary><c>sábado 21 de noviembre, 18:00 a 22:00</c>; what ends at midnight ends at 24:00, what ends later names its day.</summary>
    private static string Span(DateTime from, DateTime to, CultureInfo language)
    {
        var (day, start) = (Formats.WeekdayDate(DateOnly.FromDateTime(from), language), Formats.Time(TimeOnly.FromDateTime(from)));
        if (to <= from.Date.AddDays(1))
            return Word("when", language, day, start, to.Date > from.Date ? "24:00" : Formats.Time(TimeOnly.FromDateTime(to)));
        return Word(
            "when.days", language, day, start, Formats.WeekdayDate(DateOnly.FromDateTime(to), language),
            Formats.Time(TimeOnly.FromDateTime(to)));
    }
}

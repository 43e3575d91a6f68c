using System.Globalization;
using System.Resources;
using Portal.Hosting;
using Portal.Resources;

namespace Portal.Documents;

/// <summary>
/// The words of one document (or of the area it is about) in the language of its reader. Not <see cref="CultureInfo.CurrentUICulture"/>: a
/// job at night
/// writes the documents of many people, each in theirs.
/// </summary>
internal sealed class Wording(CultureInfo culture, Type? area = null)
{
    private readonly ResourceManager words = area is null ? Documents : new ResourceManager(area);

    private static readonly ResourceManager Documents = new(typeof(DocumentWords));

    /// <summary>English or Spanish, as the names of months and days need it.</summary>
    public CultureInfo Culture { get; } = Formats.LanguageOf(culture);

    public string this[string key] =>
        words.GetString(key, Culture)
        ?? throw new MissingManifestResourceException(
            $"{area?.Name ?? nameof(DocumentWords)} lacks '{key}' in '{Culture.Name}': add it to both .resx files."
        );

    public string this[string key, params object[] arguments] =>
        string.Format(Culture, CountWords.Choose(this[key], arguments), arguments);

    public string Money(decimal amount) => Formats.Money(amount, Culture);

    public string Date(DateOnly date) => Formats.ShortDate(date, Culture);

    public string LongDate(DateOnly date) => Formats.LongDate(date, Culture);

    public string Moment(DateTime wallClock) => Formats.DateAndTime(wallClock, Culture);

    public string LongMoment(DateTime wallClock) => Formats.LongDateAndTime(wallClock, Culture);
}

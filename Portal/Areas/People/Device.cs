using Microsoft.Extensions.Localization;
using Portal.Resources;

namespace Portal.Areas.People;

/// <summary>
/// A browser and what it runs on, as far as it says so: enough to know one's own phone from a stranger's. Names are those on the boxes and
/// the same in every language.
/// </summary>
/// <param name="Browser">Null where it is none that is known.</param>
/// <param name="System">Null where it does not say.</param>
public sealed record Device(string? Browser, string? System, bool Phone)
{
    // Most browsers also claim to be the ones further down: the first that fits is the true one.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"),
        ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
        ("Macintosh", "Mac"), ("Linux", "Linux"),
    ];

    public static Device Of(string? userAgent)
    {
        var system = Find(Systems, userAgent);
        return new Device(Find(Browsers, userAgent), system, system is "iPhone" or "iPad" or "Android");
    }

    public string In(IStringLocalizer<PeopleWords> words) =>
        Browser is not null && System is not null ? words["device", Browser, System] : Browser ?? System ?? words["device.unknown"];

    private static string? Find((string Mark, string Name)[] names, string? userAgent) =>
        names.FirstOrDefault(n => userAgent?.Contains(n.Mark, StringComparison.Ordinal) == true).Name;
}

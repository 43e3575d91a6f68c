using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>The building as it heads every document. What it has not told is left out.</summary>
/// <param name="TaxId">The NIT, without the word.</param>
/// <param name="Logo">A PNG or JPEG; without one the building's initials stand there.</param>
public sealed record BuildingHeader(
    string Name, string? TaxId = null, string? Address = null, string? Email = null, string? Phone = null, byte[]? Logo = null);

/// <summary>How a reader finds out whether the paper is genuine.</summary>
/// <param name="Url">What the QR code holds: the page, with the code.</param>
/// <param name="Address">The page as a person types it, without https://.</param>
/// <param name="Code">What the person types there, such as 7F3K-92QD.</param>
public sealed record Verification(string Url, string Address, string Code);

/// <summary>When, where and on what paper a document is printed.</summary>
/// <param name="GeneratedAt">The building's wall clock.</param>
/// <param name="City">The city whose time that is, such as Bogotá.</param>
public sealed record DocumentStamp(DateTime GeneratedAt, string City, PaperSize Paper)
{
    /// <summary>The city of a time zone: <c>America/Bogota</c> gives Bogotá, which the zone's name cannot spell.</summary>
    public static string CityOf(TimeZoneInfo zone)
    {
        var city = zone.Id[(zone.Id.LastIndexOf('/') + 1)..].Replace('_', ' ');
        return city == "Bogota" ? "Bogotá" : city;
    }
}

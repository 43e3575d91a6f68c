using Portal.Data;
using Portal.Data.Operations;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>What every paper takes from the building's settings, so that all of them say it alike.</summary>
public static class BuildingPaper
{
    /// <summary>The page that tells whether a paper is genuine.</summary>
    public const string VerifyPath = "/v";

    public static BuildingHeader Header(BuildingSettings building) =>
        new(
            building.LegalName.Length > 0 ? building.LegalName : building.Name, Known(building.TaxId),
            Known(string.Join(", ", new[] { building.Address, building.City }.Where(part => part.Length > 0))), Known(building.Email),
            Known(building.Phone));

    public static DocumentStamp Stamp(BuildingSettings building, BuildingClock clock) =>
        new(clock.Now, DocumentStamp.CityOf(clock.Zone), PaperSize.Named(building.Paper));

    /// <param name="host">Where the reader reached the portal; printed where the building has set no public address.</param>
    /// <param name="code">Of this paper.</param>
    public static Verification Verification(BuildingSettings building, string host, string code)
    {
        var address = (building.PublicAddress.Length > 0 ? building.PublicAddress : host).TrimEnd('/') + VerifyPath;
        return new($"https://{address}?code={Uri.EscapeDataString(code)}", address, code);
    }

    private static string? Known(string text) => text.Length > 0 ? text : null;
}

using System.Globalization;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Data.Operations;
using Portal.Documents;

namespace Portal.Areas.Facilities;

/// <summary>Makes the papers of bookings.</summary>
public sealed class BookingPapers(ConfirmationService confirmations, SettingsService settings, BuildingClock clock)
{
    /// <param name="id">The booking.</param>
    /// <param name="host">Where the reader reached the portal; used where the building has set no public address.</param>
    /// <param name="culture">The language of its reader.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Null where the booking is out of reach.</returns>
    public async Task<(string Name, byte[] Pdf)?> ConfirmationAsync(long id, string host, CultureInfo culture, CurrentUser user, CancellationToken ct)
    {
        if (await confirmations.FindAsync(id, user, ct) is not { Ok: true } found) return null;
        var building = await settings.GetAsync(ct);

        // What an older system left has no number; its id tells it apart.
        var number = found.Value.Number ?? string.Create(CultureInfo.InvariantCulture, $"R-{id}");
        var model = new BookingConfirmationModel(
            BuildingPaper.Header(building), number, found.Value, BuildingPaper.Verification(building, host, found.Value.Code), BuildingPaper.Stamp(building, clock));
        return ($"{number}.pdf", BookingConfirmationDocument.Render(model, culture));
    }
}

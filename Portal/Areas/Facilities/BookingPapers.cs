using System.Globalization;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Data.Operations;
using Portal.Documents;
using Portal.Documents.Calendars;

namespace Portal.Areas.Facilities;

/// <summary>Makes the papers of bookings.</summary>
public sealed class BookingPapers(
    ConfirmationService confirmations, CalendarFeedService feeds, SettingsService settings, BuildingClock clock)
{
    /// <param name="id">The booking.</param>
    /// <param name="host">Where the reader reached the portal; used where the building has set no public address.</param>
    /// <param name="culture">The language of its reader.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Null where the booking is out of reach.</returns>
    public async Task<(string Name, byte[] Pdf)?> ConfirmationAsync(
        long id, string host, CultureInfo culture, CurrentUser user, CancellationToken ct)
    {
        if (await confirmations.FindAsync(id, user, ct) is not { Ok: true } found) return null;
        var building = await settings.GetAsync(ct);

        // What an older system left has no number; its id tells it apart.
        var number = found.Value.Number ?? string.Create(CultureInfo.InvariantCulture, $"R-{id}");
        var model = new BookingConfirmationModel(
            BuildingPaper.Header(building), number, found.Value, BuildingPaper.Verification(building, host, found.Value.Code),
            BuildingPaper.Stamp(building, clock));
        return ($"{number}.pdf", BookingConfirmationDocument.Render(model, culture));
    }

    /// <summary>What a calendar program reads at a person's address, in the person's language.</summary>
    /// <returns>Null where the address is nobody's.</returns>
    public async Task<byte[]?> FeedAsync(string secret, CultureInfo culture, CancellationToken ct)
    {
        if (await feeds.ReadAsync(secret, ct) is not { } content) return null;
        var language = content.Language is { } chosen ? CultureInfo.GetCultureInfo(chosen) : culture;
        return BookingCalendar.Write(content.Bookings, await FrameAsync(ct), language, feed: true);
    }

    /// <summary>One booking for a calendar.</summary>
    /// <returns>Null where it is out of reach.</returns>
    public async Task<(string Name, byte[] Ics)?> EventAsync(long id, CultureInfo culture, CurrentUser user, CancellationToken ct)
    {
        if (await feeds.FindAsync(id, user, ct) is not { Ok: true } found) return null;
        return (
            $"{found.Value.Number ?? string.Create(CultureInfo.InvariantCulture, $"R-{id}")}.ics",
            BookingCalendar.Write([found.Value], await FrameAsync(ct), culture, feed: false)
        );
    }

    /// <summary>The portal as people outside reach it, with its scheme; null where the building has set no public address.</summary>
    internal static string? Portal(BuildingSettings building) =>
        building.PublicAddress.Trim().TrimEnd('/') is { Length: > 0 } address ? $"https://{address}" : null;

    private async Task<CalendarFrame> FrameAsync(CancellationToken ct)
    {
        var building = await settings.GetAsync(ct);
        return new CalendarFrame(
            building.Name, string.Join(", ", new[] { building.Address, building.City }.Where(part => part.Length > 0)), Portal(building),
            clock.Zone);
    }
}

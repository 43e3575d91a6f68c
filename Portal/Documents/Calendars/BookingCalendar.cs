using System.Globalization;
using System.Resources;
using Portal.Data.Facilities;
using Portal.Resources;

namespace Portal.Documents.Calendars;

/// <summary>What a calendar file says besides the bookings.</summary>
/// <param name="Building">Its name; part of the calendar's name and of each place.</param>
/// <param name="Address">Where it is; empty where nobody has said.</param>
/// <param name="Portal">The portal's public address with its scheme, such as <c>https://portal.example</c>; null where none is set.</param>
/// <param name="Zone">Of the building: the bookings are its wall-clock times.</param>
public sealed record CalendarFrame(string Building, string Address, string? Portal, TimeZoneInfo Zone);

/// <summary>Bookings as an iCalendar file (RFC 5545), in the language of their reader. The same bookings give the same bytes.</summary>
public static class BookingCalendar
{
    public const string ContentType = "text/calendar; charset=utf-8";

    private static readonly ResourceManager Words = new(typeof(CalendarWords));

    /// <param name="bookings">Any number, of any state: what was cancelled is written as cancelled, so that calendars that have it drop
    /// it.</param>
    /// <param name="frame">The building.</param>
    /// <param name="culture">The reader's language.</param>
    /// <param name="feed">It is fetched again and again: it has a name and says how often. A single booking that is put into a calendar of
    /// one's own does not.</param>
    public static byte[] Write(IReadOnlyList<CalendarBooking> bookings, CalendarFrame frame, CultureInfo culture, bool feed)
    {
        var language = Formats.LanguageOf(culture);
        var zone = IcsZone.Name(frame.Zone);
        var lines = new IcsLines();
        lines.Begin("VCALENDAR");
        lines.Line("VERSION:2.0");
        lines.Line($"PRODID:-//Vallhalla//Portal//{language.TwoLetterISOLanguageName.ToUpperInvariant()}");
        lines.Line("CALSCALE:GREGORIAN");
        if (feed)
        {
            // What programs read of it: the standard's name (RFC 7986) and the older one that most still want.
            var name = Word("feed.name", language, frame.Building);
            lines.Text("NAME", name);
            lines.Text("X-WR-CALNAME", name);
            lines.Line("X-WR-TIMEZONE:" + zone);
            lines.Line("REFRESH-INTERVAL;VALUE=DURATION:PT1H");
            lines.Line("X-PUBLISHED-TTL:PT1H");
        }

        if (bookings.Count > 0) IcsZone.Write(lines, frame.Zone, bookings.Min(b => b.Start));
        foreach (var booking in bookings) Event(lines, booking, frame, zone, language);
        lines.End("VCALENDAR");
        return lines.ToBytes();
    }

    private static void Event(IcsLines lines, CalendarBooking booking, CalendarFrame frame, string zone, CultureInfo language)
    {
        var gone = booking.State is ReservationState.Cancelled or ReservationState.Expired;
        var open = booking.State is ReservationState.Pending or ReservationState.Held;
        lines.Begin("VEVENT");

        // The moment it was made keeps bookings of two buildings apart in one calendar; their numbers begin anew in each.
        lines.Line(string.Create(CultureInfo.InvariantCulture, $"UID:booking-{booking.Id}-{IcsLines.Local(booking.Made)}@vallhalla"));
        lines.Instant("DTSTAMP", booking.Changed);
        lines.Instant("LAST-MODIFIED", booking.Changed);
        lines.Instant("CREATED", booking.Made);
        lines.Line(string.Create(CultureInfo.InvariantCulture, $"SEQUENCE:{booking.Changes + (gone ? 1 : 0)}"));
        lines.Wall("DTSTART", zone, booking.Start);
        lines.Wall("DTEND", zone, booking.End);
        lines.Text("SUMMARY", open ? Word($"event.{booking.State}", language, booking.Facility) : booking.Facility);
        lines.Text("LOCATION", string.Join(", ", new[] { booking.Facility, frame.Building, frame.Address }.Where(part => part.Length > 0)));
        lines.Text("DESCRIPTION", Description(booking, gone, language));
        if (frame.Portal is { } portal) lines.Line($"URL:{portal}/reservations");
        lines.Line("STATUS:" + (gone ? "CANCELLED" : open ? "TENTATIVE" : "CONFIRMED"));
        lines.Line("TRANSP:" + (gone ? "TRANSPARENT" : "OPAQUE"));
        lines.End("VEVENT");
    }

    private static string Description(CalendarBooking booking, bool gone, CultureInfo language) =>
        string.Join(
            '\n',
            new[]
            {
                booking.Number is { } number ? Word("event.number", language, number) : null,
                booking.Apartment is { } apartment
                    ? Word(booking.People == 1 ? "event.who.one" : "event.who.many", language, apartment, booking.People)
                    : null,
                gone || booking.Code is not { } code ? null : Word("event.code", language, code),
                booking.Notes,
            }.OfType<string>()
        );

    private static string Word(string key, CultureInfo language, params object[] arguments) =>
        string.Format(
            language,
            Words.GetString(key, language)
                ?? throw new MissingManifestResourceException(
                    $"CalendarWords lacks '{key}' in '{language.Name}': add it to both .resx files."
                ),
            arguments
        );
}

using System.Globalization;
using System.Text;
using Portal.Data.Facilities;
using Portal.Documents.Calendars;
using Xunit;

namespace Portal.Tests.Documents;

public sealed class BookingCalendarTests
{
    private static readonly CultureInfo Es = CultureInfo.GetCultureInfo("es"), En = CultureInfo.GetCultureInfo("en");

    private static readonly CalendarBooking Booking = new(
        731, "R-2026-000731", "BBQ 2", new(2026, 11, 28, 18, 0, 0), new(2026, 11, 28, 22, 0, 0), ReservationState.Confirmed, "B 1204", 12,
        0, "7F3K-92QD", null, new(2026, 11, 20, 15, 24, 0), new(2026, 11, 20, 15, 24, 0));

    private static string Write(
        IReadOnlyList<CalendarBooking> bookings, string zone = "America/Bogota", bool feed = true, CultureInfo? culture = null) =>
        Encoding.UTF8.GetString(
            BookingCalendar.Write(
                bookings,
                new CalendarFrame(
                    "Mirador del Nogal", "Carrera 9 n.º 78-40, Bogotá", "https://portal.example",
                    TimeZoneInfo.FindSystemTimeZoneById(zone)),
                culture ?? Es,
                feed
            )
        );

    /// <summary>Reads it back as RFC 5545 says: lines end in CR LF, one that begins with a space goes on with the one before.</summary>
    private static List<string> Unfolded(string ics)
    {
        Assert.EndsWith("\r\n", ics, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', ics.Replace("\r\n", "", StringComparison.Ordinal));
        Assert.All(ics.Split("\r\n"), line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 0, 75));
        return [.. ics.Replace("\r\n ", "", StringComparison.Ordinal).TrimEnd().Split("\r\n")];
    }

    private static string Value(List<string> lines, string name) =>
        Assert.Single(lines, l => l.StartsWith(name + ":", StringComparison.Ordinal) || l.StartsWith(name + ";", StringComparison.Ordinal))
            is var line
            ? line[(line.IndexOf(':') + 1)..]
            : "";

    [Fact]
    public void A_booking_is_told_in_the_buildings_wall_clock_with_its_zone()
    {
        var lines = Unfolded(Write([Booking]));

        Assert.Equal(
            [
                "BEGIN:VCALENDAR",
                "VERSION:2.0",
                "PRODID:-//Vallhalla//Portal//ES",
                "CALSCALE:GREGORIAN",
                "NAME:Reservas · Mirador del Nogal",
                "X-WR-CALNAME:Reservas · Mirador del Nogal",
                "X-WR-TIMEZONE:America/Bogota",
                "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
                "X-PUBLISHED-TTL:PT1H",
            ],
            lines.Take(9)
        );
        foreach (
            var line in (string[])
                [
                    "DTSTART;TZID=America/Bogota:20261128T180000",
                    "DTEND;TZID=America/Bogota:20261128T220000",
                    "UID:booking-731-20261120T152400@vallhalla",
                    "DTSTAMP:20261120T152400Z",
                    "LAST-MODIFIED:20261120T152400Z",
                    "SEQUENCE:0",
                    "STATUS:CONFIRMED",
                    "TRANSP:OPAQUE",
                    "SUMMARY:BBQ 2",
                    @"LOCATION:BBQ 2\, Mirador del Nogal\, Carrera 9 n.º 78-40\, Bogotá",
                    "URL:https://portal.example/reservations",
                    @"DESCRIPTION:Reserva R-2026-000731\nB 1204 · 12 personas\nEn la portería: 7F3K-92QD",
                ]
        )
            Assert.Contains(line, lines);
        Assert.Equal("END:VCALENDAR", lines[^1]);
        Assert.Contains(
            @"DESCRIPTION:Booking R-2026-000731\nB 1204 · 12 people\nAt the gate: 7F3K-92QD",
            Unfolded(Write([Booking], culture: En))
        );
    }

    [Fact]
    public void A_zone_without_daylight_saving_has_one_standard_time() =>
        Assert.Equal(
            [
                "BEGIN:VTIMEZONE",
                "TZID:America/Bogota",
                "BEGIN:STANDARD",
                "DTSTART:19700101T000000",
                "TZOFFSETFROM:-0500",
                "TZOFFSETTO:-0500",
                "END:STANDARD",
                "END:VTIMEZONE",
            ],
            Zone(Write([Booking]))
        );

    [Fact]
    public void A_zone_with_daylight_saving_tells_its_rules()
    {
        Assert.Equal(
            [
                "BEGIN:VTIMEZONE",
                "TZID:America/New_York",
                "BEGIN:DAYLIGHT",
                "DTSTART:20250309T020000",
                "TZOFFSETFROM:-0500",
                "TZOFFSETTO:-0400",
                "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
                "END:DAYLIGHT",
                "BEGIN:STANDARD",
                "DTSTART:20251102T020000",
                "TZOFFSETFROM:-0400",
                "TZOFFSETTO:-0500",
                "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",
                "END:STANDARD",
                "END:VTIMEZONE",
            ],
            Zone(Write([Booking], "America/New_York"))
        );
        var madrid = Zone(Write([Booking], "Europe/Madrid"));
        foreach (
            var line in (string[])
                [
                    "DTSTART:20250330T020000",
                    "TZOFFSETTO:+0200",
                    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
                    "DTSTART:20251026T030000",
                    "TZOFFSETTO:+0100",
                    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
                ]
        )
            Assert.Contains(line, madrid);
    }

    /// <summary>
    /// The hour a program works out from the file is the hour the zone itself gives: hour by hour around each change, and in the half-hour
    /// zones.
    /// </summary>
    [Theory]
    [InlineData("America/New_York")]
    [InlineData("Europe/Madrid")]
    [InlineData("America/Bogota")]
    [InlineData("America/Santiago")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Asia/Kolkata")]
    [InlineData("Africa/Casablanca")]
    [InlineData("Africa/Cairo")]
    [InlineData("Europe/Dublin")]
    public void What_the_file_says_of_the_zone_is_what_the_zone_says(string name)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        var onsets = Onsets(Zone(Write([Booking], name)), new DateTime(2030, 1, 1));

        for (var wall = new DateTime(2026, 1, 1); wall < new DateTime(2030, 1, 1); wall = wall.AddMinutes(30))
        {
            // An hour that does not exist is refused when it is booked; one that comes twice means the first of the two.
            if (zone.IsInvalidTime(wall)) continue;
            var offset = zone.IsAmbiguousTime(wall) ? zone.GetAmbiguousTimeOffsets(wall).Max() : zone.GetUtcOffset(wall);
            var told = onsets.Last(o => o.At <= wall).To;
            Assert.True(offset == told, $"{name} {wall:s}: {offset} and not {told}");
        }
    }

    [Fact]
    public void A_line_is_folded_after_75_octets_and_no_letter_is_cut()
    {
        for (var length = 1; length < 90; length++)
        {
            var name = string.Concat(Enumerable.Range(0, length).Select(n => (n % 3) switch { 0 => "ñ", 1 => "🏢", _ => "a" }));
            Assert.Equal(name, Value(Unfolded(Write([Booking with { Facility = name }])), "SUMMARY"));
        }
    }

    [Fact]
    public void Whatever_is_written_in_a_note_stays_text()
    {
        var lines = Unfolded(
            Write([Booking with { Notes = "Torta; velas, y \\ algo\r\nEND:VEVENT\nBEGIN:VEVENT\u0007", Facility = "A;B,C" }])
        );

        Assert.Equal(@"A\;B\,C", Value(lines, "SUMMARY"));
        Assert.EndsWith(@"\nTorta\; velas\, y \\ algo\nEND:VEVENT\nBEGIN:VEVENT", Value(lines, "DESCRIPTION"), StringComparison.Ordinal);
        Assert.Single(lines, "BEGIN:VEVENT");
    }

    [Theory]
    [InlineData(ReservationState.Confirmed, "CONFIRMED", 2, "BBQ 2")]
    [InlineData(ReservationState.Completed, "CONFIRMED", 2, "BBQ 2")]
    [InlineData(ReservationState.NoShow, "CONFIRMED", 2, "BBQ 2")]
    [InlineData(ReservationState.Pending, "TENTATIVE", 2, "BBQ 2 (por aprobar)")]
    [InlineData(ReservationState.Held, "TENTATIVE", 2, "BBQ 2 (apartado\\, sin confirmar)")]
    [InlineData(ReservationState.Cancelled, "CANCELLED", 3, "BBQ 2")]
    [InlineData(ReservationState.Expired, "CANCELLED", 3, "BBQ 2")]
    public void Every_state_has_its_status_and_the_sequence_grows_with_each_change(
        ReservationState state, string status, int sequence, string summary)
    {
        var lines = Unfolded(Write([Booking with { State = state, Changes = 2 }]));

        Assert.Equal(
            (status, sequence.ToString(CultureInfo.InvariantCulture), summary),
            (Value(lines, "STATUS"), Value(lines, "SEQUENCE"), Value(lines, "SUMMARY"))
        );
        Assert.Equal(sequence == 2, lines.Exists(l => l.Contains("7F3K-92QD", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_same_bookings_give_the_same_bytes_and_none_is_a_calendar_too()
    {
        Assert.Equal(Write([Booking, Booking with { Id = 732 }]), Write([Booking, Booking with { Id = 732 }]));
        Assert.Equal("END:VCALENDAR", Unfolded(Write([]))[^1]);
        Assert.DoesNotContain(
            Unfolded(Write([Booking], feed: false)),
            l => l.StartsWith("X-WR", StringComparison.Ordinal) || l.StartsWith("NAME", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Over_midnight_and_on_the_29th_of_February_the_days_are_right()
    {
        var lines = Unfolded(Write([Booking with { Start = new(2028, 2, 29, 22, 0, 0), End = new(2028, 3, 1, 2, 0, 0) }]));

        Assert.Contains("DTSTART;TZID=America/Bogota:20280229T220000", lines);
        Assert.Contains("DTEND;TZID=America/Bogota:20280301T020000", lines);
    }

    /// <summary>Ical.Net, which others read calendars with, has its own parser and its own data of time zones.</summary>
    [Theory]
    [InlineData("America/Bogota")]
    [InlineData("America/New_York")]
    [InlineData("Europe/Dublin")]
    [InlineData("Australia/Lord_Howe")]
    public void Another_program_reads_what_was_meant(string name)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        var facility = string.Concat(Enumerable.Repeat("Salón 🏢; A, B \\ ", 12)).Trim();
        CalendarBooking[] bookings =
        [
            Booking with { Facility = facility, Notes = "Torta; velas, y \\ algo\nEND:VEVENT" },
            Booking with
            {
                Id = 732,
                State = ReservationState.Cancelled,
                Changes = 1,
                Start = new(2027, 7, 14, 22, 0, 0),
                End = new(2027, 7, 15, 2, 0, 0),
            },
        ];
        var read = Ical.Net.Calendar.Load(Write(bookings, name))!;
        Assert.Equal(name, Assert.Single(read.TimeZones).TzId);
        Assert.Equal(["CONFIRMED", "CANCELLED"], read.Events.Select(e => e.Status));
        Assert.Equal([0, 2], read.Events.Select(e => e.Sequence));
        foreach (var (booking, told) in bookings.Zip(read.Events))
        {
            Assert.Equal(booking.Facility, told.Summary);
            Assert.Equal($"{booking.Facility}, Mirador del Nogal, Carrera 9 n.º 78-40, Bogotá", told.Location);
            Assert.Equal((booking.Start, booking.End), (told.Start!.Value, told.End!.Value));
            Assert.Equal(TimeZoneInfo.ConvertTimeToUtc(booking.Start, zone), told.Start!.AsUtc);
            Assert.Equal(TimeZoneInfo.ConvertTimeToUtc(booking.End, zone), told.End!.AsUtc);
            Assert.Equal(booking.Changed, told.DtStamp!.AsUtc);
        }

        Assert.EndsWith("Torta; velas, y \\ algo\nEND:VEVENT", read.Events[0]!.Description!, StringComparison.Ordinal);
    }

    private static List<string> Zone(string ics)
    {
        var lines = Unfolded(ics);
        var first = lines.IndexOf("BEGIN:VTIMEZONE");
        return lines[first..(lines.IndexOf("END:VTIMEZONE") + 1)];
    }

    /// <summary>The changes of the clock that the file tells, in order: at which wall-clock time, from and to which offset.</summary>
    private static List<(DateTime At, TimeSpan From, TimeSpan To)> Onsets(List<string> zone, DateTime until)
    {
        var found = new List<(DateTime, TimeSpan, TimeSpan)>();
        for (var i = 0; i < zone.Count; i++)
        {
            if (zone[i] is not ("BEGIN:STANDARD" or "BEGIN:DAYLIGHT")) continue;
            var part = zone[i..zone.FindIndex(i, l => l.StartsWith("END:", StringComparison.Ordinal))];
            var (begins, from, to) = (At(Value(part, "DTSTART")), Offset(Value(part, "TZOFFSETFROM")), Offset(Value(part, "TZOFFSETTO")));
            found.Add((begins, from, to));
            found.AddRange(part.Where(l => l.StartsWith("RDATE:", StringComparison.Ordinal)).Select(l => (At(l[6..]), from, to)));
            if (part.Find(l => l.StartsWith("RRULE:", StringComparison.Ordinal)) is not { } rule) continue;
            var keys = rule["RRULE:".Length..].Split(';').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]);
            var (month, day, nth) = (
                int.Parse(keys["BYMONTH"], CultureInfo.InvariantCulture), keys["BYDAY"][^2..],
                int.Parse(keys["BYDAY"][..^2], CultureInfo.InvariantCulture));
            for (var year = begins.Year + 1; year <= until.Year; year++)
            {
                var days = Enumerable
                    .Range(1, DateTime.DaysInMonth(year, month))
                    .Select(d => new DateTime(year, month, d))
                    .Where(d => d.DayOfWeek.ToString().StartsWith(day, StringComparison.OrdinalIgnoreCase))
                    .ToList();
                found.Add(((nth > 0 ? days[nth - 1] : days[^-nth]) + begins.TimeOfDay, from, to));
            }
        }

        return [.. found.OrderBy(o => o.Item1)];

        static DateTime At(string text) => DateTime.ParseExact(text, "yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);

        static TimeSpan Offset(string text) =>
            TimeSpan.ParseExact(text[1..], "hhmm", CultureInfo.InvariantCulture) * (text[0] == '-' ? -1 : 1);
    }
}

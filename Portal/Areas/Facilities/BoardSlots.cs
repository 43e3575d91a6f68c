using System.Globalization;
using Portal.Data.Facilities;
using Portal.Data.Facilities.Rules;

namespace Portal.Areas.Facilities;

/// <summary>One line of a board of hours: a facility on a day.</summary>
/// <param name="Title">What stands before it: the facility, or the day where all lines are of one facility.</param>
public sealed record BoardRow(CalendarLane Lane, DateOnly Day, string Title)
{
    public DateTime Midnight => Day.ToDateTime(TimeOnly.MinValue);

    /// <summary>Its own hours, and what the day before left open.</summary>
    public IEnumerable<Opening> Openings => Lane.Openings.Where(o => o.Opens < Midnight.AddDays(1) && o.Closes > Midnight);

    /// <summary>What takes place on it: to the end of its day, or of the night that goes on from it.</summary>
    public IReadOnlyList<ReservationRow> Bookings => [.. Lane.Bookings.Where(b => b.Start < Ends && b.End > Midnight)];

    public IEnumerable<Closure> Closures => Lane.Closures.Where(c => c.Start < Ends && c.End > Midnight);

    private DateTime Ends => Openings.Select(o => o.Closes).Append(Midnight.AddDays(1)).Max();
}

/// <summary>
/// A stretch in which a slot may be chosen, in minutes after midnight of the line's day. Slots begin whole steps after
/// <paramref name="Origin"/>.
/// </summary>
public readonly record struct FreeStretch(int Start, int End, int Origin);

/// <summary>Lays bookings out on a board of hours.</summary>
public static class BoardSlots
{
    /// <summary>Side by side: those that overlap in a shared facility get rows of their own, as few as will do.</summary>
    public static IReadOnlyList<IReadOnlyList<ReservationRow>> Rows(IReadOnlyList<ReservationRow> bookings)
    {
        var rows = new List<List<ReservationRow>>();
        foreach (var booking in bookings.OrderBy(b => b.Start).ThenBy(b => b.Id))
        {
            if (rows.FirstOrDefault(row => row[^1].End <= booking.Start) is { } row) row.Add(booking);
            else rows.Add([booking]);
        }

        return rows;
    }

    /// <summary>The most people at once on a day, of a shared facility; null of others.</summary>
    public static int? Fullest(CalendarLane lane, DateOnly day) => lane is { Shared: true, Capacity: { } capacity }
        ? capacity - Left(lane, capacity, day.ToDateTime(TimeOnly.MinValue), day.AddDays(1).ToDateTime(TimeOnly.MinValue))
        : null;

    /// <summary>
    /// Where one may press: open, not closed, not taken (with the buffer between bookings), not past. It is only what the board offers;
    /// what is pressed is asked of the rules.
    /// </summary>
    public static IReadOnlyList<FreeStretch> Free(BoardRow row, DateTime now)
    {
        var lane = row.Lane;
        if (lane.State != FacilityState.Available) return [];
        var taken = Taken(lane).Concat(lane.Closures.Select(c => (c.Start, c.End))).OrderBy(t => t.Start).ToList();
        var free = new List<FreeStretch>();
        foreach (var opening in row.Openings)
        {
            var from = opening.Opens < row.Midnight ? row.Midnight : opening.Opens;
            from = from < now ? now : from;
            foreach (var (start, end) in taken.Append((opening.Closes, opening.Closes)))
            {
                var until = start < opening.Closes ? start : opening.Closes;
                if ((until - from).TotalMinutes >= lane.ShortestBooking)
                    free.Add(new(row.Minute(from), row.Minute(until), row.Minute(opening.Opens)));
                if (end > from) from = end;
            }
        }

        return free;
    }

    /// <summary>When it is not open, between two minutes of the line.</summary>
    public static IEnumerable<(int Start, int End)> Shut(BoardRow row, int from, int to)
    {
        var at = from;
        foreach (var opening in row.Openings.OrderBy(o => o.Opens))
        {
            if (row.Minute(opening.Opens) > at) yield return (at, Math.Min(row.Minute(opening.Opens), to));
            at = Math.Max(at, row.Minute(opening.Closes));
        }

        if (at < to) yield return (at, to);
    }

    /// <summary>Minutes from midnight of the line's day; below 0 the day before.</summary>
    public static int Minute(this BoardRow row, DateTime moment) => (int)Math.Ceiling((moment - row.Midnight).TotalMinutes);

    /// <summary>For the board's script: <c>[[480,720,480]]</c>.</summary>
    public static string Json(this IEnumerable<FreeStretch> free) =>
        $"[{string.Join(',', free.Select(f => string.Create(CultureInfo.InvariantCulture, $"[{f.Start},{f.End},{f.Origin}]")))}]";

    /// <summary>Times in which nobody else fits in.</summary>
    private static IEnumerable<(DateTime Start, DateTime End)> Taken(CalendarLane lane)
    {
        if (lane is not { Shared: true, Capacity: { } capacity })
            return lane.Bookings.Select(b => (b.Start.AddMinutes(-lane.BufferMinutes), b.End.AddMinutes(lane.BufferMinutes)));
        var moments = lane.Bookings.SelectMany(b => new[] { b.Start, b.End }).Distinct().Order().ToList();
        return moments.Zip(moments.Skip(1)).Where(t => Left(lane, capacity, t.First, t.Second) <= 0);
    }

    private static int Left(CalendarLane lane, int capacity, DateTime start, DateTime end) =>
        Places.Left(
            new Facility { Shared = true, Capacity = capacity }, [.. lane.Bookings.Select(b => new Taken(b.Start, b.End, b.People))], start,
            end) ?? capacity;
}

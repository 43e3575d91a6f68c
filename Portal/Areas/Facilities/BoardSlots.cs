using Portal.Data.Facilities;
using Portal.Data.Facilities.Rules;

namespace Portal.Areas.Facilities;

/// <summary>Lays the bookings of a lane side by side: those that overlap in a shared facility get rows of their own, as few as will do.</summary>
public static class BoardSlots
{
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
        ? capacity - Places.Left(new Facility { Shared = true, Capacity = capacity }, [.. lane.Bookings.Select(b => new Taken(b.Start, b.End, b.People))], day.ToDateTime(TimeOnly.MinValue), day.AddDays(1).ToDateTime(TimeOnly.MinValue))
        : null;
}

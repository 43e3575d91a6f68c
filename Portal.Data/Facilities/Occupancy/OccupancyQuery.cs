using System.Data.Common;
using Portal.Data.Home;

namespace Portal.Data.Facilities.Occupancy;

/// <summary>Bookings that are alike in all that matters to their hours: counted by the database, however many there are.</summary>
/// <param name="Start">Of the first of them, or of the only one; what matters is its weekday and hour.</param>
internal sealed record BookedAlike(long FacilityId, DateTime Start, int Minutes, ReservationState State, int Count, int People);

internal sealed record StateCount(long FacilityId, ReservationState State, int Count, int People);

internal sealed record DayMoney(long FacilityId, DateOnly Day, bool Deposit, decimal Charged, decimal Paid);

/// <summary>What the database knows about a period, before it is put together.</summary>
/// <param name="Late">Late cancellations by facility.</param>
/// <param name="Days">Bookings by day: (day, those that took place or stand, no-shows).</param>
/// <param name="Waits">Facility, all who waited, of these never offered a place.</param>
internal sealed record OccupancyFacts(
    IReadOnlyList<Facility> Facilities, ILookup<long, Rules.Closure> Closures, IReadOnlyList<BookedAlike> Whole,
    IReadOnlyList<BookedAlike> Edges, IReadOnlyList<StateCount> Counts, IReadOnlyDictionary<long, int> Late,
    IReadOnlyList<(DateOnly Day, int Bookings, int NoShows)> Days, IReadOnlyList<DayMoney> Money,
    IReadOnlyList<(long FacilityId, int All, int Unserved)> Waits);

/// <summary>
/// Nine statements, one trip. Every look at bookings is bounded by their start, so that ten years of history cost nothing.
/// </summary>
internal static class OccupancyQuery
{
    private static readonly string Sql = $"""
        SELECT id, name, capacity, shared FROM facilities WHERE @facility = 0 OR id = @facility ORDER BY name, id;

        SELECT facility_id, weekday, opens_at, closes_at FROM facility_hours WHERE @facility = 0 OR facility_id = @facility;

        SELECT facility_id, start_date, end_date FROM facility_blackouts WHERE start_date < @to AND end_date > @from AND (@facility = 0 OR facility_id = @facility);

        SELECT facility_id, MIN(start_date), TIMESTAMPDIFF(MINUTE, start_date, end_date), status_id, COUNT(*), SUM(people)
            FROM reservations
            WHERE start_date >= @from AND start_date < @to AND end_date <= @to
                AND status_id IN ({SqlStates.KeptBookings}) AND (@facility = 0 OR facility_id = @facility)
            GROUP BY facility_id, WEEKDAY(start_date), TIME(start_date), TIMESTAMPDIFF(MINUTE, start_date, end_date), status_id;

        SELECT facility_id, start_date, TIMESTAMPDIFF(MINUTE, start_date, end_date), status_id, people
            FROM reservations
            WHERE start_date >= @earliest AND start_date < @from AND end_date > @from
                AND status_id IN ({SqlStates.KeptBookings}) AND (@facility = 0 OR facility_id = @facility)
        UNION ALL
        SELECT facility_id, start_date, TIMESTAMPDIFF(MINUTE, start_date, end_date), status_id, people
            FROM reservations
            WHERE start_date >= @last AND start_date < @to AND end_date > @to
                AND status_id IN ({SqlStates.KeptBookings}) AND (@facility = 0 OR facility_id = @facility);

        SELECT facility_id, status_id, COUNT(*), SUM(people)
            FROM reservations WHERE start_date >= @from AND start_date < @to AND (@facility = 0 OR facility_id = @facility) GROUP BY facility_id, status_id;

        SELECT r.facility_id, r.cancelled_at, r.cancel_free_until
            FROM reservations AS r JOIN owners AS o ON o.id = r.owner_id
            WHERE r.start_date >= @from AND r.start_date < @to
                AND r.status_id IN ({SqlStates.CancelledBookings}) AND r.cancelled_at IS NOT NULL AND r.cancel_free_until IS NOT NULL
                AND (@facility = 0 OR r.facility_id = @facility)
                AND (r.cancelled_by = o.user_id OR EXISTS (SELECT 1 FROM charges AS c WHERE c.reservation_id = r.id AND c.number LIKE '%-C'));

        SELECT DATE(start_date), SUM(status_id IN ({SqlStates.UsedBookings})), SUM(status_id IN ({SqlStates.NoShows}))
            FROM reservations WHERE start_date >= @from AND start_date < @to
                AND status_id IN ({SqlStates.KeptBookings}) AND (@facility = 0 OR facility_id = @facility)
            GROUP BY DATE(start_date);

        SELECT r.facility_id, DATE(r.start_date), c.kind = 'deposit', SUM(c.amount), SUM(c.paid)
            FROM reservations AS r JOIN charges AS c ON c.reservation_id = r.id
            WHERE r.start_date >= @from AND r.start_date < @to AND c.kind IN ('booking', 'deposit') AND c.status IN ('open', 'paid') AND (@facility = 0 OR r.facility_id = @facility)
            GROUP BY r.facility_id, DATE(r.start_date), c.kind = 'deposit';

        SELECT facility_id, COUNT(*), SUM(state IN ('waiting', 'passed', 'left'))
            FROM reservation_waits WHERE start_date >= @from AND start_date < @to AND (@facility = 0 OR facility_id = @facility) GROUP BY facility_id;
        """;

    public static Task<OccupancyFacts> ReadAsync(
        PortalStore store, DateOnly from, DateOnly to, long? facility, BuildingClock clock, CancellationToken ct)
    {
        var (first, end) = (from.ToDateTime(TimeOnly.MinValue), to.AddDays(1).ToDateTime(TimeOnly.MinValue));
        var last = end.AddDays(-BookingData.LongestDays);
        var parameters = new Dictionary<string, object?>
        {
            ["@from"] = first,
            ["@to"] = end,
            ["@earliest"] = first.AddDays(-BookingData.LongestDays),
            ["@last"] = last > first ? last : first,
            ["@facility"] = facility ?? 0,
        };
        return store.BatchAsync(Sql, parameters, (reader, token) => ReadAsync(reader, clock, token), ct);
    }

    private static async Task<OccupancyFacts> ReadAsync(DbDataReader reader, BuildingClock clock, CancellationToken ct)
    {
        var facilities = await RowsAsync(
            reader,
            r => new Facility
            {
                Id = r.GetInt64(0),
                Name = r.GetString(1),
                Capacity = r.IsDBNull(2) ? null : r.Number(2),
                Shared = r.Flag(3),
            },
            false,
            ct
        );
        var hours = (
            await RowsAsync(
                reader,
                r => new FacilityHours
                {
                    FacilityId = r.GetInt64(0),
                    Weekday = r.Number(1),
                    OpensAt = Clock(r, 2),
                    ClosesAt = Clock(r, 3),
                },
                true,
                ct
            )
        ).ToLookup(h => h.FacilityId);
        foreach (var facility in facilities) facility.Hours = [.. hours[facility.Id]];
        var closures = await RowsAsync(reader, r => (Id: r.GetInt64(0), Closure: new Rules.Closure(r.Time(1), r.Time(2), "")), true, ct);
        var whole = await RowsAsync(
            reader, r => new BookedAlike(r.GetInt64(0), r.Time(1), r.Number(2), (ReservationState)r.Number(3), r.Number(4), r.Number(5)),
            true, ct);
        var edges = await RowsAsync(
            reader, r => new BookedAlike(r.GetInt64(0), r.Time(1), r.Number(2), (ReservationState)r.Number(3), 1, r.Number(4)), true, ct);
        var counts = await RowsAsync(
            reader, r => new StateCount(r.GetInt64(0), (ReservationState)r.Number(1), r.Number(2), r.Number(3)), true, ct);

        // The one is an instant and the other a time on the wall: only here do they meet.
        var late = await RowsAsync(reader, r => (Id: r.GetInt64(0), Late: clock.ToWall(r.Time(1)) > r.Time(2)), true, ct);
        var days = await RowsAsync(reader, r => (r.Date(0), r.Number(1), r.Number(2)), true, ct);
        var money = await RowsAsync(reader, r => new DayMoney(r.GetInt64(0), r.Date(1), r.Flag(2), r.Money(3), r.Money(4)), true, ct);
        var waits = await RowsAsync(reader, r => (r.GetInt64(0), r.Number(1), r.Number(2)), true, ct);
        return new OccupancyFacts(
            facilities, closures.ToLookup(c => c.Id, c => c.Closure), whole, edges, counts,
            late.Where(l => l.Late).CountBy(l => l.Id).ToDictionary(), days, money, waits);
    }

    private static async Task<List<T>> RowsAsync<T>(DbDataReader reader, Func<DbDataReader, T> read, bool next, CancellationToken ct)
    {
        if (next) await reader.NextResultAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct)) rows.Add(read(reader));
        return rows;
    }

    private static TimeOnly Clock(DbDataReader reader, int column) => TimeOnly.FromTimeSpan((TimeSpan)reader.GetValue(column));
}

using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Facilities.Rules;

namespace Portal.Data.Facilities;

/// <summary>One lane of the calendar: a facility with its bookings and closures of some days.</summary>
public sealed record CalendarLane(
    long FacilityId, string Facility, int? Capacity, bool Shared, FacilityState State, IReadOnlyList<ReservationRow> Bookings,
    IReadOnlyList<Closure> Closures)
{
    /// <summary>When it is open, from what the day before the first left open on; each as the rules have it.</summary>
    public IReadOnlyList<Opening> Openings { get; init; } = [];

    /// <summary>Minutes, with the three below.</summary>
    public int SlotMinutes { get; init; } = 60;

    public int ShortestBooking { get; init; } = 60;

    public int LongestBooking { get; init; } = 1440;

    public int BufferMinutes { get; init; }
}

/// <summary>A month of the calendar.</summary>
/// <param name="First">The first day shown; of one facility, the Monday on or before the first of the month.</param>
/// <param name="Last">The last day shown.</param>
/// <param name="Bookings">Of one facility: the first few that begin on each day. Of all: none, only how many there are.</param>
public sealed record CalendarMonth(DateOnly First, DateOnly Last, IReadOnlyList<MonthLane> Lanes, IReadOnlyList<ReservationRow> Bookings);

/// <summary>A facility's days, from the first shown to the last, none left out.</summary>
public sealed record MonthLane(long FacilityId, string Facility, FacilityState State, IReadOnlyList<MonthDay> Days);

/// <summary>What a day amounts to. A booking counts on the day it begins.</summary>
/// <param name="Bookings">How many hold a place.</param>
/// <param name="Pending">How many of them wait for the office.</param>
/// <param name="Used">The share of its open hours that is booked, 0 to 1; of a shared facility, of its places.</param>
/// <param name="Open">Whether it is open at all on this day.</param>
/// <param name="Closed">Why it is closed, for part of the day at least; null where it is not.</param>
public sealed record MonthDay(int Bookings, int Pending, double Used, bool Open, string? Closed);

public sealed partial class ReservationLists
{
    /// <summary>The longest stretch the calendar gives at once.</summary>
    public const int MostDays = 42;

    /// <summary>How many bookings of a day the month of one facility names.</summary>
    public const int NamedPerDay = 3;

    /// <summary>
    /// The lanes of some days, one facility or all, with the night that goes on after the last. It loads only these days. Needs
    /// <see cref="Permissions.ReservationsView"/>.
    /// </summary>
    public async Task<Result<IReadOnlyList<CalendarLane>>> CalendarAsync(
        DateOnly from, int days, long? facilityId, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsView)) return Error.Forbidden;
        days = Math.Clamp(days, 1, MostDays);
        await using var db = await store.OpenAsync(user, ct);
        var facilities = await FacilitiesAsync(facilityId, ct);
        var openings = facilities.ToDictionary(
            f => f.Id,
            f => Enumerable.Range(-1, days + 1).SelectMany(day => Opening.Of(f, from.AddDays(day))).ToList()
        );
        var (first, last) = (from.ToDateTime(TimeOnly.MinValue), from.AddDays(days).ToDateTime(TimeOnly.MinValue));
        var night = openings.Values.SelectMany(o => o).Select(o => o.Closes).Append(last).Max();
        var earliest = first.AddDays(-BookingData.LongestDays);
        var ids = facilities.ConvertAll(f => f.Id);
        var bookings = (
            await db
                .Reservations.AsNoTracking()
                .Where(r => ids.Contains(r.FacilityId) && r.StartDate >= earliest && r.StartDate < night && r.EndDate > first)
                .Where(BookingData.Standing(clock.UtcNow))
                .OrderBy(r => r.StartDate)
                .ThenBy(r => r.Id)
                .Select(ReservationReach.Row(db))
                .ToListAsync(ct)
        ).ToLookup(r => r.FacilityId);
        var closures = await ClosuresAsync(db, ids, first, night, ct);
        return facilities.ConvertAll(f => new CalendarLane(
            f.Id, f.Name, f.Capacity, f.Shared, f.Status ?? FacilityState.Available, [.. bookings[f.Id]], [.. closures[f.Id]])
        {
            Openings = [.. openings[f.Id].Where(o => o.Closes > first)],
            SlotMinutes = f.SlotMinutes,
            ShortestBooking = f.MinMinutes,
            LongestBooking = f.MaxMinutes,
            BufferMinutes = f.BufferMinutes,
        });
    }

    /// <summary>
    /// A month, one facility or all. What is far more than can be shown is counted by the database, so that a month costs the same after
    /// ten years as after one. Needs
    /// <see cref="Permissions.ReservationsView"/>.
    /// </summary>
    public async Task<Result<CalendarMonth>> MonthAsync(int year, int month, long? facilityId, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsView)) return Error.Forbidden;
        var (from, to) = (new DateOnly(year, month, 1), new DateOnly(year, month, DateTime.DaysInMonth(year, month)));
        if (facilityId is not null) (from, to) = (Period.Of(QuotaPeriod.Week, from).From, Period.Of(QuotaPeriod.Week, to).From.AddDays(6));
        await using var db = await store.OpenAsync(user, ct);
        var facilities = await FacilitiesAsync(facilityId, ct);
        var (first, last) = (from.ToDateTime(TimeOnly.MinValue), to.AddDays(1).ToDateTime(TimeOnly.MinValue));
        var standing = db
            .Reservations.AsNoTracking()
            .Where(r => r.StartDate >= first && r.StartDate < last)
            .Where(BookingData.Standing(clock.UtcNow));
        if (facilityId is { } only) standing = standing.Where(r => r.FacilityId == only);
        var counts = (
            await standing
                .GroupBy(r => new { r.FacilityId, Day = DateOnly.FromDateTime(r.StartDate) })
                .Select(g => new
                {
                    g.Key.FacilityId,
                    g.Key.Day,
                    Bookings = g.Count(),
                    Pending = g.Count(r => r.StatusId == ReservationState.Pending),
                    Minutes = g.Sum(r => EF.Functions.DateDiffMinute(r.StartDate, r.EndDate)),
                    Places = g.Sum(r => EF.Functions.DateDiffMinute(r.StartDate, r.EndDate) * r.People),
                })
                .ToListAsync(ct)
        ).ToDictionary(c => (c.FacilityId, c.Day));
        var closures = await ClosuresAsync(db, facilities.ConvertAll(f => f.Id), first, last, ct);
        var lanes = facilities.ConvertAll(f => new MonthLane(
            f.Id,
            f.Name,
            f.Status ?? FacilityState.Available,
            [
                .. Enumerable
                    .Range(0, to.DayNumber - from.DayNumber + 1)
                    .Select(from.AddDays)
                    .Select(day =>
                    {
                        var open = Opening.Of(f, day).Sum(o => (o.Closes - o.Opens).TotalMinutes);
                        var closed = closures[f.Id]
                            .FirstOrDefault(c =>
                                c.Start < day.AddDays(1).ToDateTime(TimeOnly.MinValue) && c.End > day.ToDateTime(TimeOnly.MinValue)
                            )
                            ?.Reason;
                        if (!counts.TryGetValue((f.Id, day), out var count)) return new MonthDay(0, 0, 0, open > 0, closed);
                        double used = f is { Shared: true, Capacity: > 0 and var capacity }
                            ? (count.Places) / (double)capacity
                            : count.Minutes;
                        return new MonthDay(
                            count.Bookings, count.Pending, open == 0 ? 1 : Math.Round(Math.Min(used / open, 1), 3), open > 0, closed);
                    }),
            ]
        ));
        return new CalendarMonth(
            from, to, lanes, facilityId is null || facilities.Count == 0 ? [] : await NamedAsync(db, facilityId.Value, first, last, ct));
    }

    /// <summary>The first few bookings of each day.</summary>
    private async Task<IReadOnlyList<ReservationRow>> NamedAsync(
        PortalDb db, long facility, DateTime first, DateTime last, CancellationToken ct)
    {
        var (utcNow, most) = (clock.UtcNow, NamedPerDay);
        var ids = await db
            .Database.SqlQuery<long>(
                $"""
                SELECT id AS Value FROM (
                    SELECT id, ROW_NUMBER() OVER (PARTITION BY DATE(start_date) ORDER BY start_date, id) AS place FROM reservations
                    WHERE facility_id = {facility} AND start_date >= {first} AND start_date < {last}
                        AND (status_id IN (1, 2, 4, 7) OR (status_id = 5 AND hold_until > {utcNow}))) AS placed
                WHERE place <= {most}
                """
            )
            .ToListAsync(ct);
        return await db
            .Reservations.AsNoTracking()
            .Where(r => ids.Contains(r.Id))
            .OrderBy(r => r.StartDate)
            .ThenBy(r => r.Id)
            .Select(ReservationReach.Row(db))
            .ToListAsync(ct);
    }

    private async Task<List<Facility>> FacilitiesAsync(long? facilityId, CancellationToken ct) =>
        [.. (await choices.All.GetAsync(ct)).Where(f => facilityId is null || f.Id == facilityId)];

    private static async Task<ILookup<long, Closure>> ClosuresAsync(
        PortalDb db, List<long> ids, DateTime first, DateTime last, CancellationToken ct) =>
        (
            await db
                .FacilityBlackouts.AsNoTracking()
                .Where(b => ids.Contains(b.FacilityId) && b.StartDate < last && b.EndDate > first)
                .OrderBy(b => b.StartDate)
                .Select(b => new { b.FacilityId, Closure = new Closure(b.StartDate, b.EndDate, b.Reason) })
                .ToListAsync(ct)
        ).ToLookup(b => b.FacilityId, b => b.Closure);
}

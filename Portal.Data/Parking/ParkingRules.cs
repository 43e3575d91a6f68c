using Microsoft.EntityFrameworkCore;
using Portal.Data.Gate;
using Portal.Data.Operations;

namespace Portal.Data.Parking;

/// <summary>
/// The rules of visitors' cars. A car is parked as long as its visitor is inside: it comes with the entry and goes with the exit, also when
/// these are told late or taken back, so there is nothing of its own that could disagree with the log of visits.
/// </summary>
internal static class ParkingRules
{
    /// <summary>What a terminal is told of an entry that is against a rule: the car is in all the same.</summary>
    public const string Second = "parking_second", Nights = "parking_nights", Full = "parking_full";

    /// <summary>Whose car is inside at this hour has spent the night.</summary>
    public static readonly TimeOnly Night = new(2, 0);

    /// <summary>How long a visitor's car may stand: the shorter of what its visitor and what any car may; zero: as long as it likes.</summary>
    public static TimeSpan Limit(BuildingSettings settings, VisitorKind kind)
    {
        var (visit, car) = (settings.Overstay(kind), TimeSpan.FromHours(settings.ParkingStayHours));
        return visit == TimeSpan.Zero ? car : car == TimeSpan.Zero || visit < car ? visit : car;
    }

    /// <summary>The alarms of a stay: before its end, at its end, and again and again for some hours.</summary>
    public static IEnumerable<TimeSpan> Alarms(BuildingSettings settings, TimeSpan limit)
    {
        var step = TimeSpan.FromMinutes(settings.ParkingAlarmMinutes);
        if (limit == TimeSpan.Zero || step == TimeSpan.Zero) yield break;
        if (limit > step) yield return limit - step;
        for (var after = TimeSpan.Zero; after <= TimeSpan.FromHours(settings.ParkingAlarmHours); after += step) yield return limit + after;
    }

    /// <summary>The nights of a month that cars spent inside; two cars in one night are one night.</summary>
    /// <param name="stays">From when until when, on the wall; null: still.</param>
    public static int CountNights(IEnumerable<(DateTime From, DateTime? Until)> stays, DateOnly month, DateTime now)
    {
        var nights = new HashSet<DateOnly>();
        foreach (var (from, until) in stays)
        {
            var last = until ?? now;
            var day = DateOnly.FromDateTime(from) < month ? month : DateOnly.FromDateTime(from);
            for (; day < month.AddMonths(1) && day.ToDateTime(Night) <= last; day = day.AddDays(1))
            {
                if (day.ToDateTime(Night) >= from) nights.Add(day);
            }
        }

        return nights.Count;
    }

    /// <summary>Visits that are inside with a car.</summary>
    public static IQueryable<Visitor> Inside(PortalDb db) =>
        db.Visitors.Where(v => v.State == VisitorState.Inside && v.EnterTime != null && v.LicensePlateKey != null);

    /// <summary>The nights of this month that cars of visitors of some apartments spent inside.</summary>
    public static async Task<IReadOnlyDictionary<long, int>> NightsAsync(
        PortalDb db, IReadOnlyCollection<long> apartments, DateTime now, CancellationToken ct)
    {
        if (apartments.Count == 0) return new Dictionary<long, int>();
        var month = BuildingClock.MonthOf(DateOnly.FromDateTime(now));
        var stays = await db.Visitors.AsNoTracking()
            .Where(v => v.ApartmentId != null && apartments.Contains(v.ApartmentId.Value) && v.LicensePlateKey != null && v.EnterTime != null
                && (v.State == VisitorState.Inside || (v.State == VisitorState.Left && (v.ExitDate ?? v.VisitDate) >= month)))
            .OrderBy(v => v.Id)
            .Select(v => new { Unit = v.ApartmentId!.Value, v.VisitDate, v.EnterTime, v.ExitDate, v.ExitTime, v.State })
            .ToListAsync(ct);
        return stays.GroupBy(s => s.Unit).ToDictionary(
            g => g.Key,
            g => CountNights(
                g.Select(s => (
                    s.VisitDate.ToDateTime(s.EnterTime!.Value),
                    s.State == VisitorState.Inside ? null : (DateTime?)(s.ExitDate ?? s.VisitDate).ToDateTime(s.ExitTime ?? TimeOnly.MaxValue))),
                month, now));
    }

    /// <summary>
    /// Gives a visitor's car that has come in the first free visitors' space, and says what is against a rule. Within the write of the entry.
    /// </summary>
    public static async Task<IReadOnlyList<string>> ParkAsync(PortalDb db, Visitor visit, DateTime now, CancellationToken ct)
    {
        if (visit is not { State: VisitorState.Inside, LicensePlate: { } plate }) return [];
        var key = Plates.Key(plate);
        // A resident's own car has its place.
        if (key.Length == 0 || await db.Vehicles.AnyAsync(v => v.LicensePlateKey == key, ct)) return [];
        var settings = await BuildingSettings.ReadAsync(db, ct);
        List<string> against = [];
        var spaces = db.Parking.Where(s => s.UseKind == ParkingUse.Visitor);
        if (visit.ParkingId is null && await spaces.AnyAsync(ct))
        {
            var free = await Free(db).OrderBy(s => s.Level!.Position).ThenBy(s => s.PlanRow).ThenBy(s => s.PlanColumn)
                .ThenBy(s => s.SpaceNumber).ThenBy(s => s.Id).Select(s => (long?)s.Id).FirstOrDefaultAsync(ct);
            if (free is null) against.Add(Full);
            else visit.ParkAt(free);
        }

        if (visit.ApartmentId is not { } unit) return against;
        var others = await Inside(db).CountAsync(v => v.ApartmentId == unit && v.Id != visit.Id && v.LicensePlateKey != key, ct);
        if (settings.ParkingCarsPerApartment > 0 && others >= settings.ParkingCarsPerApartment) against.Add(Second);
        if (settings.ParkingNightsPerMonth > 0
            && (await NightsAsync(db, [unit], now, ct)).GetValueOrDefault(unit) >= settings.ParkingNightsPerMonth)
            against.Add(Nights);
        return against;
    }

    /// <summary>Visitors' spaces in which nothing stands and that are open.</summary>
    public static IQueryable<ParkingSpace> Free(PortalDb db) => db.Parking.Where(s =>
        s.UseKind == ParkingUse.Visitor && s.StatusId != ParkingState.Maintenance && s.StatusId != ParkingState.Reserved
        && s.LicensePlate == null && s.IntruderAt == null
        && !db.Visitors.Any(v => v.ParkingId == s.Id && v.State == VisitorState.Inside));
}

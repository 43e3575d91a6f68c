using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Gate;
using Portal.Data.Operations;

namespace Portal.Data.Parking;

/// <summary>
/// The parking as a plan by level: whose each space is, where visitors' cars stand and for how long, what is wrong. What is assigned is
/// assigned here.
/// </summary>
public sealed class ParkingPlans(PortalStore store, BuildingClock clock, SettingsService settings)
{
    /// <summary>Spaces in a row of a generated plan.</summary>
    public const int DefaultWidth = 18, Widest = 40, MostRows = 200;

    /// <summary>The plan of a level. Needs <see cref="Permissions.ParkingView"/>.</summary>
    /// <param name="level">Null, or one that is not there: the first.</param>
    /// <returns>Null where the person may not see it.</returns>
    public async Task<ParkingPlan?> PlanAsync(long? level, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ParkingView)) return null;
        var rules = await settings.GetAsync(ct);
        await using var db = await store.OpenAsync(user, ct);
        var levels = await LevelsAsync(db, ct);
        var shown = levels.FirstOrDefault(l => l.Key == level)?.Key ?? levels.FirstOrDefault()?.Key ?? 0;
        var (now, stays) = (clock.Now, await StaysAsync(db, rules, ct));
        var spots = await SpotsAsync(
            db, db.Parking.Where(s => shown == 0 ? s.LevelId == null : s.LevelId == shown), stays, now, ct);
        var invaded = await SpotsAsync(db, db.Parking.Where(s => s.IntruderAt != null), stays, now, ct);
        var visitors = await db.Parking.CountAsync(s => s.UseKind == ParkingUse.Visitor && s.StatusId != ParkingState.Maintenance, ct);
        var limits = new ParkingLimits(
            rules.ParkingCarsPerApartment, rules.ParkingNightsPerMonth, rules.ParkingAlarmMinutes, rules.ParkingAlarmHours);
        return new ParkingPlan(levels, shown, spots, stays, invaded, visitors, limits, now);
    }

    /// <summary>What there is to say of a space. Needs <see cref="Permissions.ParkingView"/>.</summary>
    public async Task<SpotDetail?> SpotAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ParkingView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var spot = await db.Parking.AsNoTracking().Where(s => s.Id == id)
            .Select(s => new
            {
                s.SpaceNumber, s.LevelId, Level = s.Level == null ? null : s.Level.Name, s.StatusId, s.UseKind,
                Type = s.VehicleType == null ? null : s.VehicleType.Name, s.LicensePlate, s.ApartmentId, Unit = UnitName.Of(s.Apartment),
                Owner = db.Profiles.Where(p => s.UserId != null && p.UserId == s.UserId).Select(p => p.FullName).FirstOrDefault(),
                s.Leased, s.StepFree,
                Since = db.AuditLog.Where(e => e.TableName == "parking" && e.RecordId == s.Id && e.NewValue!.Contains("\"apartment_id\":"))
                    .OrderByDescending(e => e.Id).Select(e => e.CreatedAt).FirstOrDefault(),
            })
            .SingleOrDefaultAsync(ct);
        if (spot is null) return null;
        List<string> vehicles = spot.ApartmentId is not { } unit ? []
            : await db.Vehicles.AsNoTracking().Where(v => v.ApartmentId == unit).OrderBy(v => v.LicensePlate).ThenBy(v => v.Id)
                .Select(v => v.LicensePlate).Take(10).ToListAsync(ct);
        return new SpotDetail(
            id, spot.SpaceNumber, spot.LevelId ?? 0, spot.Level, spot.StatusId, spot.UseKind, spot.Type, spot.LicensePlate,
            spot.ApartmentId, spot.Unit, spot.Owner, spot.Leased, spot.StepFree, vehicles, spot.ApartmentId is null ? null : spot.Since);
    }

    /// <summary>
    /// Gives a space to an apartment: as its own, or rented beside it. Needs <see cref="Permissions.ParkingEdit"/>.
    /// </summary>
    /// <returns>
    /// Refusals: <c>parking.closed</c>, <c>parking.visitors</c>, <c>parking.has</c> with the apartment, how many it may have, and the space
    /// that it has, where another of its own would be too many.
    /// </returns>
    public Task<Result> AssignAsync(long id, long apartment, bool leased, CurrentUser user, CancellationToken ct) =>
        EditAsync(user, id, async (db, space, token) =>
        {
            if (space.StatusId == ParkingState.Maintenance) return new Error("parking.closed", null, space.SpaceNumber);
            if (space.UseKind == ParkingUse.Visitor) return new Error("parking.visitors", null, space.SpaceNumber);
            // One after the other for an apartment: two who give it a space each find the other's.
            if (!await db.Apartments.LockAsync(apartment, token)) return Error.NotFound with { Field = "ApartmentId" };
            var rules = await BuildingSettings.ReadAsync(db, token);
            var own = await db.Parking.Where(s => s.ApartmentId == apartment && !s.Leased && s.Id != id && s.UseKind == ParkingUse.Resident)
                .OrderBy(s => s.Id).Select(s => s.SpaceNumber).ToListAsync(token);
            if (!leased && rules.ParkingSpacesPerApartment > 0 && own.Count >= rules.ParkingSpacesPerApartment)
            {
                var unit = await db.Apartments.Where(a => a.Id == apartment).Select(a => UnitName.Of(a)).SingleAsync(token);
                return new Error("parking.has", "ApartmentId", unit, rules.ParkingSpacesPerApartment, string.Join(", ", own));
            }

            var account = await db.Apartments.Where(a => a.Id == apartment && a.OwnerId != null).Select(a => (long?)a.Owner!.UserId)
                .FirstOrDefaultAsync(token);
            space.Give(apartment, account, leased);
            if (space.StatusId == ParkingState.Reserved) space.StatusId = ParkingState.Available;
            return Result.Done;
        }, ct);

    /// <summary>Takes a space from its apartment. Needs <see cref="Permissions.ParkingEdit"/>.</summary>
    public Task<Result> FreeAsync(long id, CurrentUser user, CancellationToken ct) =>
        EditAsync(user, id, (_, space, _) =>
        {
            space.Give(null, null, leased: false);
            if (space.StatusId == ParkingState.Occupied) space.StatusId = ParkingState.Available;
            space.LicensePlate = null;
            return Task.FromResult(Result.Done);
        }, ct);

    /// <summary>
    /// Somebody saw a car that should not stand there. Needs <see cref="Permissions.ParkingEdit"/> or <see cref="Permissions.GateLog"/>.
    /// </summary>
    public async Task<Result> ReportAsync(long id, string plate, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ParkingEdit) && !user.Can(Permissions.GateLog)) return Error.Forbidden;
        if (Plates.Tidy(plate) is null) return Error.Required("Plate");
        if (plate.Trim().Length > Plates.Longest) return Error.TooLong("Plate", Plates.Longest);
        return await WriteAsync(user, id, (_, space, _) => Task.FromResult(space.Invaded(plate, clock.UtcNow)), ct);
    }

    /// <summary>The car is gone. Needs the same as <see cref="ReportAsync"/>.</summary>
    public async Task<Result> ClearAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ParkingEdit) && !user.Can(Permissions.GateLog)) return Error.Forbidden;
        return await WriteAsync(user, id, (_, space, _) =>
        {
            space.Cleared();
            return Task.FromResult(Result.Done);
        }, ct);
    }

    /// <summary>
    /// A visitor's car stands in another space than the portal thought. Needs <see cref="Permissions.ParkingEdit"/> or
    /// <see cref="Permissions.GateLog"/>.
    /// </summary>
    /// <param name="space">Null: in none.</param>
    /// <returns>Refusals: <c>parking.taken</c>, <c>parking.closed</c>, <c>parking.residents</c>, <c>parking.left</c>.</returns>
    public async Task<Result> MoveAsync(long visit, long? space, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ParkingEdit) && !user.Can(Permissions.GateLog)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                var target = space is null ? null : await db.Parking.Where(s => s.Id == space).ForUpdate().SingleOrDefaultAsync(token);
                if (space is not null && target is null) return Error.NotFound;
                if (await db.Visitors.Where(v => v.Id == visit).ForUpdate().SingleOrDefaultAsync(token) is not { } car) return Error.NotFound;
                if (car.State != VisitorState.Inside || car.LicensePlate is null) return new Error("parking.left");
                if (target is not null)
                {
                    if (target.StatusId == ParkingState.Maintenance) return new Error("parking.closed", null, target.SpaceNumber);
                    if (target.UseKind != ParkingUse.Visitor) return new Error("parking.residents", null, target.SpaceNumber);
                    var other = await db.Visitors.Where(v => v.ParkingId == space && v.State == VisitorState.Inside && v.Id != visit)
                        .Select(v => v.LicensePlate).FirstOrDefaultAsync(token) ?? target.LicensePlate;
                    if (other is not null) return new Error("parking.taken", null, target.SpaceNumber, other);
                }

                car.ParkAt(space);
                return Result.Done;
            },
            ct);
    }

    /// <summary>
    /// Draws the plan of a level: its spaces in the order of their numbers, so many in a row, visitors' in rows of their own at the end.
    /// Needs <see cref="Permissions.ParkingEdit"/>.
    /// </summary>
    /// <returns>How many were drawn. Refusals: <c>settings.range</c>.</returns>
    public async Task<Result<int>> LayOutAsync(long level, int width, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ParkingEdit)) return Error.Forbidden;
        if (width is < 1 or > Widest) return new Error("settings.range", "Width", 1, Widest);
        return await store.WriteAsync<int>(
            user,
            async (db, token) =>
            {
                var spaces = await db.Parking.Where(s => level == 0 ? s.LevelId == null : s.LevelId == level).ForUpdate().ToListAsync(token);
                var ordered = spaces.OrderBy(s => s.UseKind).ThenBy(s => Ordered(s.SpaceNumber), StringComparer.Ordinal).ToList();
                var (row, column, before) = (1, 0, ParkingUse.Resident);
                foreach (var space in ordered)
                {
                    if (column == width || (column > 0 && space.UseKind != before)) (row, column) = (row + 1, 0);
                    column++;
                    (space.PlanRow, space.PlanColumn, before) = (row, column, space.UseKind);
                }

                return ordered.Count;
            },
            ct);
    }

    /// <summary>
    /// Makes a level, and moves to it the spaces whose numbers begin so. Needs <see cref="Permissions.ParkingEdit"/>.
    /// </summary>
    /// <param name="beginning">Empty: none are moved.</param>
    /// <returns>Its id. Refusals: <c>parking.level_taken</c>.</returns>
    public async Task<Result<long>> AddLevelAsync(string name, string? beginning, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ParkingEdit)) return Error.Forbidden;
        if (NameError(name) is { } wrong) return wrong;
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                var called = name.Trim();
                if (await db.ParkingLevels.AnyAsync(l => l.Name == called, token)) return new Error("parking.level_taken", "Name", called);
                var level = ParkingLevel.Named(called, (await db.ParkingLevels.MaxAsync(l => (int?)l.Position, token) ?? 0) + 1);
                db.ParkingLevels.Add(level);
                await db.SaveChangesAsync(token);
                if (beginning.TrimToNull() is { } prefix)
                {
                    foreach (var space in await db.Parking.Where(s => s.SpaceNumber.StartsWith(prefix)).ForUpdate().ToListAsync(token))
                        (space.LevelId, space.PlanRow, space.PlanColumn) = (level.Id, null, null);
                }

                return level.Id;
            },
            ct);
    }

    /// <summary>Needs <see cref="Permissions.ParkingEdit"/>. Refusals: <c>parking.level_taken</c>.</summary>
    public async Task<Result> RenameLevelAsync(long id, string name, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ParkingEdit)) return Error.Forbidden;
        if (NameError(name) is { } wrong) return wrong;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.ParkingLevels.SingleOrDefaultAsync(l => l.Id == id, token) is not { } level) return Error.NotFound;
                var called = name.Trim();
                if (await db.ParkingLevels.AnyAsync(l => l.Name == called && l.Id != id, token))
                    return new Error("parking.level_taken", "Name", called);
                level.Rename(called);
                return Result.Done;
            },
            ct);
    }

    private static Error? NameError(string name) => string.IsNullOrWhiteSpace(name) ? Error.Required("Name")
        : name.Trim().Length > 100 ? Error.TooLong("Name", 100)
        : null;

    /// <summary>Numbers within a name in the order of numbers: 2 before 10.</summary>
    private static string Ordered(string number) =>
        string.Concat(System.Text.RegularExpressions.Regex.Split(number, "([0-9]+)")
            .Select(part => part.Length > 0 && char.IsAsciiDigit(part[0]) ? part.PadLeft(8, '0') : part.ToUpperInvariant()));

    private async Task<Result> EditAsync(
        CurrentUser user, long id, Func<PortalDb, ParkingSpace, CancellationToken, Task<Result>> edit, CancellationToken ct) =>
        user.Can(Permissions.ParkingEdit) ? await WriteAsync(user, id, edit, ct) : Error.Forbidden;

    private Task<Result> WriteAsync(
        CurrentUser user, long id, Func<PortalDb, ParkingSpace, CancellationToken, Task<Result>> edit, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
                await db.Parking.Where(s => s.Id == id).ForUpdate().SingleOrDefaultAsync(token) is { } space
                    ? await edit(db, space, token)
                    : Error.NotFound,
            ct);

    private static async Task<List<LevelRow>> LevelsAsync(PortalDb db, CancellationToken ct)
    {
        var levels = await db.ParkingLevels.AsNoTracking().OrderBy(l => l.Position).ThenBy(l => l.Id)
            .Select(l => new LevelRow(
                l.Id, l.Name, db.Parking.Count(s => s.LevelId == l.Id), db.Parking.Any(s => s.LevelId == l.Id && s.PlanRow != null)))
            .ToListAsync(ct);
        var others = await db.Parking.CountAsync(s => s.LevelId == null, ct);
        if (others > 0) levels.Add(new LevelRow(0, null, others, await db.Parking.AnyAsync(s => s.LevelId == null && s.PlanRow != null, ct)));
        return levels;
    }

    private static async Task<List<SpotRow>> SpotsAsync(
        PortalDb db, IQueryable<ParkingSpace> spaces, IReadOnlyList<StayNow> stays, DateTime now, CancellationToken ct)
    {
        var rows = await spaces.AsNoTracking().OrderBy(s => s.PlanRow).ThenBy(s => s.PlanColumn).ThenBy(s => s.SpaceNumber).ThenBy(s => s.Id)
            .Select(s => new
            {
                s.Id, s.SpaceNumber, s.StatusId, s.UseKind, s.PlanRow, s.PlanColumn, s.StepFree, s.Leased, s.ApartmentId,
                Tower = s.Apartment == null ? null : s.Apartment.Tower!.Name,
                Number = s.Apartment == null ? null : s.Apartment.ApartmentNumber, s.LicensePlate, s.IntruderPlate, s.IntruderAt,
            })
            .ToListAsync(ct);
        var inside = stays.Where(s => s.SpaceId is not null).GroupBy(s => s.SpaceId!.Value).ToDictionary(g => g.Key, g => g.First());
        return
        [
            .. rows.Select(s =>
            {
                var stay = inside.GetValueOrDefault(s.Id);
                var counted = s.StatusId == ParkingState.Maintenance ? SpotState.Closed
                    : s.UseKind == ParkingUse.Visitor
                        ? stay is null
                            ? s.StatusId == ParkingState.Reserved ? SpotState.Reserved
                            : s.LicensePlate is null ? SpotState.VisitorFree
                            : SpotState.VisitorInside
                        : stay.Over(now) ? SpotState.VisitorOver
                        : SpotState.VisitorInside
                    : s.StatusId == ParkingState.Reserved ? SpotState.Reserved
                    : s.ApartmentId is null ? SpotState.Unassigned
                    : s.Leased ? SpotState.Leased
                    : SpotState.Assigned;
                return new SpotRow(
                    s.Id, s.SpaceNumber, s.IntruderAt is null ? counted : SpotState.Invaded, s.UseKind, s.PlanRow, s.PlanColumn, s.StepFree,
                    stay?.Unit ?? (s.Tower is null ? null : Short(s.Tower, s.Number!)), s.ApartmentId, s.LicensePlate, s.IntruderPlate,
                    s.IntruderAt, stay) { Counted = counted };
            }),
        ];
    }

    /// <summary><c>B 1204</c> of Torre B.</summary>
    private static string Short(string tower, string number) => $"{tower.Trim()[(tower.Trim().LastIndexOf(' ') + 1)..]} {number}";

    /// <summary>Visitors' cars that are inside, the worst first.</summary>
    private async Task<IReadOnlyList<StayNow>> StaysAsync(PortalDb db, BuildingSettings rules, CancellationToken ct)
    {
        var rows = await ParkingRules.Inside(db).AsNoTracking()
            .Where(v => !db.Vehicles.Any(o => o.LicensePlateKey == v.LicensePlateKey))
            .OrderBy(v => v.VisitDate).ThenBy(v => v.EnterTime).ThenBy(v => v.Id).Take(500)
            .Select(v => new
            {
                v.Id, v.ParkingId, Space = v.Parking == null ? null : v.Parking.SpaceNumber, v.ApartmentId,
                Tower = v.Apartment == null ? null : v.Apartment.Tower!.Name,
                Number = v.Apartment == null ? null : v.Apartment.ApartmentNumber, v.LicensePlate, v.Name, v.Kind, v.VisitDate, v.EnterTime,
            })
            .ToListAsync(ct);
        var now = clock.Now;
        var units = rows.Where(r => r.ApartmentId is not null).Select(r => r.ApartmentId!.Value).Distinct().ToList();
        var nights = await ParkingRules.NightsAsync(db, units, now, ct);
        Dictionary<long, int> counted = [];
        List<StayNow> stays = [];
        foreach (var row in rows)
        {
            var nth = row.ApartmentId is { } unit ? counted[unit] = counted.GetValueOrDefault(unit) + 1 : 1;
            stays.Add(new StayNow(
                row.Id, row.ParkingId, row.Space, row.ApartmentId, row.Tower is null ? null : Short(row.Tower, row.Number!),
                row.LicensePlate!, row.Name, row.Kind, row.VisitDate.ToDateTime(row.EnterTime!.Value),
                (int)ParkingRules.Limit(rules, row.Kind).TotalMinutes, nth,
                row.ApartmentId is { } own ? nights.GetValueOrDefault(own) : 0));
        }

        return
        [
            .. stays.OrderByDescending(s => s.Over(now))
                .ThenByDescending(s => rules.ParkingCarsPerApartment > 0 && s.Nth > rules.ParkingCarsPerApartment).ThenBy(s => s.Since),
        ];
    }
}

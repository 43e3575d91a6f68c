using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;

namespace Portal.Data.Parking;

public sealed record ParkingRow(
    long Id, string Number, ParkingState State, ParkingUse Use, int? VehicleTypeId, string? VehicleType, string? Plate, long? ApartmentId,
    string? Unit, string? Owner)
{
    public long? LevelId { get; init; }

    public string? Level { get; init; }

    public int? Row { get; init; }

    public int? Column { get; init; }

    public bool Accessible { get; init; }
}

/// <summary>What the office sets of a space.</summary>
public sealed record ParkingInput(ParkingState State, ParkingUse Use, int? VehicleTypeId, string? Plate, long? ApartmentId)
    : IEdit<ParkingInput>
{
    /// <inheritdoc/>
    public ParkingInput? Read { get; init; }

    public long? LevelId { get; init; }

    /// <summary>The place on the plan, from 1; one place is one space's.</summary>
    public int? PlanRow { get; init; }

    public int? PlanColumn { get; init; }

    public bool Accessible { get; init; }
}

/// <summary>The parking spaces. A plate finds its apartment.</summary>
public sealed class ParkingService(PortalStore store)
{
    /// <summary>
    /// By number. Filters: <c>level</c>, <c>state</c>, <c>use</c> (resident, visitor), <c>type</c>; the search is for a plate, a number of a space or an
    /// apartment.
    /// </summary>
    public async Task<Page<ParkingRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ParkingView)) return Page<ParkingRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        return await Rows(db, await SortedAsync(db, query, ct)).PageAsync(query, ct);
    }

    /// <summary>All that the list would show, for a file.</summary>
    public async IAsyncEnumerable<ParkingRow> ExportAsync(ListQuery query, CurrentUser user, [EnumeratorCancellation] CancellationToken ct)
    {
        if (!user.Can(Permissions.ParkingView)) yield break;
        await using var db = await store.OpenAsync(user, ct);
        var rows = Exports.ReadAsync(
            await (await SortedAsync(db, query, ct)).Select(s => s.Id).ToListAsync(ct),
            some => Rows(db, db.Parking.AsNoTracking().Where(s => some.Contains(s.Id))).ToListAsync(ct),
            row => row.Id);
        await foreach (var row in rows) yield return row;
    }

    private static async Task<IOrderedQueryable<ParkingSpace>> SortedAsync(PortalDb db, ListQuery query, CancellationToken ct)
    {
        var spaces = db.Parking.AsNoTracking();
        if (query.Search?.Trim() is { Length: > 0 } text)
        {
            var units = (await UnitSearch.ReadAsync(db, text, ct)).Beginning(db).Select(a => a.Id);
            var plate = Plates.Key(text) is { Length: > 0 } key ? $"{key}%" : "";
            spaces = spaces.Where(s =>
                s.SpaceNumber.StartsWith(text) || EF.Functions.Like(s.LicensePlateKey!, plate) || units.Contains(s.ApartmentId ?? 0)
            );
        }

        if (query.FilterNumber("level") is { } level) spaces = spaces.Where(s => level == 0 ? s.LevelId == null : s.LevelId == level);
        if (query.Filter<ParkingState>("state") is { } state) spaces = spaces.Where(s => s.StatusId == state);
        if (query.Filter<ParkingUse>("use") is { } use) spaces = spaces.Where(s => s.UseKind == use);
        if (query.FilterNumber("type") is { } type) spaces = spaces.Where(s => s.VehicleTypeId == type);
        return (query.Sort, query.Descending) switch
        {
            ("number", true) => spaces.OrderByDescending(s => s.SpaceNumber).ThenBy(s => s.Id),
            ("unit", false) => spaces.OrderBy(s => s.Apartment!.Tower!.Name).ThenBy(s => s.Apartment!.ApartmentNumber).ThenBy(s => s.Id),
            ("unit", true) => spaces
                .OrderByDescending(s => s.Apartment!.Tower!.Name)
                .ThenByDescending(s => s.Apartment!.ApartmentNumber)
                .ThenBy(s => s.Id),
            ("plate", false) => spaces.OrderBy(s => s.LicensePlate).ThenBy(s => s.Id),
            ("plate", true) => spaces.OrderByDescending(s => s.LicensePlate).ThenBy(s => s.Id),
            _ => spaces.OrderBy(s => s.SpaceNumber).ThenBy(s => s.Id),
        };
    }

    private static IQueryable<ParkingRow> Rows(PortalDb db, IQueryable<ParkingSpace> spaces) =>
        spaces
            .Select(s => new ParkingRow(
                s.Id,
                s.SpaceNumber,
                s.StatusId,
                s.UseKind,
                s.VehicleTypeId,
                s.VehicleType == null ? null : s.VehicleType.Name,
                s.LicensePlate,
                s.ApartmentId,
                UnitName.Of(s.Apartment),
                db.Profiles.Where(p => s.UserId != null && p.UserId == s.UserId)
                    .Select(p => p.FullName)
                    .FirstOrDefault()
            )
            {
                LevelId = s.LevelId, Level = s.Level == null ? null : s.Level.Name, Row = s.PlanRow, Column = s.PlanColumn,
                Accessible = s.StepFree,
            });

    /// <summary>Kinds of vehicles, by id.</summary>
    public async Task<IReadOnlyList<(int Id, string Name)>> VehicleTypesAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ParkingView)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return
        [
            .. (await db.VehicleTypes.AsNoTracking().OrderBy(t => t.Id).Select(t => new { t.Id, t.Name }).ToListAsync(ct)).Select(t =>
                (t.Id, t.Name)
            ),
        ];
    }

    /// <summary>Apartments to assign to. Needs <see cref="Permissions.ParkingEdit"/>.</summary>
    public async Task<IReadOnlyList<UnitOption>> UnitsAsync(string text, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ParkingEdit)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await ApartmentSearch.FindAsync(db, text, ct);
    }

    /// <summary>
    /// Changes a space. A plate stands in one space only; a free space has none. Needs <see cref="Permissions.ParkingEdit"/>.
    /// </summary>
    public async Task<Result> SaveAsync(long id, ParkingInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ParkingEdit)) return Error.Forbidden;
        if (input.Plate?.Trim().Length > Plates.Longest) return Error.TooLong(nameof(ParkingInput.Plate), Plates.Longest);
        if (input.PlanRow is < 1 or > ParkingPlans.MostRows)
            return new Error("settings.range", nameof(ParkingInput.PlanRow), 1, ParkingPlans.MostRows);
        if (input.PlanColumn is < 1 or > ParkingPlans.Widest)
            return new Error("settings.range", nameof(ParkingInput.PlanColumn), 1, ParkingPlans.Widest);
        if (!Holds(input))
            return new Error("parking.free_with_plate", nameof(ParkingInput.Plate));
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.Parking.Where(s => s.Id == id).ForUpdate().SingleOrDefaultAsync(token) is not { } space) return Error.NotFound;
                var merged = Edits.Merge(input, Now(space), Holds);
                if (!merged.Ok) return merged;
                var given = merged.Value;
                var (plate, key) = (Plates.Tidy(given.Plate), Plates.Key(given.Plate));
                if (
                    plate is not null
                    && await db
                        .Parking.Where(s => s.Id != id && s.LicensePlateKey == key)
                        .Select(s => s.SpaceNumber)
                        .FirstOrDefaultAsync(token)
                        is { } other
                )
                {
                    return new Error("parking.plate_taken", nameof(ParkingInput.Plate), plate, other);
                }

                if (given.LevelId is { } level && !await db.ParkingLevels.AnyAsync(l => l.Id == level, token))
                    return new Error("gone", nameof(ParkingInput.LevelId));
                if (given is { PlanRow: { } row, PlanColumn: { } column }
                    && await db.Parking.Where(s => s.Id != id && s.LevelId == given.LevelId && s.PlanRow == row && s.PlanColumn == column)
                        .Select(s => s.SpaceNumber).FirstOrDefaultAsync(token) is { } there)
                    return new Error("parking.place_taken", nameof(ParkingInput.PlanColumn), there);
                (space.LevelId, space.PlanRow, space.PlanColumn, space.StepFree) =
                    (given.LevelId, given.PlanRow, given.PlanColumn, given.Accessible);
                if (space.ApartmentId != given.ApartmentId)
                {
                    if (given.ApartmentId is { } unit && !await db.Apartments.AnyAsync(a => a.Id == unit, token))
                        return Error.NotFound with { Field = nameof(ParkingInput.ApartmentId) };
                    space.ApartmentId = given.ApartmentId;
                    // Whoever answers for the apartment answers for its space.
                    space.UserId = await db
                        .Apartments.Where(a => a.Id == given.ApartmentId && a.OwnerId != null)
                        .Select(a => (long?)a.Owner!.UserId)
                        .FirstOrDefaultAsync(token);
                }

                (space.StatusId, space.UseKind, space.VehicleTypeId, space.LicensePlate) = (
                    given.State, given.Use, given.VehicleTypeId, plate);
                return Result.Done;
            },
            ct
        );
    }

    /// <summary>A free space has no plate.</summary>
    private static bool Holds(ParkingInput input) => input.State != ParkingState.Available || Plates.Tidy(input.Plate) is null;

    private static ParkingInput Now(ParkingSpace space) =>
        new(space.StatusId, space.UseKind, space.VehicleTypeId, space.LicensePlate, space.ApartmentId)
        {
            LevelId = space.LevelId, PlanRow = space.PlanRow, PlanColumn = space.PlanColumn, Accessible = space.StepFree,
        };
}

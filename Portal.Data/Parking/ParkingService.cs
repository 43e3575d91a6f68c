using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;

namespace Portal.Data.Parking;

public sealed record ParkingRow(
    long Id, string Number, ParkingState State, ParkingUse Use, int? VehicleTypeId, string? VehicleType, string? Plate, long? ApartmentId,
    string? Unit, string? Owner);

/// <summary>What the office sets of a space.</summary>
public sealed record ParkingInput(ParkingState State, ParkingUse Use, int? VehicleTypeId, string? Plate, long? ApartmentId)
    : IEdit<ParkingInput>
{
    /// <inheritdoc/>
    public ParkingInput? Read { get; init; }
}

/// <summary>The parking spaces. A plate finds its apartment.</summary>
public sealed class ParkingService(PortalStore store)
{
    /// <summary>
    /// By number. Filters: <c>state</c>, <c>use</c> (resident, visitor), <c>type</c>; the search is for a plate, a number of a space or an
    /// apartment.
    /// </summary>
    public async Task<Page<ParkingRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ParkingView)) return Page<ParkingRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var spaces = db.Parking.AsNoTracking();
        if (query.Search?.Trim() is { Length: > 0 } text)
        {
            var units = (await UnitSearch.ReadAsync(db, text, ct)).Beginning(db).Select(a => a.Id);
            var plate = Plates.Key(text) is { Length: > 0 } key ? $"{key}%" : "";
            spaces = spaces.Where(s =>
                s.SpaceNumber.StartsWith(text) || EF.Functions.Like(s.LicensePlateKey!, plate) || units.Contains(s.ApartmentId ?? 0)
            );
        }

        if (query.Filter<ParkingState>("state") is { } state) spaces = spaces.Where(s => s.StatusId == state);
        if (query.Filter<ParkingUse>("use") is { } use) spaces = spaces.Where(s => s.UseKind == use);
        if (query.FilterNumber("type") is { } type) spaces = spaces.Where(s => s.VehicleTypeId == type);
        var ordered = (query.Sort, query.Descending) switch
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
        return await ordered
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
            ))
            .PageAsync(query, ct);
    }

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
        new(space.StatusId, space.UseKind, space.VehicleTypeId, space.LicensePlate, space.ApartmentId);
}

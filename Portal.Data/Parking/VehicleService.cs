using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;

namespace Portal.Data.Parking;

public sealed record VehicleRow(
    long Id, string Plate, int? TypeId, string? Type, string? Brand, string? Colour, long ApartmentId, string Unit, string? Owner,
    string? Space);

/// <param name="TypeId">Of <c>vehicle_types</c>.</param>
public sealed record VehicleInput(long ApartmentId, string Plate, int? TypeId, string? Brand, string? Colour) : IEdit<VehicleInput>
{
    /// <inheritdoc/>
    public VehicleInput? Read { get; init; }
}

/// <summary>Residents' vehicles. However a plate is written, it is found, here and at the gate.</summary>
public sealed class VehicleService(PortalStore store)
{
    /// <summary>By plate. Filter: <c>type</c>; the search is for a plate, a brand, a colour or an apartment.</summary>
    public async Task<Page<VehicleRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ParkingView)) return Page<VehicleRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        return await Rows(db, await SortedAsync(db, query, ct)).PageAsync(query, ct);
    }

    /// <summary>All that the list would show, for a file.</summary>
    public async IAsyncEnumerable<VehicleRow> ExportAsync(ListQuery query, CurrentUser user, [EnumeratorCancellation] CancellationToken ct)
    {
        if (!user.Can(Permissions.ParkingView)) yield break;
        await using var db = await store.OpenAsync(user, ct);
        var rows = Exports.ReadAsync(
            await (await SortedAsync(db, query, ct)).Select(v => v.Id).ToListAsync(ct),
            some => Rows(db, db.Vehicles.AsNoTracking().Where(v => some.Contains(v.Id))).ToListAsync(ct),
            row => row.Id);
        await foreach (var row in rows) yield return row;
    }

    /// <summary>Registers a vehicle, or changes one. Needs <see cref="Permissions.ParkingEdit"/>.</summary>
    /// <returns>Its id. Refusals: <c>vehicle.taken</c> with the apartment that has the plate.</returns>
    public async Task<Result<long>> SaveAsync(long? id, VehicleInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ParkingEdit)) return Error.Forbidden;
        List<Error> errors = [];
        if (Plates.Tidy(input.Plate) is null) errors.Add(Error.Required(nameof(VehicleInput.Plate)));
        else if (input.Plate.Trim().Length > Plates.Longest) errors.Add(Error.TooLong(nameof(VehicleInput.Plate), Plates.Longest));
        if (input.Brand?.Trim().Length > 60) errors.Add(Error.TooLong(nameof(VehicleInput.Brand), 60));
        if (input.Colour?.Trim().Length > 40) errors.Add(Error.TooLong(nameof(VehicleInput.Colour), 40));
        if (input.ApartmentId == 0) errors.Add(Error.Required(nameof(VehicleInput.ApartmentId)));
        if (errors.Count > 0) return errors;
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                var vehicle = id is null ? null : await db.Vehicles.Where(v => v.Id == id).ForUpdate().SingleOrDefaultAsync(token);
                if (id is not null && vehicle is null) return Error.NotFound;
                var merged = vehicle is null ? input : Edits.Merge(
                    input, new(vehicle.ApartmentId, vehicle.LicensePlate, vehicle.VehicleTypeId, vehicle.Brand, vehicle.Colour));
                if (!merged.Ok) return Result<long>.Refused(merged);
                var given = merged.Value;
                if (!await db.Apartments.AnyAsync(a => a.Id == given.ApartmentId, token))
                    return Error.NotFound with { Field = nameof(VehicleInput.ApartmentId) };
                if (given.TypeId is { } type && !await db.VehicleTypes.AnyAsync(t => t.Id == type, token))
                    return new Error("gone", nameof(VehicleInput.TypeId));
                var key = Plates.Key(given.Plate);
                var taken = await db.Vehicles.Where(v => v.LicensePlateKey == key && v.Id != id).Select(v => UnitName.Of(v.Apartment!))
                    .FirstOrDefaultAsync(token);
                if (taken is not null) return new Error("vehicle.taken", nameof(VehicleInput.Plate), Plates.Tidy(given.Plate), taken);
                if (vehicle is null) db.Vehicles.Add(vehicle = Vehicle.Of(given));
                else vehicle.Describe(given);
                await db.SaveChangesAsync(token);
                return vehicle.Id;
            },
            ct);
    }

    /// <summary>Needs <see cref="Permissions.ParkingEdit"/>.</summary>
    public async Task<Result> DeleteAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ParkingEdit)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.Vehicles.SingleOrDefaultAsync(v => v.Id == id, token) is not { } vehicle) return Error.NotFound;
                db.Vehicles.Remove(vehicle);
                return Result.Done;
            },
            ct);
    }

    private static async Task<IOrderedQueryable<Vehicle>> SortedAsync(PortalDb db, ListQuery query, CancellationToken ct)
    {
        var vehicles = db.Vehicles.AsNoTracking();
        if (query.Search?.Trim() is { Length: > 0 } text)
        {
            var units = (await UnitSearch.ReadAsync(db, text, ct)).Beginning(db).Select(a => a.Id);
            var plate = Plates.Key(text) is { Length: > 0 } key ? $"{key}%" : "";
            vehicles = vehicles.Where(v => EF.Functions.Like(v.LicensePlateKey!, plate) || units.Contains(v.ApartmentId)
                || v.Brand!.StartsWith(text) || v.Colour!.StartsWith(text));
        }

        if (query.FilterNumber("type") is { } type) vehicles = vehicles.Where(v => v.VehicleTypeId == type);
        return (query.Sort, query.Descending) switch
        {
            ("unit", false) => vehicles.OrderBy(v => v.Apartment!.Tower!.Name).ThenBy(v => v.Apartment!.ApartmentNumber).ThenBy(v => v.Id),
            ("unit", true) => vehicles.OrderByDescending(v => v.Apartment!.Tower!.Name)
                .ThenByDescending(v => v.Apartment!.ApartmentNumber).ThenBy(v => v.Id),
            ("plate", true) => vehicles.OrderByDescending(v => v.LicensePlate).ThenBy(v => v.Id),
            _ => vehicles.OrderBy(v => v.LicensePlate).ThenBy(v => v.Id),
        };
    }

    private static IQueryable<VehicleRow> Rows(PortalDb db, IQueryable<Vehicle> vehicles) => vehicles.Select(v => new VehicleRow(
        v.Id, v.LicensePlate, v.VehicleTypeId, v.VehicleType == null ? null : v.VehicleType.Name, v.Brand, v.Colour, v.ApartmentId,
        UnitName.Of(v.Apartment!),
        db.Profiles.Where(p => p.UserId == v.Apartment!.Owner!.UserId).Select(p => p.FullName).FirstOrDefault(),
        db.Parking.Where(s => s.LicensePlateKey == v.LicensePlateKey).OrderBy(s => s.Id).Select(s => s.SpaceNumber).FirstOrDefault()));
}

using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Building;

/// <summary>Makes and changes towers and apartments. Everything here needs <see cref="Permissions.BuildingEdit"/>.</summary>
public sealed class BuildingDesk(PortalStore store, BuildingChoices choices)
{
    private const int MostFloors = 200;

    /// <summary>Makes a tower, or changes the one named by <paramref name="id"/>.</summary>
    /// <returns>Refusals: <c>required</c>, <c>too_long</c>, <c>tower.name_taken</c>, <c>tower.floors</c>,
    /// <c>tower.floors_used</c>.</returns>
    public async Task<Result<int>> SaveTowerAsync(int? id, TowerInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BuildingEdit)) return Error.Forbidden;
        var errors = new List<Error>();
        if (input.Name.TrimToNull() is not { } typed) errors.Add(Error.Required(nameof(input.Name)));
        else if (typed.Length > 100) errors.Add(Error.TooLong(nameof(input.Name), 100));
        if (input.Description.TrimToNull()?.Length > 1000) errors.Add(Error.TooLong(nameof(input.Description), 1000));
        if (input.Floors is < 1 or > MostFloors) errors.Add(new Error("tower.floors", nameof(input.Floors), MostFloors));
        if (errors.Count > 0) return errors;
        var saved = await store.WriteAsync<int>(
            user,
            async (db, token) =>
            {
                // Names are unique by this lock: the documented table has no key for it, and an adopted one may hold two alike.
                _ = await db.Towers.OrderBy(t => t.Id).Select(t => t.Id).ForUpdate().ToListAsync(token);
                var tower = id is null ? new Tower() : await db.Towers.FirstOrDefaultAsync(t => t.Id == id, token);
                if (tower is null) return Error.NotFound;
                var merged = id is null ? input : Edits.Merge(input, new TowerInput(tower.Name, tower.Description, tower.Floors));
                if (!merged.Ok) return Result<int>.Refused(merged);
                var (name, floors) = (merged.Value.Name.TrimToNull()!, merged.Value.Floors);
                var others = await db.Towers.Where(t => t.Id != tower.Id).Select(t => t.Name).ToListAsync(token);
                if (tower.Name != name && others.Exists(other => Alike(other, name)))
                    return new Error("tower.name_taken", nameof(input.Name), name);
                if (
                    id is not null
                    && floors is not null
                    && await db.Apartments.Where(a => a.TowerId == tower.Id).MaxAsync(a => a.Floor, token) is { } highest
                    && highest > floors
                )
                {
                    return new Error("tower.floors_used", nameof(input.Floors), highest);
                }

                (tower.Name, tower.Description, tower.Floors) = (name, merged.Value.Description.TrimToNull(), floors);
                if (id is null) db.Towers.Add(tower);
                await db.SaveChangesAsync(token);
                return tower.Id;
            },
            ct
        );
        choices.Towers.Forget();
        return saved;
    }

    /// <summary>
    /// Makes an apartment, or changes the one named by <paramref name="id"/>. Its fee is changed only by who may see money.
    /// </summary>
    /// <returns>Refusals: <c>required</c>, <c>too_long</c>, <c>gone</c>, <c>apartment.number_taken</c>, <c>apartment.floor</c>,
    /// <c>apartment.coefficient</c>, <c>apartment.area</c>, <c>apartment.fee</c>.</returns>
    public async Task<Result<long>> SaveApartmentAsync(long? id, ApartmentInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BuildingEdit)) return Error.Forbidden;
        if (Check(input) is { Count: > 0 } errors) return errors;
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                var apartment = id is null
                    ? new Apartment()
                    : await db.Apartments.Where(a => a.Id == id).ForUpdate().FirstOrDefaultAsync(token);
                if (apartment is null) return Error.NotFound;
                // A fee that they may not see is neither told nor changed.
                var fee = user.Can(Permissions.PaymentsView) ? apartment.MonthlyFee : input.Read?.MonthlyFee;
                var merged = id is null ? input : Edits.Merge(input, Now(apartment) with { MonthlyFee = fee });
                if (!merged.Ok) return Result<long>.Refused(merged);
                var (given, number) = (merged.Value, merged.Value.Number.TrimToNull()?.ToUpperInvariant());
                if (await db.Towers.AsNoTracking().FirstOrDefaultAsync(t => t.Id == given.TowerId, token) is not { } tower)
                    return new Error("gone", nameof(input.TowerId));
                var (key, moves) = (UnitSpelling.NumberKey(number), apartment.TowerId != tower.Id || apartment.ApartmentNumber != number);
                if (
                    moves
                    && await db.Apartments.AnyAsync(
                        a => a.TowerId == tower.Id && (a.NumberKey == key || a.ApartmentNumber == number) && a.Id != apartment.Id, token)
                )
                {
                    return new Error("apartment.number_taken", nameof(input.Number), tower.Name, number);
                }

                if (given.Floor is { } floor && tower.Floors is { } floors && floor > floors)
                    return new Error("apartment.floor", nameof(input.Floor), tower.Name, floors);
                (apartment.TowerId, apartment.ApartmentNumber, apartment.Floor, apartment.StatusId) = (
                    tower.Id, number!, given.Floor, given.State);
                (apartment.Coefficient, apartment.Area) = (given.Coefficient, given.Area);
                if (user.Can(Permissions.PaymentsView)) apartment.MonthlyFee = given.MonthlyFee;
                if (id is null) db.Apartments.Add(apartment);
                await db.SaveChangesAsync(token);
                return apartment.Id;
            },
            ct
        );
    }

    private static ApartmentInput Now(Apartment apartment) =>
        new(
            apartment.TowerId, apartment.ApartmentNumber, apartment.Floor, apartment.StatusId, apartment.Coefficient, apartment.Area,
            apartment.MonthlyFee);

    private static List<Error> Check(ApartmentInput input)
    {
        var (errors, number) = (new List<Error>(), input.Number.TrimToNull());
        if (input.TowerId is null) errors.Add(Error.Required(nameof(input.TowerId)));
        if (number is null) errors.Add(Error.Required(nameof(input.Number)));
        else if (number.Length > 20) errors.Add(Error.TooLong(nameof(input.Number), 20));
        if (!Enum.IsDefined(input.State)) errors.Add(new Error("gone", nameof(input.State)));
        if (input.Floor is < -10 or > MostFloors) errors.Add(new Error("apartment.floor_range", nameof(input.Floor), -10, MostFloors));
        if (input.Coefficient is <= 0 or > 100) errors.Add(new Error("apartment.coefficient", nameof(input.Coefficient)));
        else if (input.Coefficient is { } coefficient && decimal.Round(coefficient, 6) != coefficient)
            errors.Add(new Error("apartment.coefficient_decimals", nameof(input.Coefficient)));
        if (input.Area is <= 0 or > 99_999) errors.Add(new Error("apartment.area", nameof(input.Area)));
        if (input.MonthlyFee is < 0 or > 999_999_999) errors.Add(new Error("apartment.fee", nameof(input.MonthlyFee)));
        return errors;
    }

    /// <summary>Nobody could say which of the two is meant: <c>Bloque 2</c> and <c>bloque-2</c>.</summary>
    private static bool Alike(string one, string other) =>
        Spelling.SameName(one, other) || (Spelling.WordKey(one) is { Length: > 0 } key && key == Spelling.WordKey(other));
}

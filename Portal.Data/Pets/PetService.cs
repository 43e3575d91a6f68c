using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.People;

namespace Portal.Data.Pets;

/// <param name="Unit">An apartment its owner has; null where there is none.</param>
public sealed record PetRow(
    long Id, string Name, string Species, string? Breed, long OwnerId, string? Owner, string? Unit, string? VaccinationCard,
    DateOnly? VaccinationExpiresOn)
{
    /// <summary>Of its photo; null where there is none.</summary>
    public string? Photo { get; init; }
}

/// <param name="OwnerId">Whose it is; 0 for the person's own, who need not say it.</param>
public sealed record PetInput(
    string Name, string Species, string? Breed, string? VaccinationCard, DateOnly? VaccinationExpiresOn, long OwnerId = 0)
    : IEdit<PetInput>
{
    /// <inheritdoc/>
    public PetInput? Read { get; init; }
}

/// <summary>A resident to whom a pet may belong.</summary>
public sealed record PetOwner(long Id, string Name, string? Unit);

/// <summary>The census of pets. The office keeps all; a resident their own.</summary>
public sealed class PetService(PortalStore store, BuildingClock clock)
{
    /// <summary>By name. Filters: <c>species</c>; <c>tower</c> (by its name); <c>vaccination</c>: expired, soon (within 30 days), none.</summary>
    public async Task<Page<PetRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        return await Rows(db, Sorted(db, query, user)).PageAsync(query, ct);
    }

    /// <summary>All that the list would show, for a file.</summary>
    public async IAsyncEnumerable<PetRow> ExportAsync(ListQuery query, CurrentUser user, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var rows = Exports.ReadAsync(
            await Sorted(db, query, user).Select(p => p.Id).ToListAsync(ct),
            some => Rows(db, VisibleTo(db.Pets.AsNoTracking(), user).Where(p => some.Contains(p.Id))).ToListAsync(ct),
            row => row.Id);
        await foreach (var row in rows) yield return row;
    }

    /// <summary>The species that there are, for the filter and the form; only those within reach.</summary>
    public async Task<IReadOnlyList<string>> SpeciesAsync(CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        return await VisibleTo(db.Pets.AsNoTracking(), user).Select(p => p.Species).Distinct().OrderBy(s => s).ToListAsync(ct);
    }

    /// <summary>Residents by name. Needs <see cref="Permissions.PetsEdit"/>.</summary>
    public async Task<IReadOnlyList<PetOwner>> OwnersAsync(string text, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PetsEdit) || text.Trim().Length == 0) return [];
        text = text.Trim();
        await using var db = await store.OpenAsync(user, ct);
        var units = (await UnitSearch.ReadAsync(db, text, ct)).Beginning(db);
        var accounts = await db.AccountsNamedAsync(text, 10, ct);
        return await db
            .Owners.AsNoTracking()
            .Where(o =>
                accounts.Contains(o.UserId) || units.Any(a => a.OwnerId == o.Id)
            )
            .OrderBy(o => o.Id)
            .Take(10)
            .Select(o => new PetOwner(
                o.Id,
                db.Profiles.Where(p => p.UserId == o.UserId).Select(p => p.FullName).FirstOrDefault() ?? "",
                db.Apartments.Where(a => a.OwnerId == o.Id)
                    .OrderBy(a => a.Id)
                    .Select(a => UnitName.Of(a))
                    .FirstOrDefault()
            ))
            .ToListAsync(ct);
    }

    /// <summary>Registers a pet, or changes one. The office any; a resident their own, whatever owner the input names.</summary>
    /// <returns>Its id.</returns>
    public async Task<Result<long>> SaveAsync(long? id, PetInput input, CurrentUser user, CancellationToken ct)
    {
        var office = user.Can(Permissions.PetsEdit);
        if (!office && !user.Can(Permissions.PetsViewOwn)) return Error.Forbidden;
        var owner = office ? input.OwnerId : user.OwnerIds is [var own, ..] ? own : 0;
        var errors = Check(input, owner);
        if (errors.Count > 0) return errors;
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                var pet = id is null
                    ? new Pet { OwnerId = owner, Photos = "[]" }
                    : await Mine(db, user).Where(p => p.Id == id).ForUpdate().SingleOrDefaultAsync(token);
                if (pet is null) return Error.NotFound;
                var merged = id is null ? input with { OwnerId = owner } : Edits.Merge(input, Now(pet));
                if (!merged.Ok) return Result<long>.Refused(merged);
                var given = merged.Value;
                if (office && !await db.Owners.AnyAsync(o => o.Id == given.OwnerId, token))
                    return Error.NotFound with { Field = nameof(PetInput.OwnerId) };
                if (office) pet.OwnerId = given.OwnerId;
                (pet.Name, pet.Species, pet.Breed, pet.VaccinationCard, pet.VaccinationExpiresOn) = (
                    given.Name.Trim(), given.Species.Trim(), given.Breed.TrimToNull(), given.VaccinationCard.TrimToNull(),
                    given.VaccinationExpiresOn);
                if (id is null) db.Pets.Add(pet);
                await db.SaveChangesAsync(token);
                return pet.Id;
            },
            ct
        );
    }

    public async Task<Result> DeleteAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PetsEdit) && !user.Can(Permissions.PetsViewOwn)) return Error.Forbidden;
        return await store.WriteAsync(user, async (db, token) =>
        {
            if (await Mine(db, user).SingleOrDefaultAsync(p => p.Id == id, token) is not { } pet) return Error.NotFound;
            db.Pets.Remove(pet);
            return Result.Done;
        }, ct);
    }

    /// <summary>Those the person may change.</summary>
    internal static IQueryable<Pet> Mine(PortalDb db, CurrentUser user)
    {
        var mine = user.OwnerIds;
        return user.Can(Permissions.PetsEdit) ? db.Pets : db.Pets.Where(p => mine.Contains(p.OwnerId));
    }

    private IOrderedQueryable<Pet> Sorted(PortalDb db, ListQuery query, CurrentUser user)
    {
        var pets = VisibleTo(db.Pets.AsNoTracking(), user);
        if (query.Search?.Trim() is { Length: > 0 } text)
        {
            var named = db.Named(text).Select(o => o.UserId);
            pets = pets.Where(p => p.Name.Contains(text) || p.Breed!.Contains(text) || p.VaccinationCard!.Contains(text)
                || named.Contains(p.Owner!.UserId));
        }

        if (query.Filter("species") is { } species) pets = pets.Where(p => p.Species == species);
        if (query.Filter("tower") is { } tower)
            pets = pets.Where(p => db.Apartments.Any(a => a.OwnerId == p.OwnerId && a.Tower!.Name == tower));
        var (today, soon) = (clock.Today, clock.Today.AddDays(30));
        pets = query.Filter("vaccination") switch
        {
            "expired" => pets.Where(p => p.VaccinationExpiresOn < today),
            "soon" => pets.Where(p => p.VaccinationExpiresOn >= today && p.VaccinationExpiresOn <= soon),
            "none" => pets.Where(p => p.VaccinationExpiresOn == null),
            _ => pets,
        };
        return (query.Sort, query.Descending) switch
        {
            ("vaccination", false) => pets.OrderBy(p => p.VaccinationExpiresOn).ThenBy(p => p.Id),
            ("vaccination", true) => pets.OrderByDescending(p => p.VaccinationExpiresOn).ThenBy(p => p.Id),
            ("name", true) => pets.OrderByDescending(p => p.Name).ThenBy(p => p.Id),
            _ => pets.OrderBy(p => p.Name).ThenBy(p => p.Id),
        };
    }

    private static IQueryable<PetRow> Rows(PortalDb db, IQueryable<Pet> pets) =>
        pets
            .Select(p => new PetRow(
                p.Id,
                p.Name,
                p.Species,
                p.Breed,
                p.OwnerId,
                db.Profiles.Where(o => o.UserId == p.Owner!.UserId).Select(o => o.FullName).FirstOrDefault(),
                db.Apartments.Where(a => a.OwnerId == p.OwnerId)
                    .OrderBy(a => a.Id)
                    .Select(a => UnitName.Of(a))
                    .FirstOrDefault(),
                p.VaccinationCard,
                p.VaccinationExpiresOn
            )
            {
                Photo = db.PetPhotos.Where(o => o.PetId == p.Id).Select(o => o.Digest).FirstOrDefault(),
            });

    internal static IQueryable<Pet> VisibleTo(IQueryable<Pet> pets, CurrentUser user)
    {
        if (user.Can(Permissions.PetsView)) return pets;
        var mine = user.OwnerIds;
        return user.Can(Permissions.PetsViewOwn) ? pets.Where(p => mine.Contains(p.OwnerId)) : pets.Where(p => false);
    }

    private static PetInput Now(Pet pet) =>
        new(pet.Name, pet.Species, pet.Breed, pet.VaccinationCard, pet.VaccinationExpiresOn, pet.OwnerId);

    private static List<Error> Check(PetInput input, long owner)
    {
        var errors = new List<Error>();
        if (string.IsNullOrWhiteSpace(input.Name)) errors.Add(Error.Required(nameof(PetInput.Name)));
        else if (input.Name.Trim().Length > 100) errors.Add(Error.TooLong(nameof(PetInput.Name), 100));
        if (string.IsNullOrWhiteSpace(input.Species)) errors.Add(Error.Required(nameof(PetInput.Species)));
        else if (input.Species.Trim().Length > 50) errors.Add(Error.TooLong(nameof(PetInput.Species), 50));
        if (input.Breed?.Trim().Length > 100) errors.Add(Error.TooLong(nameof(PetInput.Breed), 100));
        if (input.VaccinationCard?.Trim().Length > 255) errors.Add(Error.TooLong(nameof(PetInput.VaccinationCard), 255));
        if (owner == 0) errors.Add(Error.Required(nameof(PetInput.OwnerId)));
        return errors;
    }
}

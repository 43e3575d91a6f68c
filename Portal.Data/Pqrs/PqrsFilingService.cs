using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Operations;
using Portal.Data.People;

namespace Portal.Data.Pqrs;

/// <summary>Files cases: residents for themselves, staff for somebody who came, called or spoke.</summary>
public sealed class PqrsFilingService(PortalStore store, SettingsService settings, BuildingClock clock)
{
    public const int LongestTitle = 200;

    private const int MostPetitioners = 20;

    /// <summary>What the form offers this person; null where they may not file.</summary>
    public async Task<PqrsFormChoices?> ChoicesAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PqrsFileOwn) && !user.Can(Permissions.PqrsHandle)) return null;
        var most = (await settings.GetAsync(ct)).PqrsPerDay;
        await using var db = await store.OpenAsync(user, ct);
        var categories = await db
            .PqrsCategories.AsNoTracking()
            .OrderBy(c => c.Name)
            .Select(c => new PqrsOption(c.Id, c.Name))
            .ToListAsync(ct);
        var own = user.ApartmentIds;
        var apartments = await Places(db.Apartments.Where(a => own.Contains(a.Id))).ToListAsync(ct);
        var filed = user.OwnerIds.Count == 0 ? 0 : await FiledTodayAsync(db, user.OwnerIds, ct);
        return new PqrsFormChoices(categories, apartments, Math.Max(0, most - filed));
    }

    /// <summary>Residents whose name, document or apartment matches, for the desk. Needs <see cref="Permissions.PqrsHandle"/>.</summary>
    public async Task<IReadOnlyList<PqrsPetitionerOption>> PetitionersAsync(string? search, CurrentUser user, CancellationToken ct)
    {
        var text = search?.Trim();
        if (!user.Can(Permissions.PqrsHandle) || string.IsNullOrEmpty(text)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var today = clock.Today;
        var units = (await UnitSearch.ReadAsync(db, text, ct)).Beginning(db);
        var accounts = await db.AccountsNamedAsync(text, MostPetitioners, ct);
        var documents = DocumentNumbers.Keys(text);
        accounts.AddRange(
            await db
                .Profiles.Where(f => documents.Contains(f.DocumentNumberKey!))
                .Select(f => f.UserId)
                .Take(MostPetitioners)
                .ToListAsync(ct)
        );
        var ids = await db.Owners.Where(o => accounts.Contains(o.UserId)).Select(o => o.Id)
            .Union(units.Where(a => a.OwnerId != null).Select(a => a.OwnerId!.Value))
            .Union(
                db.Occupancies
                    .Where(c => (c.EndedOn == null || c.EndedOn >= today) && units.Select(a => a.Id).Contains(c.ApartmentId))
                    .Select(c => c.OwnerId)
            )
            .Take(MostPetitioners)
            .ToListAsync(ct);
        var owners = await db
            .Owners.AsNoTracking()
            .Where(o => ids.Contains(o.Id))
            .OrderBy(o => o.Id)
            .Take(MostPetitioners)
            .Select(o => new
            {
                o.Id,
                Name = db.Profiles.Where(f => f.UserId == o.UserId).Min(f => f.FullName) ?? o.User!.UserName,
                Document = db.Profiles.Where(f => f.UserId == o.UserId).Min(f => f.DocumentNumber),
            })
            .ToListAsync(ct);
        var options = new List<PqrsPetitionerOption>(owners.Count);
        foreach (var owner in owners)
        {
            options.Add(
                new PqrsPetitionerOption(owner.Id, owner.Name ?? "", owner.Document, await Places(Of(db, owner.Id)).ToListAsync(ct))
            );
        }

        return [.. options.OrderBy(o => o.Name, StringComparer.CurrentCultureIgnoreCase)];
    }

    /// <summary>A resident files in their own name.</summary>
    public async Task<Result<PqrsFiled>> FileAsync(PqrsFiling filing, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PqrsFileOwn) || user.OwnerIds is not [var owner, ..]) return Error.Forbidden;
        var (files, errors) = Check(filing);
        if (user.ApartmentIds.Count > 0 && filing.ApartmentId is null) errors.Add(Error.Required(nameof(PqrsFiling.ApartmentId)));
        if (filing.ApartmentId is { } apartment && !user.ApartmentIds.Contains(apartment))
            errors.Add(Error.NotFound with { Field = nameof(PqrsFiling.ApartmentId) });
        if (errors.Count > 0) return errors;

        var rules = await settings.GetAsync(ct);
        return await store.WriteAsync<PqrsFiled>(user, async (db, token) =>
        {
            // Two tabs that file at once are counted one after the other.
            await db.Owners.LockAsync(owner, token);
            var today = await FiledTodayAsync(db, user.OwnerIds, token);
            if (today >= rules.PqrsPerDay) return new Error("pqrs.too_many", null, today, rules.PqrsPerDay);
            return await AddAsync(db, filing, owner, PqrsChannel.Web, PqrsPriority.Medium, files, rules, user, token);
        }, ct);
    }

    /// <summary>Staff file for a resident. Needs <see cref="Permissions.PqrsHandle"/>; the daily limit is not theirs.</summary>
    public async Task<Result<PqrsFiled>> FileForAsync(PqrsDeskFiling desk, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PqrsHandle) || user.AccountId is null) return Error.Forbidden;
        return await store.WriteAsync<PqrsFiled>(user, (db, token) => FileForAsync(db, desk, user, token), ct);
    }

    /// <summary>As <see cref="FileForAsync(PqrsDeskFiling, CurrentUser, CancellationToken)"/>, within a write.</summary>
    internal async Task<Result<PqrsFiled>> FileForAsync(PortalDb db, PqrsDeskFiling desk, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PqrsHandle) || user.AccountId is null) return Error.Forbidden;
        var (files, errors) = Check(desk.Case);
        if (desk.OwnerId is null) errors.Add(Error.Required(nameof(PqrsDeskFiling.OwnerId)));
        if (desk.Channel == PqrsChannel.Web || !Enum.IsDefined(desk.Channel)) errors.Add(Error.Required(nameof(PqrsDeskFiling.Channel)));
        if (!Enum.IsDefined(desk.Priority)) errors.Add(Error.Required(nameof(PqrsDeskFiling.Priority)));
        if (errors.Count > 0) return errors;

        var rules = await settings.GetAsync(ct);
        var owner = desk.OwnerId!.Value;
        if (!await db.Owners.AnyAsync(o => o.Id == owner, ct)) return Error.NotFound with { Field = nameof(PqrsDeskFiling.OwnerId) };
        if (desk.Case.ApartmentId is { } apartment && !await Of(db, owner).AnyAsync(a => a.Id == apartment, ct))
            return new Error("pqrs.apartment_not_his", nameof(PqrsFiling.ApartmentId));
        return await AddAsync(db, desk.Case, owner, desk.Channel, desk.Priority, files, rules, user, ct);
    }

    private static (List<PqrsAttachment> Files, List<Error> Errors) Check(PqrsFiling filing)
    {
        var (files, errors) = PqrsFiles.Check(filing.Files);
        if (filing.Kind is not { } kind || !Enum.IsDefined(kind)) errors.Add(Error.Required(nameof(PqrsFiling.Kind)));
        if (filing.CategoryId is null) errors.Add(Error.Required(nameof(PqrsFiling.CategoryId)));
        PqrsWriting.Text(filing.Title, nameof(PqrsFiling.Title), errors, most: LongestTitle);
        PqrsWriting.Text(filing.Description, nameof(PqrsFiling.Description), errors);
        return (files, errors);
    }

    private async Task<Result<PqrsFiled>> AddAsync(
        PortalDb db, PqrsFiling filing, long owner, PqrsChannel channel, PqrsPriority priority, List<PqrsAttachment> files,
        BuildingSettings rules, CurrentUser user, CancellationToken ct)
    {
        if (!await db.PqrsCategories.AnyAsync(c => c.Id == filing.CategoryId, ct))
            return Error.NotFound with { Field = nameof(PqrsFiling.CategoryId) };
        var today = clock.Today;
        var number = await Numbering.NextAsync(db, PqrsQueries.Series, today.Year, ct);
        var filed = PqrsCase.File(filing, owner, channel, priority, PqrsDays.For(filing.Kind, rules), today, number);
        if (await PqrsAnswerService.NextAsync(db, filing.CategoryId!.Value, clock.UtcNow, ct) is { } turn) filed.Assign(turn);
        db.Pqrs.Add(filed);
        var entry = PqrsWriting.Tell(db, filed, user, PqrsEntryKind.Filed, null);
        await PqrsWriting.AttachAsync(db, filed, entry, PqrsWriting.Fresh(files), ct);
        await PqrsWriting.NotifyHandlersAsync(db, filed, user, "pqrs.filed", ct);
        if (channel != PqrsChannel.Web) await PqrsWriting.NotifyPetitionerAsync(db, filed, user, "pqrs.filed_for_you", ct);
        return new PqrsFiled(filed.Id, number);
    }

    private Task<int> FiledTodayAsync(PortalDb db, IReadOnlyList<long> owners, CancellationToken ct)
    {
        var midnight = clock.Beginning(clock.Today);
        return db.Pqrs.CountAsync(p => owners.Contains(p.OwnerId) && p.Channel == PqrsChannel.Web && p.CreatedAt >= midnight, ct);
    }

    /// <summary>The apartments a person owns or lives in today.</summary>
    private IQueryable<Apartment> Of(PortalDb db, long owner)
    {
        var today = clock.Today;
        return db.Apartments.Where(a =>
            a.OwnerId == owner
            || db.Occupancies.Any(o =>
                o.ApartmentId == a.Id && o.OwnerId == owner && o.StartedOn <= today && (o.EndedOn == null || o.EndedOn >= today)
            )
        );
    }

    private static IQueryable<PqrsPlace> Places(IQueryable<Apartment> apartments) =>
        apartments
            .AsNoTracking()
            .OrderBy(a => a.TowerId)
            .ThenBy(a => a.ApartmentNumber)
            .Select(a => new PqrsPlace(a.Id, a.Tower!.Name, a.ApartmentNumber));
}

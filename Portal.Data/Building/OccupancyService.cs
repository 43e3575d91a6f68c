using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Identity;
using Portal.Data.People;

namespace Portal.Data.Building;

/// <summary>
/// Says whose an apartment is and who lives in it. Ties are begun and ended, never overwritten: who answered for a charge of two years ago
/// stays known.
/// Everything here needs <see cref="Permissions.BuildingEdit"/>; a new account also what <see cref="AccountService"/> asks for.
/// </summary>
public sealed class OccupancyService(PortalStore store, AccountService accounts, BuildingClock clock)
{
    private const int MostOptions = 12;

    /// <summary>
    /// Gives an apartment an owner who answers for it. The ties of its owners until then end the day before, and tenants and family stay:
    /// all in one write.
    /// </summary>
    /// <returns>Refusals: <c>not_found</c>, <c>occupancy.person</c>, <c>occupancy.future</c>, <c>occupancy.same</c>,
    /// <c>occupancy.before</c>, and those of a new account.</returns>
    public async Task<Result<TieMade>> GiveOwnerAsync(long apartmentId, TieInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BuildingEdit)) return Error.Forbidden;
        var since = input.Since ?? clock.Today;
        if (Check(input, since) is { } wrong) return wrong;
        return await store.WriteAsync<TieMade>(
            user,
            async (db, token) =>
            {
                if (await LockAsync(db, apartmentId, token) is not { } apartment) return Error.NotFound;
                var earlier = await db
                    .Occupancies.Include(o => o.Owner)
                    .Where(o => o.ApartmentId == apartmentId && o.Kind == OccupancyKind.Owner && (o.EndedOn == null || o.EndedOn >= since))
                    .ToListAsync(token);
                if (
                    input.AccountId is { } account
                    && earlier is [{ EndedOn: null } only]
                    && only.Owner!.UserId == account
                    && apartment.OwnerId == only.OwnerId
                )
                    return new Error("occupancy.same", nameof(input.AccountId));
                if (earlier.Count > 0 && earlier.Max(o => o.StartedOn) is var latest && since < latest)
                    return new Error("occupancy.before", nameof(input.Since), latest);

                var person = await PersonAsync(db, input, tenant: false, user, token);
                if (!person.Ok) return Result<TieMade>.Refused(person);
                // One that began the same day was a mistake put right: it ends before it began, and never held.
                foreach (var tie in earlier) tie.EndedOn = since.AddDays(-1);
                return await BeginAsync(db, apartment, person.Value, OccupancyKind.Owner, since, main: true, token);
            },
            ct
        );
    }

    /// <summary>Adds somebody without ending anything: a further owner, a tenant, family, somebody authorised.</summary>
    /// <returns>As <see cref="GiveOwnerAsync"/>.</returns>
    public async Task<Result<TieMade>> AddAsync(long apartmentId, TieInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BuildingEdit)) return Error.Forbidden;
        var since = input.Since ?? clock.Today;
        if (Check(input, since) is { } wrong) return wrong;
        return await store.WriteAsync<TieMade>(
            user,
            async (db, token) =>
            {
                if (await LockAsync(db, apartmentId, token) is not { } apartment) return Error.NotFound;
                if (
                    input.AccountId is { } account
                    && await db.Occupancies.AnyAsync(
                        o =>
                            o.ApartmentId == apartmentId
                            && o.Kind == input.Kind
                            && o.Owner!.UserId == account
                            && (o.EndedOn == null || o.EndedOn >= since),
                        token
                    )
                )
                {
                    return new Error("occupancy.same", nameof(input.AccountId));
                }

                var person = await PersonAsync(db, input, tenant: input.Kind != OccupancyKind.Owner, user, token);
                if (!person.Ok) return Result<TieMade>.Refused(person);
                return await BeginAsync(
                    db, apartment, person.Value, input.Kind, since, main: input.Kind == OccupancyKind.Owner && apartment.OwnerId is null,
                    token);
            },
            ct
        );
    }

    /// <summary>
    /// Ends a tie. When it is that of the owner who answers for the apartment, another owner takes that place, or nobody.
    /// </summary>
    /// <param name="tieId">Of <c>occupancies</c>.</param>
    /// <param name="lastDay">At most today; null: yesterday, so that it ends now.</param>
    /// <param name="user">Who does it.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Refusals: <c>not_found</c>, <c>occupancy.ended</c>, <c>occupancy.future</c>, <c>occupancy.before</c>.</returns>
    public async Task<Result> EndAsync(long tieId, DateOnly? lastDay, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BuildingEdit)) return Error.Forbidden;
        var today = clock.Today;
        var last = lastDay ?? today.AddDays(-1);
        if (last > today) return new Error("occupancy.future", "LastDay");
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                var apartmentId = await db
                    .Occupancies.Where(o => o.Id == tieId)
                    .Select(o => (long?)o.ApartmentId)
                    .FirstOrDefaultAsync(token);
                if (apartmentId is null || await LockAsync(db, apartmentId.Value, token) is not { } apartment) return Error.NotFound;
                var tie = await db.Occupancies.FirstAsync(o => o.Id == tieId, token);
                if (tie.EndedOn is not null) return new Error("occupancy.ended", "LastDay", tie.EndedOn);
                if (last < tie.StartedOn.AddDays(-1)) return new Error("occupancy.before", "LastDay", tie.StartedOn);
                tie.EndedOn = last;
                if (tie.Kind == OccupancyKind.Owner && apartment.OwnerId == tie.OwnerId)
                {
                    apartment.OwnerId = await db
                        .Occupancies.Where(o =>
                            o.ApartmentId == apartment.Id
                            && o.Id != tieId
                            && o.Kind == OccupancyKind.Owner
                            && o.StartedOn <= today
                            && o.EndedOn == null
                        )
                        .OrderBy(o => o.StartedOn)
                        .ThenBy(o => o.Id)
                        .Select(o => (long?)o.OwnerId)
                        .FirstOrDefaultAsync(token);
                }

                return Result.Done;
            },
            ct
        );
    }

    /// <summary>
    /// People by name, document or username, for a choice. The document is shown to tell two of one name apart, to who may see it.
    /// </summary>
    public async Task<IReadOnlyList<PersonOption>> PeopleAsync(string text, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BuildingEdit)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var documents = user.Can(Permissions.PeopleView);
        var people = db.Profiles.AsNoTracking();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(5))
        {
            var document = DocumentNumbers.Key(word) is { Length: > 0 } key ? $"{key}%" : "";
            people = people.Where(p =>
                p.FirstName.Contains(word)
                || p.LastName.Contains(word)
                || p.User!.UserName!.StartsWith(word)
                || (documents && EF.Functions.Like(p.DocumentNumberKey!, document))
            );
        }

        var rows = await people
            .OrderBy(p => p.FirstName)
            .ThenBy(p => p.LastName)
            .ThenBy(p => p.Id)
            .Take(MostOptions)
            .Select(p => new
            {
                p.UserId,
                p.FirstName,
                p.LastName,
                Document = documents ? p.DocumentNumber : null,
                Kind = p.DocumentType == null ? null : p.DocumentType.Code,
                p.User!.UserName,
            })
            .ToListAsync(ct);
        return rows.ConvertAll(p => new PersonOption(
            p.UserId, $"{p.FirstName} {p.LastName}", p.Document is null ? p.UserName : $"{p.Kind} {p.Document}".Trim()));
    }

    private Error? Check(TieInput input, DateOnly since)
    {
        if (!Enum.IsDefined(input.Kind)) return new Error("gone", nameof(input.Kind));
        if (input.AccountId is null && input.New is null) return new Error("occupancy.person", nameof(input.AccountId));
        return since > clock.Today ? new Error("occupancy.future", nameof(input.Since)) : null;
    }

    /// <summary>
    /// The person's row in <c>owners</c>; made where there is none. A tenant who buys gets one as an owner beside that as a tenant.
    /// </summary>
    private async Task<Result<(Owner Owner, IssuedCode? Code)>> PersonAsync(
        PortalDb db, TieInput input, bool tenant, CurrentUser user, CancellationToken ct)
    {
        IssuedCode? code = null;
        if (input.AccountId is null)
        {
            var issued = await accounts.CreateAsync(db, input.New! with { RoleId = Roles.Owner }, user, ct);
            if (!issued.Ok) return Result<(Owner, IssuedCode?)>.Refused(issued);
            code = issued.Value;
        }

        var account = input.AccountId ?? code!.AccountId;
        if (!await db.Users.AnyAsync(u => u.Id == account, ct)) return new Error("gone", nameof(input.AccountId));
        var rows = await db.Owners.Where(o => o.UserId == account).OrderBy(o => o.Id).ToListAsync(ct);
        var owner = rows.FirstOrDefault(o => (o.IsTenant ?? false) == tenant) ?? (tenant ? rows.FirstOrDefault() : null);
        if (owner is null) db.Owners.Add(owner = new Owner { UserId = account, IsTenant = tenant });
        await db.SaveChangesAsync(ct);
        return (owner, code);
    }

    private static async Task<TieMade> BeginAsync(
        PortalDb db, Apartment apartment, (Owner Owner, IssuedCode? Code) person, OccupancyKind kind, DateOnly since, bool main,
        CancellationToken ct)
    {
        var tie = new Occupancy
        {
            ApartmentId = apartment.Id,
            OwnerId = person.Owner.Id,
            Kind = kind,
            StartedOn = since,
        };
        db.Occupancies.Add(tie);
        if (main) apartment.OwnerId = person.Owner.Id;
        await db.SaveChangesAsync(ct);
        var name = await db
            .Profiles.Where(p => p.UserId == person.Owner.UserId)
            .OrderBy(p => p.Id)
            .Select(p => p.FullName)
            .FirstOrDefaultAsync(ct);
        return new TieMade(tie.Id, person.Owner.UserId, name ?? "", person.Code);
    }

    /// <summary>Holds the apartment until the write ends: two who give it away at once wait for each other.</summary>
    private static Task<Apartment?> LockAsync(PortalDb db, long apartmentId, CancellationToken ct) =>
        db.Apartments.Where(a => a.Id == apartmentId).ForUpdate().FirstOrDefaultAsync(ct);
}

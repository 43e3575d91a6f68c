using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Building;
using Portal.Data.Identity;
using Portal.Data.Notifications;

namespace Portal.Data.People;

/// <summary>
/// The people of the building. <see cref="Permissions.PeopleView"/> sees them whole; <see cref="Permissions.PeopleContact"/> sees how to
/// reach them, and
/// neither their documents nor their accounts.
/// </summary>
public sealed class PeopleService(PortalStore store, BuildingClock clock)
{
    /// <summary>Who is where and how to reach them left the portal as a file.</summary>
    public const string Exported = "people_exported";

    /// <summary>Filters and sorts as in <see cref="PeopleQueries"/>.</summary>
    public async Task<Page<PersonRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!MaySee(user)) return Page<PersonRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var whole = user.Can(Permissions.PeopleView);
        var units = await UnitSearch.ReadAsync(db, query.Search, ct);
        var matching = db.People().Matching(db, query, units, whole, clock.Today);
        var page = await Found(matching.Sorted(query, whole)).PageAsync(query, ct);
        return new Page<PersonRow>(await RowsAsync(db, page.Rows, user, ct), page.Total);
    }

    /// <summary>
    /// All that <see cref="ListAsync"/> would show, for a file. Whole files of people are for <see cref="Permissions.PeopleView"/>
    /// alone, and only after a fresh sign-in: nobody's otherwise. That it left the portal, and of how many people, stays in the audit log.
    /// </summary>
    public async IAsyncEnumerable<PersonRow> ExportAsync(ListQuery query, CurrentUser user, [EnumeratorCancellation] CancellationToken ct)
    {
        if (!user.Can(Permissions.PeopleView)) yield break;
        await using var db = await store.OpenAsync(user, ct);
        if (await db.NotFreshAsync(user, ct) is not null) yield break;
        var units = await UnitSearch.ReadAsync(db, query.Search, ct);
        var matching = db.People().Matching(db, query, units, whole: true, clock.Today);
        var found = await matching.Sorted(query, whole: true).Select(p => p.User.Id).ToListAsync(ct);
        await db.WriteEventAsync(Exported, "users", null, new { people = found.Count, all = query.AsksForAll }, ct);
        var rows = Exports.ReadAsync(
            found,
            async some => await RowsAsync(
                db, await Found(db.People().Where(p => some.Contains(p.User.Id))).ToListAsync(ct), user, ct),
            row => row.Id);
        await foreach (var row in rows) yield return row;
    }

    /// <returns>Null where there is no such person, or they are out of reach.</returns>
    public async Task<PersonDetail?> FindAsync(long accountId, CurrentUser user, CancellationToken ct)
    {
        if (!MaySee(user)) return null;
        await using var db = await store.OpenAsync(user, ct);
        return await ReadAsync(db, accountId, user, user.Can(Permissions.PeopleView), ct);
    }

    /// <summary>
    /// What the building keeps with a person, in one trip: payments for <see cref="Permissions.PaymentsView"/>, vehicles for
    /// <see cref="Permissions.ParkingView"/>, pets for <see cref="Permissions.PetsView"/>, cases for <see cref="Permissions.PqrsView"/>;
    /// and nothing for who does not see people.
    /// </summary>
    public async Task<PersonRecords> RecordsAsync(long accountId, CurrentUser user, CancellationToken ct)
    {
        if (!MaySee(user)) return PersonRecords.Nothing;
        await using var db = await store.OpenAsync(user, ct);
        return await db.Database.CreateExecutionStrategy().ExecuteAsync(
            token => PersonRecordsQuery.ReadAsync(db, accountId, clock.Today, user, token), ct);
    }

    /// <summary>The person asking, whole. Null for who is not signed in.</summary>
    public async Task<PersonDetail?> MineAsync(CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } id) return null;
        await using var db = await store.OpenAsync(user, ct);
        return await ReadAsync(db, id, user, whole: true, ct);
    }

    /// <summary>Kinds of documents, for a choice. Empty for who changes nobody.</summary>
    public async Task<IReadOnlyList<DocumentKind>> DocumentKindsAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PeopleEdit)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await db.DocumentTypes.AsNoTracking().OrderBy(t => t.Id).Select(t => new DocumentKind(t.Id, t.Code, t.Name)).ToListAsync(ct);
    }

    /// <summary>The roles there are, to filter by. Empty for who sees nobody.</summary>
    public async Task<IReadOnlyList<RoleOption>> RolesAsync(CurrentUser user, CancellationToken ct)
    {
        if (!MaySee(user)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await db.Roles.AsNoTracking().OrderBy(r => r.Id).Select(r => new RoleOption(r.Id, r.Name!)).ToListAsync(ct);
    }

    /// <summary>
    /// Corrects what is kept of a person. Needs <see cref="Permissions.PeopleEdit"/>, and for anybody but residents
    /// <see cref="Permissions.AccessManage"/>.
    /// </summary>
    /// <returns>Refusals: <c>not_found</c>, <c>forbidden</c>, <c>required</c>, <c>too_long</c>, <c>account.email</c>,
    /// <c>account.email_taken</c>, <c>person.born</c>, <c>fresh.needed</c> to change the e-mail address.</returns>
    public Task<Result> SaveContactAsync(long accountId, ContactInput input, CurrentUser user, CancellationToken ct) =>
        WriteAsync(
            accountId,
            user,
            async (db, account, profile, token) =>
            {
                if (!AccountService.MayManage(user, account.RoleId)) return Error.Forbidden;
                var merged = Edits.Merge(input, Now(profile));
                if (!merged.Ok) return merged;
                var given = merged.Value;
                var clean = AccountService.Clean(
                    new NewAccount(
                        account.UserName, given.FirstName, given.LastName, given.Email, given.Phone, account.RoleId, given.DocumentTypeId,
                        given.DocumentNumber)
                );
                var errors = AccountService.Check(clean).FindAll(e => e.Field != nameof(NewAccount.Username));
                if (given.BirthDate is { } born && (born > clock.Today || born.Year < 1900))
                    errors.Add(new Error("person.born", nameof(input.BirthDate)));
                if (clean.DocumentTypeId is { } kind && !await db.DocumentTypes.AnyAsync(t => t.Id == kind, token))
                    errors.Add(new Error("gone", nameof(input.DocumentTypeId)));
                errors.AddRange(await AddressAsync(db, accountId, clean.Email, given.Address, token));
                if (errors.Count > 0) return errors;
                if (profile.Email != clean.Email && await db.NotFreshAsync(user, token) is { } stale) return stale;
                await FormerAddressMail.TellAsync(db, accountId, profile.Email, clean.Email, token);
                if (profile.Email != clean.Email && user.AccountId != accountId)
                {
                    // Who reads the address that was wrong, or is somebody else's by now, answers for the person no more.
                    var now = db.Clock.GetUtcNow().UtcDateTime;
                    await db.Sessions.Where(s => s.UserId == accountId && s.AskedAt != null && s.AnsweredAt == null)
                        .ExecuteUpdateAsync(set => set.SetProperty(s => s.AnsweredAt, now), token);
                }

                (profile.FirstName, profile.LastName, profile.Email, profile.Phone, profile.Address) = (
                    clean.FirstName!, clean.LastName!, clean.Email, clean.Phone, given.Address.TrimToNull());
                (profile.DocumentTypeId, profile.DocumentNumber, profile.BirthDate) = (
                    clean.DocumentTypeId, clean.DocumentNumber, given.BirthDate);
                return Result.Done;
            },
            ct
        );

    /// <summary>A person's own address, phone and e-mail.</summary>
    /// <returns>Refusals: <c>not_found</c>, <c>too_long</c>, <c>account.email</c>, <c>account.email_taken</c>.</returns>
    public Task<Result> SaveMineAsync(OwnContactInput input, CurrentUser user, CancellationToken ct) =>
        WriteAsync(
            user.AccountId ?? 0,
            user,
            async (db, account, profile, token) =>
            {
                var merged = Edits.Merge(input, new OwnContactInput(profile.Email, profile.Phone, profile.Address));
                if (!merged.Ok) return merged;
                var given = merged.Value;
                var clean = AccountService.Clean(
                    new NewAccount(account.UserName, profile.FirstName, profile.LastName, given.Email, given.Phone)
                );
                var errors = AccountService.Check(clean).FindAll(e => e.Field is nameof(input.Email) or nameof(input.Phone));
                errors.AddRange(await AddressAsync(db, account.Id, clean.Email, given.Address, token));
                if (errors.Count > 0) return errors;
                if (profile.Email != clean.Email && await db.NotFreshAsync(user, token) is { } stale) return stale;
                await FormerAddressMail.TellAsync(db, account.Id, profile.Email, clean.Email, token);
                (profile.Email, profile.Phone, profile.Address) = (clean.Email, clean.Phone, given.Address.TrimToNull());
                return Result.Done;
            },
            ct
        );

    private sealed record FoundPerson(
        long Id, string? UserName, int RoleId, string? Role, UserState State, DateTimeOffset? LockoutEnd, DateTime? LastSignInAt,
        string? FirstName, string? LastName, string? Email, string? Phone, string? DocumentNumber, string? DocumentType);

    private static IQueryable<FoundPerson> Found(IQueryable<PersonAndAccount> people) =>
        people.Select(p => new FoundPerson(
            p.User.Id, p.User.UserName, p.User.RoleId, p.User.Role!.Name, p.User.UserStatusId, p.User.LockoutEnd, p.User.LastSignInAt,
            p.Profile!.FirstName, p.Profile.LastName, p.Profile.Email, p.Profile.Phone, p.Profile.DocumentNumber,
            p.Profile.DocumentType!.Code));

    /// <summary>With the apartments they are tied to, and without what is not for the reader.</summary>
    private async Task<List<PersonRow>> RowsAsync(PortalDb db, IReadOnlyList<FoundPerson> people, CurrentUser user, CancellationToken ct)
    {
        var whole = user.Can(Permissions.PeopleView);
        var (today, now) = (clock.Today, clock.UtcNow);
        var ties = await PeopleQueries.TiesAsync(db, [.. people.Select(p => p.Id)], ct);
        return
        [
            .. people.Select(p => new PersonRow(
                p.Id, Name(p.FirstName, p.LastName, p.UserName), whole ? p.UserName : null,
                whole && p.DocumentNumber is not null ? $"{p.DocumentType} {p.DocumentNumber}".Trim() : null,
                MayCall(user, p.Id, p.RoleId) ? p.Email : null, MayCall(user, p.Id, p.RoleId) ? p.Phone : null, p.RoleId,
                p.Role!, whole ? p.State : null, whole && p.LockoutEnd > now, whole ? p.LastSignInAt : null,
                [.. ties[p.Id].Where(t => t.HoldsOn(today)).Select(t => new PersonUnit(t.ApartmentId, t.Tower, t.Number, t.Kind))])),
        ];
    }

    private static bool MaySee(CurrentUser user) => user.Can(Permissions.PeopleView) || user.Can(Permissions.PeopleContact);

    /// <summary>Contact data is for reaching residents and the office; the guards' own is not for their colleagues.</summary>
    private static bool MayCall(CurrentUser user, long accountId, int roleId) =>
        roleId != Roles.Security || user.AccountId == accountId || user.Can(Permissions.PeopleView);

    private static string Name(string? first, string? last, string? username) =>
        $"{first} {last}".Trim() is { Length: > 0 } name ? name : username ?? "";

    private static async Task<List<Error>> AddressAsync(PortalDb db, long accountId, string? email, string? address, CancellationToken ct)
    {
        var errors = new List<Error>();
        if (email is not null && await db.Profiles.AnyAsync(p => p.Email == email && p.UserId != accountId, ct))
            errors.Add(new Error("account.email_taken", nameof(ContactInput.Email)));
        if (address?.Length > 500) errors.Add(Error.TooLong(nameof(ContactInput.Address), 500));
        return errors;
    }

    private Task<Result> WriteAsync(
        long accountId, CurrentUser user, Func<PortalDb, User, Profile, CancellationToken, Task<Result>> change, CancellationToken ct)
    {
        if (user.AccountId != accountId && !user.Can(Permissions.PeopleEdit)) return Task.FromResult<Result>(Error.NotFound);
        return store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.Users.AsNoTracking().FirstOrDefaultAsync(u => u.Id == accountId, token) is not { } account)
                    return Error.NotFound;
                var profile = await db.Profiles.Where(p => p.UserId == accountId).OrderBy(p => p.Id).ForUpdate().FirstOrDefaultAsync(token);
                if (profile is null)
                    db.Profiles.Add(
                        profile = new Profile
                        {
                            UserId = accountId,
                            FirstName = account.UserName!,
                            LastName = "",
                        }
                    );
                return await change(db, account, profile, token);
            },
            ct
        );
    }

    private static ContactInput Now(Profile profile) =>
        new(
            profile.FirstName, profile.LastName, profile.Email, profile.Phone, profile.Address, profile.DocumentTypeId,
            profile.DocumentNumber, profile.BirthDate);

    private async Task<PersonDetail?> ReadAsync(PortalDb db, long accountId, CurrentUser user, bool whole, CancellationToken ct)
    {
        var (today, now) = (clock.Today, clock.UtcNow);
        var found = await db.People()
            .Where(p => p.User.Id == accountId)
            .Select(p => new
            {
                p.User.UserName,
                p.User.RoleId,
                Role = p.User.Role!.Name,
                p.User.UserStatusId,
                p.User.LockoutEnd,
                p.User.LastSignInAt,
                p.User.CreatedAt,
                p.Profile!.FirstName,
                p.Profile.LastName,
                p.Profile.Email,
                p.Profile.Phone,
                p.Profile.Address,
                p.Profile.DocumentTypeId,
                p.Profile.DocumentNumber,
                p.Profile.BirthDate,
                Kind = p.Profile.DocumentType!.Code,
            })
            .SingleOrDefaultAsync(ct);
        if (found is null) return null;
        var ties = (await PeopleQueries.TiesAsync(db, [accountId], ct))[accountId];
        var manage = AccountService.MayManage(user, found.RoleId);
        var code = !manage
            ? null
            : await db
                .AccountCodes.AsNoTracking()
                .Where(c => c.UserId == accountId && c.UsedAt == null && c.ExpiresAt > now)
                .OrderByDescending(c => c.Id)
                .Select(c => new { c.Kind, c.ExpiresAt })
                .FirstOrDefaultAsync(ct);
        var guessed = !manage
            ? null
            : await db.SignInFailures.Where(f => f.UserId == accountId && f.WaitUntil > now).MaxAsync(f => f.WaitUntil, ct);
        var contact = MayCall(user, accountId, found.RoleId)
            ? new ContactInput(found.FirstName, found.LastName, found.Email, found.Phone, found.Address)
            : new ContactInput(found.FirstName, found.LastName, null, null);
        return new PersonDetail(
            accountId,
            Name(found.FirstName, found.LastName, found.UserName),
            whole
                ? contact with
                {
                    DocumentTypeId = found.DocumentTypeId,
                    DocumentNumber = found.DocumentNumber,
                    BirthDate = found.BirthDate,
                }
                : contact,
            whole ? found.Kind : null,
            found.RoleId,
            found.Role!,
            whole
                ? new PersonAccount(
                    found.UserName!, found.UserStatusId, found.LockoutEnd is { } end && end.UtcDateTime > now ? end.UtcDateTime : null,
                    found.LastSignInAt, found.CreatedAt, code?.Kind, code?.ExpiresAt, guessed)
                : null,
            [.. ties.OrderByDescending(t => t.HoldsOn(today))],
            manage
        );
    }
}

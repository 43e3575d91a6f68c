using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Identity;
using Portal.Data.Operations;
using Portal.Data.People;

namespace Portal.Data.Pqrs;

/// <summary>A petition of somebody who does not say who they are.</summary>
/// <param name="Reason">Why not: it is followed up where this is serious and credible (C-951 of 2014).</param>
public sealed record PqrsAnonymousFiling(PqrsKind? Kind, int? CategoryId, string? Title, string? Description, string? Reason);

/// <summary>What they need to read the answer. The code is nowhere but here.</summary>
public sealed record PqrsAnonymousFiled(string Number, string Code, DateOnly DueOn);

/// <summary>Something that was said in it, by the office or by them.</summary>
public sealed record PqrsAnonymousEntry(bool ByOffice, string Text, DateTime? At);

/// <summary>The case as who holds its code may see it: nothing internal, and nobody's name.</summary>
public sealed record PqrsAnonymousCase(
    string Number, string Title, PqrsState State, DateTime? FiledAt, DateOnly? DueOn, IReadOnlyList<PqrsAnonymousEntry> Entries)
{
    public bool MayWrite => PqrsFlow.IsActive(State);
}

/// <summary>
/// Petitions without a name. They belong to an account that nobody can sign in to; neither log nor case knows the sender's account or
/// address, and only who holds the code reads the answer. Who asks is held back by network, not here.
/// </summary>
public sealed class PqrsAnonymousService(PortalStore store, SettingsService settings, BuildingClock clock, PqrsChoices choices)
{
    /// <summary>Signs in to nothing: it is inactive and has no password.</summary>
    internal const string Account = "anonymous";

    private const int ShortestReason = 20;
    private const int CodeLength = 12;

    /// <summary>What it may be about, for anybody; nothing where the building takes none.</summary>
    public async Task<IReadOnlyList<PqrsOption>> CategoriesAsync(CancellationToken ct) =>
        (await settings.GetAsync(ct)).PqrsAnonymous ? await choices.Categories.GetAsync(ct) : [];

    /// <summary>Files one. Refused: <c>forbidden</c> where the building takes none, what a petition lacks, <c>pqrs.reason</c>.</summary>
    public async Task<Result<PqrsAnonymousFiled>> FileAsync(PqrsAnonymousFiling input, CancellationToken ct)
    {
        var rules = await settings.GetAsync(ct);
        if (!rules.PqrsAnonymous) return Error.Forbidden;
        var errors = new List<Error>();
        if (input.Kind is not { } kind || !Enum.IsDefined(kind)) errors.Add(Error.Required(nameof(input.Kind)));
        if (input.CategoryId is null) errors.Add(Error.Required(nameof(input.CategoryId)));
        PqrsWriting.Text(input.Title, nameof(input.Title), errors, most: PqrsFilingService.LongestTitle);
        PqrsWriting.Text(input.Description, nameof(input.Description), errors);
        var reason = PqrsWriting.Text(input.Reason, nameof(input.Reason), errors, required: false);
        if (reason.Length < ShortestReason) errors.Add(new Error("pqrs.reason", nameof(input.Reason), ShortestReason));
        if (errors.Count > 0) return errors;

        var code = RandomNumberGenerator.GetString(VerificationCode.Letters, CodeLength);
        return await store.WriteAsync<PqrsAnonymousFiled>(
            CurrentUser.Nobody,
            async (db, token) =>
            {
                if (!await db.PqrsCategories.AnyAsync(c => c.Id == input.CategoryId, token))
                    return Error.NotFound with { Field = nameof(input.CategoryId) };
                var (owner, account) = await ReservedAsync(db, token);
                var today = clock.Today;
                var number = await Numbering.NextAsync(db, PqrsQueries.Series, today.Year, token);
                var filing = new PqrsFiling(input.Kind, input.CategoryId, null, input.Title, input.Description, []);
                var filed = PqrsCase.File(
                    filing, owner, PqrsChannel.Web, PqrsPriority.Medium, PqrsDays.For(input.Kind, rules), today, number);
                filed.Anonymise(Hash(code));
                if (await PqrsAnswerService.NextAsync(db, input.CategoryId!.Value, clock.UtcNow, token) is { } turn) filed.Assign(turn);
                db.Pqrs.Add(filed);
                PqrsWriting.Tell(db, filed, account, PqrsEntryKind.Filed, null);
                await db.SaveChangesAsync(token);
                PqrsWriting.Tell(db, filed, account, PqrsEntryKind.Note, reason, inside: true);
                await PqrsWriting.NotifyHandlersAsync(db, filed, account, "pqrs.filed", token);
                return new PqrsAnonymousFiled(number, code, filed.DueOn!.Value);
            },
            ct);
    }

    /// <summary>The case, for who holds its number and code; null for everybody else.</summary>
    public async Task<PqrsAnonymousCase?> ReadAsync(string? number, string? code, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(CurrentUser.Nobody, ct);
        if (await FindAsync(db, number, code, ct) is not { } id) return null;
        var c = await db.Pqrs.AsNoTracking().SingleAsync(p => p.Id == id, ct);
        var entries = await db.PqrsTracking.AsNoTracking()
            .Where(t => t.PqrsId == id && !t.Internal && t.Comments != null
                && (t.Kind == PqrsEntryKind.Reply || t.Kind == PqrsEntryKind.Message || t.Kind == PqrsEntryKind.Status))
            .OrderBy(t => t.CreatedAt).ThenBy(t => t.Id)
            .Select(t => new { ByOffice = t.Kind != PqrsEntryKind.Message, t.Comments, t.CreatedAt })
            .ToListAsync(ct);
        return new PqrsAnonymousCase(
            c.Number!, c.Title, c.StatusId, Wall(c.CreatedAt), c.DueOn,
            [
                new PqrsAnonymousEntry(false, c.Description, Wall(c.CreatedAt)),
                .. entries.Select(e => new PqrsAnonymousEntry(e.ByOffice, e.Comments!, Wall(e.CreatedAt))),
            ]);
    }

    /// <summary>They write in it, as a petitioner does: a deadline that waited for that runs again.</summary>
    public async Task<Result> WriteAsync(string? number, string? code, string? text, CancellationToken ct)
    {
        var errors = new List<Error>();
        var words = PqrsWriting.Text(text, "Text", errors);
        if (errors.Count > 0) return errors;
        return await store.WriteAsync(
            CurrentUser.Nobody,
            async (db, token) =>
            {
                if (await FindAsync(db, number, code, token) is not { } id) return Error.NotFound;
                var c = await db.Pqrs.Where(p => p.Id == id).ForUpdate().SingleAsync(token);
                await db.Entry(c).Collection(p => p.Pauses).LoadAsync(token);
                if (c.Hear(clock.Today) is { Ok: false } refused) return refused;
                var (_, account) = await ReservedAsync(db, token);
                PqrsWriting.Tell(db, c, account, PqrsEntryKind.Message, words);
                PqrsWriting.Touch(db, c);
                await PqrsWriting.NotifyHandlersAsync(db, c, account, "pqrs.message", token);
                return Result.Done;
            },
            ct);
    }

    private DateTime? Wall(DateTime? utc) => utc is { } at ? clock.ToWall(at) : null;

    private static async Task<long?> FindAsync(PortalDb db, string? number, string? code, CancellationToken ct)
    {
        var typed = string.Concat((code ?? "").Where(char.IsLetterOrDigit)).ToUpperInvariant();
        if (typed.Length != CodeLength || number is not { Length: > 0 and <= 40 }) return null;
        var hash = Hash(typed);
        var asked = number.Trim().ToUpperInvariant();
        if (!asked.StartsWith(PqrsQueries.Series, StringComparison.Ordinal)) asked = $"{PqrsQueries.Series}-{asked}";
        return await db.Pqrs.Where(p => p.Number == asked && p.AccessHash == hash).Select(p => (long?)p.Id).SingleOrDefaultAsync(ct);
    }

    /// <summary>Sixty random bits: a plain hash tells nothing of them.</summary>
    private static string Hash(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(code)));

    /// <summary>Whose all of them are; made with the first.</summary>
    private static async Task<(long Owner, CurrentUser Account)> ReservedAsync(PortalDb db, CancellationToken ct)
    {
        if (await FindReservedAsync(db, ct) is not { } owner)
        {
            // Two at once: the second waits here for the first and finds what it made.
            await db.LockRoleAsync(Roles.Owner, ct);
            if (await FindReservedAsync(db, ct) is { } made) return (made.Id, As(made.UserId));
            var account = AccountService.NewUser(Account, Roles.Owner, UserState.Inactive, passwordHash: "");
            db.Users.Add(account);
            db.Profiles.Add(AccountService.NewProfile(account, new NewAccount(Account, "Persona", "anónima", null, RoleId: Roles.Owner)));
            await db.SaveChangesAsync(ct);
            db.Owners.Add(owner = new Owner { UserId = account.Id });
            await db.SaveChangesAsync(ct);
        }

        return (owner.Id, As(owner.UserId));

        static CurrentUser As(long id) => CurrentUser.Nobody with { Id = id };
    }

    private static Task<Owner?> FindReservedAsync(PortalDb db, CancellationToken ct) =>
        db.Owners.AsNoTracking().OrderBy(o => o.Id).FirstOrDefaultAsync(o => o.User!.UserName == Account, ct);
}

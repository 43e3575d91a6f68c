using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.People;

namespace Portal.Data.Guards;

/// <summary>How far an insurance reaches.</summary>
public enum CoverState { Unknown, Valid, Soon, Expired }

/// <param name="Identification">Empty, as are phone and insurances, where they are not for the reader.</param>
/// <param name="Arl">Insurance against accidents at work.</param>
/// <param name="Eps">Health insurance.</param>
public sealed record GuardRow(
    long Id, string Name, string Identification, Shift Shift, string? Phone, string? ArlNumber, DateOnly? ArlExpiresOn, CoverState Arl,
    string? EpsNumber, DateOnly? EpsExpiresOn, CoverState Eps);

public sealed record GuardInput(
    string Name, string Identification, Shift Shift, string? Phone, string? ArlNumber, DateOnly? ArlExpiresOn, string? EpsNumber,
    DateOnly? EpsExpiresOn)
    : IEdit<GuardInput>
{
    /// <inheritdoc/>
    public GuardInput? Read { get; init; }
}

/// <summary>How many guards have an insurance that is over, and how many one that soon will be.</summary>
public sealed record CoverCounts(int Expired, int Soon);

/// <summary>The guards, their shifts and their insurances.</summary>
public sealed class GuardService(PortalStore store, BuildingClock clock)
{
    /// <summary>An insurance that ends within so many days is marked.</summary>
    public const int SoonDays = 30;

    /// <summary>
    /// By name. Filters: <c>shift</c>; <c>cover</c>: expired, soon (either insurance). Who does not keep the roster sees the name and the
    /// shift, and neither finds nor filters by the rest.
    /// </summary>
    public async Task<Page<GuardRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GuardsView)) return Page<GuardRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var guards = db.Guards.AsNoTracking();
        var whole = user.Can(Permissions.GuardsEdit);
        if (query.Search?.Trim() is { Length: > 0 } text)
            guards = guards.Where(g =>
                g.Name.Contains(text) || (whole && (g.Identification.StartsWith(text) || g.Phone!.Contains(text))));
        if (query.Filter<Shift>("shift") is { } shift) guards = guards.Where(g => g.Shift == shift);
        var (today, soon) = (clock.Today, clock.Today.AddDays(SoonDays));
        guards = (whole ? query.Filter("cover") : null) switch
        {
            "expired" => guards.Where(g => g.ArlExpiresOn < today || g.EpsExpiresOn < today),
            "soon" => guards.Where(g =>
                (g.ArlExpiresOn >= today && g.ArlExpiresOn <= soon) || (g.EpsExpiresOn >= today && g.EpsExpiresOn <= soon)
            ),
            _ => guards,
        };
        var ordered = (query.Sort, query.Descending) switch
        {
            ("shift", false) => guards.OrderBy(g => g.Shift).ThenBy(g => g.Name).ThenBy(g => g.Id),
            ("shift", true) => guards.OrderByDescending(g => g.Shift).ThenBy(g => g.Name).ThenBy(g => g.Id),
            ("name", true) => guards.OrderByDescending(g => g.Name).ThenBy(g => g.Id),
            _ => guards.OrderBy(g => g.Name).ThenBy(g => g.Id),
        };
        var page = await ordered
            .Select(g => whole
                ? new GuardRow(
                    g.Id, g.Name, g.Identification, g.Shift, g.Phone, g.ArlNumber, g.ArlExpiresOn, CoverState.Unknown, g.EpsNumber,
                    g.EpsExpiresOn, CoverState.Unknown)
                : new GuardRow(g.Id, g.Name, "", g.Shift, null, null, null, CoverState.Unknown, null, null, CoverState.Unknown))
            .PageAsync(query, ct);
        return page with
        {
            Rows = [.. page.Rows.Select(g => g with { Arl = Cover(g.ArlExpiresOn, today), Eps = Cover(g.EpsExpiresOn, today) })],
        };
    }

    /// <summary>Of either insurance. Null without <see cref="Permissions.GuardsEdit"/>.</summary>
    public async Task<CoverCounts?> CoversAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GuardsEdit)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var (today, soon) = (clock.Today, clock.Today.AddDays(SoonDays));
        return new CoverCounts(
            await db.Guards.CountAsync(g => g.ArlExpiresOn < today || g.EpsExpiresOn < today, ct),
            await db.Guards.CountAsync(
                g => (g.ArlExpiresOn >= today && g.ArlExpiresOn <= soon) || (g.EpsExpiresOn >= today && g.EpsExpiresOn <= soon), ct));
    }

    /// <summary>Adds a guard, or changes one. Needs <see cref="Permissions.GuardsEdit"/>.</summary>
    /// <returns>The id.</returns>
    public async Task<Result<long>> SaveAsync(long? id, GuardInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GuardsEdit)) return Error.Forbidden;
        var errors = Check(input);
        if (errors.Count > 0) return errors;
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                var guard = id is null ? new Guard() : await db.Guards.Where(g => g.Id == id).ForUpdate().SingleOrDefaultAsync(token);
                if (guard is null) return Error.NotFound;
                var merged = id is null ? input : Edits.Merge(input, Now(guard));
                if (!merged.Ok) return Result<long>.Refused(merged);
                var (given, document) = (merged.Value, merged.Value.Identification.Trim());
                var others = await db.Guards.Where(g => g.Id != guard.Id).Select(g => g.Identification).ToListAsync(token);
                if (others.Exists(other => DocumentNumbers.Key(other) == DocumentNumbers.Key(document)))
                    return new Error("guard.document_taken", nameof(GuardInput.Identification));
                (guard.Name, guard.Identification, guard.Shift, guard.Phone) = (
                    given.Name.Trim(), document, given.Shift, given.Phone.TrimToNull());
                (guard.ArlNumber, guard.ArlExpiresOn, guard.EpsNumber, guard.EpsExpiresOn) = (
                    given.ArlNumber.TrimToNull(), given.ArlExpiresOn, given.EpsNumber.TrimToNull(), given.EpsExpiresOn);
                if (id is null) db.Guards.Add(guard);
                await db.SaveChangesAsync(token);
                return guard.Id;
            },
            ct
        );
    }

    /// <summary>
    /// Takes a guard who no longer works here off the list, and what they were to do off the roster; what they logged and the shifts that
    /// began stay.
    /// </summary>
    public async Task<Result> DeleteAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GuardsEdit)) return Error.Forbidden;
        return await store.WriteAsync(user, async (db, token) =>
        {
            if (await db.Guards.SingleOrDefaultAsync(g => g.Id == id, token) is not { } guard) return Error.NotFound;
            var now = clock.Now;
            db.GuardShifts.RemoveRange(await db.GuardShifts.Where(s => s.GuardId == id && s.StartsAt > now).ToListAsync(token));
            db.Guards.Remove(guard);
            return Result.Done;
        }, ct);
    }

    /// <summary>The last day of an insurance still counts.</summary>
    public static CoverState Cover(DateOnly? expires, DateOnly today) =>
        expires is not { } day ? CoverState.Unknown
        : day < today ? CoverState.Expired
        : day <= today.AddDays(SoonDays) ? CoverState.Soon
        : CoverState.Valid;

    private static GuardInput Now(Guard guard) =>
        new(
            guard.Name, guard.Identification, guard.Shift, guard.Phone, guard.ArlNumber, guard.ArlExpiresOn, guard.EpsNumber,
            guard.EpsExpiresOn);

    private static List<Error> Check(GuardInput input)
    {
        var errors = new List<Error>();
        if (string.IsNullOrWhiteSpace(input.Name)) errors.Add(Error.Required(nameof(GuardInput.Name)));
        else if (input.Name.Trim().Length > 200) errors.Add(Error.TooLong(nameof(GuardInput.Name), 200));
        if (string.IsNullOrWhiteSpace(input.Identification)) errors.Add(Error.Required(nameof(GuardInput.Identification)));
        else if (input.Identification.Trim().Length > 50) errors.Add(Error.TooLong(nameof(GuardInput.Identification), 50));
        if (input.Phone?.Trim().Length > 20) errors.Add(Error.TooLong(nameof(GuardInput.Phone), 20));
        if (input.ArlNumber?.Trim().Length > 50) errors.Add(Error.TooLong(nameof(GuardInput.ArlNumber), 50));
        if (input.EpsNumber?.Trim().Length > 50) errors.Add(Error.TooLong(nameof(GuardInput.EpsNumber), 50));
        return errors;
    }
}

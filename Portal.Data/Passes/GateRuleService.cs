using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;

namespace Portal.Data.Passes;

/// <summary>What an apartment wants at the gate.</summary>
/// <param name="Intercom">What the guard dials; null: the apartment's number.</param>
public sealed record ApartmentGate(long Id, string Unit, GateRule Rule, string? Intercom);

/// <summary>What happens where nobody answers the gate (each apartment's own), and what the guard dials (the office's).</summary>
public sealed class GateRuleService(PortalStore store)
{
    /// <summary>The person's own apartments.</summary>
    public async Task<IReadOnlyList<ApartmentGate>> OwnAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateAnnounceOwn) || user.ApartmentIds.Count == 0) return [];
        var mine = user.ApartmentIds;
        await using var db = await store.OpenAsync(user, ct);
        return await db.Apartments.AsNoTracking()
            .Where(a => mine.Contains(a.Id))
            .OrderBy(a => a.Tower!.Name)
            .ThenBy(a => a.ApartmentNumber)
            .ThenBy(a => a.Id)
            .Select(a => new ApartmentGate(a.Id, UnitName.Of(a), a.GateRule, a.Intercom))
            .ToListAsync(ct);
    }

    /// <summary>One apartment, for the office; null out of reach. Needs <see cref="Permissions.GateManage"/>.</summary>
    public async Task<ApartmentGate?> FindAsync(long apartment, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateManage)) return null;
        await using var db = await store.OpenAsync(user, ct);
        return await db.Apartments.AsNoTracking()
            .Where(a => a.Id == apartment)
            .Select(a => new ApartmentGate(a.Id, UnitName.Of(a), a.GateRule, a.Intercom))
            .SingleOrDefaultAsync(ct);
    }

    /// <summary>Whoever lives in an apartment or owns it says what happens where nobody answers.</summary>
    public async Task<Result> SetRuleAsync(long apartment, GateRule rule, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateAnnounceOwn)) return Error.Forbidden;
        if (!user.ApartmentIds.Contains(apartment)) return Error.NotFound;
        if (!Enum.IsDefined(rule)) return Error.Required("Rule");
        return await ChangeAsync(apartment, found => found.GateRule = rule, user, ct);
    }

    /// <param name="intercom">Null or empty: the apartment's number.</param>
    public async Task<Result> SetIntercomAsync(long apartment, string? intercom, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateManage)) return Error.Forbidden;
        if (intercom?.Trim().Length > 20) return Error.TooLong("Intercom", 20);
        return await ChangeAsync(apartment, found => found.Intercom = intercom.TrimToNull(), user, ct);
    }

    private async Task<Result> ChangeAsync(long apartment, Action<Apartment> change, CurrentUser user, CancellationToken ct) =>
        await store.WriteAsync(
            user,
            async (db, token) =>
            {
                var found = await db.Apartments.Where(a => a.Id == apartment).ForUpdate().SingleOrDefaultAsync(token);
                if (found is null) return Error.NotFound;
                change(found);
                return Result.Done;
            },
            ct);
}

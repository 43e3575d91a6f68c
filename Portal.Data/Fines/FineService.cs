using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Payments;

namespace Portal.Data.Fines;

/// <summary>Fines, to read: the building's, or those of the apartments that the person owns.</summary>
public sealed class FineService(PortalStore store, BuildingClock clock)
{
    /// <summary>The newest first. Filters: <c>state</c>; <c>open</c>: those that wait for a step. Search: number or apartment.</summary>
    public async Task<Page<FineRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var fines = VisibleTo(db.Fines.AsNoTracking(), user);
        if (query.Filter<FineState>("state") is { } state) fines = fines.Where(f => f.State == state);
        if (query.Filter("open") is not null)
            fines = fines.Where(f => f.State != FineState.Charged && f.State != FineState.Absolved && f.State != FineState.Dropped
                && f.State != FineState.Annulled);
        if (query.Search.TrimToNull() is { } typed)
        {
            var units = (await UnitSearch.ReadAsync(db, typed, ct)).Beginning(db);
            fines = fines.Where(f => f.Number.Contains(typed) || units.Any(a => a.Id == f.ApartmentId));
        }

        return await fines.OrderByDescending(f => f.Id)
            .Select(f => new FineRow(
                f.Id, f.Number, f.Apartment!.Tower!.Name, f.Apartment.ApartmentNumber,
                db.Profiles.Where(p => p.UserId == f.Owner!.UserId).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault(), f.Rule,
                f.HappenedOn, f.State, f.Amount,
                f.State == FineState.Requested ? f.AnswerUntil : f.State == FineState.Notified ? f.ChallengeUntil : null,
                f.Charge == null ? null : f.Charge.Owed))
            .PageAsync(query, ct);
    }

    /// <returns>Null where it is not there or out of reach.</returns>
    public async Task<FineDetails?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var found = await VisibleTo(db.Fines.AsNoTracking(), user).Where(f => f.Id == id)
            .Select(f => new
            {
                Fine = f, Tower = f.Apartment!.Tower!.Name, f.Apartment.ApartmentNumber, Account = (long?)f.Owner!.UserId,
                Owner = db.Profiles.Where(p => p.UserId == f.Owner!.UserId).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault(),
                Owed = f.Charge == null ? (decimal?)null : f.Charge.Owed,
            })
            .SingleOrDefaultAsync(ct);
        if (found is null) return null;
        var fine = found.Fine;
        var office = user.Can(Permissions.FinesView);
        var steps = await db.FineSteps.AsNoTracking().Where(s => s.FineId == id).OrderBy(s => s.Id)
            .Select(s => new FineStepRow(
                s.Id, s.State, s.MadeOn, s.Body, s.Act, s.Words,
                office ? db.Profiles.Where(p => p.UserId == s.MadeBy).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault() : null,
                s.MadeBy != null && s.MadeBy == found.Account))
            .ToListAsync(ct);
        var limits = office ? await LimitsAsync(db, fine.ApartmentId, clock.Today, fine.Id, ct) : default;
        return new FineDetails(
            fine.Id, fine.Number, fine.ApartmentId, found.Tower, found.ApartmentNumber, found.Owner, fine.Person, fine.Rule, fine.Facts,
            fine.HappenedOn, fine.AnswerUntil, fine.State, fine.Amount, fine.DecidedOn, fine.ChallengeUntil, fine.ChargeId, found.Owed, steps,
            limits, user.Can(Permissions.FinesEdit), IsOwn(user, fine.ApartmentId));
    }

    /// <summary>What a fine of an apartment may be on a day, not counting the fine itself.</summary>
    internal static async Task<FineLimits> LimitsAsync(PortalDb db, long apartment, DateOnly day, long but, CancellationToken ct)
    {
        var monthly = await db.Charges
            .Where(c => c.ApartmentId == apartment && c.Kind == ChargeKind.Fee && c.Period != null && c.IssuedOn <= day
                && (c.Status == ChargeState.Open || c.Status == ChargeState.Paid))
            .OrderByDescending(c => c.Period).ThenByDescending(c => c.Id).Select(c => (decimal?)c.Amount).FirstOrDefaultAsync(ct)
            ?? await db.Apartments.Where(a => a.Id == apartment).Select(a => a.MonthlyFee).SingleOrDefaultAsync(ct) ?? 0;
        var since = day.AddYears(-1);
        var standing = await db.Fines
            .Where(f => f.ApartmentId == apartment && f.Id != but && Fine.Standing.Contains(f.State))
            .Select(f => f.DecidedOn > since
                ? f.Charge == null ? f.Amount!.Value : f.Charge.Amount + f.Charge.Adjusted
                : f.Charge == null ? f.Amount!.Value : f.Charge.Owed)
            .SumAsync(ct);
        return new FineLimits(monthly, standing);
    }

    internal static bool IsOwn(CurrentUser user, long apartment) =>
        user.Can(Permissions.FinesViewOwn) && user.OwnedApartmentIds.Contains(apartment);

    internal static IQueryable<Fine> VisibleTo(IQueryable<Fine> fines, CurrentUser user)
    {
        if (user.Can(Permissions.FinesView)) return fines;
        if (!user.Can(Permissions.FinesViewOwn)) return fines.Where(f => false);
        var own = user.OwnedApartmentIds;
        return fines.Where(f => own.Contains(f.ApartmentId));
    }
}

using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.People;

namespace Portal.Data.Payments;

/// <summary>An apartment with charges past their due day.</summary>
/// <param name="Owed">What is past due, interest included.</param>
/// <param name="Oldest">The due day of the oldest of them.</param>
public sealed record DebtorRow(
    long ApartmentId, string Unit, string? Owner, string? Phone, int Charges, decimal Owed, DateOnly Oldest, int Days);

/// <summary>Who owes what past its due day, by apartment.</summary>
public sealed class DebtorService(PortalStore store, BuildingClock clock)
{
    /// <summary>
    /// Needs <see cref="Permissions.PaymentsView"/>. The filter <c>age</c> (1, 31, 61, 91) is the bucket of the oldest charge, as on the
    /// dashboard.
    /// </summary>
    public async Task<Page<DebtorRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PaymentsView)) return Page<DebtorRow>.Empty;
        var today = clock.Today;
        await using var db = await store.OpenAsync(user, ct);
        var overdue = db.Charges.AsNoTracking().Where(c => c.Status == ChargeState.Open && c.DueOn < today);
        if (query.Search?.Trim() is { Length: > 0 } text)
        {
            var units = (await UnitSearch.ReadAsync(db, text, ct)).Beginning(db).Select(a => a.Id);
            var owned = db.Apartments.Where(a => db.Named(text).Any(p => p.UserId == a.Owner!.UserId)).Select(a => a.Id);
            overdue = overdue.Where(c => units.Contains(c.ApartmentId) || owned.Contains(c.ApartmentId));
        }

        var debts = overdue
            .GroupBy(c => c.ApartmentId)
            .Select(g => new
            {
                ApartmentId = g.Key,
                Charges = g.Count(),
                Owed = g.Sum(c => c.Amount - c.Paid),
                Oldest = g.Min(c => c.DueOn),
            });
        var (from, to) = query.FilterNumber("age") switch
        {
            1 => (0, 30),
            31 => (31, 60),
            61 => (61, 90),
            91 => (91, 100_000),
            _ => (0, 0),
        };
        if (to > 0)
        {
            var (last, first) = (today.AddDays(-from), today.AddDays(-to));
            debts = debts.Where(d => d.Oldest <= last && d.Oldest >= first);
        }

        var ordered = (query.Sort, query.Descending) switch
        {
            ("oldest", false) => debts.OrderBy(d => d.Oldest).ThenBy(d => d.ApartmentId),
            ("oldest", true) => debts.OrderByDescending(d => d.Oldest).ThenBy(d => d.ApartmentId),
            ("owed", false) => debts.OrderBy(d => d.Owed).ThenBy(d => d.ApartmentId),
            _ => debts.OrderByDescending(d => d.Owed).ThenBy(d => d.ApartmentId),
        };
        var page = await ordered.PageAsync(query, ct);
        var ids = page.Rows.Select(d => d.ApartmentId).ToList();
        var named = await db
            .Apartments.AsNoTracking()
            .Where(a => ids.Contains(a.Id))
            .Select(a => new
            {
                a.Id,
                Unit = UnitName.Of(a),
                Owner = db.Profiles.Where(p => p.UserId == a.Owner!.UserId).Select(p => p.FullName).FirstOrDefault(),
                Phone = db.Profiles.Where(p => p.UserId == a.Owner!.UserId).Select(p => p.Phone).FirstOrDefault(),
            })
            .ToDictionaryAsync(a => a.Id, ct);
        return new Page<DebtorRow>(
            [
                .. page.Rows.Select(d => new DebtorRow(
                    d.ApartmentId, named[d.ApartmentId].Unit, named[d.ApartmentId].Owner, named[d.ApartmentId].Phone, d.Charges, d.Owed,
                    d.Oldest, today.DayNumber - d.Oldest.DayNumber)),
            ],
            page.Total
        );
    }
}

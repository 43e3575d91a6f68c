using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.People;

namespace Portal.Data.Payments;

/// <summary>An apartment with charges past their due day.</summary>
/// <param name="Owed">What is past due, interest included.</param>
/// <param name="Oldest">The due day of the oldest of them.</param>
public sealed record DebtorRow(
    long ApartmentId, string Unit, string? Owner, string? Phone, int Charges, decimal Owed, DateOnly Oldest, int Days, DebtAges Ages);

/// <summary>What is past due by how long it is: the sum of the charges of each age, in days.</summary>
public sealed record DebtAges(decimal To30, decimal To60, decimal To90, decimal Older);

/// <summary>All that a filter finds, not what one page of it shows.</summary>
public sealed record DebtorTotals(int Apartments, decimal Owed, DebtAges Ages);

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
        var debts = await FilteredAsync(db, query, today, ct);
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
                    d.Oldest, today.DayNumber - d.Oldest.DayNumber,
                    new DebtAges(d.To30, d.To60, d.To90, d.Older))),
            ],
            page.Total
        );
    }

    /// <summary>The sums over all that <see cref="ListAsync"/> finds, whatever page is looked at. Null out of reach.</summary>
    public async Task<DebtorTotals?> TotalsAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PaymentsView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var debts = await FilteredAsync(db, query, clock.Today, ct);
        var all = await debts
            .GroupBy(_ => 1)
            .Select(g => new
            {
                Apartments = g.Count(),
                Owed = g.Sum(d => d.Owed),
                To30 = g.Sum(d => d.To30),
                To60 = g.Sum(d => d.To60),
                To90 = g.Sum(d => d.To90),
                Older = g.Sum(d => d.Older),
            })
            .SingleOrDefaultAsync(ct);
        return all is null
            ? new DebtorTotals(0, 0, new DebtAges(0, 0, 0, 0))
            : new DebtorTotals(all.Apartments, all.Owed, new DebtAges(all.To30, all.To60, all.To90, all.Older));
    }

    private static async Task<IQueryable<Debt>> FilteredAsync(PortalDb db, ListQuery query, DateOnly today, CancellationToken ct)
    {
        var overdue = db.Charges.AsNoTracking().OverdueOn(today);
        if (query.Search?.Trim() is { Length: > 0 } text)
        {
            var units = (await UnitSearch.ReadAsync(db, text, ct)).Beginning(db).Select(a => a.Id);
            var owned = db.Apartments.Where(a => db.Named(text).Any(p => p.UserId == a.Owner!.UserId)).Select(a => a.Id);
            overdue = overdue.Where(c => units.Contains(c.ApartmentId) || owned.Contains(c.ApartmentId));
        }

        var (age30, age60, age90) = (today.AddDays(-30), today.AddDays(-60), today.AddDays(-90));
        var debts = overdue
            .GroupBy(c => c.ApartmentId)
            .Select(g => new Debt
            {
                ApartmentId = g.Key,
                Charges = g.Count(),
                Owed = g.Sum(c => c.Owed),
                Oldest = g.Min(c => c.DueOn),
                To30 = g.Sum(c => c.DueOn >= age30 ? c.Owed : 0),
                To60 = g.Sum(c => c.DueOn < age30 && c.DueOn >= age60 ? c.Owed : 0),
                To90 = g.Sum(c => c.DueOn < age60 && c.DueOn >= age90 ? c.Owed : 0),
                Older = g.Sum(c => c.DueOn < age90 ? c.Owed : 0),
            });
        return query.FilterNumber("age") switch
        {
            1 => debts.Where(d => d.Oldest >= age30),
            31 => debts.Where(d => d.Oldest < age30 && d.Oldest >= age60),
            61 => debts.Where(d => d.Oldest < age60 && d.Oldest >= age90),
            91 => debts.Where(d => d.Oldest < age90),
            _ => debts,
        };
    }

    private sealed class Debt
    {
        public long ApartmentId { get; init; }
        public int Charges { get; init; }
        public decimal Owed { get; init; }
        public DateOnly Oldest { get; init; }
        public decimal To30 { get; init; }
        public decimal To60 { get; init; }
        public decimal To90 { get; init; }
        public decimal Older { get; init; }
    }
}

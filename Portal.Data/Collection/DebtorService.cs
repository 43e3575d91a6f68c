using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Payments;
using Portal.Data.People;

namespace Portal.Data.Collection;

/// <summary>An apartment with charges past their due day.</summary>
/// <param name="Charges">How many are past their day.</param>
/// <param name="Owed">What is past due, interest included.</param>
/// <param name="NotYetDue">What it owes beside that.</param>
/// <param name="Oldest">The due day of the oldest of them.</param>
/// <param name="Stage">The last stage of this debt; null where none has come.</param>
/// <param name="Agreed">It has an agreement that is kept.</param>
public sealed record DebtorRow(
    long ApartmentId, string Unit, string? Owner, string? Phone, int Charges, decimal Owed, decimal NotYetDue, DateOnly Oldest, int Days,
    DebtAges Ages, CollectionStage? Stage, bool Agreed, bool Disputed, bool Prescribes);

/// <summary>What is past due by how long it is: the sum of the charges of each age, in days: 1 to 30, to 60, to 90, to 180, to 360,
/// more.</summary>
public sealed record DebtAges(decimal To30, decimal To60, decimal To90, decimal To180, decimal To360, decimal Older);

/// <summary>All that a filter finds, not what one page of it shows.</summary>
public sealed record DebtorTotals(int Apartments, decimal Owed, decimal NotYetDue, DebtAges Ages);

/// <summary>Who owes what past its due day, by apartment.</summary>
public sealed class DebtorService(PortalStore store, BuildingClock clock)
{
    /// <summary>
    /// Needs <see cref="Permissions.CollectionView"/>. The filter <c>age</c> (1, 31, 61, 91, 181, 361) is how late the oldest charge is: of
    /// the last three so much or more, as on the dashboard. <c>stage</c> is a <see cref="CollectionStage"/>, <c>none</c>,
    /// <c>agreement</c>, <c>dispute</c> or <c>prescribes</c>.
    /// </summary>
    public async Task<Page<DebtorRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.CollectionView)) return Page<DebtorRow>.Empty;
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
                Owner = db.Profiles.Where(p => p.UserId == a.Owner!.UserId).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault(),
                Phone = db.Profiles.Where(p => p.UserId == a.Owner!.UserId).OrderBy(p => p.Id).Select(p => p.Phone).FirstOrDefault(),
                File = db.CollectionFiles.Where(f => f.ApartmentId == a.Id).Select(f => new { f.Stage, f.DisputedUntil }).FirstOrDefault(),
                Agreed = db.Agreements.Any(g => g.ApartmentId == a.Id && g.Live == true),
            })
            .ToDictionaryAsync(a => a.Id, ct);
        return new Page<DebtorRow>(
            [
                .. page.Rows.Select(d => (Debt: d, Unit: named[d.ApartmentId])).Select(r => new DebtorRow(
                    r.Debt.ApartmentId, r.Unit.Unit, r.Unit.Owner, r.Unit.Phone, r.Debt.Charges, r.Debt.Owed, r.Debt.NotYetDue, r.Debt.Oldest,
                    today.DayNumber - r.Debt.Oldest.DayNumber,
                    new DebtAges(r.Debt.To30, r.Debt.To60, r.Debt.To90, r.Debt.To180, r.Debt.To360, r.Debt.Older), r.Unit.File?.Stage,
                    r.Unit.Agreed, r.Unit.File?.DisputedUntil >= today, r.Debt.Oldest <= Prescribing(today))),
            ],
            page.Total
        );
    }

    /// <summary>All that the list finds, page by page, for a file. Needs <see cref="Permissions.CollectionView"/>.</summary>
    public async IAsyncEnumerable<DebtorRow> ExportAsync(
        ListQuery query, CurrentUser user, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var number = 1; ; number++)
        {
            var page = await ListAsync(query with { Page = number, Size = ListQuery.LargestPage }, user, ct);
            foreach (var row in page.Rows) yield return row;
            if (page.Rows.Count == 0 || number * ListQuery.LargestPage >= page.Total) yield break;
        }
    }

    /// <summary>The sums over all that <see cref="ListAsync"/> finds, whatever page is looked at. Null out of reach.</summary>
    public async Task<DebtorTotals?> TotalsAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.CollectionView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var debts = await FilteredAsync(db, query, clock.Today, ct);
        var all = await debts
            .GroupBy(_ => 1)
            .Select(g => new
            {
                Apartments = g.Count(),
                Owed = g.Sum(d => d.Owed),
                NotYetDue = g.Sum(d => d.NotYetDue),
                To30 = g.Sum(d => d.To30),
                To60 = g.Sum(d => d.To60),
                To90 = g.Sum(d => d.To90),
                To180 = g.Sum(d => d.To180),
                To360 = g.Sum(d => d.To360),
                Older = g.Sum(d => d.Older),
            })
            .SingleOrDefaultAsync(ct);
        return all is null
            ? new DebtorTotals(0, 0, 0, new DebtAges(0, 0, 0, 0, 0, 0))
            : new DebtorTotals(
                all.Apartments, all.Owed, all.NotYetDue, new DebtAges(all.To30, all.To60, all.To90, all.To180, all.To360, all.Older));
    }

    /// <summary>What fell due by that day is about to be lost to the executive action, five years after (Civil Code, art. 2536).</summary>
    private static DateOnly Prescribing(DateOnly today) => today.AddMonths(-CollectionCase.WarnMonths);

    private static async Task<IQueryable<Debt>> FilteredAsync(PortalDb db, ListQuery query, DateOnly today, CancellationToken ct)
    {
        var open = db.Charges.AsNoTracking().Where(c => c.Status == ChargeState.Open);
        if (query.Search?.Trim() is { Length: > 0 } text)
        {
            var units = (await UnitSearch.ReadAsync(db, text, ct)).Beginning(db).Select(a => a.Id);
            var owned = db.Apartments.Where(a => db.Named(text).Any(p => p.UserId == a.Owner!.UserId)).Select(a => a.Id);
            open = open.Where(c => units.Contains(c.ApartmentId) || owned.Contains(c.ApartmentId));
        }

        open = query.Filter("stage") switch
        {
            "agreement" => open.Where(c => db.Agreements.Any(a => a.ApartmentId == c.ApartmentId && a.Live == true)),
            "dispute" => open.Where(c => db.CollectionFiles.Any(f => f.ApartmentId == c.ApartmentId && f.DisputedUntil >= today)),
            "none" => open.Where(c => !db.CollectionFiles.Any(f => f.ApartmentId == c.ApartmentId && f.Stage != null)),
            _ when query.Filter<CollectionStage>("stage") is { } stage =>
                open.Where(c => db.CollectionFiles.Any(f => f.ApartmentId == c.ApartmentId && f.Stage == stage)),
            _ => open,
        };

        var (age30, age60, age90, age180, age360) =
            (today.AddDays(-30), today.AddDays(-60), today.AddDays(-90), today.AddDays(-180), today.AddDays(-360));
        var debts = open
            .GroupBy(c => c.ApartmentId)
            .Select(g => new Debt
            {
                ApartmentId = g.Key,
                Charges = g.Sum(c => c.DueOn < today ? 1 : 0),
                Owed = g.Sum(c => c.DueOn < today ? c.Owed : 0),
                NotYetDue = g.Sum(c => c.DueOn >= today ? c.Owed : 0),
                Oldest = g.Min(c => c.DueOn),
                To30 = g.Sum(c => c.DueOn < today && c.DueOn >= age30 ? c.Owed : 0),
                To60 = g.Sum(c => c.DueOn < age30 && c.DueOn >= age60 ? c.Owed : 0),
                To90 = g.Sum(c => c.DueOn < age60 && c.DueOn >= age90 ? c.Owed : 0),
                To180 = g.Sum(c => c.DueOn < age90 && c.DueOn >= age180 ? c.Owed : 0),
                To360 = g.Sum(c => c.DueOn < age180 && c.DueOn >= age360 ? c.Owed : 0),
                Older = g.Sum(c => c.DueOn < age360 ? c.Owed : 0),
            })
            .Where(d => d.Oldest < today);
        if (query.Filter("stage") == "prescribes")
        {
            var last = Prescribing(today);
            debts = debts.Where(d => d.Oldest <= last);
        }

        return query.FilterNumber("age") switch
        {
            1 => debts.Where(d => d.Oldest >= age30),
            31 => debts.Where(d => d.Oldest < age30 && d.Oldest >= age60),
            61 => debts.Where(d => d.Oldest < age60 && d.Oldest >= age90),
            91 => debts.Where(d => d.Oldest < age90),
            181 => debts.Where(d => d.Oldest < age180),
            361 => debts.Where(d => d.Oldest < age360),
            _ => debts,
        };
    }

    private sealed class Debt
    {
        public long ApartmentId { get; init; }
        public int Charges { get; init; }
        public decimal Owed { get; init; }
        public decimal NotYetDue { get; init; }
        public DateOnly Oldest { get; init; }
        public decimal To30 { get; init; }
        public decimal To60 { get; init; }
        public decimal To90 { get; init; }
        public decimal To180 { get; init; }
        public decimal To360 { get; init; }
        public decimal Older { get; init; }
    }
}

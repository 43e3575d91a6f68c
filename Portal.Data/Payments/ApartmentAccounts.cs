using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Payments;

/// <summary>What apartments owe and paid: one apartment's account and statement, the building's arrears and months.</summary>
public sealed class ApartmentAccounts(PortalStore store, BuildingClock clock)
{
    /// <summary>The bounds of the buckets of arrears, in days late.</summary>
    private static readonly (int From, int? To)[] Buckets = [(1, 30), (31, 60), (61, 90), (91, null)];

    /// <returns>Null where the apartment is not there or its account is out of reach.</returns>
    public async Task<ApartmentAccount?> FindAsync(long apartmentId, CurrentUser user, CancellationToken ct)
    {
        if (!user.MaySeeAccount(apartmentId)) return null;
        await using var db = await store.OpenAsync(user, ct);
        return await AccountQueries.AccountAsync(db, apartmentId, clock.Today, ct);
    }

    /// <summary>The accounts of all apartments that the person owns, in the order of their names.</summary>
    public async Task<IReadOnlyList<ApartmentAccount>> OwnAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PaymentsViewOwn)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var accounts = new List<ApartmentAccount>();
        foreach (var apartment in user.OwnedApartmentIds)
        {
            if (await AccountQueries.AccountAsync(db, apartment, clock.Today, ct) is { } account) accounts.Add(account);
        }

        return
        [
            .. accounts
                .OrderBy(a => a.Tower, StringComparer.Ordinal)
                .ThenBy(a => a.Number.Length)
                .ThenBy(a => a.Number, StringComparer.Ordinal),
        ];
    }

    /// <summary>Charges and payments of a period with the balance after each, and what was carried into it.</summary>
    /// <param name="apartmentId">Whose account.</param>
    /// <param name="from">First day; charges count from the day they are issued, payments from the day they were paid.</param>
    /// <param name="to">Last day.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Null where the apartment is not there or its account is out of reach.</returns>
    public async Task<AccountStatement?> StatementAsync(
        long apartmentId, DateOnly from, DateOnly to, CurrentUser user, CancellationToken ct)
    {
        if (!user.MaySeeAccount(apartmentId)) return null;
        if (to < from) (from, to) = (to, from);
        await using var db = await store.OpenAsync(user, ct);
        if (await AccountQueries.AccountAsync(db, apartmentId, clock.Today, ct) is not { } account) return null;

        var owner = await db
            .Apartments.Where(a => a.Id == apartmentId)
            .Select(a =>
                db.Profiles.Where(f => f.UserId == a.Owner!.UserId)
                    .OrderBy(f => f.Id)
                    .Select(f => f.FullName)
                    .FirstOrDefault()
            )
            .SingleAsync(ct);
        var charges = db.Charges.AsNoTracking().Where(c => c.ApartmentId == apartmentId);
        var payments = db.Payments.AsNoTracking().Where(p => p.ApartmentId == apartmentId);
        // A cancelled or forgiven charge counts for what was paid of it before, so that the last balance is always what is owed less the
        // credit.
        var billedBefore = await charges
            .Where(c => c.IssuedOn < from)
            .SumAsync(c => c.Status == ChargeState.Cancelled || c.Status == ChargeState.Exonerated ? c.Paid : c.Amount, ct);
        var paidBefore = await payments.Where(p => p.PaymentDate < from && p.StatusId == PaymentState.Paid).SumAsync(p => p.Amount, ct);
        var billed = await charges
            .Where(c =>
                c.IssuedOn >= from
                && c.IssuedOn <= to
                && ((c.Status != ChargeState.Cancelled && c.Status != ChargeState.Exonerated) || c.Paid > 0)
            )
            .Select(c => new StatementMovement(
                c.IssuedOn, null, c.Id, c.Number, c.Kind, c.Concept, c.Detail,
                c.Status == ChargeState.Cancelled || c.Status == ChargeState.Exonerated ? c.Paid : c.Amount, 0, null, 0, null)
            {
                Period = c.Period,
            })
            .ToListAsync(ct);
        var changes = db.ChargeAdjustments.AsNoTracking().Where(a =>
            a.Charge!.ApartmentId == apartmentId && (a.Charge.Status == ChargeState.Open || a.Charge.Status == ChargeState.Paid));
        var changedBefore = await changes.Where(a => a.MadeOn < from).SumAsync(a => a.Amount, ct);
        var changed = await changes
            .Where(a => a.MadeOn >= from && a.MadeOn <= to)
            .OrderBy(a => a.Id)
            .Select(a => new StatementMovement(
                a.MadeOn, null, a.ChargeId, a.Charge!.Number, a.Charge.Kind, a.Charge.Concept, a.Act == null ? a.Reason : a.Reason + " (" + a.Act + ")",
                a.Amount, 0, null, 0, null)
            {
                Adjustment = a.Kind,
                Period = a.Charge.Period,
            })
            .ToListAsync(ct);
        var paid = await payments
            .Where(p =>
                p.PaymentDate >= from
                && p.PaymentDate <= to
                && (p.StatusId == PaymentState.Paid || p.StatusId == PaymentState.Cancelled || p.StatusId == PaymentState.Refunded)
            )
            .Select(p => new
            {
                p.PaymentDate,
                p.PaymentTime,
                p.Id,
                p.ReceiptNumber,
                p.PaymentMethodId,
                Method = p.PaymentMethod!.Name,
                p.ReferenceNumber,
                p.Amount,
                p.StatusId,
            })
            .ToListAsync(ct);

        var notes = await IssuedPapers
            .Links(
                db.ApplicationNotes.AsNoTracking().Where(n => n.ApartmentId == apartmentId && n.IssuedOn >= from && n.IssuedOn <= to)
            )
            .ToListAsync(ct);

        var refunds = db.Refunds.AsNoTracking().Where(r => r.ApartmentId == apartmentId);
        var refundedBefore = await refunds.Where(r => r.PaidOn < from).SumAsync(r => r.Amount, ct);
        var refunded = await refunds.Where(r => r.PaidOn >= from && r.PaidOn <= to).OrderBy(r => r.Id)
            .Select(r => new StatementMovement(r.PaidOn, null, r.Id, r.Number, null, null, r.Reason, r.Amount, 0, null, 0, null) { Refund = true })
            .ToListAsync(ct);

        var opening = billedBefore + changedBefore + refundedBefore - paidBefore;
        var balance = opening;
        var movements = new List<StatementMovement>();
        var all = billed.Concat(changed).Concat(refunded).Concat(
            paid.OrderBy(p => p.PaymentTime)
                .Select(p => new StatementMovement(
                    p.PaymentDate, p.Id, null, p.ReceiptNumber, null, null, $"{p.Method} {p.ReferenceNumber}".Trim(), 0, p.Amount,
                    p.StatusId, 0)
                {
                    Method = p.PaymentMethodId is { } method ? new MethodOption(method, p.Method) : null,
                    Reference = p.ReferenceNumber,
                })
        )
            .Concat(notes.Select(n => new StatementMovement(n.IssuedOn, null, null, n.Number, null, null, null, 0, 0, null, 0, n)));
        foreach (
            var movement in all.OrderBy(m => m.Date)
                .ThenBy(m => m.Note is not null ? 4 : m.Refund ? 3 : m.Adjustment is not null ? 1 : m.PaymentId is null ? 0 : 2)
                .ThenBy(m => m.Note?.Id ?? m.ChargeId ?? m.PaymentId)
        )
        {
            balance += movement.Charge - (movement.State is null or PaymentState.Paid ? movement.Payment : 0);
            movements.Add(movement with { Balance = balance });
        }

        return new AccountStatement(account, owner, from, to, opening, movements);
    }

    /// <summary>The building's arrears by age. Needs <see cref="Permissions.PaymentsView"/>; empty without it.</summary>
    public async Task<IReadOnlyList<AgeingBucket>> AgeingAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PaymentsView)) return [];
        var today = clock.Today;
        await using var db = await store.OpenAsync(user, ct);
        var late = await db
            .Charges.AsNoTracking()
            .OverdueOn(today)
            .GroupBy(c => new { c.ApartmentId, c.DueOn })
            .Select(g => new
            {
                g.Key.ApartmentId,
                g.Key.DueOn,
                Owed = g.Sum(c => c.Owed),
                Count = g.Count(),
            })
            .ToListAsync(ct);
        return
        [
            .. Buckets.Select(bucket =>
            {
                var within = late.Where(c =>
                        today.DayNumber - c.DueOn.DayNumber is var days && days >= bucket.From && days <= (bucket.To ?? int.MaxValue)
                    )
                    .ToList();
                return new AgeingBucket(
                    bucket.From, bucket.To, within.Sum(c => c.Owed), within.Select(c => c.ApartmentId).Distinct().Count(),
                    within.Sum(c => c.Count));
            }),
        ];
    }

    /// <summary>Billed against collected, this month last. Needs <see cref="Permissions.PaymentsView"/>; empty without it.</summary>
    public async Task<IReadOnlyList<MonthOfMoney>> MonthsAsync(int months, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PaymentsView)) return [];
        var today = clock.Today;
        var first = new DateOnly(today.Year, today.Month, 1).AddMonths(1 - months);
        await using var db = await store.OpenAsync(user, ct);
        var billed = await db
            .Charges.AsNoTracking()
            .Where(c =>
                c.IssuedOn >= first && c.IssuedOn <= today && c.Status != ChargeState.Cancelled && c.Status != ChargeState.Exonerated
            )
            .GroupBy(c => c.IssuedOn)
            .Select(g => new { Day = g.Key, Sum = g.Sum(c => c.Amount) })
            .ToListAsync(ct);
        var collected = await db
            .Payments.AsNoTracking()
            .Where(p => p.PaymentDate >= first && p.PaymentDate <= today && p.StatusId == PaymentState.Paid)
            .GroupBy(p => p.PaymentDate)
            .Select(g => new { Day = g.Key, Sum = g.Sum(p => p.Amount) })
            .ToListAsync(ct);
        return
        [
            .. Enumerable
                .Range(0, months)
                .Select(i => first.AddMonths(i))
                .Select(month => new MonthOfMoney(
                    month, billed.Where(b => Of(b.Day) == month).Sum(b => b.Sum),
                    collected.Where(c => Of(c.Day) == month).Sum(c => c.Sum))),
        ];

        static DateOnly Of(DateOnly day) => new(day.Year, day.Month, 1);
    }
}

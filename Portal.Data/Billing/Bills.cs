using Microsoft.EntityFrameworkCore;
using Portal.Data.Payments;

namespace Portal.Data.Billing;

/// <summary>
/// What an apartment is asked to pay: the last month that was billed, with what was carried into it and what was paid since. It is the
/// account of the moment, so its sums are the account's; it has no number, for nothing hangs on it but the charges.
/// </summary>
/// <param name="Month">The first day of the month that was billed last; of this month where none was.</param>
/// <param name="At">Wall clock.</param>
/// <param name="Since">The day of the bill before: what it left is <paramref name="Previous"/>.</param>
/// <param name="Previous">Owed at the end of <paramref name="Since"/>; below zero it was credit.</param>
/// <param name="Movements">Since then, in their order.</param>
/// <param name="DueOn">The last day to pay what is asked.</param>
/// <param name="HowToPay">As the settings say it; may be empty.</param>
public sealed record Bill(
    ApartmentAccount Account, string? Owner, DateOnly Month, DateTime At, DateOnly Since, decimal Previous,
    IReadOnlyList<StatementMovement> Movements, DateOnly DueOn, string HowToPay)
{
    public decimal Paid => Movements.Sum(m => m.Payment);

    /// <summary>What was charged and changed since.</summary>
    public decimal Charged => Movements.Sum(m => m.Charge);

    /// <summary>Interest of the days through today that is not charged yet.</summary>
    public decimal Running => Account.Accruing.Sum(c => c.Owed);

    /// <summary>All of it; below zero it is credit.</summary>
    public decimal Total => Previous + Charged - Paid + Running;

    /// <summary>What of it falls due only after <see cref="DueOn"/>, such as later instalments of an extra fee.</summary>
    public decimal Later => Account.Open.Where(c => c.DueOn > DueOn).Sum(c => c.Owed);

    /// <summary>What is to be paid by <see cref="DueOn"/>.</summary>
    public decimal Asked => Math.Max(0, Total - Later);

    /// <summary>What is off for who pays all that is asked by a day; null where nothing is, or no longer.</summary>
    public (decimal Amount, DateOnly Until)? Early
    {
        get
        {
            var early = Account.Open.Where(c =>
                c.Discount > 0 && c.Owed > c.Discount && c.DiscountUntil >= Account.Today && c.DueOn <= DueOn).ToList();
            return early.Count == 0 || Asked == 0 ? null : (early.Sum(c => c.Discount!.Value), early.Min(c => c.DiscountUntil!.Value));
        }
    }
}

/// <summary>Reads bills.</summary>
public sealed class Bills(PortalStore store, ApartmentAccounts accounts, BuildingClock clock)
{
    /// <returns>Null where the apartment is not there or its account is out of reach.</returns>
    public async Task<Bill?> FindAsync(long apartmentId, CurrentUser user, CancellationToken ct)
    {
        if (!user.MaySeeAccount(apartmentId)) return null;
        var today = clock.Today;
        List<(DateOnly Period, DateOnly IssuedOn, DateOnly DueOn)> months;
        string howToPay;
        await using (var db = await store.OpenAsync(user, ct))
        {
            months = [.. (await db.Charges.AsNoTracking()
                    .Where(c => c.ApartmentId == apartmentId && c.RunId != null && c.Period != null && c.Kind != ChargeKind.Interest
                        && c.Status != ChargeState.Cancelled && c.IssuedOn <= today)
                    .GroupBy(c => c.Period!.Value)
                    .OrderByDescending(g => g.Key).Take(2)
                    .Select(g => new { g.Key, IssuedOn = g.Min(c => c.IssuedOn), DueOn = g.Min(c => c.DueOn) })
                    .ToListAsync(ct)).Select(m => (m.Key, m.IssuedOn, m.DueOn))];
            howToPay = await db.Settings.Where(s => s.Name == "how_to_pay").Select(s => s.Value).FirstOrDefaultAsync(ct) ?? "";
        }

        var month = months.Count > 0 ? months[0].Period : BuildingClock.MonthOf(today);
        var since = months.Count > 1 ? months[1].IssuedOn
            : (months.Count == 1 && months[0].IssuedOn < month ? months[0].IssuedOn : month).AddDays(-1);
        if (await accounts.StatementAsync(apartmentId, since.AddDays(1), today, user, ct) is not { } statement) return null;

        // Issued for a later day, such as a run of next month: the account knows it, the movements of today do not.
        var ahead = statement.Account.Open.Where(c => c.IssuedOn > today).ToList();
        var movements = statement.Movements.Where(m => m.Charge != 0 || m.Payment != 0)
            .Concat(ahead.Select(c => new StatementMovement(
                c.IssuedOn, null, c.Id, c.Number, c.Kind, c.Concept, c.Detail, c.Owed, 0, null, 0, null) { Period = c.Period }))
            .ToList();
        var due = months.Count > 0 && months[0].DueOn > today ? months[0].DueOn : today;
        return new Bill(
            statement.Account, statement.Owner, month, clock.Now, since, statement.Opening,
            movements.FindAll(m => m.State is null or PaymentState.Paid), due, howToPay);
    }
}

using Microsoft.EntityFrameworkCore;
using Portal.Data.Billing;
using Portal.Data.Payments;

namespace Portal.Data.Collection;

/// <summary>
/// What an apartment owed at the end of a day, charge by charge with the interest each bears: read from the account as it is known today.
/// A payment counts from its own day, once it is confirmed; a waiver from the day it was made. Days whose interest is not charged yet count
/// as they will be charged. At the end of today it is what the account says.
/// </summary>
internal static class ApartmentDebt
{
    /// <returns>All charges issued by that day that were not cancelled, paid or not, and the first month whose rate is missing.</returns>
    public static async Task<(IReadOnlyList<DebtLine> Lines, DateOnly? Missing)> ReadAsync(
        PortalDb db, long apartment, DateOnly through, CancellationToken ct)
    {
        var charges = await db.Charges.AsNoTracking()
            .Where(c => c.ApartmentId == apartment && (c.Status == ChargeState.Open || c.Status == ChargeState.Paid))
            .OrderBy(c => c.DueOn).ThenBy(c => c.IssuedOn).ThenBy(c => c.Id)
            .Select(c => new { c.Id, c.Kind, c.ConceptId, c.BaseChargeId, c.Concept, c.Period, c.IssuedOn, c.DueOn, c.Amount, c.Detail })
            .ToListAsync(ct);
        var changes = (await db.ChargeAdjustments.AsNoTracking()
            .Where(a => a.Charge!.ApartmentId == apartment && (a.MadeOn <= through || a.Kind == AdjustmentKind.Recount))
            .Select(a => new { a.ChargeId, a.Kind, a.Amount }).ToListAsync(ct)).ToLookup(a => a.ChargeId);
        var paid = (await db.PaymentApplications.AsNoTracking()
            .Where(a => a.Charge!.ApartmentId == apartment && !a.Reversed && a.Payment!.StatusId == PaymentState.Paid
                && a.Payment.PaymentDate <= through)
            .OrderBy(a => a.Payment!.PaymentDate).ThenBy(a => a.Id)
            .Select(a => new { a.ChargeId, a.Payment!.PaymentDate, a.Payment.ReceiptNumber, a.Amount })
            .ToListAsync(ct)).ToLookup(a => a.ChargeId);
        var days = await db.InterestSegments.AsNoTracking()
            .Where(s => s.Live == true && s.Charge!.ApartmentId == apartment && s.Charge.BaseChargeId == s.BaseChargeId
                && (s.Charge.Status == ChargeState.Open || s.Charge.Status == ChargeState.Paid))
            .OrderBy(s => s.FromOn).ThenBy(s => s.Id)
            .Select(s => new { s.ChargeId, s.BaseChargeId, s.FromOn, s.ToOn, s.Balance, s.Yearly, s.DayRate })
            .ToListAsync(ct);
        var explained = days.GroupBy(s => s.ChargeId)
            .ToDictionary(g => g.Key, g => g.Sum(s => Pesos.Round(s.Balance * (s.ToOn.DayNumber - s.FromOn.DayNumber + 1) * s.DayRate)));
        var counted = days.Where(s => s.FromOn <= through)
            .ToLookup(s => s.BaseChargeId, s => Days(s.FromOn, s.ToOn < through ? s.ToOn : through, s.Balance, s.Yearly, s.DayRate));
        var (running, missing) = await RunningAsync(db, apartment, through, ct);
        var blocking = await BlockingAsync(db, ct);

        var bases = charges.Where(c => c.Kind != ChargeKind.Interest).Select(c => c.Id).ToHashSet();
        var interest = charges.Where(c => c.Kind == ChargeKind.Interest).ToLookup(c => c.BaseChargeId is { } id && bases.Contains(id) ? id : c.Id);
        var lines = new List<DebtLine>();
        foreach (var charge in charges)
        {
            var of = interest[charge.Id].ToList();
            var isBase = charge.Kind != ChargeKind.Interest;
            if (isBase ? charge.IssuedOn > through : of.Count == 0) continue;

            // What of an interest its own days do not tell: all of it, where it was charged before the portal counted days.
            var before = of.Where(i => i.IssuedOn <= through).Sum(i =>
                i.Amount + changes[i.Id].Where(a => a.Kind == AdjustmentKind.Recount).Sum(a => a.Amount) - explained.GetValueOrDefault(i.Id));
            var changed = of.Sum(i => changes[i.Id].Where(a => a.Kind != AdjustmentKind.Recount).Sum(a => a.Amount));
            var payments = (isBase ? paid[charge.Id].Select(p => (p.PaymentDate, p.ReceiptNumber, Capital: p.Amount, Interest: 0m)) : [])
                .Concat(of.SelectMany(i => paid[i.Id]).Select(p => (p.PaymentDate, p.ReceiptNumber, Capital: 0m, Interest: p.Amount)))
                .GroupBy(p => (p.PaymentDate, p.ReceiptNumber)).OrderBy(g => g.Key.PaymentDate)
                .Select(g => new DebtPayment(g.Key.PaymentDate, g.Key.ReceiptNumber, g.Sum(p => p.Capital), g.Sum(p => p.Interest)))
                .ToList();
            lines.Add(new DebtLine(
                charge.Id, charge.Kind, charge.Concept, charge.Period, charge.IssuedOn, charge.DueOn, isBase ? charge.Amount : 0,
                isBase ? changes[charge.Id].Sum(a => a.Amount) : 0, payments,
                isBase ? Together([.. counted[charge.Id], .. running[charge.Id]]) : [], before, changed)
            {
                Detail = charge.Detail,
                Blocks = blocking(charge.Kind, charge.ConceptId),
            });
        }

        return (lines, missing);
    }

    /// <summary>Interest that no charge tells yet, by what bears it.</summary>
    private static async Task<(ILookup<long, DebtDays> Days, DateOnly? Missing)> RunningAsync(
        PortalDb db, long apartment, DateOnly through, CancellationToken ct)
    {
        DateOnly? missing = null;
        var days = new List<(long Base, DebtDays Days)>();
        if (await InterestTerms.ReadAsync(db, ct) is { } terms)
        {
            var concept = await db.Concepts.Where(c => c.Kind == ChargeKind.Interest).OrderBy(c => c.Id).Select(c => c.Id).FirstAsync(ct);
            foreach (var bearing in await InterestLedger.BasesAsync(db, [apartment], terms, concept, ct))
            {
                days.AddRange(bearing.Of.Cut(terms, through, out var without).Where(s => s.Charged > 0).Select(s => (
                    bearing.Of.Id,
                    Days(s.From, s.To, s.Balance, terms.RateOf(BuildingClock.MonthOf(s.From))?.Yearly ?? 0, s.DayRate))));
                if (without is not null && (missing is null || without < missing)) missing = without;
            }
        }

        return (days.ToLookup(d => d.Base, d => d.Days), missing);
    }

    /// <summary>Which charges stand against good standing. Fines never do: they are no common expense (Ley 675 of 2001, art. 29).</summary>
    internal static async Task<Func<ChargeKind, int?, bool>> BlockingAsync(PortalDb db, CancellationToken ct)
    {
        var concepts = await db.Concepts.AsNoTracking().OrderBy(c => c.Id).Select(c => new { c.Id, c.Kind, c.BlocksCertificate }).ToListAsync(ct);
        var byId = concepts.ToDictionary(c => c.Id, c => c.BlocksCertificate);
        var byKind = concepts.GroupBy(c => c.Kind).ToDictionary(g => g.Key, g => g.First().BlocksCertificate);
        return (kind, concept) => kind != ChargeKind.Fine
            && (concept is { } id && byId.TryGetValue(id, out var own) ? own : byKind.GetValueOrDefault(kind));
    }

    private static DebtDays Days(DateOnly from, DateOnly to, decimal balance, decimal yearly, decimal rate) =>
        new(from, to, balance, yearly, rate, Pesos.Round(balance * (to.DayNumber - from.DayNumber + 1) * rate));

    private static IReadOnlyList<DebtDays> Together(List<DebtDays> days) => [.. days.OrderBy(d => d.From)];
}

using Microsoft.EntityFrameworkCore;
using Portal.Data.Payments;

namespace Portal.Data.Billing;

/// <summary>
/// What is taken off for who pays early (<i>pronto pago</i>). The day of the payment counts, not that of its confirmation; payments in
/// parts count together. It is granted with the payment that completes the rest, and taken back with what completed it.
/// </summary>
internal static class EarlyPayment
{
    public const string Reason = "Descuento por pronto pago";

    /// <summary>Takes the discount off each charge that this money completes in time. To be called before the money is applied.</summary>
    /// <param name="money">What of the payment is left to apply.</param>
    /// <param name="charges">The open charges of the apartment, locked.</param>
    public static async Task GrantAsync(
        PortalDb db, Payment payment, decimal money, IReadOnlyList<Charge> charges, CancellationToken ct)
    {
        var early = charges
            .Where(c => c.Status == ChargeState.Open && c.Discount > 0 && On(payment, c) <= c.DiscountUntil && c.Left > c.Discount)
            .ToDictionary(c => c.Id);
        if (early.Count == 0) return;

        // What was granted once, or was paid in part by somebody too late, is no longer to be had.
        var spent = await db.ChargeAdjustments.Where(a => early.Keys.Contains(a.ChargeId) && a.Kind == AdjustmentKind.Discount)
            .GroupBy(a => a.ChargeId).Where(g => g.Sum(a => a.Amount) < 0).Select(g => g.Key).ToListAsync(ct);
        var late = await db.PaymentApplications
            .Where(a => early.Keys.Contains(a.ChargeId) && !a.Reversed && a.Payment!.PaymentDate > a.Charge!.DiscountUntil)
            .Select(a => a.ChargeId).ToListAsync(ct);
        foreach (var id in spent.Concat(late)) early.Remove(id);

        var open = charges.Where(c => c.Status == ChargeState.Open).Select(ApartmentLedger.Open)
            .Select(c => early.ContainsKey(c.Id) ? c : c with { Discount = null }).ToList();
        foreach (var (id, amount) in Granted(money, open, payment.PaymentDate, payment.NamedChargeId))
        {
            var charge = early[id];
            var adjustment = charge.Adjust(AdjustmentKind.Discount, -amount, On(payment, charge), Reason, by: db.Actor.AccountId);
            adjustment.Payment = payment;
            db.ChargeAdjustments.Add(adjustment);
        }
    }

    /// <summary>What was just taken off with a payment, by charge; not saved yet.</summary>
    public static IReadOnlyDictionary<Charge, decimal> GrantedWith(PortalDb db, Payment payment) => db.ChangeTracker
        .Entries<ChargeAdjustment>()
        .Where(e => e.State == EntityState.Added && e.Entity is { Kind: AdjustmentKind.Discount, Amount: < 0 }
            && e.Entity.Payment == payment)
        .ToDictionary(e => e.Entity.Charge!, e => -e.Entity.Amount);

    /// <summary>What money of a day takes off which open charges, each of which it completes with that.</summary>
    /// <param name="named">See <see cref="PaymentAllocation.InOrder"/>.</param>
    public static IReadOnlyDictionary<long, decimal> Granted(decimal money, IReadOnlyList<OpenCharge> open, DateOnly paidOn, long? named)
    {
        var off = new Dictionary<long, decimal>();
        foreach (var charge in PaymentAllocation.InOrder(open.Where(c => c.Discount > 0 && c.Owed > c.Discount), named))
        {
            var day = paidOn > charge.IssuedOn ? paidOn : charge.IssuedOn;
            if (!(day <= charge.DiscountUntil)) continue;
            off[charge.Id] = charge.Discount!.Value;
            var left = PaymentAllocation.Apply(money, Less(open, off), named).Open;
            var owes = left.Any(c => c.DueOn < day && charge.DiscountRule switch
            {
                DiscountRule.None => false,
                DiscountRule.SameConcept => c.Kind == charge.Kind && c.ConceptId == charge.ConceptId,
                _ => true,
            });
            if (owes || left.Any(c => c.Id == charge.Id)) off.Remove(charge.Id);
        }

        return off;
    }

    /// <summary>The open charges with what is taken off them.</summary>
    public static IEnumerable<OpenCharge> Less(IEnumerable<OpenCharge> open, IReadOnlyDictionary<long, decimal> off) =>
        open.Select(c => off.TryGetValue(c.Id, out var amount) ? c with { Owed = c.Owed - amount } : c);

    /// <summary>What completed these charges in time was taken back, and so is what was taken off them.</summary>
    public static async Task TakeBackAsync(PortalDb db, IReadOnlyList<Charge> charges, CancellationToken ct)
    {
        var ids = charges.Where(c => c.Discount > 0).Select(c => c.Id).ToList();
        if (ids.Count == 0) return;
        var granted = await db.ChargeAdjustments
            .Where(a => ids.Contains(a.ChargeId) && a.Kind == AdjustmentKind.Discount && a.ReversesId == null
                && !db.ChargeAdjustments.Any(r => r.ReversesId == a.Id))
            .ToListAsync(ct);
        foreach (var adjustment in granted)
        {
            var charge = charges.Single(c => c.Id == adjustment.ChargeId);
            var back = charge.Adjust(
                AdjustmentKind.Discount, -adjustment.Amount, db.Building.Today, Reason, by: db.Actor.AccountId);
            (back.Reverses, back.PaymentId) = (adjustment, adjustment.PaymentId);
            db.ChargeAdjustments.Add(back);
        }
    }

    /// <summary>The day on which money meets a charge: no credit was there before the charge was.</summary>
    private static DateOnly On(Payment payment, Charge charge) =>
        payment.PaymentDate > charge.IssuedOn ? payment.PaymentDate : charge.IssuedOn;
}

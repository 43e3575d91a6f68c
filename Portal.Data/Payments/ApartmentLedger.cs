using Microsoft.EntityFrameworkCore;
using Portal.Data.Billing;

namespace Portal.Data.Payments;

/// <summary>What money was just applied.</summary>
/// <param name="Confirming">Of the payment that is being confirmed: its receipt prints it.</param>
/// <param name="Later">Of payments that have their receipt already: it belongs on an <see cref="ApplicationNote"/>.</param>
/// <param name="Credit">What of the payment that is being confirmed no charge took.</param>
internal sealed record Settlement(
    IReadOnlyList<PaymentApplication> Confirming, IReadOnlyList<PaymentApplication> Later, decimal Credit);

/// <summary>
/// Applies money to charges. Every change to the money of an apartment first locks the apartment's row, then reads; so two writes on one
/// apartment stand one behind the other and neither decides on what the other is about to change.
/// </summary>
internal static class ApartmentLedger
{
    /// <summary>Call first in a write that touches the money of an apartment; held until the transaction ends.</summary>
    /// <returns>False where there is no such apartment.</returns>
    public static Task<bool> LockAsync(PortalDb db, long apartmentId, CancellationToken ct) => db.Apartments.LockAsync(apartmentId, ct);

    /// <summary>
    /// Applies what confirmed payments of the apartment still hold, the oldest first, to what it owes. To be called under
    /// <see cref="LockAsync"/> after
    /// anything that frees money or adds a charge, and saved by the caller.
    /// </summary>
    /// <param name="confirming">A payment that this write confirms and has not saved yet.</param>
    public static async Task<Settlement> SettleAsync(PortalDb db, long apartmentId, Payment? confirming, CancellationToken ct)
    {
        return await ApplyAsync(db, apartmentId, await FundsAsync(db, apartmentId, confirming, ct), confirming, ct);
    }

    /// <summary>
    /// Applies one payment that nothing of is applied to what the apartment owes, and no other. To be called under <see cref="LockAsync"/>,
    /// and saved by the caller.
    /// </summary>
    /// <param name="lines">How many it has of before.</param>
    public static Task<Settlement> ReapplyAsync(PortalDb db, long apartmentId, Payment payment, int lines, CancellationToken ct) => ApplyAsync(
        db, apartmentId, [new Fund(payment) { Left = payment.Amount - payment.Refunded, Lines = lines }], payment, ct);

    private static async Task<Settlement> ApplyAsync(
        PortalDb db, long apartmentId, List<Fund> funds, Payment? confirming, CancellationToken ct)
    {
        if (funds.Count == 0) return new Settlement([], [], 0);
        List<PaymentApplication> confirmed = [], later = [];
        var charges = await db
            .Charges.Where(c => c.ApartmentId == apartmentId && c.Status == ChargeState.Open)
            .ForUpdate()
            .ToListAsync(ct);
        foreach (var fund in funds)
        {
            await EarlyPayment.GrantAsync(db, fund.Payment, fund.Left, charges, ct);
            var allocation = PaymentAllocation.Apply(
                fund.Left, charges.Where(c => c.Status == ChargeState.Open).Select(Open), fund.Payment.NamedChargeId);
            foreach (var line in allocation.Lines)
            {
                var charge = charges.Single(c => c.Id == line.Charge.Id);
                charge.Pay(line.Applied);
                var application = new PaymentApplication
                {
                    Payment = fund.Payment, Charge = charge, Line = ++fund.Lines, Owed = line.Charge.Owed, Amount = line.Applied,
                };
                db.PaymentApplications.Add(application);
                (fund.Payment == confirming ? confirmed : later).Add(application);
            }

            fund.Left = allocation.Credit;
        }

        return new Settlement(confirmed, later, funds.Where(f => f.Payment == confirming).Sum(f => f.Left));
    }

    /// <summary>Applies what the apartment has to its credit to what it owes by now, and writes the note of it; saved by the caller.</summary>
    /// <returns>What was used.</returns>
    public static async Task<decimal> UseCreditAsync(PortalDb db, long apartmentId, BuildingClock clock, CancellationToken ct)
    {
        var settled = await SettleAsync(db, apartmentId, null, ct);
        await ApplicationNote.IssueAsync(db, apartmentId, null, [], settled.Later, clock, ct);
        return settled.Later.Sum(a => a.Amount);
    }

    /// <summary>Takes back every application of a payment. The rows stay, marked; the charges owe again.</summary>
    /// <returns>What was taken back, with its charges, in the order in which it had been applied.</returns>
    public static async Task<IReadOnlyList<PaymentApplication>> ReverseAsync(PortalDb db, long paymentId, CancellationToken ct)
    {
        var applications = await db
            .PaymentApplications.Where(a => a.PaymentId == paymentId && !a.Reversed)
            .OrderBy(a => a.Line)
            .ToListAsync(ct);
        if (applications.Count == 0) return [];
        var paid = applications.Select(a => a.ChargeId).Distinct().ToList();
        var charges = await db.Charges.Where(c => paid.Contains(c.Id)).OrderBy(c => c.Id).ForUpdate().ToDictionaryAsync(c => c.Id, ct);
        foreach (var application in applications)
        {
            application.Reversed = true;
            charges[application.ChargeId].TakeBack(application.Amount);
        }

        await EarlyPayment.TakeBackAsync(db, [.. charges.Values], ct);
        return applications;
    }

    /// <summary>Takes charges off the account, without deciding what becomes of the money that had paid them.</summary>
    /// <returns>True where something of them had been paid.</returns>
    public static async Task<bool> WithdrawAsync(PortalDb db, IReadOnlyList<Charge> charges, CancellationToken ct)
    {
        var standing = charges.Where(c => c.Status != ChargeState.Cancelled).ToList();
        var ids = standing.ConvertAll(c => c.Id);
        var applications = standing.Exists(c => c.Paid > 0)
            ? await db.PaymentApplications.Where(a => ids.Contains(a.ChargeId) && !a.Reversed).ToListAsync(ct)
            : [];
        foreach (var application in applications)
        {
            application.Reversed = true;
            standing.Single(c => c.Id == application.ChargeId).TakeBack(application.Amount);
        }

        foreach (var charge in standing) charge.Status = ChargeState.Cancelled;
        return applications.Count > 0;
    }

    internal static OpenCharge Open(Charge c) =>
        new(c.Id, c.Kind, c.Concept, c.Detail, c.Number, c.Period, c.IssuedOn, c.DueOn, c.Due, c.Left)
        {
            BaseId = c.BaseChargeId,
            ConceptId = c.Of?.Id ?? c.ConceptId,
            Discount = c.Discount,
            DiscountUntil = c.DiscountUntil,
            DiscountRule = c.DiscountRule ?? DiscountRule.None,
        };

    /// <summary>What confirmed payments of the apartment still hold, the oldest first; to be called under
    /// <see cref="LockAsync"/>.</summary>
    public static async Task<IReadOnlyList<(Payment Payment, decimal Left)>> HeldAsync(
        PortalDb db, long apartmentId, CancellationToken ct) =>
        [.. (await FundsAsync(db, apartmentId, null, ct)).Select(f => (f.Payment, f.Left))];

    private static async Task<List<Fund>> FundsAsync(PortalDb db, long apartmentId, Payment? confirming, CancellationToken ct)
    {
        var held = await db.Payments
            .Where(p => p.ApartmentId == apartmentId && p.StatusId == PaymentState.Paid)
            .Select(p => new
            {
                Payment = p,
                Applied = p.Applications.Where(a => !a.Reversed).Sum(a => (decimal?)a.Amount) ?? 0,
                Lines = p.Applications.Max(a => (int?)a.Line) ?? 0,
            })
            .Where(p => p.Applied < p.Payment.Amount - p.Payment.Refunded)
            .OrderBy(p => p.Payment.PaymentDate).ThenBy(p => p.Payment.Id)
            .ToListAsync(ct);
        var funds = held.Where(p => p.Payment != confirming)
            .Select(p => new Fund(p.Payment) { Left = p.Payment.Amount - p.Payment.Refunded - p.Applied, Lines = p.Lines })
            .ToList();
        if (confirming is not null) funds.Add(new Fund(confirming) { Left = confirming.Amount });
        return funds;
    }

    private sealed class Fund(Payment payment)
    {
        public Payment Payment => payment;
        public decimal Left { get; set; }
        public int Lines { get; set; }
    }
}

using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Facilities;

namespace Portal.Data.Payments;

/// <summary>
/// Deposits of bookings: a liability of the building, never applied to anything unasked. After the use they are given back, less damages.
/// </summary>
public sealed class DepositDesk(PortalStore store, RefundDesk refunds, BuildingClock clock)
{
    public const int LongestReason = 300;

    /// <summary>
    /// Deposits that were paid, those to be given back first, the longest waiting first. Filter: <c>state</c>. Needs
    /// <see cref="Permissions.PaymentsView"/>; empty without it.
    /// </summary>
    public async Task<Page<DepositRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PaymentsView)) return Page<DepositRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var now = clock.Now;
        var deposits = db.Charges.AsNoTracking()
            .Where(c => c.Kind == ChargeKind.Deposit)
            .Select(c => new
            {
                Charge = c,
                Return = db.DepositReturns.FirstOrDefault(r => r.ChargeId == c.Id),
                Over = c.Reservation == null || c.Reservation.EndDate <= now
                    || c.Reservation.StatusId == ReservationState.Cancelled || c.Reservation.StatusId == ReservationState.Expired,
            })
            .Where(d => d.Charge.Paid > 0 || d.Return != null);
        deposits = query.Filter<DepositState>("state") switch
        {
            DepositState.Held => deposits.Where(d => d.Return == null && !d.Over),
            DepositState.ToReturn => deposits.Where(d => d.Return == null && d.Over),
            DepositState.Returned => deposits.Where(d => d.Return != null),
            _ => deposits,
        };
        return await deposits
            .OrderBy(d => d.Return != null).ThenBy(d => d.Over ? 0 : 1)
            .ThenBy(d => d.Return == null ? d.Charge.Reservation!.EndDate : DateTime.MaxValue).ThenByDescending(d => d.Charge.Id)
            .Select(d => new DepositRow(
                d.Charge.Id, d.Charge.ApartmentId, d.Charge.Apartment!.Tower!.Name, d.Charge.Apartment.ApartmentNumber, d.Charge.Concept,
                d.Charge.Number, d.Return == null ? d.Charge.Paid : d.Return.Amount,
                d.Charge.Reservation == null || d.Charge.Reservation.StatusId == ReservationState.Cancelled
                    ? null : d.Charge.Reservation.EndDate,
                d.Return != null ? DepositState.Returned : d.Over ? DepositState.ToReturn : DepositState.Held,
                d.Return == null ? 0 : d.Return.Damages, d.Return == null ? null : d.Return.Refund!.Number,
                d.Return == null ? null : d.Return.MadeOn))
            .PageAsync(query, ct);
    }

    /// <summary>
    /// Gives a deposit back: damages are charged and paid from it, the rest leaves the bank as a refund with its own number, or stays to the
    /// apartment's credit where they asked for that. Needs <see cref="Permissions.PaymentsRefund"/>. Of two who do so at once the second is
    /// told that it was done.
    /// </summary>
    /// <returns>Refused: <c>deposit.not_over</c> while the booking is to come, <c>deposit.returned</c>, <c>deposit.over</c> with what is held
    /// where the damages are more (the rest is charged by hand), and what refuses a refund.</returns>
    public Task<Result> ReturnAsync(DepositReturnInput input, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.PaymentsRefund)) return Error.Forbidden;
                var known = await db.Charges.AsNoTracking().Where(c => c.Id == input.ChargeId && c.Kind == ChargeKind.Deposit)
                    .Select(c => new
                    {
                        c.ApartmentId, Ends = (DateTime?)c.Reservation!.EndDate, State = (ReservationState?)c.Reservation.StatusId,
                    })
                    .SingleOrDefaultAsync(token);
                if (known is null || !await ApartmentLedger.LockAsync(db, known.ApartmentId, token)) return Error.NotFound;
                var deposit = await db.Charges.Where(c => c.Id == input.ChargeId).ForUpdate().SingleAsync(token);
                if (await db.DepositReturns.AnyAsync(r => r.ChargeId == deposit.Id, token)) return new Error("deposit.returned");
                if (deposit.Paid == 0) return new Error("deposit.not_paid");
                if (known.Ends > clock.Now && known.State is not (ReservationState.Cancelled or ReservationState.Expired))
                    return new Error("deposit.not_over");
                var (held, back) = (deposit.Paid, deposit.Paid - input.Damages);
                var refund = new RefundInput(
                    known.ApartmentId, back, input.PaidOn, input.MethodId, input.Reference, $"Depósito {deposit.Number}");
                if (await CheckAsync(db, input, refund, held, token) is { Count: > 0 } errors) return errors;

                var paid = await db.PaymentApplications.Where(a => a.ChargeId == deposit.Id && !a.Reversed).Include(a => a.Payment)
                    .OrderBy(a => a.Id).ToListAsync(token);
                await ApartmentLedger.WithdrawAsync(db, [deposit], token);
                var funds = paid.GroupBy(a => a.Payment!).Select(g => (Payment: g.Key, Left: g.Sum(a => a.Amount))).ToList();
                var made = new DepositReturn
                {
                    Charge = deposit, Amount = held, Damages = input.Damages, Reason = input.Reason.TrimToNull(), MadeOn = clock.Today,
                    MadeBy = user.AccountId,
                };
                if (input.Damages > 0) made.DamageCharge = await DamagesAsync(db, deposit, input, funds, token);
                if (back > 0 && !input.ToCredit)
                {
                    var left = await refunds.PayOutAsync(db, refund, funds, token);
                    if (!left.Ok) return Result<bool>.Refused(left);
                    made.Refund = left.Value;
                }

                db.DepositReturns.Add(made);
                await db.SaveChangesAsync(token);
                if (input.ToCredit) await ApartmentLedger.UseCreditAsync(db, known.ApartmentId, clock, token);
                return Result.Done;
            },
            ct
        );

    private async Task<List<Error>> CheckAsync(
        PortalDb db, DepositReturnInput input, RefundInput refund, decimal held, CancellationToken ct)
    {
        var errors = new List<Error>();
        if (input.Damages != 0 && PaymentRules.CheckAmount(nameof(input.Damages), input.Damages) is { } wrong) errors.Add(wrong);
        else if (input.Damages > held) errors.Add(new Error("deposit.over", nameof(input.Damages), held));
        if (input.Damages > 0 && string.IsNullOrWhiteSpace(input.Reason)) errors.Add(Error.Required(nameof(input.Reason)));
        else if (input.Reason?.Trim().Length > LongestReason) errors.Add(Error.TooLong(nameof(input.Reason), LongestReason));
        if (errors.Count == 0 && refund.Amount > 0 && !input.ToCredit) errors.AddRange(await refunds.CheckAsync(db, refund, ct));
        return errors;
    }

    /// <summary>Charges the damages and pays them from the deposit alone; a note says so.</summary>
    private async Task<Charge> DamagesAsync(
        PortalDb db, Charge deposit, DepositReturnInput input, List<(Payment Payment, decimal Left)> funds, CancellationToken ct)
    {
        var concept = await db.Concepts.Where(c => c.Kind == ChargeKind.Other).OrderByDescending(c => c.Active).ThenBy(c => c.Id)
            .FirstAsync(ct);
        var charge = new Charge
        {
            ApartmentId = deposit.ApartmentId, OwnerId = deposit.OwnerId, Kind = ChargeKind.Other,
            Concept = deposit.Concept.Replace("Depósito", "Daños", StringComparison.Ordinal), Detail = input.Reason!.Trim(),
            Number = deposit.Number + "-DA", Amount = input.Damages, IssuedOn = clock.Today, DueOn = clock.Today, Of = concept,
        };
        db.Charges.Add(charge);
        await db.SaveChangesAsync(ct);
        List<PaymentApplication> applied = [];
        for (var i = 0; i < funds.Count && charge.Left > 0; i++)
        {
            var (payment, left) = funds[i];
            var part = Math.Min(left, charge.Left);
            var line = await db.PaymentApplications.Where(a => a.PaymentId == payment.Id).MaxAsync(a => (int?)a.Line, ct) ?? 0;
            var application = new PaymentApplication
            {
                Payment = payment, Charge = charge, Line = line + 1, Owed = charge.Left, Amount = part,
            };
            charge.Pay(part);
            db.PaymentApplications.Add(application);
            applied.Add(application);
            funds[i] = (payment, left - part);
        }

        await ApplicationNote.IssueAsync(db, deposit.ApartmentId, null, [], applied, clock, ct);
        return charge;
    }
}

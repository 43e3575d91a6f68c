using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Payments;

namespace Portal.Data.Billing;

/// <summary>One charge at a time: charged by hand, waived, corrected, taken back. Each under the lock of the apartment, credit used at
/// once.</summary>
public sealed class ChargeDesk(PortalStore store, BuildingClock clock)
{
    public const int LongestReason = 300;

    /// <summary>
    /// Charges something to an apartment, with a reason that its people read. Needs <see cref="Permissions.BillingPost"/>. Interest is not
    /// charged by hand, nor is a fine: it has its steps (<see cref="Fines.FineDesk"/>).
    /// </summary>
    public Task<Result<long>> ChargeAsync(ChargeInput input, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.BillingPost)) return Error.Forbidden;
                var errors = new List<Error>();
                if (input.ApartmentId <= 0) errors.Add(Error.Required(nameof(input.ApartmentId)));
                if (PaymentRules.CheckAmount(nameof(input.Amount), input.Amount) is { } wrong) errors.Add(wrong);
                if (string.IsNullOrWhiteSpace(input.Reason)) errors.Add(Error.Required(nameof(input.Reason)));
                else if (input.Reason.Trim().Length > LongestReason) errors.Add(Error.TooLong(nameof(input.Reason), LongestReason));
                var today = clock.Today;
                if (input.DueOn < today || input.DueOn > today.AddYears(2))
                    errors.Add(new Error("billing.due", nameof(input.DueOn), today, today.AddYears(2)));
                var concept = await db.Concepts.SingleOrDefaultAsync(
                    c => c.Id == input.ConceptId && c.Active && c.Kind != ChargeKind.Interest && c.Kind != ChargeKind.Booking
                        && c.Kind != ChargeKind.Deposit && c.Kind != ChargeKind.Fine,
                    token);
                if (concept is null) errors.Add(Error.Required(nameof(input.ConceptId)));
                if (errors.Count > 0) return errors;
                if (!await ApartmentLedger.LockAsync(db, input.ApartmentId, token)) return Error.NotFound;
                var charge = new Charge
                {
                    ApartmentId = input.ApartmentId,
                    OwnerId = await db.Apartments.Where(a => a.Id == input.ApartmentId).Select(a => a.OwnerId).SingleAsync(token),
                    Kind = concept!.Kind,
                    Concept = concept.Name,
                    Detail = input.Reason!.Trim(),
                    Amount = input.Amount,
                    IssuedOn = today,
                    DueOn = input.DueOn,
                    Of = concept,
                };
                db.Charges.Add(charge);
                await db.SaveChangesAsync(token);
                await ApartmentLedger.UseCreditAsync(db, input.ApartmentId, clock, token);
                return charge.Id;
            },
            ct
        );

    /// <summary>
    /// Waives or corrects what is left of a charge. A waiver names the minutes that decided it. Needs
    /// <see cref="Permissions.BillingAdjust"/>.
    /// </summary>
    /// <returns>Refused: <c>billing.over</c> (what is left) where more is to be taken off than is owed.</returns>
    public Task<Result<long>> AdjustAsync(AdjustmentInput input, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.BillingAdjust)) return Error.Forbidden;
                var errors = new List<Error>();
                if (input.Kind is not (AdjustmentKind.Waiver or AdjustmentKind.Correction)) errors.Add(Error.Required(nameof(input.Kind)));
                if (PaymentRules.CheckAmount(nameof(input.Amount), Math.Abs(input.Amount)) is { } wrong) errors.Add(wrong);
                else if (input is { Kind: AdjustmentKind.Waiver, Amount: < 0 })
                    errors.Add(new Error("payment.amount", nameof(input.Amount)));
                if (string.IsNullOrWhiteSpace(input.Reason)) errors.Add(Error.Required(nameof(input.Reason)));
                else if (input.Reason.Trim().Length > LongestReason) errors.Add(Error.TooLong(nameof(input.Reason), LongestReason));
                if (input.Kind == AdjustmentKind.Waiver && string.IsNullOrWhiteSpace(input.Act))
                    errors.Add(Error.Required(nameof(input.Act)));
                else if (input.Act?.Trim().Length > 100) errors.Add(Error.TooLong(nameof(input.Act), 100));
                if (errors.Count > 0) return errors;
                if (await LockAsync(db, input.ChargeId, token) is not { } charge) return Error.NotFound;
                if (charge.Status is not (ChargeState.Open or ChargeState.Paid)) return new Error("billing.closed");
                if (input.Amount > charge.Left) return new Error("billing.over", nameof(input.Amount), charge.Left);
                var adjustment = charge.Adjust(
                    input.Kind, -input.Amount, clock.Today, input.Reason!.Trim(), input.Act.TrimToNull(), user.AccountId);
                db.ChargeAdjustments.Add(adjustment);
                await db.SaveChangesAsync(token);
                if (input.Amount < 0) await ApartmentLedger.UseCreditAsync(db, charge.ApartmentId, clock, token);
                return adjustment.Id;
            },
            ct
        );

    /// <summary>
    /// Takes a waiver or a correction back by one of the opposite amount. Needs <see cref="Permissions.BillingAdjust"/>. Of two who do, the
    /// second is told that it was done.
    /// </summary>
    public Task<Result> TakeBackAsync(long adjustmentId, string? reason, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.BillingAdjust)) return Error.Forbidden;
                if (PaymentRules.CheckReason(reason) is { } missing) return missing;
                var known = await db.ChargeAdjustments.AsNoTracking()
                    .Where(a => a.Id == adjustmentId && a.ReversesId == null && !a.FromFund
                        // What was given back to who left a course has its part of the fund beside it: coming back takes both.
                        && !(a.Kind == AdjustmentKind.Correction && db.Enrolments.Any(e => e.ChargeId == a.ChargeId))
                        && (a.Kind == AdjustmentKind.Waiver || a.Kind == AdjustmentKind.Correction))
                    .SingleOrDefaultAsync(token);
                if (known is null || await LockAsync(db, known.ChargeId, token) is not { } charge) return Error.NotFound;
                if (await db.ChargeAdjustments.AnyAsync(a => a.ReversesId == adjustmentId, token)) return new Error("billing.taken_back");
                if (charge.Status is not (ChargeState.Open or ChargeState.Paid)) return new Error("billing.closed");
                if (known.Amount > charge.Left) return new Error("billing.over", null, charge.Left);
                var back = charge.Adjust(known.Kind, -known.Amount, clock.Today, reason!.Trim(), by: user.AccountId);
                back.ReversesId = adjustmentId;
                db.ChargeAdjustments.Add(back);
                await db.SaveChangesAsync(token);
                await ApartmentLedger.UseCreditAsync(db, charge.ApartmentId, clock, token);
                return Result.Done;
            },
            ct
        );

    /// <summary>Apartments whose number begins as typed. Needs <see cref="Permissions.BillingView"/> or
    /// <see cref="Permissions.FinesEdit"/>; empty without.</summary>
    public async Task<IReadOnlyList<ApartmentOption>> UnitsAsync(string? typed, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BillingView) && !user.Can(Permissions.FinesEdit)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await (await UnitSearch.ReadAsync(db, typed, ct)).Beginning(db)
            .OrderBy(a => a.Tower!.Name).ThenBy(a => a.ApartmentNumber.Length).ThenBy(a => a.ApartmentNumber).ThenBy(a => a.Id).Take(8)
            .Select(a => new ApartmentOption(
                a.Id, a.Tower!.Name, a.ApartmentNumber,
                db.Profiles.Where(f => f.UserId == a.Owner!.UserId).OrderBy(f => f.Id).Select(f => f.FullName).FirstOrDefault()))
            .ToListAsync(ct);
    }

    private static async Task<Charge?> LockAsync(PortalDb db, long charge, CancellationToken ct)
    {
        if (await db.Charges.Where(c => c.Id == charge).Select(c => (long?)c.ApartmentId)
            .SingleOrDefaultAsync(ct) is not { } apartment) return null;
        await ApartmentLedger.LockAsync(db, apartment, ct);
        return await db.Charges.Where(c => c.Id == charge).ForUpdate().SingleAsync(ct);
    }
}

using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Ledger;
using Portal.Data.Operations;

namespace Portal.Data.Payments;

/// <summary>Gives credit back, in parts or whole, under the lock of the apartment: of two who do so at once nobody gives more than there
/// is.</summary>
public sealed class RefundDesk(PortalStore store, BuildingClock clock)
{
    /// <summary>
    /// Gives back what an apartment has to its credit, from the oldest payment that holds some. Needs
    /// <see cref="Permissions.PaymentsRefund"/>.
    /// </summary>
    /// <returns>Refused: <c>refund.over</c> (the credit there is), and what the books say of the account that it leaves
    /// (<see cref="LedgerDesk.WhyNotOutAsync"/>).</returns>
    public Task<Result<string>> RefundAsync(RefundInput input, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync<string>(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.PaymentsRefund)) return Error.Forbidden;
                if (await CheckAsync(db, input, token) is { Count: > 0 } errors) return errors;
                if (!await ApartmentLedger.LockAsync(db, input.ApartmentId, token)) return Error.NotFound;
                var funds = await ApartmentLedger.HeldAsync(db, input.ApartmentId, token);
                if (input.Amount > funds.Sum(f => f.Left)) return new Error("refund.over", nameof(input.Amount), funds.Sum(f => f.Left));
                var refund = await PayOutAsync(db, input, funds, token);
                return refund.Ok ? refund.Value.Number : Result<string>.Refused(refund);
            },
            ct
        );

    /// <summary>Takes the money out of the payments that hold it, the first of them first; to be called under the apartment's lock.</summary>
    /// <param name="funds">At least the amount together.</param>
    internal async Task<Result<Refund>> PayOutAsync(
        PortalDb db, RefundInput input, IReadOnlyList<(Payment Payment, decimal Left)> funds, CancellationToken ct)
    {
        var money = (await Chart.ReadAsync(db, ct)).MoneyOf(input.MethodId);
        if (await LedgerDesk.WhyNotOutAsync(db, input.PaidOn, money, input.Amount, ct) is { Count: > 0 } kept) return kept;
        var refund = new Refund
        {
            ApartmentId = input.ApartmentId, Amount = input.Amount, PaidOn = input.PaidOn, PaymentMethodId = input.MethodId!.Value,
            Reference = input.Reference.TrimToNull(), Reason = input.Reason!.Trim(), MadeBy = db.Actor.AccountId,
        };
        var left = input.Amount;
        foreach (var (payment, held) in funds)
        {
            var part = Math.Min(left, held);
            if (part == 0) break;
            payment.GiveBack(part);
            refund.Parts.Add(new RefundPart { Payment = payment, Amount = part });
            left -= part;
        }

        // The number last, because everybody who gives back anywhere in the building waits for it.
        var facts = await RefundFacts.ComposeAsync(db, refund, clock, ct);
        refund.VerificationCode = VerificationCode.New();
        refund.Number = await Numbering.NextAsync(db, Refund.Series, clock.Today.Year, ct);
        db.Refunds.Add(refund);
        db.IssuedPapers.Add(IssuedPaper.Of(refund.Number, facts));
        return refund;
    }

    internal async Task<List<Error>> CheckAsync(PortalDb db, RefundInput input, CancellationToken ct)
    {
        var errors = new List<Error>();
        if (PaymentRules.CheckAmount(nameof(input.Amount), input.Amount) is { } wrong) errors.Add(wrong);
        if (await PaymentRules.CheckMethodAsync(db, nameof(input.MethodId), input.MethodId, ct) is { } noMethod) errors.Add(noMethod);
        if (input.PaidOn > clock.Today) errors.Add(new Error("payment.future", nameof(input.PaidOn), clock.Today));
        else if (input.PaidOn < clock.Today.AddYears(-1))
            errors.Add(new Error("payment.too_old", nameof(input.PaidOn), clock.Today.AddYears(-1)));
        if (PaymentRules.CheckReason(input.Reason) is { } missing) errors.Add(missing);
        if (input.Reference?.Trim().Length > PaymentRules.LongestReference)
            errors.Add(Error.TooLong(nameof(input.Reference), PaymentRules.LongestReference));
        return errors;
    }
}

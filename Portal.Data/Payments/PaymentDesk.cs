using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Billing;
using Portal.Data.Facilities;
using Portal.Data.Operations;

namespace Portal.Data.Payments;

/// <summary>Takes money in: records, reports, confirms, rejects, voids. Each is one transaction under the lock of the apartment.</summary>
public sealed class PaymentDesk(PortalStore store, BuildingClock clock)
{
    /// <summary>The series of receipt numbers.</summary>
    public const string Series = "RC";

    /// <summary>
    /// Writes down a payment that was received. One who may also confirm gets the receipt at once; for another it waits.
    /// Needs <see cref="Permissions.PaymentsRecord"/>.
    /// </summary>
    public Task<Result<long>> RecordAsync(PaymentInput input, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.PaymentsRecord)) return Error.Forbidden;
                var errors = await PaymentRules.CheckAsync(db, input, clock.Now, needsReference: false, token);
                var (proofs, wrong) = PaymentProof.Check(input.Proofs, user.AccountId);
                if (errors.Concat(wrong).ToList() is { Count: > 0 } refused) return refused;
                if (!await ApartmentLedger.LockAsync(db, input.ApartmentId, token)) return Error.NotFound;
                if (await PaymentRules.CheckNamedAsync(db, input, byOffice: true, token) is { } named) return named;
                var payment = Payment.Record(input, user.AccountId);
                db.Payments.Add(payment);
                foreach (var proof in proofs) db.PaymentProofs.Add(proof.Of(payment));
                if (user.Can(Permissions.PaymentsConfirm))
                {
                    var confirmed = await ConfirmAsync(db, payment, user, token);
                    if (!confirmed.Ok) return Result<long>.Refused(confirmed);
                }

                await db.SaveChangesAsync(token);
                return payment.Id;
            },
            ct
        );

    /// <summary>
    /// An owner says that an apartment of theirs was paid for; it waits until the administration confirms it. Needs
    /// <see cref="Permissions.PaymentsReportOwn"/>.
    /// </summary>
    public Task<Result<long>> ReportAsync(PaymentInput input, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.PaymentsReportOwn)) return Error.Forbidden;
                if (!user.OwnedApartmentIds.Contains(input.ApartmentId))
                    return input.ApartmentId <= 0 ? Error.Required(nameof(input.ApartmentId)) : Error.NotFound;
                var payers = await PaymentRules.PayersAsync(db, input.ApartmentId, token);
                var own = input with { PayerId = payers.FirstOrDefault(p => user.OwnerIds.Contains(p.OwnerId))?.OwnerId ?? 0 };
                var errors = await PaymentRules.CheckAsync(db, own, clock.Now, needsReference: true, token);
                var (proofs, wrong) = PaymentProof.Check(own.Proofs, user.AccountId);
                if (errors.Concat(wrong).ToList() is { Count: > 0 } refused) return refused;
                if (!await ApartmentLedger.LockAsync(db, own.ApartmentId, token)) return Error.NotFound;
                if (await PaymentRules.CheckNamedAsync(db, own, byOffice: false, token) is { } named) return named;
                var payment = Payment.Record(own, user.AccountId);
                db.Payments.Add(payment);
                foreach (var proof in proofs) db.PaymentProofs.Add(proof.Of(payment));
                await HeldBookings.ReportedAsync(db, own.ApartmentId, own.Amount, clock, token);
                await db.SaveChangesAsync(token);
                return payment.Id;
            },
            ct
        );

    /// <summary>
    /// Confirms a payment that waits: gives the receipt its number and applies the money. Of two who confirm at once the second is told who
    /// was first.
    /// Needs <see cref="Permissions.PaymentsConfirm"/>.
    /// </summary>
    public Task<Result<ConfirmedPayment>> ConfirmAsync(long id, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(user, (db, token) => ConfirmInAsync(db, id, null, null, user, token), ct);

    /// <summary>
    /// As <see cref="ConfirmAsync(long, CurrentUser, CancellationToken)"/>, in the transaction that is open: the bank shows the money.
    /// </summary>
    /// <param name="arrived">The day the bank has it; null: as it was said.</param>
    /// <param name="deposit">Where the books hold the money already, as nobody's.</param>
    internal async Task<Result<ConfirmedPayment>> ConfirmInAsync(
        PortalDb db, long id, DateOnly? arrived, Bank.UnidentifiedDeposit? deposit, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PaymentsConfirm)) return Error.Forbidden;
        if (await LockAsync(db, id, user, ct) is not { } payment) return Error.NotFound;
        if (arrived is { } day) payment.Arrived(day, deposit);
        return Confirmed(payment, await ConfirmAsync(db, payment, user, ct));
    }

    /// <summary>
    /// Writes down and confirms in the transaction that is open what the bank shows for an apartment; whoever answers for it paid. Needs
    /// <see cref="Permissions.PaymentsRecord"/> and <see cref="Permissions.PaymentsConfirm"/>.
    /// </summary>
    /// <inheritdoc cref="ConfirmInAsync"/>
    internal async Task<Result<ConfirmedPayment>> RecordInAsync(
        PortalDb db, PaymentInput input, Bank.UnidentifiedDeposit? deposit, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PaymentsRecord) || !user.Can(Permissions.PaymentsConfirm)) return Error.Forbidden;
        var payers = await PaymentRules.PayersAsync(db, input.ApartmentId, ct);
        var whole = input with { PayerId = payers.Count > 0 ? payers[0].OwnerId : 0 };
        if (await PaymentRules.CheckAsync(db, whole, clock.Now, needsReference: false, ct) is { Count: > 0 } errors) return errors;
        if (!await ApartmentLedger.LockAsync(db, whole.ApartmentId, ct)) return Error.NotFound;
        var payment = Payment.Record(whole, user.AccountId);
        payment.Arrived(whole.Date, deposit);
        db.Payments.Add(payment);
        var confirmed = await ConfirmAsync(db, payment, user, ct);
        if (confirmed.Ok) await db.SaveChangesAsync(ct);
        return Confirmed(payment, confirmed);
    }

    /// <summary>
    /// Writes down and confirms, in the transaction that is open and under the lock of the apartment, what a gateway received. Nothing of it
    /// is checked: the money is there.
    /// </summary>
    /// <param name="at">UTC, by the gateway's clock: a moment that is yet to come here is now.</param>
    internal async Task<Result<ConfirmedPayment>> TakeOnlineAsync(
        PortalDb db, OnlinePayments.OnlinePayment online, string? transaction, DateTime at, CurrentUser user, CancellationToken ct)
    {
        var now = clock.Now;
        var wall = clock.ToWall(at);
        var payment = Payment.Receive(online, transaction, wall < now ? wall : now);
        db.Payments.Add(payment);
        var confirmed = await ConfirmAsync(db, payment, user, ct);
        if (confirmed.Ok) await db.SaveChangesAsync(ct);
        return Confirmed(payment, confirmed);
    }

    private static Result<ConfirmedPayment> Confirmed(Payment payment, Result<decimal> credit) => credit.Ok
        ? new ConfirmedPayment(
            payment.Id, payment.ReceiptNumber!, payment.VerificationCode!, payment.Amount - credit.Value, credit.Value)
        : Result<ConfirmedPayment>.Refused(credit);

    /// <summary>
    /// Refuses a payment that waits, with the reason its reporter will read. Needs <see cref="Permissions.PaymentsConfirm"/>.
    /// </summary>
    public Task<Result> RejectAsync(long id, string? reason, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.PaymentsConfirm)) return Error.Forbidden;
                if (PaymentRules.CheckReason(reason) is { } missing) return missing;
                if (await LockAsync(db, id, user, token) is not { } payment) return Error.NotFound;
                if (payment.Reject(reason!, user.AccountId, clock.UtcNow) is { Ok: false } refused)
                    return await NamedAsync(db, payment, refused.Error!, token);
                await PaymentNotices.TellAsync(db, payment, user, token);
                return Result.Done;
            },
            ct
        );

    /// <summary>
    /// Voids a confirmed payment: its charges owe again, the receipt stays and says so. Credit of other payments then covers what it can;
    /// their receipts stay as they are, and a note says what owes again and what was applied.
    /// Needs <see cref="Permissions.PaymentsVoid"/>.
    /// </summary>
    /// <returns>How many charges owe again.</returns>
    public Task<Result<int>> VoidAsync(long id, string? reason, CurrentUser user, CancellationToken ct) =>
        VoidAsync(id, reason, new VoidTerms(), user, ct);

    /// <inheritdoc cref="VoidAsync(long, string?, CurrentUser, CancellationToken)"/>
    /// <param name="terms">What becomes of interest and of later payments.</param>
    public Task<Result<int>> VoidAsync(long id, string? reason, VoidTerms terms, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(user, (db, token) => VoidInAsync(db, id, reason, terms, user, token), ct);

    /// <summary>The same, in the transaction that is open.</summary>
    internal async Task<Result<int>> VoidInAsync(
        PortalDb db, long id, string? reason, VoidTerms terms, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PaymentsVoid)) return Error.Forbidden;
        if (PaymentRules.CheckReason(reason) is { } missing) return missing;
        if (await LockAsync(db, id, user, ct) is not { } payment) return Error.NotFound;
        if (payment.Void(reason!, user.AccountId, clock.UtcNow) is { Ok: false } refused)
            return await NamedAsync(db, payment, refused.Error!, ct);
        await PaymentNotices.TellAsync(db, payment, user, ct);
        var reopened = await ApartmentLedger.ReverseAsync(db, id, ct);
        if (terms.Ours)
        {
            foreach (var charge in reopened.Select(a => a.Charge!).Where(c => c.Kind != ChargeKind.Interest))
                charge.InterestFrom = clock.Today.AddDays(1);
        }

        await db.SaveChangesAsync(ct);
        if (payment.ApartmentId is { } apartment)
        {
            if (terms.Reapply) await ReapplyLaterAsync(db, apartment, payment, reopened, ct);
            else await SettleVoidAsync(db, apartment, payment, reopened, terms.Ours, ct);
        }

        return reopened.Select(a => a.ChargeId).Distinct().Count();
    }

    /// <summary>Other payments stay where they were applied; credit covers what it can.</summary>
    private async Task SettleVoidAsync(
        PortalDb db, long apartment, Payment voided, IReadOnlyList<PaymentApplication> reopened, bool ours, CancellationToken ct)
    {
        // Days counted on what the payment had left are counted on the whole, as if it had never been paid.
        if (!ours && await InterestTerms.ReadAsync(db, ct) is { } terms
            && await InterestLedger.TakeBackAsync(db, apartment, terms, voided.PaymentDate, ct) is { } recount)
        {
            await recount.FinishAsync(db, voided, [], clock.Today, ct);
            await db.SaveChangesAsync(ct);
        }

        await CountInterestAsync(db, apartment, clock.Today, ct);
        var settled = await ApartmentLedger.SettleAsync(db, apartment, null, ct);
        await ApplicationNote.IssueAsync(db, apartment, voided, reopened, settled.Later, clock, ct);
    }

    /// <summary>
    /// Applies the payments after the voided one again, each by its day as if the voided one had never been, and gives each a new receipt
    /// that names the one of before.
    /// </summary>
    private async Task ReapplyLaterAsync(
        PortalDb db, long apartment, Payment voided, IReadOnlyList<PaymentApplication> reopened, CancellationToken ct)
    {
        var later = await db.Payments
            .Where(p => p.ApartmentId == apartment && p.StatusId == PaymentState.Paid
                && (p.PaymentDate > voided.PaymentDate || (p.PaymentDate == voided.PaymentDate && p.Id > voided.Id)))
            .OrderBy(p => p.PaymentDate).ThenBy(p => p.Id).ForUpdate().ToListAsync(ct);
        foreach (var payment in later) await ApartmentLedger.ReverseAsync(db, payment.Id, ct);
        await db.SaveChangesAsync(ct);
        if (await InterestTerms.ReadAsync(db, ct) is { } terms
            && await InterestLedger.TakeBackAsync(db, apartment, terms, voided.PaymentDate, ct) is { } recount)
        {
            recount.GiveUp(db, voided, clock.Today);
            await db.SaveChangesAsync(ct);
        }

        foreach (var payment in later)
        {
            await CountInterestAsync(db, apartment, payment.PaymentDate, ct);
            var last = await db.PaymentApplications.Where(a => a.PaymentId == payment.Id).MaxAsync(a => (int?)a.Line, ct) ?? 0;
            var settled = await ApartmentLedger.ReapplyAsync(db, apartment, payment, last, ct);
            var off = EarlyPayment.GrantedWith(db, payment);
            await db.SaveChangesAsync(ct);
            var facts = await ReceiptFacts.ComposeAsync(
                db, payment, [.. settled.Confirming.Select(a => PaperLine.Of(a, off))], clock, ct) with
            {
                ByDueDay = true, Replaces = payment.ReceiptNumber, BecauseOf = voided.ReceiptNumber,
                Named = await db.Charges.Where(c => c.Id == payment.NamedChargeId).Select(c => c.Concept).SingleOrDefaultAsync(ct),
            };
            var number = await Numbering.NextAsync(db, Series, clock.Today.Year, ct);
            db.ReplacedReceipts.Add(payment.ReplaceReceipt(number, voided, clock.Today, last));
            db.IssuedPapers.Add(IssuedPaper.Of(number, facts));
            await db.SaveChangesAsync(ct);
        }

        await CountInterestAsync(db, apartment, clock.Today, ct);
        var rest = await ApartmentLedger.SettleAsync(db, apartment, null, ct);
        await ApplicationNote.IssueAsync(db, apartment, voided, reopened, rest.Later, clock, ct);
    }

    /// <summary>
    /// Interest goes first (Civil Code, art. 1653), so that of the days through a payment is written down before it is applied. A month
    /// without a rate waits for its rate: nobody is sent away with their money.
    /// </summary>
    /// <returns>Null where the building counts none.</returns>
    private static async Task<InterestTerms?> CountInterestAsync(PortalDb db, long apartment, DateOnly through, CancellationToken ct)
    {
        if (await InterestTerms.ReadAsync(db, ct) is not { } terms) return null;
        var counted = await InterestLedger.CountAsync(db, [apartment], terms, through, through, null, ct);
        if (counted.Charges.Count > 0) await db.SaveChangesAsync(ct);
        return terms;
    }

    /// <returns>What of it no charge took.</returns>
    private async Task<Result<decimal>> ConfirmAsync(PortalDb db, Payment payment, CurrentUser user, CancellationToken ct)
    {
        var terms = payment is { Waits: true, ApartmentId: { } late } ? await CountInterestAsync(db, late, payment.PaymentDate, ct) : null;
        var recount = terms is null
            ? null
            : await InterestLedger.TakeBackAsync(db, payment.ApartmentId!.Value, terms, payment.PaymentDate, ct);
        if (payment.Confirm(user.AccountId, clock.UtcNow) is { Ok: false } refused)
            return await NamedAsync(db, payment, refused.Error!, ct);
        var apartmentId = payment.ApartmentId!.Value;
        var settled = await ApartmentLedger.SettleAsync(db, apartmentId, payment, ct);
        if (recount is not null) await recount.FinishAsync(db, payment, settled.Confirming, clock.Today, ct);
        await HeldBookings.PaidAsync(db, apartmentId, clock, ct);
        var off = EarlyPayment.GrantedWith(db, payment);
        var facts = await ReceiptFacts.ComposeAsync(db, payment, [.. settled.Confirming.Select(a => PaperLine.Of(a, off))], clock, ct) with
        {
            ByDueDay = true,
            Named = await db.Charges.Where(c => c.Id == payment.NamedChargeId).Select(c => c.Concept).SingleOrDefaultAsync(ct),
        };
        await ApplicationNote.IssueAsync(db, apartmentId, null, [], settled.Later, clock, ct);
        // Last, because everybody who confirms anywhere in the building waits for the number.
        payment.GiveReceipt(await Numbering.NextAsync(db, Series, clock.Today.Year, ct));
        db.IssuedPapers.Add(IssuedPaper.Of(payment.ReceiptNumber!, facts));
        await PaymentNotices.TellAsync(db, payment, user, ct);
        return settled.Credit;
    }

    /// <summary>The payment as it is now, under the lock of its apartment and then its own. Null where it is out of reach.</summary>
    private static async Task<Payment?> LockAsync(PortalDb db, long id, CurrentUser user, CancellationToken ct)
    {
        var known = await db
            .Payments.VisibleTo(user)
            .Where(p => p.Id == id)
            .Select(p => new { p.ApartmentId, p.OwnerId })
            .SingleOrDefaultAsync(ct);
        if (known is null) return null;
        var apartment = known.ApartmentId ?? await OnlyApartmentAsync(db, known.OwnerId, ct);
        if (apartment is { } locked) await ApartmentLedger.LockAsync(db, locked, ct);
        var payment = await db.Payments.Where(p => p.Id == id).ForUpdate().SingleAsync(ct);
        payment.BelongTo(apartment);
        return payment;
    }

    /// <summary>Payments of an adopted database name no apartment: where the payer owns one only, it is that one.</summary>
    private static async Task<long?> OnlyApartmentAsync(PortalDb db, long ownerId, CancellationToken ct) =>
        await db.Apartments.Where(a => a.OwnerId == ownerId).OrderBy(a => a.Id).Select(a => a.Id).Take(2).ToListAsync(ct) is [var only]
            ? only
            : null;

    /// <summary>A refusal because somebody was first says who, and with which receipt.</summary>
    private static async Task<Error> NamedAsync(PortalDb db, Payment payment, Error refusal, CancellationToken ct)
    {
        if (payment.Waits) return refusal;
        var by = payment.SettledBy;
        var name = await db
            .Profiles.Where(f => f.UserId == by)
            .OrderBy(f => f.Id)
            .Select(f => f.FullName)
            .FirstOrDefaultAsync(ct);
        return refusal with { Values = [name ?? "", payment.ReceiptNumber] };
    }
}

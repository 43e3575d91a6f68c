using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
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
                if (await PaymentRules.CheckAsync(db, input, clock.Now, needsReference: false, token) is { Count: > 0 } errors)
                    return errors;
                if (!await ApartmentLedger.LockAsync(db, input.ApartmentId, token)) return Error.NotFound;
                var payment = Add(db, input, user);
                if (user.Can(Permissions.PaymentsConfirm)) await ConfirmAsync(db, payment, input.ApartmentId, user, token);
                await db.SaveChangesAsync(token);
                return payment.Id;
            },
            ct
        );

    /// <summary>
    /// An owner says that he paid for an apartment of his; it waits until the administration confirms it. Needs
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
                if (await PaymentRules.CheckAsync(db, own, clock.Now, needsReference: true, token) is { Count: > 0 } errors) return errors;
                if (!await ApartmentLedger.LockAsync(db, own.ApartmentId, token)) return Error.NotFound;
                var payment = Add(db, own, user);
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
        store.WriteAsync<ConfirmedPayment>(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.PaymentsConfirm)) return Error.Forbidden;
                if (await LockAsync(db, id, user, token) is not { } payment) return Error.NotFound;
                if (await WhyNotWaitingAsync(db, payment, token) is { } settled) return settled;
                if (payment.ApartmentId is not { } apartment) return new Error("payment.no_apartment");
                var credit = await ConfirmAsync(db, payment, apartment, user, token);
                return new ConfirmedPayment(payment.Id, payment.ReceiptNumber!, payment.VerificationCode!, payment.Amount - credit, credit);
            },
            ct
        );

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
                if (await WhyNotWaitingAsync(db, payment, token) is { } settled) return settled;
                End(payment, PaymentState.Rejected, reason!, user);
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
        store.WriteAsync<int>(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.PaymentsVoid)) return Error.Forbidden;
                if (PaymentRules.CheckReason(reason) is { } missing) return missing;
                if (await LockAsync(db, id, user, token) is not { } payment) return Error.NotFound;
                if (payment.StatusId != PaymentState.Paid)
                    return await WhyNotWaitingAsync(db, payment, token) ?? new Error("payment.not_confirmed");
                End(payment, PaymentState.Cancelled, reason!, user);
                await PaymentNotices.TellAsync(db, payment, user, token);
                var reopened = await ApartmentLedger.ReverseAsync(db, id, token);
                await db.SaveChangesAsync(token);
                if (payment.ApartmentId is { } apartment)
                {
                    var settled = await ApartmentLedger.SettleAsync(db, apartment, null, token);
                    await ApplicationNote.IssueAsync(db, apartment, payment, reopened, settled.Later, clock, token);
                }

                return reopened.Select(a => a.ChargeId).Distinct().Count();
            },
            ct
        );

    private async Task<decimal> ConfirmAsync(PortalDb db, Payment payment, long apartmentId, CurrentUser user, CancellationToken ct)
    {
        payment.StatusId = PaymentState.Paid;
        payment.ConfirmedBy = user.AccountId;
        payment.ConfirmedAt = clock.UtcNow;
        payment.VerificationCode = VerificationCode.New();
        var settled = await ApartmentLedger.SettleAsync(db, apartmentId, payment, ct);
        await HeldBookings.PaidAsync(db, apartmentId, clock, ct);
        var facts = await ReceiptFacts.ComposeAsync(db, payment, [.. settled.Confirming.Select(PaperLine.Of)], clock, ct);
        await ApplicationNote.IssueAsync(db, apartmentId, null, [], settled.Later, clock, ct);
        // Last, because everybody who confirms anywhere in the building waits for the number.
        payment.ReceiptNumber = await Numbering.NextAsync(db, Series, clock.Today.Year, ct);
        db.IssuedPapers.Add(IssuedPaper.Of(payment.ReceiptNumber, facts));
        await PaymentNotices.TellAsync(db, payment, user, ct);
        return settled.Credit;
    }

    private static Payment Add(PortalDb db, PaymentInput input, CurrentUser user)
    {
        var payment = new Payment
        {
            ApartmentId = input.ApartmentId,
            OwnerId = input.PayerId,
            Amount = input.Amount,
            PaymentMethodId = input.MethodId,
            ReferenceNumber = Text(input.Reference),
            PaymentDate = input.Date,
            PaymentTime = input.Time,
            Description = Text(input.Note),
            StatusId = PaymentState.Pending,
            RecordedBy = user.AccountId,
        };
        db.Payments.Add(payment);
        return payment;
    }

    private void End(Payment payment, PaymentState state, string reason, CurrentUser user)
    {
        payment.StatusId = state;
        payment.CancelReason = reason.Trim();
        payment.CancelledBy = user.AccountId;
        payment.CancelledAt = clock.UtcNow;
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
        if (payment.StatusId is PaymentState.Pending or PaymentState.Overdue) payment.ApartmentId ??= apartment;
        return payment;
    }

    /// <summary>Payments of an adopted database name no apartment: where the payer owns one only, it is that one.</summary>
    private static async Task<long?> OnlyApartmentAsync(PortalDb db, long ownerId, CancellationToken ct) =>
        await db.Apartments.Where(a => a.OwnerId == ownerId).OrderBy(a => a.Id).Select(a => a.Id).Take(2).ToListAsync(ct) is [var only]
            ? only
            : null;

    /// <summary>Null while it waits; else what became of it, and who did it.</summary>
    private static async Task<Error?> WhyNotWaitingAsync(PortalDb db, Payment payment, CancellationToken ct)
    {
        var (code, by) = payment.StatusId switch
        {
            PaymentState.Pending or PaymentState.Overdue => (null, null),
            PaymentState.Paid => ("payment.already_confirmed", payment.ConfirmedBy),
            PaymentState.Rejected => ("payment.already_rejected", payment.CancelledBy),
            _ => ("payment.already_voided", payment.CancelledBy),
        };
        if (code is null) return null;
        var name = await db
            .Profiles.Where(f => f.UserId == by)
            .OrderBy(f => f.Id)
            .Select(f => f.FirstName + " " + f.LastName)
            .FirstOrDefaultAsync(ct);
        return new Error(code, null, name ?? "", payment.ReceiptNumber);
    }

    private static string? Text(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();
}

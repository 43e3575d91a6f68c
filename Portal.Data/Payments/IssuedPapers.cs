using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Payments;

/// <summary>A receipt as it was issued, and what became of it since.</summary>
/// <param name="EndedAt">Wall clock.</param>
public sealed record IssuedReceipt(
    string Number, string Code, ReceiptFacts Facts, PaymentState State, DateTime? EndedAt, string? EndReason);

/// <summary>A note as it was issued.</summary>
public sealed record IssuedNote(string Number, string Code, NoteFacts Facts);

/// <summary>A refund as it was made.</summary>
/// <param name="Code">Null where it is from before refunds had one.</param>
public sealed record IssuedRefund(string Number, string? Code, RefundFacts Facts);

/// <summary>A note, to be linked to.</summary>
/// <param name="VoidedReceipt">Where it is about a void.</param>
/// <param name="Applied">What it moved of earlier payments.</param>
public sealed record NoteLink(long Id, string Number, DateOnly IssuedOn, NoteCause Cause, string? VoidedReceipt, decimal Applied);

/// <summary>Numbered papers of an account, as they were when they were issued.</summary>
public sealed class IssuedPapers(PortalStore store, BuildingClock clock)
{
    /// <returns>Null where the payment is out of reach or has no receipt.</returns>
    public async Task<IssuedReceipt?> ReceiptAsync(long paymentId, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var found = await db
            .Payments.AsNoTracking()
            .VisibleTo(user)
            .Where(p => p.Id == paymentId && p.ReceiptNumber != null && p.VerificationCode != null)
            .Select(p => new
            {
                Payment = p,
                Facts = db.IssuedPapers.Where(i => i.Number == p.ReceiptNumber).Select(i => i.Facts).FirstOrDefault(),
            })
            .SingleOrDefaultAsync(ct);
        if (found is null) return null;
        var payment = found.Payment;
        var facts = found.Facts is null ? await OfBeforeAsync(db, payment, ct) : IssuedPaper.Read<ReceiptFacts>(found.Facts);
        return new IssuedReceipt(
            payment.ReceiptNumber!, payment.VerificationCode!, facts, payment.StatusId,
            payment.CancelledAt is { } at ? clock.ToWall(at) : null, payment.CancelReason);
    }

    /// <returns>Null where there is no such note on an account in reach.</returns>
    public async Task<IssuedNote?> NoteAsync(long id, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var found = await db
            .ApplicationNotes.AsNoTracking()
            .Where(n => n.Id == id)
            .Select(n => new
            {
                n.Number,
                n.VerificationCode,
                n.ApartmentId,
                Facts = db.IssuedPapers.Where(i => i.Number == n.Number).Select(i => i.Facts).FirstOrDefault(),
            })
            .SingleOrDefaultAsync(ct);
        return found?.Facts is null || !user.MaySeeAccount(found.ApartmentId)
            ? null
            : new IssuedNote(found.Number, found.VerificationCode, IssuedPaper.Read<NoteFacts>(found.Facts));
    }

    /// <returns>Null where there is no such refund of an account in reach; without a code where it is from before refunds had one.</returns>
    public async Task<IssuedRefund?> RefundAsync(long id, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var refund = await db.Refunds.AsNoTracking().Include(r => r.Parts).ThenInclude(p => p.Payment).SingleOrDefaultAsync(r => r.Id == id, ct);
        if (refund is null || !user.MaySeeAccount(refund.ApartmentId)) return null;
        var kept = await db.IssuedPapers.Where(i => i.Number == refund.Number).Select(i => i.Facts).FirstOrDefaultAsync(ct);
        return new IssuedRefund(
            refund.Number, refund.VerificationCode,
            kept is null ? await RefundFacts.ComposeAsync(db, refund, clock, ct) : IssuedPaper.Read<RefundFacts>(kept));
    }

    /// <summary>
    /// Of a receipt that was issued before papers were kept it is not known what it said: what stands in the tables today is said, and of
    /// its applications those of its own day.
    /// </summary>
    private async Task<ReceiptFacts> OfBeforeAsync(PortalDb db, Payment payment, CancellationToken ct)
    {
        var applications = await db
            .PaymentApplications.AsNoTracking()
            .Include(a => a.Charge)
            .Where(a => a.PaymentId == payment.Id && a.NoteId == null)
            .OrderBy(a => a.Line)
            .ThenBy(a => a.Id)
            .ToListAsync(ct);
        foreach (var application in applications) application.Payment = payment;
        var lines = Printed(applications, payment.Amount, a => a.Amount).Select(PaperLine.Of).ToList();
        return await ReceiptFacts.ComposeAsync(db, payment, lines, clock, ct);
    }

    /// <summary>
    /// Of the applications that stand on no note, in their order: those that were made when the receipt was issued. Before there were
    /// notes, money that was freed was applied again on further lines; a receipt never printed more than its payment had.
    /// </summary>
    internal static IEnumerable<T> Printed<T>(IEnumerable<T> withoutNote, decimal amount, Func<T, decimal> applied)
    {
        foreach (var line in withoutNote)
        {
            if ((amount -= applied(line)) < 0) yield break;
            yield return line;
        }
    }

    internal static IQueryable<NoteLink> Links(IQueryable<ApplicationNote> notes) =>
        notes.Select(n => new NoteLink(
            n.Id, n.Number, n.IssuedOn, n.Cause, n.VoidedPayment!.ReceiptNumber, n.Applications.Sum(a => (decimal?)a.Amount) ?? 0));
}

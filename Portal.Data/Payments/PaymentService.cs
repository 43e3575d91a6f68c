using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.People;

namespace Portal.Data.Payments;

/// <summary>
/// Reads payments: lists, one with how it was applied, and what the forms need to know. Writes are <see cref="PaymentDesk"/>'s.
/// </summary>
public sealed class PaymentService(PortalStore store, BuildingClock clock, PaymentChoices choices)
{
    /// <summary>A page of the payments in reach, with the sums of all that match.</summary>
    public async Task<PaymentPage> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var units = await UnitSearch.ReadAsync(db, query.Search, ct);
        var matching = db.Payments.AsNoTracking().VisibleTo(user).Matching(db, query, units, clock.Today.Year);
        // The sum of everything is kept; what is narrowed is added up by its index.
        var sums = await (
            query.AsksForAll && user.Can(Permissions.PaymentsView)
                ? db.PaymentTotals.Select(t => new { State = t.StatusId, Count = (int)t.Number, Sum = t.Amount })
                : matching.GroupBy(p => p.StatusId).Select(g => new { State = g.Key, Count = g.Count(), Sum = g.Sum(p => p.Amount) })
        ).ToListAsync(ct);
        var total = sums.Sum(s => s.Count);
        var size = Math.Clamp(query.Size, 1, ListQuery.LargestPage);
        var page = Math.Clamp(query.Page, 1, Math.Max(1, (total + size - 1) / size));
        var rows = total == 0 ? [] : await RowsAsync(db, matching.Sorted(db, query).Skip((page - 1) * size).Take(size), ct);
        return new PaymentPage(
            new Page<PaymentRow>(rows, total),
            sums.Where(s => s.State == PaymentState.Paid).Sum(s => s.Sum),
            sums.Where(s => s.State is PaymentState.Pending or PaymentState.Overdue).Sum(s => s.Sum));
    }

    /// <summary>Every payment that matches, in the list's order: what an export writes.</summary>
    public async IAsyncEnumerable<PaymentRow> ExportAsync(
        ListQuery query, CurrentUser user, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var units = await UnitSearch.ReadAsync(db, query.Search, ct);
        var sorted = db.Payments.AsNoTracking().VisibleTo(user).Matching(db, query, units, clock.Today.Year).Sorted(db, query);
        var rows = Exports.ReadAsync(
            await sorted.Select(p => p.Id).ToListAsync(ct),
            some => RowsAsync(db, db.Payments.AsNoTracking().VisibleTo(user).Where(p => some.Contains(p.Id)), ct),
            row => row.Id);
        await foreach (var row in rows) yield return row;
    }

    /// <returns>Null where there is no such payment in reach.</returns>
    public async Task<PaymentDetail?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var found = await db
            .Payments.AsNoTracking()
            .VisibleTo(user)
            .Where(p => p.Id == id)
            .Select(p => new
            {
                Payment = p,
                PayerUserId = p.Owner!.UserId,
                Tower = p.Apartment!.Tower!.Name,
                Apartment = p.Apartment.ApartmentNumber,
                Method = p.PaymentMethod!.Name,
                Named = p.NamedCharge == null ? null : new NamedDebt(p.NamedCharge.Kind, p.NamedCharge.Period, p.NamedCharge.Concept),
                Replaced = db.ReplacedReceipts.Where(r => r.PaymentId == p.Id).OrderByDescending(r => r.Id)
                    .Select(r => new { r.LastLine, Receipt = new OldReceipt(r.Number, r.ReplacedBy, r.ReplacedOn) }).ToList(),
                Lines = p
                    .Applications.OrderBy(a => a.Line)
                    .Select(a => new
                    {
                        a.Line,
                        Row = new LaterLine(
                            new AppliedLine(
                                a.Charge!.Kind, a.Charge.Concept, a.Charge.Detail, a.Charge.Number, a.Charge.Period, a.Charge.DueOn, a.Owed,
                                a.Amount, a.Reversed),
                            a.NoteId, a.Note!.Number, a.Note.IssuedOn),
                    })
                    .ToList(),
            })
            .SingleOrDefaultAsync(ct);
        if (found is null) return null;

        var payment = found.Payment;
        long?[] involved = [found.PayerUserId, payment.RecordedBy, payment.ConfirmedBy, payment.CancelledBy];
        var people = await db
            .Profiles.AsNoTracking()
            .Where(f => involved.Contains(f.UserId))
            .OrderBy(f => f.Id)
            .Select(f => new
            {
                f.UserId,
                Name = f.FullName,
                DocumentType = f.DocumentType!.Code,
                f.DocumentNumber,
            })
            .ToListAsync(ct);
        var payer = people.FirstOrDefault(f => f.UserId == found.PayerUserId);

        // What receipts of before said is on those receipts.
        var since = found.Replaced.Select(r => r.LastLine).FirstOrDefault();
        var applied = found.Lines.Where(l => l.Line > since).Select(l => l.Row).ToList();
        var lines = IssuedPapers
            .Printed(applied.Where(l => l.NoteId is null), payment.Amount, l => l.Line.Amount)
            .Select(l => l.Line)
            .ToList();
        var later = applied.Where(l => !lines.Contains(l.Line, ReferenceEqualityComparer.Instance)).ToList();
        var credit = payment.StatusId == PaymentState.Paid ? payment.Amount - payment.Refunded - lines.Sum(l => l.Amount) : 0;
        var notes = await IssuedPapers
            .Links(
                db.ApplicationNotes.AsNoTracking()
                    .Where(n => n.VoidedPaymentId == id || n.Applications.Any(a => a.PaymentId == id))
                    .OrderByDescending(n => n.Id)
            )
            .ToListAsync(ct);
        if (
            payment is { StatusId: PaymentState.Pending or PaymentState.Overdue, ApartmentId: { } apartment }
            && user.MaySeeAccount(apartment)
        )
        {
            var open = (await AccountQueries.OpenAsync(db, [apartment], ct)).GetValueOrDefault(apartment, []);
            var preview = PaymentAllocation.Apply(payment.Amount, open, payment.NamedChargeId);
            lines = [.. preview.Lines.Select(AppliedLine.Of)];
            credit = preview.Credit;
        }

        return new PaymentDetail(
            payment.Id, payment.ReceiptNumber, payment.VerificationCode, payment.StatusId, payment.Amount,
            At(payment.PaymentDate, payment.PaymentTime), payment.PaymentTime is not null, payment.ApartmentId, found.Tower,
            found.Apartment, payment.OwnerId, payer?.Name ?? "", Document(payer?.DocumentType, payer?.DocumentNumber),
            payment.PaymentMethodId, found.Method, payment.ReferenceNumber, payment.Description, Name(payment.RecordedBy),
            payment.RecordedBy == found.PayerUserId, Wall(payment.CreatedAt), Name(payment.ConfirmedBy), Wall(payment.ConfirmedAt),
            Name(payment.CancelledBy), Wall(payment.CancelledAt), payment.CancelReason, lines, credit, later, notes,
            await TwinsAsync(
                db, payment.Amount, payment.ReferenceNumber, payment.ApartmentId, payment.PaymentDate, payment.Id, user, ct))
        {
            Proofs = await db.PaymentProofs.AsNoTracking().Where(p => p.PaymentId == id).OrderBy(p => p.Id)
                .Select(p => new ProofRow(p.Id, p.FileName, p.ContentType, p.Size)).ToListAsync(ct),
            Named = found.Named, Replaced = [.. found.Replaced.Select(r => r.Receipt)],
        };

        string? Name(long? userId) => userId is null ? null : people.FirstOrDefault(f => f.UserId == userId)?.Name;
        string? Document(string? type, string? number) => string.IsNullOrWhiteSpace(number) ? null : $"{type} {number}".Trim();
    }

    /// <summary>
    /// Payments in reach with the same reference and amount, or, where one of the two has no reference, of the same apartment, amount and
    /// day: a likely second entry of one payment. Said, never forbidden.
    /// </summary>
    public async Task<IReadOnlyList<PaymentTwin>> FindTwinsAsync(
        decimal amount, string? reference, long? apartmentId, DateOnly? day, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        return await TwinsAsync(db, amount, reference, apartmentId, day, 0, user, ct);
    }

    /// <summary>Payments in reach with which the same file was sent: a photograph taken once pays once.</summary>
    public async Task<IReadOnlyList<PaymentTwin>> FindSameProofAsync(
        IReadOnlyList<ProofUpload> proofs, CurrentUser user, CancellationToken ct)
    {
        if (proofs.Count == 0) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await SameProofAsync(db, [.. proofs.Select(p => PaymentProof.SumOf(p.Content))], 0, user, ct);
    }

    /// <returns>Null where it is not there, or its payment is out of reach.</returns>
    public async Task<ProofContent?> ProofAsync(long proofId, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        return await db.PaymentProofs.AsNoTracking()
            .Where(p => p.Id == proofId && db.Payments.VisibleTo(user).Any(x => x.Id == p.PaymentId))
            .Select(p => new ProofContent(p.FileName, p.ContentType, p.Content)).SingleOrDefaultAsync(ct);
    }

    /// <summary>
    /// Apartments whose number, tower or owner begins with each word typed. Needs <see cref="Permissions.PaymentsRecord"/>; empty without
    /// it.
    /// </summary>
    public async Task<IReadOnlyList<ApartmentOption>> FindApartmentsAsync(string? typed, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PaymentsRecord)) return [];
        await using var db = await store.OpenAsync(user, ct);
        const int Most = 8;
        var units = await UnitSearch.ReadAsync(db, typed, ct);
        var found = await OptionsAsync(units.Beginning(db));
        if (found.Count == Most || await db.AccountsNamedAsync(typed, Most, ct) is not { Count: > 0 } people) return found;
        var owned = await OptionsAsync(db.Apartments.AsNoTracking().Where(a => people.Contains(a.Owner!.UserId)));
        return [.. found.Concat(owned).DistinctBy(option => option.Id).Take(Most)];

        Task<List<ApartmentOption>> OptionsAsync(IQueryable<Apartment> apartments) => apartments
            .OrderBy(a => a.Tower!.Name)
            .ThenBy(a => a.ApartmentNumber.Length)
            .ThenBy(a => a.ApartmentNumber)
            .ThenBy(a => a.Id)
            .Take(Most)
            .Select(a => new ApartmentOption(
                a.Id,
                a.Tower!.Name,
                a.ApartmentNumber,
                db.Profiles.Where(f => f.UserId == a.Owner!.UserId)
                    .OrderBy(f => f.Id)
                    .Select(f => f.FullName)
                    .FirstOrDefault()
            ))
            .ToListAsync(ct);
    }

    /// <summary>What the apartment owes and who may pay for it. Needs <see cref="Permissions.PaymentsRecord"/>.</summary>
    public async Task<RecordingSheet?> RecordingSheetAsync(long apartmentId, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PaymentsRecord)) return null;
        await using var db = await store.OpenAsync(user, ct);
        if (await AccountQueries.AccountAsync(db, apartmentId, clock.Today, ct) is not { } account) return null;
        return new RecordingSheet(account, await PaymentRules.PayersAsync(db, apartmentId, ct));
    }

    /// <summary>Ways to pay, as the database names them; everybody may know them.</summary>
    public async Task<IReadOnlyList<MethodOption>> MethodsAsync(CancellationToken ct) => await choices.Methods.GetAsync(ct);

    private async Task<List<PaymentRow>> RowsAsync(PortalDb db, IQueryable<Payment> payments, CancellationToken ct)
    {
        var rows = await payments
            .Select(p => new
            {
                p.Id,
                p.ReceiptNumber,
                p.PaymentDate,
                p.PaymentTime,
                p.ApartmentId,
                p.PaymentMethodId,
                p.ReferenceNumber,
                p.NamedChargeId,
                p.StatusId,
                p.Amount,
                p.ConfirmedAt,
                p.Description,
                Tower = p.Apartment!.Tower!.Name,
                Apartment = p.Apartment.ApartmentNumber,
                Method = p.PaymentMethod!.Name,
                Payer = db
                    .Profiles.Where(f => f.UserId == p.Owner!.UserId)
                    .OrderBy(f => f.Id)
                    .Select(f => f.FullName)
                    .FirstOrDefault(),
                RecordedBy = db
                    .Profiles.Where(f => f.UserId == p.RecordedBy)
                    .OrderBy(f => f.Id)
                    .Select(f => f.FullName)
                    .FirstOrDefault(),
            })
            .ToListAsync(ct);

        var ids = rows.Select(r => r.Id).ToList();
        var applied = (
            await db
                .PaymentApplications.AsNoTracking()
                .Where(a => ids.Contains(a.PaymentId))
                .OrderBy(a => a.PaymentId)
                .ThenBy(a => a.Line)
                .Select(a => new
                {
                    a.PaymentId,
                    a.Reversed,
                    To = new AppliedTo(a.Charge!.Kind, a.Charge.Period, a.Charge.Concept, a.Amount),
                })
                .ToListAsync(ct)
        ).ToLookup(a => a.PaymentId);
        var waiting = rows.Where(r => r.StatusId is PaymentState.Pending or PaymentState.Overdue)
            .Select(r => r.ApartmentId)
            .OfType<long>()
            .Distinct()
            .ToList();
        var open = waiting.Count == 0 ? [] : await AccountQueries.OpenAsync(db, waiting, ct);
        return
        [
            .. rows.Select(r => new PaymentRow(
                r.Id,
                r.ReceiptNumber,
                At(r.PaymentDate, r.PaymentTime),
                r.PaymentTime is not null,
                r.ApartmentId,
                r.Tower,
                r.Apartment,
                r.Payer ?? "",
                r.PaymentMethodId,
                r.Method,
                r.ReferenceNumber,
                r.StatusId is PaymentState.Pending or PaymentState.Overdue
                && r.ApartmentId is { } apartment
                && db.Actor.MaySeeAccount(apartment)
                    ?
                    [
                        .. PaymentAllocation
                            .Apply(r.Amount, open.GetValueOrDefault(apartment, []), r.NamedChargeId)
                            .Lines.Select(l => new AppliedTo(l.Charge.Kind, l.Charge.Period, l.Charge.Concept, l.Applied)),
                    ]
                    :
                    [
                        .. applied[r.Id]
                            .Where(a => !a.Reversed || r.StatusId is PaymentState.Cancelled or PaymentState.Refunded)
                            .Select(a => a.To),
                    ],
                r.StatusId,
                r.Amount,
                r.RecordedBy,
                Wall(r.ConfirmedAt),
                r.Description
            )),
        ];
    }

    private static async Task<IReadOnlyList<PaymentTwin>> TwinsAsync(
        PortalDb db, decimal amount, string? reference, long? apartment, DateOnly? day, long except, CurrentUser user, CancellationToken ct)
    {
        var exact = reference?.Trim() ?? "";
        var named = exact.Length > 0;
        var sums = except == 0 ? [] : await db.PaymentProofs.Where(p => p.PaymentId == except).Select(p => p.Sha256).ToListAsync(ct);
        var found = await db
            .Payments.AsNoTracking()
            .VisibleTo(user)
            .Where(p =>
                p.Amount == amount
                && ((named && p.ReferenceNumber == exact)
                    || ((!named || p.ReferenceNumber == null || p.ReferenceNumber == "")
                        && p.ApartmentId == apartment
                        && p.PaymentDate == day))
                && p.Id != except
                && p.StatusId != PaymentState.Rejected
                && p.StatusId != PaymentState.Cancelled
            )
            .OrderByDescending(p => p.PaymentDate)
            .ThenByDescending(p => p.Id)
            .Take(3)
            .Select(p => new PaymentTwin(
                p.Id, p.ReceiptNumber, p.PaymentDate, p.Apartment!.Tower!.Name, p.Apartment.ApartmentNumber, p.StatusId, p.Amount))
            .ToListAsync(ct);
        return sums.Count == 0 ? found : [.. found.UnionBy(await SameProofAsync(db, sums, except, user, ct), t => t.Id)];
    }

    private static async Task<List<PaymentTwin>> SameProofAsync(
        PortalDb db, IReadOnlyList<string> sums, long except, CurrentUser user, CancellationToken ct)
    {
        var ids = await db.PaymentProofs.Where(p => sums.Contains(p.Sha256) && p.PaymentId != except)
            .Select(p => p.PaymentId).Distinct().Take(20).ToListAsync(ct);
        if (ids.Count == 0) return [];
        return await db.Payments.AsNoTracking().VisibleTo(user)
            .Where(p => ids.Contains(p.Id) && p.StatusId != PaymentState.Rejected && p.StatusId != PaymentState.Cancelled)
            .OrderByDescending(p => p.PaymentDate).ThenByDescending(p => p.Id).Take(3)
            .Select(p => new PaymentTwin(
                p.Id, p.ReceiptNumber, p.PaymentDate, p.Apartment!.Tower!.Name, p.Apartment.ApartmentNumber, p.StatusId, p.Amount))
            .ToListAsync(ct);
    }

    private static DateTime At(DateOnly date, TimeOnly? time) => date.ToDateTime(time ?? TimeOnly.MinValue);

    private DateTime? Wall(DateTime? utc) => utc is { } instant ? clock.ToWall(instant) : null;
}

using Microsoft.EntityFrameworkCore;
using Portal.Data.Assemblies;
using Portal.Data.Collection;
using Portal.Data.Facilities;
using Portal.Data.Payments;
using Portal.Data.Pqrs;

namespace Portal.Data.Operations;

/// <summary>What anybody who holds a receipt may know of it.</summary>
public sealed record VerifiedReceipt(
    string Number, string Code, decimal Amount, DateOnly PaidOn, string? Tower, string? Apartment, DateTime? ConfirmedAt,
    PaymentState State, DateTime? EndedAt)
{
    /// <summary>The receipt that stands in its place since <see cref="ReplacedOn"/>, and its code; null where it stands itself.</summary>
    public string? ReplacedBy { get; init; }
    public DateOnly? ReplacedOn { get; init; }

    /// <summary>The receipt in whose place it stands.</summary>
    public string? Replaces { get; init; }

    public bool Valid => State == PaymentState.Paid && ReplacedBy is null;
}

/// <summary>What anybody who holds a note of application may know of it.</summary>
/// <param name="VoidedReceipt">The receipt that was voided, where it is about one.</param>
public sealed record VerifiedNote(string Number, string Code, DateOnly IssuedOn, string Tower, string Apartment, string? VoidedReceipt);

/// <summary>
/// What anybody who holds a certificate, an agreement or the paper of a refund may know of it: what it said and of which day, never what
/// became of the debt since.
/// </summary>
/// <param name="Day">The day it tells of.</param>
/// <param name="Amount">What it says is owed, agreed or was given back; null for good standing.</param>
public sealed record VerifiedPaper(
    PaperKind Kind, string Number, string Code, DateOnly Day, DateOnly IssuedOn, decimal? Amount, string Tower, string Apartment);

public enum PaperKind { GoodStanding, Debt, Refund, Agreement }

/// <summary>What anybody who holds the papers of a case may know of it.</summary>
public sealed record VerifiedCase(string Number, string Code, DateTime? FiledAt, PqrsState State);

/// <summary>What anybody who holds an act, or the receipt of a vote, may know of it. It names no person and no unit.</summary>
/// <param name="Receipt">It is the receipt of a vote.</param>
/// <param name="On">The building's day on which the act was published, or the vote cast.</param>
/// <param name="Item">Of a receipt: what was voted.</param>
/// <param name="Votes">Of a receipt: for how many units; of an act: how many decisions it holds.</param>
public sealed record VerifiedAssembly(
    bool Receipt, string Number, string Code, string Title, DateOnly MetOn, DateOnly On, string? Item, int Votes);

/// <summary>What anybody who holds the confirmation of a booking may know of it, on the building's wall clock.</summary>
/// <param name="State">A hold whose time is over is expired, whether or not its row says so yet.</param>
/// <param name="Moved">It was changed after it was made: the paper may show other times.</param>
public sealed record VerifiedBooking(
    string? Number, string Code, string Facility, DateTime Start, DateTime End, int People, string? Tower, string? Apartment,
    ReservationState State, DateTime? EndedAt, bool Moved)
{
    public bool Valid => State is ReservationState.Confirmed or ReservationState.Completed;
}

/// <summary>Tells anybody who holds a document whether it is genuine, by the code printed on it. It names no person.</summary>
public sealed class DocumentVerification(PortalStore store, BuildingClock clock)
{
    /// <param name="typed">The code as it was typed or scanned.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Null where no receipt carries this code.</returns>
    public async Task<VerifiedReceipt?> FindReceiptAsync(string? typed, CancellationToken ct)
    {
        if (VerificationCode.Read(typed) is not { } code) return null;
        await using var db = await store.OpenAsync(CurrentUser.Nobody, ct);
        var replaced = await db.ReplacedReceipts.AsNoTracking().SingleOrDefaultAsync(r => r.VerificationCode == code, ct);
        var found = await db
            .Payments.AsNoTracking()
            .Where(p => replaced != null ? p.Id == replaced.PaymentId : p.VerificationCode == code && p.ReceiptNumber != null)
            .Select(p => new
            {
                p.ReceiptNumber,
                Replaces = db.ReplacedReceipts.Where(r => r.PaymentId == p.Id).OrderByDescending(r => r.Id).Select(r => r.Number)
                    .FirstOrDefault(),
                p.Amount,
                p.PaymentDate,
                Tower = p.Apartment!.Tower!.Name,
                p.Apartment.ApartmentNumber,
                p.ConfirmedAt,
                p.StatusId,
                p.CancelledAt,
            })
            .SingleOrDefaultAsync(ct);
        return found is null
            ? null
            : new VerifiedReceipt(
                replaced?.Number ?? found.ReceiptNumber!, code, found.Amount, found.PaymentDate, found.Tower, found.ApartmentNumber,
                Wall(found.ConfirmedAt), found.StatusId, Wall(found.CancelledAt))
            {
                ReplacedBy = replaced?.ReplacedBy, ReplacedOn = replaced?.ReplacedOn, Replaces = replaced is null ? found.Replaces : null,
            };
    }

    /// <inheritdoc cref="FindReceiptAsync"/>
    /// <returns>Null where no note carries this code.</returns>
    public async Task<VerifiedNote?> FindNoteAsync(string? typed, CancellationToken ct)
    {
        if (VerificationCode.Read(typed) is not { } code) return null;
        await using var db = await store.OpenAsync(CurrentUser.Nobody, ct);
        return await db
            .ApplicationNotes.AsNoTracking()
            .Where(n => n.VerificationCode == code)
            .Select(n => new VerifiedNote(
                n.Number, code, n.IssuedOn, n.Apartment!.Tower!.Name, n.Apartment.ApartmentNumber, n.VoidedPayment!.ReceiptNumber))
            .SingleOrDefaultAsync(ct);
    }

    /// <inheritdoc cref="FindReceiptAsync"/>
    /// <returns>Null where no certificate and no refund carries this code.</returns>
    public async Task<VerifiedPaper?> FindPaperAsync(string? typed, CancellationToken ct)
    {
        if (VerificationCode.Read(typed) is not { } code) return null;
        await using var db = await store.OpenAsync(CurrentUser.Nobody, ct);
        return await db.Certificates.AsNoTracking().Where(c => c.VerificationCode == code)
                .Select(c => new VerifiedPaper(
                    c.Kind == CertificateKind.Debt ? PaperKind.Debt : PaperKind.GoodStanding, c.Number, code, c.CutOff, c.IssuedOn,
                    c.Kind == CertificateKind.Debt ? c.Total : null, c.Apartment!.Tower!.Name, c.Apartment.ApartmentNumber))
                .SingleOrDefaultAsync(ct)
            ?? await db.Refunds.AsNoTracking().Where(r => r.VerificationCode == code)
                .Select(r => new VerifiedPaper(
                    PaperKind.Refund, r.Number, code, r.PaidOn, r.PaidOn, r.Amount, r.Apartment!.Tower!.Name, r.Apartment.ApartmentNumber))
                .SingleOrDefaultAsync(ct)
            ?? await db.Agreements.AsNoTracking().Where(a => a.VerificationCode == code)
                .Select(a => new VerifiedPaper(
                    PaperKind.Agreement, a.Number, code, a.MadeOn, a.MadeOn, a.Total, a.Apartment!.Tower!.Name, a.Apartment.ApartmentNumber))
                .SingleOrDefaultAsync(ct);
    }

    /// <inheritdoc cref="FindReceiptAsync"/>
    /// <returns>Null where no case carries this code.</returns>
    public async Task<VerifiedCase?> FindCaseAsync(string? typed, CancellationToken ct)
    {
        if (VerificationCode.Read(typed) is not { } code) return null;
        await using var db = await store.OpenAsync(CurrentUser.Nobody, ct);
        var found = await db
            .Pqrs.AsNoTracking()
            .Where(c => c.VerificationCode == code && c.Number != null)
            .Select(c => new
            {
                c.Number,
                c.CreatedAt,
                c.StatusId,
            })
            .SingleOrDefaultAsync(ct);
        return found is null ? null : new VerifiedCase(found.Number!, code, Wall(found.CreatedAt), found.StatusId);
    }

    /// <inheritdoc cref="FindReceiptAsync"/>
    /// <returns>Null where no act and no receipt of a vote carries this code.</returns>
    public async Task<VerifiedAssembly?> FindAssemblyAsync(string? typed, CancellationToken ct)
    {
        if (VerificationCode.Read(typed) is not { } code) return null;
        await using var db = await store.OpenAsync(CurrentUser.Nobody, ct);
        var act = await db.Assemblies.AsNoTracking().Where(a => a.VerificationCode == code && a.ActNumber != null)
            .Select(a => new
            {
                a.ActNumber, a.Title, a.MeetsAt, a.PublishedAt,
                Votes = db.AssemblyVotes.Count(v => v.AssemblyId == a.Id && v.Standing == true),
            })
            .SingleOrDefaultAsync(ct);
        if (act is not null)
        {
            return new VerifiedAssembly(
                false, act.ActNumber!, code, act.Title, DateOnly.FromDateTime(act.MeetsAt), DateOnly.FromDateTime(clock.ToWall(act.PublishedAt!.Value)),
                null, act.Votes);
        }

        var receipt = await db.AssemblyReceipts.AsNoTracking().Where(r => r.Code == code)
            .Select(r => new
            {
                r.Id, r.CreatedAt, Item = r.Vote!.Item!.Title, r.Vote.Item.Position, r.Vote.Assembly!.Number, r.Vote.Assembly.Title,
                r.Vote.Assembly.MeetsAt, Votes = db.AssemblyBallots.Count(b => b.ReceiptId == r.Id),
            })
            .SingleOrDefaultAsync(ct);
        return receipt is null
            ? null
            : new VerifiedAssembly(
                true, AssemblyService.NumberOf(receipt.Number, receipt.Position, receipt.Id), code, receipt.Title,
                DateOnly.FromDateTime(receipt.MeetsAt), DateOnly.FromDateTime(clock.ToWall(receipt.CreatedAt!.Value)), receipt.Item, receipt.Votes);
    }

    /// <inheritdoc cref="FindReceiptAsync"/>
    /// <returns>Null where no booking carries this code.</returns>
    public async Task<VerifiedBooking?> FindBookingAsync(string? typed, CancellationToken ct)
    {
        if (VerificationCode.Read(typed) is not { } code) return null;
        await using var db = await store.OpenAsync(CurrentUser.Nobody, ct);
        var found = await db
            .Reservations.AsNoTracking()
            .Where(r => r.VerificationCode == code)
            .Select(r => new
            {
                r.Number,
                Facility = r.Facility!.Name,
                r.StartDate,
                r.EndDate,
                r.People,
                Tower = r.Apartment!.Tower!.Name,
                r.Apartment.ApartmentNumber,
                r.StatusId,
                r.HoldUntil,
                r.CancelledAt,
                r.Changes,
            })
            .SingleOrDefaultAsync(ct);
        if (found is null) return null;
        var over = found.StatusId == ReservationState.Held && found.HoldUntil <= clock.UtcNow;
        return new VerifiedBooking(
            found.Number, code, found.Facility, found.StartDate, found.EndDate, found.People, found.Tower, found.ApartmentNumber,
            over ? ReservationState.Expired : found.StatusId, Wall(found.CancelledAt ?? (over ? found.HoldUntil : null)),
            found.Changes > 0);
    }

    private DateTime? Wall(DateTime? utc) => utc is { } instant ? clock.ToWall(instant) : null;
}

using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Operations;
using Portal.Data.Payments;

namespace Portal.Data.Collection;

/// <summary>An apartment's debt as the office works on it: what is seen, what goes to the lawyer, what is disputed.</summary>
public sealed class CollectionDesk(PortalStore store, BuildingClock clock)
{
    public const int LongestNote = 500;

    /// <summary>A dispute is looked at again after so many days at the latest.</summary>
    public const int LongestDispute = 366;

    /// <summary>Needs <see cref="Permissions.CollectionView"/>.</summary>
    /// <returns>Null where there is no such apartment.</returns>
    public async Task<CollectionCase?> FindAsync(long apartmentId, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.CollectionView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var unit = await db.Apartments.AsNoTracking().Where(a => a.Id == apartmentId)
            .Select(a => new
            {
                Tower = a.Tower!.Name,
                a.ApartmentNumber,
                Owner = db.Profiles.Where(f => f.UserId == a.Owner!.UserId).OrderBy(f => f.Id).Select(f => new { f.FullName, f.Phone })
                    .FirstOrDefault(),
                File = db.CollectionFiles.Where(f => f.ApartmentId == a.Id).Select(f => new
                {
                    f.Stage, f.StageOn, f.DisputedUntil, f.DisputeReason, f.DisputeCase,
                }).FirstOrDefault(),
                Last = db.Payments.Where(p => p.ApartmentId == a.Id && p.StatusId == PaymentState.Paid)
                    .OrderByDescending(p => p.PaymentDate).ThenByDescending(p => p.Id).Select(p => new { p.PaymentDate, p.Amount })
                    .FirstOrDefault(),
            })
            .SingleOrDefaultAsync(ct);
        if (unit is null) return null;
        var today = clock.Today;
        var settings = await BuildingSettings.ReadAsync(db, ct);
        var (lines, missing) = await ApartmentDebt.ReadAsync(db, apartmentId, today, ct);
        var acts = await db.CollectionActs.AsNoTracking().Where(a => a.ApartmentId == apartmentId).OrderByDescending(a => a.Id).Take(40)
            .Select(a => new CollectionActRow(
                a.Id, a.Stage, a.DoneOn, a.DaysLate, a.Owed, a.Note,
                db.Profiles.Where(f => f.UserId == a.DoneBy).OrderBy(f => f.Id).Select(f => f.FullName).FirstOrDefault(), a.SpellOn))
            .ToListAsync(ct);
        return new CollectionCase(
            apartmentId, unit.Tower, unit.ApartmentNumber, unit.Owner?.FullName, unit.Owner?.Phone, today,
            [.. lines.Where(l => l.Owed > 0)], missing, unit.File?.Stage, unit.File?.StageOn, unit.File?.DisputedUntil,
            unit.File?.DisputeReason, unit.File?.DisputeCase, acts, await AgreementDesk.RowsAsync(db, apartmentId, ct),
            unit.Last is { } last ? new LastPayment(last.PaymentDate, last.Amount) : null, CollectionJob.Thresholds(settings), settings.AgreementGraceDays);
    }

    /// <summary>Gives a debt to the lawyer; its owner is told. Needs <see cref="Permissions.CollectionEdit"/>.</summary>
    /// <returns>Refused: <c>collection.nothing</c> (nothing is late outside an agreement), <c>collection.lawyer</c> (it is there).</returns>
    public Task<Result> LawyerAsync(long apartmentId, string? note, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.CollectionEdit)) return Error.Forbidden;
                if (CheckNote(nameof(note), note) is { } wrong) return wrong;
                if (!await ApartmentLedger.LockAsync(db, apartmentId, token)) return Error.NotFound;
                var late = (await CollectionJob.FreeAsync(db, apartmentId, token)).FindAll(c => Overdue.IsPast(c.DueOn, clock.Today));
                if (late.Count == 0) return new Error("collection.nothing");
                var oldest = late.Min(c => c.DueOn);
                var file = await FileAsync(db, apartmentId, token);
                await CollectionJob.BeginAsync(db, file, oldest, token);
                if (!file.Reach(CollectionStage.Lawyer, clock.Today)) return new Error("collection.lawyer");
                await CollectionJob.ActAsync(
                    db, apartmentId, file.SpellOn!.Value, CollectionStage.Lawyer, oldest, late.Sum(c => c.Owed), note!.Trim(), user.AccountId,
                    clock, token);
                return Result.Done;
            },
            ct
        );

    /// <summary>
    /// Marks a debt as disputed, with the reason: no stage comes through the day given. Needs <see cref="Permissions.CollectionEdit"/>.
    /// </summary>
    /// <param name="about">The number of a case (PQRS), where there is one.</param>
    /// <returns>Refused: <c>collection.until</c> (the first and the last day), <c>collection.case</c> (there is no such case).</returns>
    public Task<Result> DisputeAsync(
        long apartmentId, string? reason, DateOnly until, string? about, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.CollectionEdit)) return Error.Forbidden;
                if (CheckNote(nameof(reason), reason) is { } wrong) return wrong;
                var today = clock.Today;
                if (until < today || until > today.AddDays(LongestDispute))
                    return new Error("collection.until", nameof(until), today, today.AddDays(LongestDispute));
                string? number = null;
                if (!string.IsNullOrWhiteSpace(about))
                {
                    var numbers = RunningNumber.Read(about, "PQRS", today.Year, bare: true);
                    number = await db.Pqrs.Where(p => p.Number != null && numbers.Contains(p.Number)).OrderByDescending(p => p.Id)
                        .Select(p => p.Number).FirstOrDefaultAsync(token);
                    if (number is null) return new Error("collection.case", nameof(about));
                }

                if (!await ApartmentLedger.LockAsync(db, apartmentId, token)) return Error.NotFound;
                (await FileAsync(db, apartmentId, token)).Dispute(reason!.Trim(), until, number);
                return Result.Done;
            },
            ct
        );

    /// <summary>The dispute is settled: stages go on. Needs <see cref="Permissions.CollectionEdit"/>.</summary>
    public Task<Result> SettleAsync(long apartmentId, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.CollectionEdit)) return Error.Forbidden;
                if (!await ApartmentLedger.LockAsync(db, apartmentId, token)) return Error.NotFound;
                (await FileAsync(db, apartmentId, token)).Settle();
                return Result.Done;
            },
            ct
        );

    private static async Task<CollectionFile> FileAsync(PortalDb db, long apartmentId, CancellationToken ct)
    {
        if (await db.CollectionFiles.SingleOrDefaultAsync(f => f.ApartmentId == apartmentId, ct) is { } known) return known;
        var file = new CollectionFile(apartmentId);
        db.CollectionFiles.Add(file);
        return file;
    }

    private static Error? CheckNote(string field, string? note) => string.IsNullOrWhiteSpace(note) ? Error.Required(field)
        : note.Trim().Length > LongestNote ? Error.TooLong(field, LongestNote)
        : null;
}

using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Pqrs;

namespace Portal.Data.Maintenance;

/// <summary>
/// Says what equipment must be inspected, and writes down what was. Everything here needs <see cref="Permissions.MaintenanceEdit"/>.
/// </summary>
public sealed class InspectionDesk(PortalStore store, BuildingClock clock)
{
    public const int MostMonths = 240, LeastNotice = 7, MostNotice = 365;

    /// <summary>In days: who is told sooner than it lasts would never see it valid.</summary>
    private const int ShortestMonth = 28;

    /// <summary>So far back an inspection may be written down: what is older is history of another book.</summary>
    public const int MostYearsBack = 30;

    /// <summary>An inspection is asked for from now on; also one that was not asked for any more.</summary>
    /// <returns>The duty's id. Refusals: <c>forbidden</c>, <c>not_found</c>, <c>asset.retired</c>,
    /// <c>inspection.kind_inactive</c>.</returns>
    public async Task<Result<long>> AskAsync(long assetId, int kindId, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceEdit)) return Error.Forbidden;
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                if (await db.Assets.Where(a => a.Id == assetId).ForUpdate().SingleOrDefaultAsync(token) is not { } asset) return Error.NotFound;
                if (asset.RetiredOn is not null) return new Error("asset.retired");
                if (await db.InspectionKinds.AsNoTracking().SingleOrDefaultAsync(k => k.Id == kindId, token) is not { } kind) return Error.NotFound;
                var duty = await db.InspectionDuties.SingleOrDefaultAsync(d => d.AssetId == assetId && d.KindId == kindId, token);
                if (duty?.EndedOn is null && duty is not null) return duty.Id;
                if (!kind.Active) return new Error("inspection.kind_inactive");
                if (duty is null) db.InspectionDuties.Add(duty = InspectionDuty.Of(assetId, kindId));
                else duty.Resume();
                await db.SaveChangesAsync(token);
                return duty.Id;
            },
            ct);
    }

    /// <summary>It is not asked for any more. Where none was ever done nothing of it stays.</summary>
    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>.</returns>
    public async Task<Result> EndAsync(long dutyId, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceEdit)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.InspectionDuties.Where(d => d.Id == dutyId).ForUpdate().SingleOrDefaultAsync(token) is not { } duty)
                    return Error.NotFound;
                if (await db.Inspections.AnyAsync(i => i.DutyId == dutyId, token)) duty.End(clock.Today);
                else db.InspectionDuties.Remove(duty);
                return Result.Done;
            },
            ct);
    }

    /// <summary>
    /// Writes down an inspection that was done. One that was passed is valid to the same day of the month, as its kind says.
    /// </summary>
    /// <returns>
    /// Its id. Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>too_long</c>, <c>inspection.future</c>,
    /// <c>inspection.old</c>, <c>inspection.until</c>, and what <see cref="PqrsFiles"/> says of a file.
    /// </returns>
    public async Task<Result<long>> RecordAsync(long dutyId, InspectionInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceEdit)) return Error.Forbidden;
        var errors = Check(input);
        var (papers, wrong) = PqrsFiles.CheckPapers(input.Papers, 1);
        errors.AddRange(wrong);
        if (errors.Count > 0) return errors;
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                if (await db.InspectionDuties.Where(d => d.Id == dutyId).ForUpdate().SingleOrDefaultAsync(token) is not { } duty)
                    return Error.NotFound;
                var done = input.DoneOn!.Value;
                var months = await db.InspectionKinds.Where(k => k.Id == duty.KindId).Select(k => k.Months).SingleAsync(token);
                DateOnly? until = input.Passed ? input.ValidUntil ?? done.AddMonths(months) : null;
                var inspection = Inspection.Of(
                    dutyId, done, until, input.Issuer!.Trim(), input.CertificateNumber.TrimToNull(), input.Note.TrimToNull(), user.AccountId);
                if (papers is [var paper]) inspection.With(paper.FileName, paper.ContentType, paper.Content);
                db.Inspections.Add(inspection);
                await db.SaveChangesAsync(token);
                return inspection.Id;
            },
            ct);
    }

    /// <summary>It was written down by mistake: it counts for nothing, and stays with the reason.</summary>
    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>too_long</c>, <c>inspection.withdrawn</c>.</returns>
    public async Task<Result> WithdrawAsync(long id, string? reason, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceEdit)) return Error.Forbidden;
        if (reason.TrimToNull() is not { } why) return Error.Required("Reason");
        if (why.Length > 200) return Error.TooLong("Reason", 200);
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.Inspections.Where(i => i.Id == id).ForUpdate().SingleOrDefaultAsync(token) is not { } inspection)
                    return Error.NotFound;
                if (inspection.WithdrawnAt is not null) return new Error("inspection.withdrawn");
                inspection.Withdraw(clock.UtcNow, why);
                return Result.Done;
            },
            ct);
    }

    /// <summary>A new kind of inspection, or a changed one. What was done already keeps its last day.</summary>
    /// <returns>
    /// Its id. Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>too_long</c>, <c>inspection.months</c>,
    /// <c>inspection.notice</c>, <c>inspection.notice_long</c>, <c>inspection.kind_taken</c>, <c>edit.changed</c>.
    /// </returns>
    public async Task<Result<int>> SaveKindAsync(int? id, InspectionKindInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceEdit)) return Error.Forbidden;
        var saved = await store.WriteAsync<int>(
            user,
            async (db, token) =>
            {
                var kind = id is null
                    ? new InspectionKind()
                    : await db.InspectionKinds.Where(k => k.Id == id).ForUpdate().SingleOrDefaultAsync(token);
                if (kind is null) return Error.NotFound;
                var merged = id is null
                    ? input
                    : Edits.Merge(input, new InspectionKindInput(kind.Name, kind.Months, kind.NoticeDays, kind.Source, kind.Active));
                if (!merged.Ok) return Result<int>.Refused(merged);
                var given = merged.Value;
                if (Check(given) is { Count: > 0 } errors) return errors;
                (kind.Name, kind.Months, kind.NoticeDays, kind.Source, kind.Active) =
                    (given.Name!.Trim(), given.Months!.Value, given.NoticeDays!.Value, given.Source.TrimToNull(), given.Active);
                if (id is null) db.InspectionKinds.Add(kind);
                await db.SaveChangesAsync(token);
                return kind.Id;
            },
            ct);
        return saved.Error?.Code == "duplicate.uq_inspection_kinds_name"
            ? new Error("inspection.kind_taken", nameof(InspectionKindInput.Name))
            : saved;
    }

    private List<Error> Check(InspectionInput input)
    {
        var errors = new List<Error>();
        if (input.DoneOn is not { } done) errors.Add(Error.Required(nameof(input.DoneOn)));
        else if (done > clock.Today) errors.Add(new Error("inspection.future", nameof(input.DoneOn)));
        else if (done < clock.Today.AddYears(-MostYearsBack)) errors.Add(new Error("inspection.old", nameof(input.DoneOn), MostYearsBack));
        else if (input is { Passed: true, ValidUntil: { } until } && (until <= done || until > done.AddMonths(MostMonths)))
            errors.Add(new Error("inspection.until", nameof(input.ValidUntil), MostMonths));
        if (input.Issuer.TrimToNull() is not { } issuer) errors.Add(Error.Required(nameof(input.Issuer)));
        else if (issuer.Length > 120) errors.Add(Error.TooLong(nameof(input.Issuer), 120));
        if (input.CertificateNumber?.Trim().Length > 60) errors.Add(Error.TooLong(nameof(input.CertificateNumber), 60));
        if (input.Note?.Trim().Length > 500) errors.Add(Error.TooLong(nameof(input.Note), 500));
        return errors;
    }

    private static List<Error> Check(InspectionKindInput input)
    {
        var errors = new List<Error>();
        if (input.Name.TrimToNull() is not { } name) errors.Add(Error.Required(nameof(input.Name)));
        else if (name.Length > 80) errors.Add(Error.TooLong(nameof(input.Name), 80));
        if (input.Months is not (>= 1 and <= MostMonths)) errors.Add(new Error("inspection.months", nameof(input.Months), MostMonths));
        if (input.NoticeDays is not (>= LeastNotice and <= MostNotice))
            errors.Add(new Error("inspection.notice", nameof(input.NoticeDays), LeastNotice, MostNotice));
        else if (input.NoticeDays >= input.Months * ShortestMonth) errors.Add(new Error("inspection.notice_long", nameof(input.NoticeDays)));
        if (input.Source?.Trim().Length > 300) errors.Add(Error.TooLong(nameof(input.Source), 300));
        return errors;
    }
}

using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Backups;
using Portal.Data.Identity;
using Portal.Data.Operations;

namespace Portal.Data.Privacy;

/// <param name="Rows">How many.</param>
public sealed record ErasureLine(string Table, Treatment Treatment, KeptFor Why, int Rows);

/// <summary>What would become of a person's data.</summary>
/// <param name="Name">What has to be typed, too.</param>
/// <param name="Mail">Where the answer goes: afterwards the portal knows it no more.</param>
/// <param name="Lines">By table, what is deleted first.</param>
/// <param name="Bars">Why it cannot be now; empty: it can.</param>
/// <param name="RequestId">The open claim to erase that is answered with it.</param>
/// <param name="Listed">There is a place outside the database for the list that survives a restore.</param>
/// <param name="State">Of an erasure that was asked for already.</param>
public sealed record ErasurePreview(
    long AccountId, string Name, string? Mail, string? Phone, IReadOnlyList<ErasureLine> Lines, IReadOnlyList<ErasureBar> Bars,
    long? RequestId, string? RequestNumber, bool Listed, ErasureState? State);

/// <summary>One that was asked for or done.</summary>
/// <param name="AskedAt">UTC, as is <paramref name="DoneAt"/>.</param>
public sealed record ErasureRow(
    long Id, long AccountId, string? RequestNumber, long? RequestId, string? AskedBy, DateTime AskedAt, DateTime? DoneAt, bool Replayed,
    int Deleted, int Anonymised, int Redacted);

/// <param name="Typed">The person's name, once more.</param>
/// <param name="Answer">To the claim, as the person reads it; needed where there is one.</param>
public sealed record ErasureInput(string? Typed, string? Answer);

/// <summary>
/// Erases people (Ley 1581 of 2012, arts 8e and 15). Everything needs <see cref="Permissions.PrivacyErase"/>, and to do it a fresh sign-in.
/// </summary>
public sealed class ErasureService(PortalStore store, BackupOptions backups, DataRequestService requests, BuildingClock clock)
{
    /// <summary>The person is told that their claim was answered before nobody knows any more where to.</summary>
    public static readonly TimeSpan AfterAnswer = TimeSpan.FromMinutes(2);

    /// <summary>What would be deleted, anonymised and kept of a person. Null without the permission, and where there is no such account.
    /// </summary>
    public async Task<ErasurePreview?> PreviewAsync(long accountId, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PrivacyErase)) return null;
        await using var db = await store.OpenAsync(user, ct);
        if (!await db.Users.AnyAsync(u => u.Id == accountId, ct)) return null;
        var contact = await db.Profiles.Where(p => p.UserId == accountId).OrderBy(p => p.Id).Select(p => new { p.Email, p.Phone })
            .FirstOrDefaultAsync(ct);
        var claim = await ClaimAsync(db, accountId, ct);
        var state = await db.Erasures.Where(e => e.UserId == accountId).OrderByDescending(e => e.Id)
            .Select(e => (ErasureState?)e.State).FirstOrDefaultAsync(ct);
        var counts = await Eraser.CountAsync(db, accountId, ct);
        return new ErasurePreview(
            accountId, await DataRequestService.NameAsync(db, accountId, ct), contact?.Email, contact?.Phone,
            [
                .. counts.GroupBy(c => (c.Step.Table, c.Step.Treatment, c.Step.Why))
                    .Select(g => new ErasureLine(g.Key.Table, g.Key.Treatment, g.Key.Why, g.Sum(c => c.Rows)))
                    .OrderBy(l => l.Treatment).ThenByDescending(l => l.Rows).ThenBy(l => l.Table, StringComparer.Ordinal),
            ],
            await ErasureDuties.FindAsync(db, accountId, claim?.Id, clock.Today, clock.Now, ct), claim?.Id, claim?.Number, backups.On, state);
    }

    /// <summary>Those that were done or are about to be, the latest first; searched by the number of the account or of the claim.</summary>
    public async Task<Page<ErasureRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PrivacyErase)) return Page<ErasureRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var found = db.Erasures.AsNoTracking();
        if (query.Search?.Trim() is { Length: > 0 } text)
        {
            var account = long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;
            found = found.Where(e => e.UserId == account || e.Request!.Number.Contains(text));
        }

        return await found.OrderByDescending(e => e.Id)
            .Select(e => new ErasureRow(
                e.Id, e.UserId, e.Request!.Number, e.RequestId,
                db.Profiles.Where(p => p.UserId == e.AskedById).Select(p => p.FullName).FirstOrDefault(),
                e.AskedAt, e.DoneAt, e.Replayed, e.Deleted, e.Anonymised, e.Redacted))
            .PageAsync(query, ct);
    }

    /// <summary>
    /// Confirms it: an open claim to erase is answered, and a job does it, with the account that may change the audit log (decision 087).
    /// </summary>
    /// <returns>
    /// Its id. Refusals: <c>forbidden</c>, <c>not_found</c>, <c>fresh.needed</c>, <c>erase.typed</c>, <c>required</c> and <c>too_long</c> of
    /// the answer, <c>erase.done</c>, and <c>erase.bar</c> while a law or a contract wants the data (Decreto 1377 of 2013, art. 9).
    /// </returns>
    public async Task<Result<long>> EraseAsync(long accountId, ErasureInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PrivacyErase)) return Error.Forbidden;
        return await store.WriteAsync<long>(user, async (db, token) =>
        {
            // Two who press at once do it once.
            if (!await db.Users.LockAsync(accountId, token)) return Error.NotFound;
            var name = await DataRequestService.NameAsync(db, accountId, token);
            List<Error> errors = [];
            if (!Same(input.Typed, name)) errors.Add(new Error("erase.typed", nameof(input.Typed)));
            var claim = await ClaimAsync(db, accountId, token);
            if (claim is not null)
                errors.AddRange(DataRequestService.Said(input.Answer).Select(e => e with { Field = nameof(input.Answer) }));
            if (errors.Count > 0) return errors;
            if (await db.Erasures.AnyAsync(e => e.UserId == accountId, token)) return new Error("erase.done");
            var bars = await ErasureDuties.FindAsync(db, accountId, claim?.Id, clock.Today, clock.Now, token);
            if (bars.Count > 0) return new Error("erase.bar");
            if (await db.NotFreshAsync(user, token) is { } stale) return stale;
            if (claim is not null)
            {
                var kept = await Eraser.CountAsync(db, accountId, token);
                var outcome = kept.Any(c => c.Step.Why is KeptFor.Books or KeptFor.Minutes)
                    ? DataRequestOutcome.Partly
                    : DataRequestOutcome.Granted;
                var answered = await requests.AnswerInAsync(db, claim, outcome, input.Answer!.Trim(), user, token);
                if (!answered.Ok) return Result<long>.Refused(answered);
            }

            var account = await db.Users.AsNoTracking().SingleAsync(u => u.Id == accountId, token);
            var erasure = Erasure.Asked(account, claim?.Id, user.AccountId, clock.UtcNow);
            db.Erasures.Add(erasure);
            await db.SaveChangesAsync(token);
            await JobQueue.AddAsync(
                db, ErasureJob.JobKind, erasure.Id, claim is null ? clock.UtcNow : clock.UtcNow + AfterAnswer, $"erasure:{erasure.Id}", token);
            return erasure.Id;
        }, ct);
    }

    private static bool Same(string? typed, string name) => string.Equals(
        string.Join(' ', (typed ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)),
        string.Join(' ', name.Split(' ', StringSplitOptions.RemoveEmptyEntries)), StringComparison.CurrentCultureIgnoreCase);

    /// <summary>The claim that asks for it: to erase, or to take the consent back.</summary>
    private static Task<DataRequest?> ClaimAsync(PortalDb db, long account, CancellationToken ct) => db.DataRequests
        .Where(r => r.UserId == account && r.State == DataRequestState.Open
            && (r.Kind == DataRequestKind.Erase || r.Kind == DataRequestKind.Withdraw))
        .OrderBy(r => r.Kind == DataRequestKind.Erase ? 0 : 1).ThenBy(r => r.Id).FirstOrDefaultAsync(ct);
}

/// <summary>Erases who was confirmed, in one transaction, and only then is done when the list outside the database knows it.</summary>
public sealed class ErasureJob(
    [FromKeyedServices(PortalDataServices.Keeper)] PortalStore store, ErasureReplay replay, BuildingClock clock) : JobHandler<long>(JobKind)
{
    public static readonly JobKind<long> JobKind = new("erasure");

    /// <summary>The line of the log.</summary>
    public const string Event = "person_erased";

    public override JobLane Lane => JobLane.Prompt;

    public override async Task RunAsync(long id, CancellationToken ct)
    {
        var done = await store.WriteAsync(CurrentUser.System, async (db, token) =>
        {
            var account = await db.Erasures.Where(e => e.Id == id).Select(e => e.UserId).SingleAsync(token);
            await db.Users.LockAsync(account, token);
            var erasure = await db.Erasures.SingleAsync(e => e.Id == id, token);
            if (erasure.State == ErasureState.Done) return Result.Done;
            // Minutes have passed, or nights: what the law or a contract wants may have come meanwhile.
            var bars = await ErasureDuties.FindAsync(db, account, erasure.RequestId, clock.Today, clock.Now, token);
            if (bars.Count > 0) return new Error("erase.bar", null, string.Join(", ", bars.Select(b => b.Duty)));
            // What is open of theirs ends in every portal, by a line of the log that the feed carries.
            await db.EndSessionsAsync(account, clock.UtcNow, token);
            await db.WriteEventAsync(SessionEvents.Ended, "users", account, null, token);
            var figures = await Eraser.RunAsync(db, account, token);
            erasure.Finish(figures, clock.UtcNow);
            await db.WriteEventAsync(
                Event, "erasures", id, new { account, figures.Deleted, figures.Anonymised, figures.Redacted }, token);
            return Result.Done;
        }, ct);
        if (!done.Ok) throw new InvalidOperationException($"The erasure {id} was refused: {done.Error!.Code}.");
        await replay.KeepListAsync(ct);
    }
}

using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Operations;

namespace Portal.Data.Pqrs;

/// <summary>What those who handle cases do with them. Everything needs <see cref="Permissions.PqrsHandle"/>.</summary>
public sealed class PqrsHandlingService(PortalStore store, SettingsService settings, BuildingClock clock)
{
    /// <summary>
    /// An answer the petitioner sees. The first one shows that somebody works on it: an open case is in progress from then on.
    /// </summary>
    /// <param name="read">The case as it was read; where it is another when its lock is held, this is refused with <c>stale</c>. Null: the
    /// person sees what comes in.</param>
    public Task<Result> ReplyAsync(
        long id, string? text, IReadOnlyList<PqrsUpload> uploads, CurrentUser user, CancellationToken ct, PqrsVersion? read = null) =>
        PqrsHoles.Open(text) is { } hole
            ? Task.FromResult<Result>(new Error("pqrs.hole", "Text", hole))
            : SayAsync(id, PqrsEntryKind.Reply, text, uploads, user, async (db, c, token) =>
            {
                if (c.Reply(user.AccountId) is { Ok: false } refused) return refused;
                await PqrsWriting.NotifyPetitionerAsync(db, c, user, "pqrs.reply", token);
                return Result.Done;
            }, ct, read);

    /// <summary>For those who handle cases only, in any state.</summary>
    public Task<Result> NoteAsync(long id, string? text, IReadOnlyList<PqrsUpload> uploads, CurrentUser user, CancellationToken ct) =>
        SayAsync(
            id,
            PqrsEntryKind.Note,
            text,
            uploads,
            user,
            async (db, c, token) =>
            {
                if (c.AssignedTo is { } assignee)
                    await PqrsWriting.NotifyAsync(db, c, user, "pqrs.note", Notifications.RecipientType.User, [assignee], token);
                return Result.Done;
            },
            ct
        );

    /// <summary>
    /// Moves a case to another state. What the petitioner must know goes to them as a reply; the rest stands in the history as a line.
    /// </summary>
    /// <param name="seen">The case as the person saw it: when another moved it meanwhile, this is refused and says what changed.</param>
    /// <param name="read">As in <see cref="ReplyAsync"/>.</param>
    public async Task<Result> MoveAsync(
        long id, PqrsAct act, string? comment, PqrsSeen seen, CurrentUser user, CancellationToken ct, PqrsVersion? read = null)
    {
        if (!Allowed(user)) return await PqrsWriting.OutOfReachAsync(store, id, user, ct);
        var errors = new List<Error>();
        var words = PqrsWriting.Text(comment, "Comment", errors, required: PqrsFlow.NeedsComment(seen.State, act));
        if (PqrsHoles.Open(words) is { } hole) errors.Add(new Error("pqrs.hole", "Comment", hole));
        if (errors.Count > 0) return errors;
        var rules = await settings.GetAsync(ct);
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await PqrsWriting.LockAsync(db, id, user, token) is not { } c) return Error.NotFound;
                if (read is not null && await VersionAsync(db, c, user, token) != read) return Error.Stale;
                if (c.StatusId != seen.State) return await MovedAsync(db, c, token);
                if (await PqrsWriting.MergedRefusalAsync(db, c, token) is { } merged) return merged;
                // A question is asked to one petitioner; what answers them answers all who said the same.
                List<PqrsCase> together = act is PqrsAct.Wait or PqrsAct.Reopen ? [] : await PqrsWriting.MergedAsync(db, c, token);
                if (await ActAsync(db, c, act, words, rules, user, token) is { Ok: false } refused) return refused;
                foreach (var one in together.Where(m => PqrsFlow.Next(m.StatusId, act) is not null))
                    if (await ActAsync(db, one, act, words, rules, user, token) is { Ok: false } not) return not;
                return Result.Done;
            },
            ct);
    }

    private async Task<Result> ActAsync(
        PortalDb db, PqrsCase c, PqrsAct act, string words, BuildingSettings rules, CurrentUser user, CancellationToken ct)
    {
        var acted = c.Act(act, PqrsDays.For(c.Kind, rules), clock.Today, clock.UtcNow, user.AccountId);
        if (!acted.Ok) return acted;
        var spoken = act is PqrsAct.Wait or PqrsAct.Resolve;
        PqrsWriting.Tell(db, c, user, spoken ? PqrsEntryKind.Reply : PqrsEntryKind.Status, words.Length == 0 ? null : words);
        await PqrsWriting.NotifyPetitionerAsync(
            db,
            c,
            user,
            act switch
            {
                PqrsAct.Start => "pqrs.in_progress",
                PqrsAct.Wait => "pqrs.waiting",
                PqrsAct.Resolve => "pqrs.resolved",
                PqrsAct.Close => "pqrs.closed",
                _ => "pqrs.reopened",
            },
            ct);
        if (c.AssignedTo is { } assignee)
            await PqrsWriting.NotifyAsync(db, c, user, "pqrs.moved", Notifications.RecipientType.User, [assignee], ct);
        return Result.Done;
    }

    /// <summary>Gives the case to one who handles cases; null to nobody.</summary>
    public async Task<Result> AssignAsync(long id, long? account, PqrsSeen seen, CurrentUser user, CancellationToken ct)
    {
        if (!Allowed(user)) return await PqrsWriting.OutOfReachAsync(store, id, user, ct);
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await PqrsWriting.LockAsync(db, id, user, token) is not { } c) return Error.NotFound;
                if (c.AssignedTo == account) return Result.Done;
                if (c.AssignedTo != seen.AssignedTo)
                    return await ChangedAsync(
                        db, c, PqrsEntryKind.Assigned, "pqrs.changed.assignee",
                        c.AssignedTo is { } now ? await NameAsync(db, now, token) : null, token);
                if (account is { } to && !await PqrsService.Handlers(db).AnyAsync(u => u.Id == to, token))
                    return new Error("pqrs.not_a_handler", "Account");
                c.Assign(account);
                PqrsWriting.Tell(
                    db, c, user, PqrsEntryKind.Assigned, account is { } named ? await NameAsync(db, named, token) : null, inside: true);
                if (account is { } assignee)
                    await PqrsWriting.NotifyAsync(db, c, user, "pqrs.assigned", Notifications.RecipientType.User, [assignee], token);
                return Result.Done;
            },
            ct
        );
    }

    public async Task<Result> PrioritiseAsync(long id, PqrsPriority priority, PqrsSeen seen, CurrentUser user, CancellationToken ct)
    {
        if (!Allowed(user)) return await PqrsWriting.OutOfReachAsync(store, id, user, ct);
        if (!Enum.IsDefined(priority)) return Error.Required("Priority");
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await PqrsWriting.LockAsync(db, id, user, token) is not { } c) return Error.NotFound;
                if (c.Priority == priority) return Result.Done;
                if (c.Priority != seen.Priority)
                    return await ChangedAsync(db, c, PqrsEntryKind.Priority, "pqrs.changed.priority", c.Priority, token);
                c.Prioritise(priority);
                PqrsWriting.Tell(db, c, user, PqrsEntryKind.Priority, priority.ToString(), inside: true);
                return Result.Done;
            },
            ct
        );
    }

    /// <summary>
    /// More time, said and explained to the petitioner before the deadline passes; in all at most twice the days the law gives
    /// (Ley 1755 of 2015, art. 14, parágrafo).
    /// </summary>
    /// <param name="days">Business days more.</param>
    public async Task<Result> ExtendAsync(long id, int days, string? reason, PqrsSeen seen, CurrentUser user, CancellationToken ct)
    {
        if (!Allowed(user)) return await PqrsWriting.OutOfReachAsync(store, id, user, ct);
        var errors = new List<Error>();
        var words = PqrsWriting.Text(reason, "Reason", errors);
        if (days < 1) errors.Add(new Error("pqrs.extend.days", "Days"));
        if (errors.Count > 0) return errors;
        var rules = await settings.GetAsync(ct);
        return await store.WriteAsync(user, async (db, token) =>
        {
            if (await PqrsWriting.LockAsync(db, id, user, token) is not { } c) return Error.NotFound;
            if (await PqrsWriting.MergedRefusalAsync(db, c, token) is { } merged) return merged;
            if (c.DueOn != seen.DueOn) return await ChangedAsync(db, c, PqrsEntryKind.Deadline, "pqrs.changed.deadline", c.DueOn, token);
            foreach (var one in (List<PqrsCase>)[c, .. await PqrsWriting.MergedAsync(db, c, token)])
            {
                if (one.Extend(days, PqrsDays.For(one.Kind, rules), clock.Today) is { Ok: false } refused)
                    return one == c ? refused : new Error("pqrs.extend.merged", "Days", one.Number ?? PqrsService.NumberOf(one.Id));
                PqrsWriting.Tell(db, one, user, PqrsEntryKind.Deadline, PqrsDeadlineText.Write(one.DueOn!.Value, words));
                await PqrsWriting.NotifyPetitionerAsync(db, one, user, "pqrs.extended", token);
            }

            return Result.Done;
        }, ct);
    }

    private async Task<Result> SayAsync(
        long id, PqrsEntryKind kind, string? text, IReadOnlyList<PqrsUpload> uploads, CurrentUser user,
        Func<PortalDb, PqrsCase, CancellationToken, Task<Result>> before, CancellationToken ct, PqrsVersion? read = null)
    {
        if (!Allowed(user)) return await PqrsWriting.OutOfReachAsync(store, id, user, ct);
        var (files, errors) = PqrsFiles.Check(uploads);
        var words = PqrsWriting.Text(text, "Text", errors);
        if (errors.Count > 0) return errors;
        return await store.WriteAsync(user, async (db, token) =>
        {
            if (await PqrsWriting.LockAsync(db, id, user, token) is not { } c) return Error.NotFound;
            if (read is not null && await VersionAsync(db, c, user, token) != read) return Error.Stale;
            if (kind == PqrsEntryKind.Reply && await PqrsWriting.MergedRefusalAsync(db, c, token) is { } merged) return merged;
            if (await before(db, c, token) is { Ok: false } refused) return refused;
            var entry = PqrsWriting.Tell(db, c, user, kind, words, inside: kind == PqrsEntryKind.Note);
            PqrsWriting.Touch(db, c);
            await PqrsWriting.AttachAsync(db, c, entry, PqrsWriting.Fresh(files), token);
            if (kind != PqrsEntryKind.Reply) return Result.Done;
            // Each petitioner gets the answer under their own number; notes stay where they were written.
            foreach (var one in await PqrsWriting.MergedAsync(db, c, token))
            {
                if (await before(db, one, token) is { Ok: false }) continue;
                var copy = PqrsWriting.Tell(db, one, user, kind, words);
                PqrsWriting.Touch(db, one);
                await PqrsWriting.AttachAsync(db, one, copy, PqrsWriting.Fresh(files), token);
            }

            return Result.Done;
        }, ct);
    }

    /// <summary>Under its lock, as <see cref="PqrsDetail.Version"/> is for the same person.</summary>
    private static async Task<PqrsVersion> VersionAsync(PortalDb db, PqrsCase c, CurrentUser user, CancellationToken ct) => new(
        new PqrsSeen(c.StatusId, c.AssignedTo, user.Can(Permissions.PqrsView) ? c.Priority : null, c.DueOn),
        await db.PqrsTracking.Where(t => t.PqrsId == c.Id).VisibleTo(user).MaxAsync(t => (long?)t.Id, ct) ?? 0);

    private static bool Allowed(CurrentUser user) => user.Can(Permissions.PqrsHandle) && user.AccountId is not null;

    private static async Task<Error> MovedAsync(PortalDb db, PqrsCase c, CancellationToken ct)
    {
        var last = await db
            .PqrsTracking.AsNoTracking()
            .Where(t => t.PqrsId == c.Id && t.StatusId == c.StatusId)
            .OrderByDescending(t => t.Id)
            .Select(t => (long?)t.UserId)
            .FirstOrDefaultAsync(ct);
        return new Error("pqrs.changed.state", null, last is { } who ? await NameAsync(db, who, ct) : "", c.StatusId);
    }

    private static async Task<Error> ChangedAsync(
        PortalDb db, PqrsCase c, PqrsEntryKind kind, string code, object? now, CancellationToken ct)
    {
        var last = await db
            .PqrsTracking.AsNoTracking()
            .Where(t => t.PqrsId == c.Id && t.Kind == kind)
            .OrderByDescending(t => t.Id)
            .Select(t => (long?)t.UserId)
            .FirstOrDefaultAsync(ct);
        return new Error(code, null, last is { } who ? await NameAsync(db, who, ct) : "", now);
    }

    internal static async Task<string> NameAsync(PortalDb db, long account, CancellationToken ct) =>
        await db
            .Users.Where(u => u.Id == account)
            .Select(u => db.Profiles.Where(f => f.UserId == u.Id).Min(f => f.FullName) ?? u.UserName)
            .FirstOrDefaultAsync(ct)
        ?? "";
}

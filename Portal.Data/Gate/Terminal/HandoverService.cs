using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Guards;
using Portal.Data.Packages;

namespace Portal.Data.Gate;

/// <summary>A shift of the roster, for the head of a hand-over. Times are the building's wall clock.</summary>
/// <param name="Id">The account of its guard.</param>
public sealed record HandoverShift(long Id, string Name, DateTime From, DateTime Until);

/// <summary>What there is to hand over now.</summary>
/// <param name="OldParcels">Of <paramref name="Parcels"/> those that wait for <see cref="HandoverService.OldDays"/> days or more.</param>
/// <param name="Incidents">The numbers of those that are open, the latest first; five at most.</param>
/// <param name="Current">Who is on duty by the roster; null where it does not say.</param>
public sealed record HandoverSummary(
    int Inside, int Parcels, int OldParcels, int OpenIncidents, IReadOnlyList<string> Incidents, int Conflicts, HandoverShift? Current,
    HandoverShift? Next);

/// <summary>What the second signature came with.</summary>
/// <param name="Key">A UUID that the terminal made as it began.</param>
/// <param name="Guard">Who comes.</param>
/// <param name="Read">Notes that they read before they signed.</param>
/// <param name="Skipped">They put the notes off once, for somebody stood at the gate.</param>
/// <param name="Waiting">What the terminal had still to deliver.</param>
/// <param name="Note">What the two have to say of it.</param>
public sealed record HandoverTaking(
    string? Key, long Guard, string? Pin, IReadOnlyList<long>? Read, bool Skipped, int Waiting, string? Note);

/// <summary>What came of a signature.</summary>
/// <param name="Guard">Who signed; null where the PIN was wrong.</param>
/// <param name="At">When, on the building's wall.</param>
/// <param name="Left">How many tries there are still.</param>
/// <param name="Until">UTC, until when nobody may try.</param>
public sealed record HandoverSigned(PinGuard? Guard, DateTime At, int? Left = null, DateTime? Until = null);

/// <summary>A hand-over in the office's list. Times are the building's wall clock; figures are null where nobody took over.</summary>
public sealed record HandoverRow(
    long Id, string Terminal, string Outgoing, DateTime Signed, string? Incoming, DateTime? Taken, int? Inside, int? Parcels, int? Incidents,
    int? Conflicts, int? Waiting, int? NotesRead, bool NotesSkipped, string? Note);

/// <summary>
/// Hands a shift over, signed by the PINs of both. PINs are checked by the portal alone (no device holds them), so without a line the shift
/// goes on in the name of the one who has it: docs/decisions/076.
/// </summary>
public sealed class HandoverService(PortalStore store, PinService pins, RosterService roster, BuildingClock clock)
{
    /// <summary>A parcel that waits so many days is named.</summary>
    public const int OldDays = 3;

    private const int LongestNote = 500, MostRead = 100;

    /// <summary>Needs <see cref="Permissions.GateLog"/>; null without.</summary>
    /// <param name="terminal">Where it is.</param>
    public async Task<HandoverSummary?> SummaryAsync(long terminal, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateLog)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var old = clock.UtcNow.AddDays(-OldDays);
        var oldParcels = await db.Packages.CountAsync(p => p.Status == PackageState.Waiting && p.ReceivedAt <= old, ct);
        var what = await CountAsync(db, 0, ct);
        var incidents = await db.GateIncidents.AsNoTracking().Where(i => i.ClosedAt == null).OrderByDescending(i => i.Id)
            .Select(i => i.Number).Take(5).ToListAsync(ct);
        var (current, next) = await roster.AroundAsync(db, user.Id, terminal, ct);
        return new HandoverSummary(
            what.Inside, what.Parcels, oldParcels, what.Incidents, incidents, what.Conflicts, Of(current), Of(next));

        static HandoverShift? Of(RosterShift? shift) =>
            shift is { GuardId: { } id } ? new HandoverShift(id, shift.Guard, shift.From, shift.Until) : null;
    }

    /// <summary>The one who is on duty signs. Needs <see cref="Permissions.GateLog"/>.</summary>
    /// <param name="key">A UUID that the terminal made as it began: sent again it is the same hand-over.</param>
    /// <returns>Refusals: <c>forbidden</c>, <c>handover.key</c>, <c>handover.done</c>, <c>sign_in.busy</c>.</returns>
    public async Task<Result<HandoverSigned>> SignAsync(
        string? key, string? pin, TerminalId terminal, string? address, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateLog) || user.AccountId is not { } account) return Error.Forbidden;
        if (!Guid.TryParse(key, out var id)) return new Error("handover.key");
        var tried = await pins.TryAsync(account, pin, terminal, address, ct, "handover_signed");
        if (!tried.Ok) return Result<HandoverSigned>.Refused(tried);
        if (tried.Value.Guard is not { } guard) return new HandoverSigned(null, clock.Now, tried.Value.Left, tried.Value.Until);
        return await store.WriteAsync<HandoverSigned>(
            user,
            async (db, token) =>
            {
                var (known, now) = (id.ToString(), Seconds(clock.Now));
                var begun = await db.GateHandovers.Where(h => h.ClientKey == known).ForUpdate().SingleOrDefaultAsync(token);
                if (begun is null) db.GateHandovers.Add(GateHandover.Sign(known, terminal.Id, account, now));
                else if (begun.TakenAt is not null || begun.OutgoingId != account || begun.TerminalId != terminal.Id)
                    return new Error("handover.done");
                else begun.SignAgain(now);
                return new HandoverSigned(guard, now);
            },
            ct
        );
    }

    /// <summary>
    /// The one who comes signs: the shift is theirs, with what there was. Sent again it changes nothing and is answered the same. Needs
    /// <see cref="Permissions.GateLog"/>.
    /// </summary>
    /// <returns>
    /// Refusals: <c>forbidden</c>, <c>handover.same</c>, <c>handover.unsigned</c> (nobody has signed it, or more than half an hour ago),
    /// <c>handover.notes</c> (how many notes are unread), <c>handover.done</c> (another took it), <c>too_long</c>, <c>sign_in.busy</c>.
    /// </returns>
    public async Task<Result<HandoverSigned>> TakeAsync(
        HandoverTaking taking, TerminalId terminal, string? address, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateLog) || user.AccountId is not { } account) return Error.Forbidden;
        if (!Guid.TryParse(taking.Key, out var id)) return new Error("handover.unsigned");
        if (taking.Note?.Trim().Length > LongestNote) return Error.TooLong(nameof(HandoverTaking.Note), LongestNote);
        var tried = await pins.TryAsync(taking.Guard, taking.Pin, terminal, address, ct, "handover_taken");
        if (!tried.Ok) return Result<HandoverSigned>.Refused(tried);
        if (tried.Value.Guard is not { } guard) return new HandoverSigned(null, clock.Now, tried.Value.Left, tried.Value.Until);
        return await store.WriteAsync<HandoverSigned>(
            user,
            async (db, token) =>
            {
                var (known, now) = (id.ToString(), Seconds(clock.Now));
                var begun = await db.GateHandovers.Where(h => h.ClientKey == known && h.TerminalId == terminal.Id).ForUpdate()
                    .SingleOrDefaultAsync(token);
                if (begun is null) return new Error("handover.unsigned");
                if (begun.TakenAt is { } before)
                    return begun.IncomingId == guard.Id ? new HandoverSigned(guard, before) : new Error("handover.done");
                if (begun.OutgoingId != account) return new Error("handover.unsigned");
                var toRead = await NoteService.ToRead(db, guard.Id, now).Select(n => n.Id).ToListAsync(token);
                var read = (taking.Read ?? []).Take(MostRead).Distinct().Order().ToList();
                var unread = toRead.Except(read).Count();
                if (unread > 0 && !taking.Skipped) return new Error("handover.notes", null, unread);
                var what = await CountAsync(db, Math.Clamp(taking.Waiting, 0, 100_000), token);
                var taken = begun.Take(guard.Id, now, what, toRead.Count - unread, unread > 0, taking.Note.TrimToNull());
                if (!taken.Ok) return Result<HandoverSigned>.Refused(taken);
                foreach (var note in read) await NoteService.ReadAsync(db, note, guard.Id, clock.UtcNow, token);
                if (unread > 0)
                    await db.WriteEventAsync("notes_skipped", "gate_notes", null, new { guard = guard.Id, at = now, unread }, token);
                return new HandoverSigned(guard, now);
            },
            ct
        );
    }

    /// <summary>
    /// The latest first. Needs <see cref="Permissions.GateManage"/>. Filters: <c>from</c>, <c>to</c> (days), <c>state</c> (taken, broken).
    /// </summary>
    public async Task<Page<HandoverRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateManage)) return Page<HandoverRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var rows = db.GateHandovers.AsNoTracking();
        if (query.FilterDate("from") is { } first)
        {
            var from = first.ToDateTime(TimeOnly.MinValue);
            rows = rows.Where(h => h.SignedAt >= from);
        }

        if (query.FilterDate("to") is { } last)
        {
            var until = last.AddDays(1).ToDateTime(TimeOnly.MinValue);
            rows = rows.Where(h => h.SignedAt < until);
        }

        rows = query.Filter("state") switch
        {
            "taken" => rows.Where(h => h.TakenAt != null),
            "broken" => rows.Where(h => h.TakenAt == null),
            _ => rows,
        };
        if (query.Search?.Trim() is { Length: > 0 } text)
            rows = rows.Where(h => db.Profiles.Any(p => (p.UserId == h.OutgoingId || p.UserId == h.IncomingId) && p.FullName.Contains(text)));
        var ordered = (query.Sort, query.Descending) is ("signed", false)
            ? rows.OrderBy(h => h.SignedAt).ThenBy(h => h.Id)
            : rows.OrderByDescending(h => h.SignedAt).ThenByDescending(h => h.Id);
        return await ordered
            .Select(h => new HandoverRow(
                h.Id, h.Terminal!.Name, db.Profiles.Where(p => p.UserId == h.OutgoingId).Select(p => p.FullName).FirstOrDefault() ?? "",
                h.SignedAt, db.Profiles.Where(p => p.UserId == h.IncomingId).Select(p => p.FullName).FirstOrDefault(), h.TakenAt, h.Inside,
                h.Parcels, h.Incidents, h.Conflicts, h.Waiting, h.NotesRead, h.NotesSkipped, h.Note))
            .PageAsync(query, ct);
    }

    private static async Task<HandedOver> CountAsync(PortalDb db, int waiting, CancellationToken ct) => new(
        await db.Visitors.CountAsync(v => v.State == VisitorState.Inside, ct),
        await db.Packages.CountAsync(p => p.Status == PackageState.Waiting, ct),
        await db.GateIncidents.CountAsync(i => i.ClosedAt == null, ct),
        await db.GateConflicts.CountAsync(c => c.SettledAt == null, ct),
        waiting);

    private static DateTime Seconds(DateTime at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond));
}

using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Facilities;
using Portal.Data.Packages;
using Portal.Data.Parking;

namespace Portal.Data.Gate;

/// <summary>
/// Takes what the terminals tell: each event once, in a transaction of its own, and what came of it is kept with it. Sent again it is
/// answered the same. Everything that the terminal does comes through here, whether it has just happened or hours ago.
/// </summary>
public sealed class GateEvents(PortalStore store, BuildingClock clock, ILogger<GateEvents> logger)
{
    /// <summary>In one request.</summary>
    public const int Most = 100;

    /// <summary>So often an event is tried that fails for a reason we cannot name; then it is kept as it was told.</summary>
    private const int Tries = 3;

    /// <summary>What clocks and the way here may differ by without anybody doubting the time.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    /// <summary>Needs <see cref="Permissions.GateLog"/>, at a terminal that is enrolled.</summary>
    /// <param name="terminal">The device that sends.</param>
    /// <param name="events">In the order in which they happened there.</param>
    /// <returns>
    /// For each what came of it. Refusals of the whole: <c>forbidden</c>, <c>not_found</c>, and an outage: those before it are taken, and
    /// all may be sent again.
    /// </returns>
    public async Task<Result<IReadOnlyList<EventResult>>> TakeAsync(
        long terminal, IReadOnlyList<JsonElement> events, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateLog)) return Error.Forbidden;
        if (events.Count > Most) return Error.TooLong("events", Most);
        List<EventResult> results = [];
        foreach (var json in events)
        {
            if (GateAct.Read(json) is not { } act)
            {
                results.Add(new EventResult(GateAct.KeyOf(json), EventOutcome.Refused, "fields", null, null, []));
                continue;
            }

            var taken = await TakeAsync(terminal, act, user, ct);
            if (!taken.Ok) return Result<IReadOnlyList<EventResult>>.Refused(taken);
            results.Add(taken.Value);
        }

        return results;
    }

    private async Task<Result<EventResult>> TakeAsync(long terminal, GateAct act, CurrentUser user, CancellationToken ct)
    {
        Result<EventResult>? taken = null;
        for (var attempt = 1; taken is null && attempt <= Tries; attempt++)
        {
            try
            {
                taken = await store.WriteAsync<EventResult>(user, (db, token) => RuleAsync(db, terminal, act, user, token), ct);
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                // A connection that breaks in the middle may look like a fault of ours: what happened at the door is not given up for that.
                logger.LogError(failed, "Event {Key} of terminal {Terminal} could not be taken, attempt {Attempt}", act.Key, terminal, attempt);
                if (attempt < Tries) await Task.Delay(TimeSpan.FromMilliseconds(100 * attempt), ct);
            }
        }

        if (taken is { Ok: true } || taken?.Error is { IsOutage: true } or { Code: "forbidden" or "not_found" }) return taken;

        if (taken is not null) logger.LogError("Event {Key} of terminal {Terminal} was refused: {Code}", act.Key, terminal, taken.Error!.Code);

        // What the database will not take must not hold up what comes after it: it is kept as it was told, and somebody looks at it.
        return await store.WriteAsync<EventResult>(
            user,
            async (db, token) =>
            {
                await LockAsync(db, token);
                if (await KnownAsync(db, terminal, act, token) is { } known) return known;
                if (await MomentAsync(db, terminal, act, token) is not { } moment) return Error.NotFound;
                return await KeepAsync(db, act, moment, GateRuling.Refused("failed"), user, token);
            },
            ct
        );
    }

    private async Task<Result<EventResult>> RuleAsync(PortalDb db, long terminal, GateAct act, CurrentUser user, CancellationToken ct)
    {
        if (!await LockAsync(db, ct)) return Error.NotFound;
        if (await KnownAsync(db, terminal, act, ct) is { } known) return known;
        if (await MomentAsync(db, terminal, act, ct) is not { } moment) return Error.NotFound;
        var ruling = await ActAsync(db, act, moment, user, ct);
        return await KeepAsync(db, act, moment, ruling, user, ct);
    }

    /// <summary>One act at a time in the whole building: what one decides by, another must not change meanwhile.</summary>
    private static async Task<bool> LockAsync(PortalDb db, CancellationToken ct) =>
        (await db.GateTerminals.OrderBy(t => t.Id).Take(1).Select(t => t.Id).ForUpdate().ToListAsync(ct)).Count > 0;

    private async Task<EventResult?> KnownAsync(PortalDb db, long terminal, GateAct act, CancellationToken ct)
    {
        var known = await db.GateEvents.AsNoTracking().SingleOrDefaultAsync(e => e.EventKey == act.Key, ct);
        if (known is null) return null;
        if (known.BodyHash == act.Hash && known.TerminalId == terminal)
            return new EventResult(known.EventKey, known.Outcome, known.Reason, known.VisitorId, known.At, await FlagsAsync(db, known, ct));

        // Told once: the terminal sends it again until it hears the answer.
        if (!await db.GateConflicts.AnyAsync(c => c.Kind == ConflictKind.OtherBody && c.EventKey == act.Key, ct))
        {
            var visit = known.VisitorId is { } id ? await db.Visitors.SingleOrDefaultAsync(v => v.Id == id, ct) : null;
            db.GateConflicts.Add(GateConflict.Of(ConflictKind.OtherBody, visit, null, act.Key, clock.UtcNow));
            await db.SaveChangesAsync(ct);
            await GateNotices.OfficeAsync(db, ConflictKind.OtherBody, visit, ct);
        }

        return new EventResult(act.Key, EventOutcome.Refused, "other_body", null, null, ["other_body"]);
    }

    private static async Task<IReadOnlyList<string>> FlagsAsync(PortalDb db, GateEvent told, CancellationToken ct)
    {
        var kinds = await db.GateConflicts.AsNoTracking()
            .Where(c => c.EventKey == told.EventKey && c.Kind != ConflictKind.OtherBody).OrderBy(c => c.Id).Select(c =>
                c.Kind).ToListAsync(ct);
        var doubt = await db.Visitors.AnyAsync(v => v.Id == told.VisitorId && v.TimeDoubt, ct);
        return Flags(kinds, doubt);
    }

    private static IReadOnlyList<string> Flags(IEnumerable<ConflictKind> kinds, bool doubt) =>
        [.. kinds.Select(kind => Schema.PortalModel.Snake(kind.ToString())), .. doubt ? new[] { "time_doubt" } : []];

    /// <summary>
    /// R0: when it happened is what the device's clock said, corrected by what was known of it; not before the portal last answered the
    /// terminal nor before what it told last, and not after now. Whole seconds.
    /// </summary>
    /// <returns>Null where the terminal is not enrolled any more.</returns>
    private async Task<GateMoment?> MomentAsync(PortalDb db, long terminal, GateAct act, CancellationToken ct)
    {
        var received = clock.UtcNow;
        var known = await db.GateTerminals.AsNoTracking().Where(t => t.Id == terminal && t.RevokedAt == null && t.SecretHash != null)
            .Select(t => new
            {
                t.EnrolledAt,
                Previous = db.GateEvents.Where(e => e.TerminalId == terminal && e.Seq < act.Seq)
                    .OrderByDescending(e => e.At).Select(e => (DateTime?)e.At).FirstOrDefault(),

                // Whoever may log at the gate is believed to have done it; for anybody else it is who sends.
                MayLog = db.Users.Any(
                    u => u.Id == act.Guard && db.RolePermissions.Any(r => r.RoleId == u.RoleId
                        && r.Permission!.Name == Permissions.GateLog)),
            })
            .SingleOrDefaultAsync(ct);
        if (known is null) return null;
        var floors = new[] { act.Contact, known.EnrolledAt, known.Previous is { } wall ? clock.ToUtc(wall) : null };
        var floor = floors.Max() is { } highest && highest < received ? highest : (floors.Max() is null ? DateTime.MinValue : received);
        var said = Corrected(act);
        var at = said is null || said > received ? received : said < floor ? floor : said.Value;
        var doubt = said is null || (said.Value - at).Duration() > Slack;
        var guard = known.MayLog ? act.Guard : db.Actor.AccountId ?? 0;
        var shown = clock.ToWall(at);
        return new GateMoment(shown.AddTicks(-(shown.Ticks % TimeSpan.TicksPerSecond)), doubt, terminal, guard);
    }

    private static DateTime? Corrected(GateAct act)
    {
        try
        {
            return act.At?.AddSeconds(act.Offset);
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private async Task<GateRuling> ActAsync(PortalDb db, GateAct act, GateMoment moment, CurrentUser user, CancellationToken ct)
    {
        var desk = new GateDesk(db, act, moment, clock.UtcNow);
        var at = clock.ToUtc(moment.At);
        switch (act.Kind)
        {
            case "enter": return await desk.EnterAsync(ct);
            case "exit": return await desk.ExitAsync(ct);
            case "deny": return await desk.DenyAsync(ct);
            case "undo": return await desk.UndoAsync(ct);
            case "check_in" or "undo_check_in":
                if (!user.Can(Permissions.ReservationsCheckIn)) return GateRuling.Refused(Error.Forbidden.Code);
                return Of(
                    act.Kind == "check_in"
                        ? await CheckInService.CheckInAsync(db, act.Id("booking") ?? 0, moment.At, at, moment.Guard, ct)
                        : await CheckInService.UndoAsync(db, act.Id("booking") ?? 0, ct));
            case "parcel_in":
                if (!user.Can(Permissions.PackagesLog)) return GateRuling.Refused(Error.Forbidden.Code);
                var parcel = new NewPackage(act.Id("unit") ?? 0, act.Word("carrier", 100) ?? "", act.Word("description", 200));
                return Of(await PackageService.ReceiveAsync(db, parcel, at, moment.Guard, clock.Today, ct));
            case "parcel_out":
                if (!user.Can(Permissions.PackagesLog)) return GateRuling.Refused(Error.Forbidden.Code);
                var pickup = new Pickup(act.Word("name", 200), act.Word("code", 6), act.Word("signature", Signatures.Longest));
                return Of(await PackageService.HandOverAsync(db, act.Id("parcel") ?? 0, pickup, moment.Guard, at, ct));
            case "note":
                var note = new NoteInput(act.Word("text", NoteService.Longest), act.Says("must"), act.Wall("until"));
                return Of(NoteService.Write(db, note, moment.Guard, at));
            case "note_read":
                return Of(await NoteService.ReadAsync(db, act.Id("note") ?? 0, moment.Guard, at, ct));
            case "notes_skipped":
                await db.WriteEventAsync("notes_skipped", "gate_notes", null, new { guard = moment.Guard, at = moment.At }, ct);
                return GateRuling.Done(null);
            case "incident":
                return Of(await IncidentDesk.ReportAsync(db, act, moment, ct));
            case "incident_add":
                return Of(await IncidentDesk.AddAsync(db, act, moment, ct));
            default: return GateRuling.Refused("kind");
        }
    }

    private static GateRuling Of(Result result) =>
        result.Ok ? GateRuling.Done(null)
        : result.Error!.Code is "package.collected" or "package.returned" ? GateRuling.Refused(result.Error.Code.Split('.')[1])
        : GateRuling.Refused(result.Error.Code is "required" or "too_long" ? "fields" : result.Error.Code);

    private async Task<Result<EventResult>> KeepAsync(
        PortalDb db, GateAct act, GateMoment moment, GateRuling ruling, CurrentUser user, CancellationToken ct)
    {
        // The visit's id, before the event that names it.
        var visit = ruling.Visit;
        if (visit is { Id: 0 }) await db.SaveChangesAsync(ct);
        var parked = act.Kind == "enter" && visit is not null && ruling.Outcome is (EventOutcome.Applied or EventOutcome.Conflict)
            ? await ParkingRules.ParkAsync(db, visit!, clock.Now, ct)
            : [];
        db.GateEvents.Add(new GateEvent
        {
            EventKey = act.Key, TerminalId = moment.Terminal, Seq = act.Seq, Kind = act.Kind, GuardId = moment.Guard, SentBy = user.Id,
            BodyHash = act.Hash, Body = act.Body, DeviceAt = Storable(act.At ?? clock.UtcNow), At = moment.At, ReceivedAt = clock.UtcNow,
            Offline = act.Offline, Outcome = ruling.Outcome, Reason = ruling.Reason, VisitorId = visit?.Id,
        });
        await db.SaveChangesAsync(ct);
        if (act.Kind == "enter" && visit is not null && Guid.TryParse(act.Word("approval", 36), out var asked))
            await db.Database.ExecuteSqlAsync(
                $"UPDATE gate_approvals SET visitor_id = {visit.Id} WHERE client_key = {asked.ToString()} AND visitor_id IS NULL", ct);
        if (act.Kind == "enter" && ruling.Outcome is EventOutcome.Applied or EventOutcome.Conflict)
            await GateNotices.EntryAsync(db, visit!, ruling.Conflicts ?? [], ct);
        foreach (var kind in ruling.Conflicts ?? []) await GateNotices.OfficeAsync(db, kind, visit, ct);
        return new EventResult(
            act.Key, ruling.Outcome, ruling.Reason, visit?.Id, moment.At,
            [.. Flags(ruling.Conflicts ?? [], visit is not null && moment.Doubt), .. parked]);
    }

    /// <summary>A DATETIME holds the years 1000 to 9999; a device's clock may say anything.</summary>
    private static DateTime Storable(DateTime at) =>
        at.Year is < 1000 or > 9998 ? new DateTime(Math.Clamp(at.Year, 1000, 9998), 1, 1, 0, 0, 0, DateTimeKind.Utc) : at;
}

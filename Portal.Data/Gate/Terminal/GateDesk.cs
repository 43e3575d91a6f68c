using Microsoft.EntityFrameworkCore;
using Portal.Data.Operations;
using Portal.Data.Parking;
using Portal.Data.Passes;
using Portal.Data.People;

namespace Portal.Data.Gate;

/// <summary>
/// What an act at the gate does to the visits: the rules R1 to R5 of <c>docs/decisions/072</c>. What happened is recorded, not rejected;
/// what cannot be right is opened as a conflict. The order in which terminals deliver does not matter, only when things happened.
/// </summary>
internal sealed class GateDesk(PortalDb db, GateAct act, GateMoment moment, DateTime utcNow)
{
    /// <summary>What one terminal logs twice within this time is one.</summary>
    public static readonly TimeSpan Twice = TimeSpan.FromSeconds(120);

    /// <summary>An entry fills an exit without one for so long after it.</summary>
    public static readonly TimeSpan Fills = TimeSpan.FromHours(24);

    /// <summary>For so long an act may be taken back.</summary>
    public static readonly TimeSpan UndoTime = TimeSpan.FromMinutes(10);

    /// <summary>Rows of who has left are looked at for so many days back and forth.</summary>
    private const int Days = 3;

    private readonly List<(ConflictKind Kind, Visitor Visit, long? Other)> _conflicts = [];

    private DateTime At => moment.At;

    public async Task<GateRuling> EnterAsync(CancellationToken ct)
    {
        var visit = await AnnouncedAsync(ct);
        var (pass, guest) = await PassAsync(visit, ct);
        visit ??= pass is { Kind: PassKind.Single }
            ? await db.Visitors.Where(v => v.PassId == pass.Id && v.ExpectedFrom != null).OrderBy(v =>
                v.Id).ForUpdate().FirstOrDefaultAsync(ct)
            : null;
        var person = await PersonAsync(visit, pass, guest, ct);
        if (person.Name.Length == 0) return GateRuling.Refused("fields");

        var alike = await AlikeAsync(person.Plate, person.Identification, ct);
        var before = await OfPassAsync(visit, pass, guest, ct);
        if (await TwiceAsync(alike, before, person, ct) is { } once) return GateRuling.Merged(once);

        var reused = before.Find(v => v.State == VisitorState.Inside) ?? before.FirstOrDefault();
        var used = OneEntry(pass, visit) ? before.Count > 0 : pass is not null && reused?.State == VisitorState.Inside
            && Alone(pass, guest);
        var orphan = used ? null : Orphan(alike);
        var target = Place(visit, person, orphan);
        target.Come(At, moment.Guard, new EntryNote(act.Key, act.Offline, moment.Doubt, act.Chosen<VisitAuthority>("authority")));
        if (orphan is not null) await FillAsync(target, orphan, ct);
        if (!used) SupersedeAround(target, [.. alike.Where(v => v != orphan)]);

        await JudgeAsync(target, visit, pass, guest, person, ct);
        if (used) Open(ConflictKind.PassReused, target, reused!.Id);
        return await RuledAsync(target, ct);
    }

    public async Task<GateRuling> ExitAsync(CancellationToken ct)
    {
        var (plate, document) = (act.Word("plate", Plates.Longest), act.Word("identification", 50));
        var row = await GoneAsync(ct);
        if (row is not null)
        {
            if (row.State is VisitorState.Inside or VisitorState.Left)
            {
                var closed = row.State == VisitorState.Left && !row.AutoClosed;
                var first = row.Go(At, moment.Guard, moment.Doubt);
                return closed || !first ? GateRuling.Merged(row) : GateRuling.Done(row);
            }

            // Taken back, or never come as far as the portal knows: but they went out.
            (plate, document) = (plate ?? row.LicensePlate, document ?? row.Identification.TrimToNull());
        }

        var alike = await AlikeAsync(plate, document, ct);
        if (alike.Count == 0) alike = await NamedAsync(ct);
        var here = alike.Where(v => v.Entered <= At).OrderByDescending(v => v.Entered).ThenByDescending(v => v.Id).ToList();
        if (here.Find(v => v.State == VisitorState.Inside) is { } inside) return Gone(inside);
        if (here.FirstOrDefault() is { } last && (last.AutoClosed || last.WentOut >= At)) return Gone(last);
        if (alike.Find(v => v.WentOut is { } went && (went - At).Duration() <= Twice) is { } again) return Gone(again);
        return await OrphanAsync(row, plate, document, ct);

        GateRuling Gone(Visitor who)
        {
            var logged = who is { State: VisitorState.Left, AutoClosed: false };
            return who.Go(At, moment.Guard, moment.Doubt) && !logged ? GateRuling.Done(who) : GateRuling.Merged(who);
        }
    }

    public async Task<GateRuling> DenyAsync(CancellationToken ct)
    {
        if (await AnnouncedAsync(ct) is { } visit)
        {
            if (visit.State == VisitorState.Denied) return GateRuling.Merged(visit);
            if (visit.Deny(moment.Guard).Ok) return GateRuling.Done(visit);
        }

        // Somebody who was not announced, or whose visit is no longer to come.
        var (pass, guest) = await PassAsync(null, ct);
        var person = await PersonAsync(null, pass, guest, ct);
        if (person.Name.Length == 0) return GateRuling.Done(null);
        var refused = Visitor.Stay(person, At);
        refused.Refuse(moment.Guard);
        db.Visitors.Add(refused);
        await db.SaveChangesAsync(ct);
        return GateRuling.Done(refused);
    }

    /// <summary>R5: within ten minutes, by when the two happened.</summary>
    public async Task<GateRuling> UndoAsync(CancellationToken ct)
    {
        var of = Guid.TryParse(act.Word("of", 36), out var key) ? key.ToString() : "";
        if (await db.GateEvents.SingleOrDefaultAsync(e => e.EventKey == of, ct) is not { } undone) return GateRuling.Refused("not_found");
        if (undone.Kind is not ("enter" or "exit" or "deny")
            || undone.Outcome == EventOutcome.Refused) return GateRuling.Refused("undo_kind");
        if (At - undone.At > UndoTime) return GateRuling.Refused("undo_late");
        var visit = undone.VisitorId is { } id
            ? await db.Visitors.Where(v => v.Id == id).ForUpdate().SingleOrDefaultAsync(ct)
            : null;
        if (undone.Outcome == EventOutcome.Merged || visit is null) return GateRuling.Merged(visit);
        return (undone.Kind, visit.State) switch
        {
            ("enter", VisitorState.Void) or ("exit", VisitorState.Inside or VisitorState.Void) => GateRuling.Merged(visit),
            ("enter", _) => await TakeBackAsync(visit, ct),
            ("exit", _) when visit.Entered is null => await TakeBackAsync(visit, ct),
            ("exit", VisitorState.Left) when visit.WentOut == undone.At && !visit.AutoClosed => await ReopenAsync(visit, ct),
            ("deny", VisitorState.Denied) => await AwaitAgainAsync(visit, ct),
            _ => GateRuling.Merged(visit),
        };
    }

    /// <summary>The announced visit that is spoken of; null where another row or none is.</summary>
    private async Task<Visitor?> AnnouncedAsync(CancellationToken ct)
    {
        if (act.Id("visit") is not { } id) return null;
        var visit = await db.Visitors.Where(v => v.Id == id).ForUpdate().SingleOrDefaultAsync(ct);
        return visit?.ExpectedFrom is null ? null : visit;
    }

    private async Task<(Pass? Pass, PassGuest? Guest)> PassAsync(Visitor? visit, CancellationToken ct)
    {
        var guest = act.Id("guest") is { } g ? await db.PassGuests.SingleOrDefaultAsync(one => one.Id == g, ct) : null;
        var id = visit is not null ? visit.PassId : guest?.PassId ?? act.Id("pass");
        var pass = id is null ? null : await db.Passes.SingleOrDefaultAsync(p => p.Id == id, ct);
        return (pass, guest?.PassId == pass?.Id ? guest : null);
    }

    private async Task<VisitPerson> PersonAsync(Visitor? visit, Pass? pass, PassGuest? guest, CancellationToken ct)
    {
        var kind = act.Chosen<VisitorKind>("vk") ?? visit?.Kind ?? pass?.VisitorKind ?? VisitorKind.Guest;
        var unit = act.Id("unit") is { } given && await db.Apartments.AnyAsync(a => a.Id == given, ct) ? given : (long?)null;
        unit = visit is not null ? visit.ApartmentId : pass?.ApartmentId ?? unit;
        var host = visit?.HostId ?? pass?.HostId ?? (unit is { } apartment ? await GateService.HostAsync(db, apartment, ct) : null);
        var plate = act.Word("plate", Plates.Longest) ?? visit?.LicensePlate ?? guest?.LicensePlate ?? pass?.LicensePlate;
        var company = act.Word("company", 100) ?? visit?.Company ?? pass?.Company;
        var name = visit?.Name ?? act.Word("name", 200) ?? guest?.Name ?? pass?.Title ?? company ?? plate ?? "";
        var people = (int?)act.Id("people") is >= 1 and <= 99 and var many ? many : visit?.People ?? pass?.People;
        return new VisitPerson(
            name, act.Word("identification", 50) ?? visit?.Identification ?? pass?.Identification ?? "", kind, host, unit, people, plate,
            company, act.Word("purpose", 255), pass?.Id, guest?.Id);
    }

    /// <summary>Visits of the same car or document that are inside, or were about that time; void and denied ones are none.</summary>
    private async Task<List<Visitor>> AlikeAsync(string? plate, string? document, CancellationToken ct)
    {
        var (car, papers) = (Plates.Key(plate), DocumentNumbers.Keys(document));
        List<Visitor> found = [];
        if (car.Length > 0) found.AddRange(await About(db.Visitors.Where(v => v.LicensePlateKey == car)).ToListAsync(ct));
        if (papers.Count > 0)
            found.AddRange(await About(db.Visitors.Where(v => papers.Contains(v.IdentificationKey!))).ToListAsync(ct));
        return [.. found.Distinct().OrderBy(v => v.Id)];
    }

    private async Task<List<Visitor>> NamedAsync(CancellationToken ct)
    {
        var (name, unit) = (act.Word("name", 200), act.Id("unit"));
        return name is null ? [] : await About(db.Visitors.Where(v => v.Name == name && v.ApartmentId == unit)).ToListAsync(ct);
    }

    private IQueryable<Visitor> About(IQueryable<Visitor> visits)
    {
        var (from, until) = (DateOnly.FromDateTime(At).AddDays(-Days), DateOnly.FromDateTime(At).AddDays(Days));
        return visits
            .Where(v => v.State == VisitorState.Inside
                || (v.State == VisitorState.Left && ((v.VisitDate >= from && v.VisitDate <= until)
                    || (v.ExitDate >= from && v.ExitDate <= until))))
            .ForUpdate();
    }

    /// <summary>Who has come with this pass, or with this name of its list.</summary>
    private async Task<List<Visitor>> OfPassAsync(Visitor? visit, Pass? pass, PassGuest? guest, CancellationToken ct)
    {
        var came = new[] { VisitorState.Inside, VisitorState.Left };
        var rows = pass is null ? []
            : await db.Visitors
                .Where(v => v.PassId == pass.Id && came.Contains(v.State) && (guest == null || v.PassGuestId == guest.Id))
                .OrderBy(v => v.Id).ForUpdate().ToListAsync(ct);
        if (visit is { State: VisitorState.Inside or VisitorState.Left } && !rows.Contains(visit)) rows.Insert(0, visit);
        return [.. rows.Where(v => v.Entered is not null)];
    }

    private static bool OneEntry(Pass? pass, Visitor? visit) => visit is not null || pass is { Kind: PassKind.Single or PassKind.Delivery };

    /// <summary>Whether only one may be inside with it at a time.</summary>
    private static bool Alone(Pass pass, PassGuest? guest) => pass.Kind == PassKind.Recurring || guest is not null;

    /// <summary>The visit that this terminal has just logged, of which this is the second time.</summary>
    private async Task<Visitor?> TwiceAsync(List<Visitor> alike, List<Visitor> ofPass, VisitPerson person, CancellationToken ct)
    {
        var documents = DocumentNumbers.Keys(person.Identification);
        var near = ofPass.Concat(alike.Where(v => !Passenger(v, documents)))
            .Where(v => v.Entered is { } entered && (entered - At).Duration() <= Twice && Here(v)).Distinct().ToList();
        if (near.Count == 0) return null;
        var ids = near.ConvertAll(v => (long?)v.Id);
        var mine = await db.GateEvents.AsNoTracking()
            .Where(e => ids.Contains(e.VisitorId) && e.Kind == "enter" && e.TerminalId == moment.Terminal
                && e.Outcome != EventOutcome.Refused)
            .Select(e => e.VisitorId).ToListAsync(ct);
        return near.Find(v => mine.Contains(v.Id));
    }

    private bool Here(Visitor visit) => visit.State == VisitorState.Inside || visit.WentOut > At;

    /// <summary>Somebody else in the same car, with a document of their own.</summary>
    private static bool Passenger(Visitor visit, IReadOnlyList<string> documents) =>
        documents.Count > 0 && visit.Identification.Length > 0 && !DocumentNumbers.Keys(visit.Identification).Intersect(documents).Any();

    /// <summary>R3: the exit that waits for this entry.</summary>
    private Visitor? Orphan(List<Visitor> alike) => alike
        .Where(v => v.State == VisitorState.Left && v.Entered is null && v.WentOut >= At && v.WentOut - At <= Fills)
        .OrderBy(v => v.WentOut).ThenBy(v => v.Id).FirstOrDefault();

    /// <summary>The row of an entry: the announced one while it waits, that of the exit which was there before, or a new one.</summary>
    private Visitor Place(Visitor? visit, VisitPerson person, Visitor? orphan)
    {
        if (visit is { State: VisitorState.Announced or VisitorState.Revoked or VisitorState.Denied })
        {
            visit.Complete(person);
            return visit;
        }

        if (orphan is not null)
        {
            orphan.Be(person);
            return orphan;
        }

        var row = Visitor.Stay(person, At);
        db.Visitors.Add(row);
        return row;
    }

    private async Task FillAsync(Visitor target, Visitor orphan, CancellationToken ct)
    {
        var (went, guard) = (orphan.WentOut!.Value, orphan.ExitedBy);
        target.Go(went, guard, false);
        foreach (var open in await db.GateConflicts
            .Where(c => c.VisitorId == orphan.Id && c.Kind == ConflictKind.ExitWithoutEntry).ToListAsync(ct))
        {
            if (target == orphan) open.Clear(utcNow);
            else db.GateConflicts.Remove(open);
        }

        if (target == orphan) return;
        // The announced visit takes the exit over: it was one stay.
        foreach (var told in await db.GateEvents.Where(e => e.VisitorId == orphan.Id).ToListAsync(ct)) told.VisitorId = target.Id;
        db.Visitors.Remove(orphan);
    }

    /// <summary>R4: of two entries of the same car or document the earlier ends where the later begins, whichever was told first.</summary>
    private void SupersedeAround(Visitor target, List<Visitor> alike)
    {
        var documents = DocumentNumbers.Keys(target.Identification);
        var others = alike
            .Where(v => v != target && v.Entered is not null)
            .Where(v => !((v.Entered!.Value - At).Duration() <= Twice && Passenger(v, documents)))
            .ToList();
        foreach (var earlier in others.Where(v => v.Entered <= At && (v.State == VisitorState.Inside || (v.AutoClosed && v.WentOut > At))))
            earlier.Supersede(At);
        var next = others.Where(v => v.Entered > At).Min(v => v.Entered);
        if (next is { } later && target.State == VisitorState.Inside) target.Supersede(later);
    }

    private static readonly PassVerdictKind[] Outside =
        [PassVerdictKind.Early, PassVerdictKind.Expired, PassVerdictKind.WrongDay, PassVerdictKind.WrongHour, PassVerdictKind.Paused];

    /// <summary>R2 and what else is not as it should be; the person is in all the same.</summary>
    private async Task JudgeAsync(Visitor target, Visitor? visit, Pass? pass, PassGuest? guest, VisitPerson person, CancellationToken ct)
    {
        // A visit that was taken back before there were passes knows only when it last changed.
        var revoked = visit is not null && visit != target ? null : Revoked(visit);
        if (pass?.RevokedAt < At || guest?.RevokedAt < At || (pass?.RevokedAt is null && revoked < At))
            Open(ConflictKind.Revoked, target, null);
        if (await BlockedAsync(person, ct)) Open(ConflictKind.Blocked, target, null);
        var approved = act.Says("approved");
        if (visit is not null)
        {
            if (!approved && (At < visit.ExpectedFrom || At > visit.ExpectedUntil)) Open(ConflictKind.OutsideWindow, target, null);
            return;
        }

        if (pass is null) return;
        var inside = pass.Capacity is null ? 0
            : await db.Visitors.Where(v => v.PassId == pass.Id && v.State == VisitorState.Inside && v.Id != target.Id).SumAsync(v =>
                v.People, ct);
        var verdict = PassRules.Judge(pass, guest, At, PassRules.HolidaysBetween(At, At), inside);
        if (pass.Capacity < inside + target.People) Open(ConflictKind.OverCapacity, target, null);
        if (!approved && Outside.Contains(verdict.Kind))
            Open(ConflictKind.OutsideWindow, target, null);
    }

    private DateTime? Revoked(Visitor? visit)
    {
        if (visit is null || db.Entry(visit).OriginalValues.GetValue<VisitorState>(nameof(Visitor.State)) != VisitorState.Revoked) return null;
        return visit.UpdatedAt is { } changed ? db.Building.ToWall(changed) : DateTime.MinValue;
    }

    private async Task<bool> BlockedAsync(VisitPerson person, CancellationToken ct) =>
        await GateBlocks.FindAsync(
            db, DocumentNumbers.Key(person.Identification), Plates.Key(person.Plate), person.Apartment, DateOnly.FromDateTime(At), ct)
            is { Effect: BlockEffect.Block };

    private void Open(ConflictKind kind, Visitor visit, long? other) => _conflicts.Add((kind, visit, other));

    private async Task<GateRuling> RuledAsync(Visitor visit, CancellationToken ct)
    {
        foreach (var (kind, of, other) in _conflicts) db.GateConflicts.Add(GateConflict.Of(kind, of, other, act.Key, utcNow));
        await db.SaveChangesAsync(ct);
        return GateRuling.Done(visit, [.. _conflicts.Select(c => c.Kind)]);
    }

    /// <summary>The row that an exit names by its id or by the event of its entry.</summary>
    private async Task<Visitor?> GoneAsync(CancellationToken ct)
    {
        var id = act.Id("visit");
        if (id is null && Guid.TryParse(act.Word("entry", 36), out var entry))
        {
            var key = entry.ToString();
            id = await db.GateEvents.Where(e => e.EventKey == key && e.Kind == "enter").Select(e => e.VisitorId).SingleOrDefaultAsync(ct);
        }

        return id is null ? null : await db.Visitors.Where(v => v.Id == id).ForUpdate().SingleOrDefaultAsync(ct);
    }

    private async Task<GateRuling> OrphanAsync(Visitor? known, string? plate, string? document, CancellationToken ct)
    {
        var name = act.Word("name", 200) ?? known?.Name ?? Plates.Tidy(plate) ?? document ?? "";
        if (name.Length == 0) return GateRuling.Refused("fields");
        var unit = act.Id("unit") is { } given && await db.Apartments.AnyAsync(a => a.Id == given, ct) ? given : known?.ApartmentId;
        var host = known?.HostId ?? (unit is { } apartment ? await GateService.HostAsync(db, apartment, ct) : null);
        var row = Visitor.Stay(
            new VisitPerson(name, document ?? "", known?.Kind ?? VisitorKind.Guest, host, unit, known?.People, plate, null, null, null,
                null), At);
        row.Go(At, moment.Guard, moment.Doubt);
        db.Visitors.Add(row);
        Open(ConflictKind.ExitWithoutEntry, row, known?.Id);
        return await RuledAsync(row, ct);
    }

    private async Task<GateRuling> TakeBackAsync(Visitor visit, CancellationToken ct)
    {
        var entered = visit.Entered;
        visit.TakeBack();
        foreach (var open in await db.GateConflicts.Where(c => c.VisitorId == visit.Id && c.SettledAt == null).ToListAsync(ct))
            open.Clear(utcNow);

        // Who had to be gone because of this entry has not gone; unless they came in later once more.
        var alike = await AlikeAsync(visit.LicensePlate, visit.Identification, ct);
        foreach (var closed in alike.Where(v => v != visit && v.AutoClosed && v.WentOut == entered))
        {
            closed.Reopen();
            var next = alike.Where(v => v != visit && v != closed && v.Entered > closed.Entered).Min(v => v.Entered);
            if (next is { } later) closed.Supersede(later);
        }

        return GateRuling.Done(visit);
    }

    private async Task<GateRuling> ReopenAsync(Visitor visit, CancellationToken ct)
    {
        visit.Reopen();
        var alike = await AlikeAsync(visit.LicensePlate, visit.Identification, ct);
        if (alike.Where(v => v != visit && v.Entered > visit.Entered).Min(v => v.Entered) is { } later) visit.Supersede(later);
        return GateRuling.Done(visit);
    }

    private static Task<GateRuling> AwaitAgainAsync(Visitor visit, CancellationToken ct)
    {
        if (visit.ExpectedFrom is null) visit.TakeBack();
        else visit.ExpectAgain();
        return Task.FromResult(GateRuling.Done(visit));
    }
}

using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Operations;
using Portal.Data.People;

namespace Portal.Data.Assemblies;

/// <summary>
/// Who is there and for whom: arrivals, exits and proxies. Each is written under the assembly's lock, so that the order of the rows is the
/// order of what happened. The door and the office need <see cref="Permissions.AssembliesRegister"/>.
/// </summary>
public sealed class AssemblyRegister(PortalStore store, BuildingClock clock)
{
    private const int MostCandidates = 8;

    /// <summary>The desk: quorum, register, and the vote that runs. Needs <see cref="Permissions.AssembliesRegister"/>.</summary>
    /// <returns>Null out of reach, and before it has opened.</returns>
    public async Task<DeskView?> DeskAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AssembliesRegister)) return null;
        await using var db = await store.OpenAsync(user, ct);
        if (await new AssemblyService(store, clock).FindAsync(id, user, ct) is not { OpenedAt: not null } view) return null;
        if (await AssemblySnapshot.ReadAsync(db, AssemblyService.VisibleTo(db, user), id, ct) is not { } snapshot) return null;
        var proxies = (await AssemblyService.ProxiesAsync(db, id, ct)).ToDictionary(p => p.Id);
        var register = snapshot.Register.ToDictionary(u => u.ApartmentId);
        var byCarrier = snapshot.Room.Present.Values.GroupBy(l => l.Carrier).ToDictionary(g => g.Key, g => g.ToList());

        RegisterLine Line(AttendanceLine line)
        {
            var unit = register[line.ApartmentId];
            var carried = line.Arrives && snapshot.Room.Present.GetValueOrDefault(line.ApartmentId)?.Id == line.Id
                ? byCarrier.GetValueOrDefault(line.Carrier) ?? []
                : [];
            return new RegisterLine(
                line.ApartmentId, unit.Unit, line.Person, line.At, line.Arrives, line.ProxyId is not null,
                line.ProxyId is { } proxy ? proxies.GetValueOrDefault(proxy)?.Giver : null, line.Way, unit.Coefficient,
                [
                    .. carried.Where(c => c.ApartmentId != line.ApartmentId).Select(c => register[c.ApartmentId].Unit)
                        .Order(StringComparer.CurrentCulture),
                ],
                carried.Sum(c => register[c.ApartmentId].Coefficient), carried.Count, line.Carrier);
        }

        // Every vote and ballot is the office's; the door sees that a vote runs.
        RunningVote? running = null;
        if (snapshot.Running is { } vote && user.Can(Permissions.AssembliesView))
        {
            var ballots = await AssemblySnapshot.BallotsAsync(db, vote.Id, ct);
            // Not out of the view, which was read a moment before: it may not have known this vote yet.
            var item = snapshot.Agenda().First(i => i.Id == vote.ItemId);
            running = new RunningVote(
                item, item.Vote!, snapshot.OutcomeOf(vote, ballots),
                [
                    .. snapshot.Register.Where(u => snapshot.Room.Present.ContainsKey(u.ApartmentId) && !ballots.ContainsKey(u.ApartmentId))
                        .Select(u =>
                        {
                            var line = snapshot.Room.Present[u.ApartmentId];
                            return new DeskUnit(
                                u.ApartmentId, u.Unit, line.Person, u.Coefficient, line.ProxyId is not null,
                                line.ProxyId is { } proxy ? proxies.GetValueOrDefault(proxy)?.Instruction : null, line.Carrier);
                        }),
                ]);
        }

        var live = proxies.Values.Where(p => p.Live).ToDictionary(p => p.ApartmentId);
        return new DeskView(
            view, snapshot.Quorum, snapshot.Room.ByOwner, snapshot.Room.ByProxy, snapshot.Room.Holders,
            [.. snapshot.Attendance.Reverse().Take(60).Select(Line)],
            [.. snapshot.Room.Present.Values.OrderByDescending(l => l.Id).Select(Line)],
            [.. snapshot.Room.Gone.OrderByDescending(l => l.Id).Select(Line)],
            [
                .. snapshot.Register.Where(u => !snapshot.Room.Present.ContainsKey(u.ApartmentId))
                    .Select(u => new MissingUnit(
                        u.ApartmentId, u.Unit, u.Owner, u.Coefficient, live.GetValueOrDefault(u.ApartmentId)?.Holder)),
            ],
            running, StepOf(snapshot, register));
    }

    /// <summary>The last row that changed what is represented.</summary>
    private static QuorumStep? StepOf(AssemblySnapshot snapshot, Dictionary<long, RegisteredUnit> register)
    {
        if (snapshot.Attendance.Count == 0) return null;
        var now = snapshot.Quorum.Coefficient;
        for (var at = snapshot.Attendance.Count - 1; at >= 0; at--)
        {
            var line = snapshot.Attendance[at];
            var before = at == 0 ? Room.Of([]) : Room.Of(snapshot.Attendance.Take(at));
            var was = before.Represented.Sum(id => register[id].Coefficient);
            if (was != now) return new QuorumStep(line.At, register[line.ApartmentId].Unit, now - was, was / 2, now / 2);
            if (snapshot.Attendance.Count - at > 20) return null;
        }

        return null;
    }

    /// <summary>
    /// Who may be meant by what was typed or scanned: the code of a call or a proxy, an identity document, a unit, or a name. Needs
    /// <see cref="Permissions.AssembliesRegister"/>.
    /// </summary>
    public async Task<IReadOnlyList<ArrivalCandidate>> SearchAsync(long id, string? typed, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AssembliesRegister) || string.IsNullOrWhiteSpace(typed) || typed.Length > ListQuery.LongestSearch)
            return [];
        await using var db = await store.OpenAsync(user, ct);
        if (await AssemblySnapshot.ReadAsync(db, AssemblyService.VisibleTo(db, user), id, ct)
            is not { Assembly.State: AssemblyState.Open } snapshot)
            return [];
        List<string> keys = [];
        if (VerificationCode.Scanned(typed) is { } code)
        {
            var invited = await db.AssemblyInvitations.Where(i => i.AssemblyId == id && i.Code == code).Select(i => (long?)i.UserId)
                .SingleOrDefaultAsync(ct);
            if (invited is { } account) keys.Add($"u{account}");
            var proxy = await db.AssemblyProxies.Where(p => p.AssemblyId == id && p.Code == code && p.Live == true)
                .Select(p => new { p.Id, p.HolderUserId }).SingleOrDefaultAsync(ct);
            if (proxy is not null) keys.Add(HolderKey(proxy.Id, proxy.HolderUserId));
        }

        if (keys.Count == 0)
        {
            var documents = DocumentNumbers.Keys(typed);
            if (typed.Count(char.IsAsciiDigit) >= 5)
            {
                keys.AddRange((await db.Profiles.Where(p => documents.Contains(p.DocumentNumberKey!)).OrderBy(p => p.UserId)
                    .Select(p => p.UserId)
                    .Take(MostCandidates).ToListAsync(ct)).Select(u => $"u{u}"));
                var held = (await db.AssemblyProxies.AsNoTracking().Where(p => p.AssemblyId == id && p.Live == true).OrderBy(p => p.Id)
                    .Select(p => new { p.Id, p.HolderUserId, p.HolderDocument }).ToListAsync(ct))
                    .FindAll(p => documents.Contains(DocumentNumbers.Key(p.HolderDocument)));
                if (held.Count > 0) keys.Add(HolderKey(held[0].Id, held[0].HolderUserId));
            }

            var units = await (await UnitSearch.ReadAsync(db, typed, ct)).Beginning(db)
                .OrderBy(a => a.TowerId).ThenBy(a => a.ApartmentNumber)
                .ThenBy(a => a.Id).Take(MostCandidates).Select(a => a.Id).ToListAsync(ct);
            var sought = Spelling.Unaccented(typed.Trim());
            if (units.Count == 0 && sought.Length >= 3)
            {
                units = [.. snapshot.Register
                    .Where(u => u.Owner is not null && Spelling.Unaccented(u.Owner).Contains(sought, StringComparison.OrdinalIgnoreCase))
                    .Take(MostCandidates).Select(u => u.ApartmentId)];
                var holders = (await AssemblyService.ProxiesAsync(db, id, ct)).Where(p =>
                    p.Live && Spelling.Unaccented(p.Holder).Contains(sought, StringComparison.OrdinalIgnoreCase))
                    .Select(p => p.ApartmentId);
                units = [.. units.Union(holders).Take(MostCandidates)];
            }

            foreach (var unit in units)
            {
                var owners = await OwnersAsync(db, unit, ct);
                keys.AddRange(owners.Count > 0 ? owners.Select(o => $"u{o}") : [$"a{unit}"]);
                var proxy = await db.AssemblyProxies.Where(p => p.AssemblyId == id && p.ApartmentId == unit && p.Live == true)
                    .Select(p => new { p.Id, p.HolderUserId }).SingleOrDefaultAsync(ct);
                if (proxy is not null) keys.Add(HolderKey(proxy.Id, proxy.HolderUserId));
            }
        }

        List<ArrivalCandidate> found = [];
        foreach (var key in keys.Distinct().Take(MostCandidates))
        {
            if (await ResolveAsync(db, snapshot, key, ct) is not { Units.Count: > 0 } arrival) continue;
            var names = snapshot.Register.ToDictionary(u => u.ApartmentId);
            found.Add(new ArrivalCandidate(
                key, arrival.Person,
                [
                    .. arrival.Units.Select(u => new CarriedUnit(
                        u.ApartmentId, names[u.ApartmentId].Unit, names[u.ApartmentId].Coefficient, u.Proxy is not null, u.Proxy?.Giver,
                        snapshot.Room.Present.ContainsKey(u.ApartmentId))),
                ],
                snapshot.Room.Present.Values.Any(l => l.Carrier == arrival.Carrier)));
        }

        return found;
    }

    /// <summary>
    /// Somebody comes in with all they carry: their own units, whose proxies end with it, and those of which they hold a proxy.
    /// Pressed again it takes in what was added since. Needs <see cref="Permissions.AssembliesRegister"/>.
    /// </summary>
    /// <param name="key">Of an <see cref="ArrivalCandidate"/>.</param>
    /// <returns>How many units came to be carried by them. Refused: <c>assembly.not_open</c>, <c>assembly.nothing_to_carry</c>,
    /// <c>assembly.already_in</c>.</returns>
    public async Task<Result<int>> ArriveAsync(long id, string key, ArrivalWay way, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AssembliesRegister)) return Error.Forbidden;
        return await store.WriteAsync<int>(user, (db, token) => ArriveAsync(db, id, key, way, user, token), ct);
    }

    /// <summary>Who attends from afar registers by themselves: signed in, they are who they are.</summary>
    /// <returns>As <see cref="ArriveAsync"/>; <c>assembly.in_person</c> where people meet in one place.</returns>
    public async Task<Result<int>> JoinAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AssembliesAttendOwn) || user.Id == 0) return Error.Forbidden;
        return await store.WriteAsync<int>(user, async (db, token) =>
        {
            if (await AssemblyDesk.LockAsync(db, id, token) is not { } assembly || assembly.State == AssemblyState.Draft)
                return Error.NotFound;
            if (assembly.Mode == AssemblyMode.InPerson) return new Error("assembly.in_person");
            return await ArriveAsync(db, id, $"u{user.Id.ToString(CultureInfo.InvariantCulture)}", ArrivalWay.Phone, user, token);
        }, ct);
    }

    /// <summary>
    /// Units cease to be represented. Needs <see cref="Permissions.AssembliesRegister"/>; from afar who carries them may, too.
    /// </summary>
    /// <returns>Refused: <c>assembly.not_open</c>, <c>assembly.not_here</c>.</returns>
    public Task<Result> LeaveAsync(long id, IReadOnlyCollection<long> apartments, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(user, async (db, token) =>
        {
            var office = user.Can(Permissions.AssembliesRegister);
            if (!office && (!user.Can(Permissions.AssembliesAttendOwn) || user.Id == 0)) return Error.Forbidden;
            if (await AssemblyDesk.LockAsync(db, id, token) is not { } assembly) return Error.NotFound;
            if (assembly.State != AssemblyState.Open) return new Error("assembly.not_open");
            var room = Room.Of(await AssemblySnapshot.AttendanceAsync(db, id, token));
            var leaving = room.Present.Values.Where(l => apartments.Contains(l.ApartmentId) && (office || l.UserId == user.Id)).ToList();
            if (leaving.Count == 0) return office ? new Error("assembly.not_here") : Error.NotFound;
            if (!office && assembly.Mode == AssemblyMode.InPerson) return Error.Forbidden;
            foreach (var line in leaving) db.AssemblyAttendance.Add(Exit(id, line, office ? ArrivalWay.List : ArrivalWay.Phone, user));
            return Result.Done;
        }, ct);

    /// <summary>
    /// Gives a proxy for a unit: its owner, signed in, or whoever keeps the register, with the signed paper. One given before is replaced.
    /// Where its holder is in the room, the unit is represented from that moment.
    /// </summary>
    /// <returns>Its id. Refused: <c>assembly.not_convened</c>, <c>assembly.owner_here</c>, <c>assembly.too_many_proxies</c> with the most
    /// that the bylaws let one person hold, <c>assembly.document</c>, and what is missing.</returns>
    public async Task<Result<long>> GiveProxyAsync(long id, ProxyInput input, CurrentUser user, CancellationToken ct)
    {
        var office = user.Can(Permissions.AssembliesRegister);
        var own = user.Can(Permissions.AssembliesAttendOwn) && user.OwnedApartmentIds.Contains(input.ApartmentId);
        if (!office && !own) return user.Can(Permissions.AssembliesAttendOwn) ? Error.NotFound : Error.Forbidden;
        var errors = new List<Error>();
        if (string.IsNullOrWhiteSpace(input.Holder)) errors.Add(Error.Required(nameof(input.Holder)));
        else if (input.Holder.Trim().Length > Assembly.LongestName) errors.Add(Error.TooLong(nameof(input.Holder), Assembly.LongestName));
        if (string.IsNullOrWhiteSpace(input.HolderDocument)) errors.Add(Error.Required(nameof(input.HolderDocument)));
        else if (input.HolderDocument.Trim().Length > AssemblyProxy.LongestDocument || DocumentNumbers.Key(input.HolderDocument).Length < 5)
            errors.Add(new Error("assembly.document", nameof(input.HolderDocument)));
        if (input.Instruction?.Trim().Length > AssemblyProxy.LongestInstruction)
            errors.Add(Error.TooLong(nameof(input.Instruction), AssemblyProxy.LongestInstruction));
        if (errors.Count > 0) return errors;
        return await store.WriteAsync<long>(user, async (db, token) =>
        {
            if (await AssemblyDesk.LockAsync(db, id, token) is not { } assembly || assembly.State == AssemblyState.Draft)
                return Error.NotFound;
            if (assembly.State is not (AssemblyState.Convened or AssemblyState.Open)) return new Error("assembly.not_convened");
            var giver = await db.Apartments.Where(a => a.Id == input.ApartmentId)
                .Select(a => new
                {
                    Name = db.Profiles.Where(p => p.UserId == a.Owner!.UserId).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault(),
                })
                .SingleOrDefaultAsync(token);
            if (giver is null) return Error.NotFound;
            // What was built since the register was frozen is no unit of this meeting.
            if (assembly.State == AssemblyState.Open
                && !await db.AssemblyUnits.AnyAsync(u => u.AssemblyId == id && u.ApartmentId == input.ApartmentId, token))
                return Error.NotFound;
            var key = DocumentNumbers.Key(input.HolderDocument);
            var keys = DocumentNumbers.Keys(input.HolderDocument);
            var account = await db.Profiles.Where(p => keys.Contains(p.DocumentNumberKey!)).OrderBy(p => p.UserId)
                .Select(p => (long?)p.UserId)
                .FirstOrDefaultAsync(token);
            var live = await db.AssemblyProxies.Where(p => p.AssemblyId == id && p.Live == true).OrderBy(p => p.Id).ToListAsync(token);
            if (assembly.MostProxies is { } most
                && live.Count(p => p.ApartmentId != input.ApartmentId && DocumentNumbers.Key(p.HolderDocument) == key) >= most)
                return new Error("assembly.too_many_proxies", nameof(input.HolderDocument), most);
            var room = Room.Of(await AssemblySnapshot.AttendanceAsync(db, id, token));
            var here = room.Present.GetValueOrDefault(input.ApartmentId);
            if (here is { ProxyId: null }) return new Error("assembly.owner_here");
            if (live.Find(p => p.ApartmentId == input.ApartmentId) is { } before)
            {
                before.End(ProxyEnding.Replaced, clock.UtcNow);
                if (here is not null) db.AssemblyAttendance.Add(Exit(id, here, ArrivalWay.List, user));
                await db.SaveChangesAsync(token);
            }

            var proxy = AssemblyProxy.Give(
                id, input, own && !office ? user.Name : giver.Name ?? "—", account, onPaper: office, user.AccountId);
            db.AssemblyProxies.Add(proxy);
            await db.SaveChangesAsync(token);
            var carrier = AttendanceLine.CarrierOf(account, proxy.HolderDocument, proxy.Holder);
            if (assembly.State == AssemblyState.Open
                && room.Present.Values.Any(l => l.Carrier == carrier && l.ApartmentId != input.ApartmentId))
            {
                db.AssemblyAttendance.Add(new AssemblyAttendance
                {
                    AssemblyId = id, ApartmentId = input.ApartmentId, Arrives = true, UserId = account, Person = proxy.Holder,
                    ProxyId = proxy.Id, Way = office ? ArrivalWay.List : ArrivalWay.Phone, RecordedBy = user.AccountId,
                });
            }

            return proxy.Id;
        }, ct);
    }

    /// <summary>Takes a proxy back; where its holder is in the room, the unit ceases to be represented.</summary>
    /// <returns>Refused: <c>assembly.proxy_over</c>.</returns>
    public Task<Result> RevokeProxyAsync(
        long proxyId, CurrentUser user, CancellationToken ct) => store.WriteAsync(user, async (db, token) =>
    {
        var found = await db.AssemblyProxies.Where(p => p.Id == proxyId).Select(p => new { p.AssemblyId, p.ApartmentId })
            .SingleOrDefaultAsync(token);
        if (found is null) return Error.NotFound;
        var office = user.Can(Permissions.AssembliesRegister);
        if (!office && !(user.Can(Permissions.AssembliesAttendOwn) && user.OwnedApartmentIds.Contains(found.ApartmentId)))
            return Error.NotFound;
        if (await AssemblyDesk.LockAsync(db, found.AssemblyId, token) is not { State: AssemblyState.Convened or AssemblyState.Open })
            return new Error("assembly.not_convened");
        var proxy = await db.AssemblyProxies.SingleAsync(p => p.Id == proxyId, token);
        if (proxy.Live is null) return new Error("assembly.proxy_over");
        proxy.End(ProxyEnding.Revoked, clock.UtcNow);
        var room = Room.Of(await AssemblySnapshot.AttendanceAsync(db, found.AssemblyId, token));
        if (room.Present.GetValueOrDefault(found.ApartmentId) is { } line && line.ProxyId == proxyId)
            db.AssemblyAttendance.Add(Exit(found.AssemblyId, line, office ? ArrivalWay.List : ArrivalWay.Phone, user));
        return Result.Done;
    }, ct);

    /// <summary>Units of the building, for the one that a proxy is for. Needs <see cref="Permissions.AssembliesRegister"/>.</summary>
    public async Task<IReadOnlyList<UnitOption>> UnitsAsync(string text, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AssembliesRegister)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await ApartmentSearch.FindAsync(db, text, ct);
    }

    private sealed record Arrival(
        string Person, long? UserId, string? Document, IReadOnlyList<(long ApartmentId, AssemblyProxy? Proxy)> Units)
    {
        public string Carrier => AttendanceLine.CarrierOf(UserId, Document, Person);
    }

    private async Task<Result<int>> ArriveAsync(PortalDb db, long id, string key, ArrivalWay way, CurrentUser user, CancellationToken ct)
    {
        if (await AssemblyDesk.LockAsync(db, id, ct) is not { } assembly || assembly.State == AssemblyState.Draft) return Error.NotFound;
        if (assembly.State != AssemblyState.Open) return new Error("assembly.not_open");
        var snapshot = await AssemblySnapshot.OfAsync(db, assembly, ct);
        if (await ResolveAsync(db, snapshot, key, ct) is not { } arrival) return Error.NotFound;
        if (arrival.Units.Count == 0) return new Error("assembly.nothing_to_carry");
        var count = 0;
        foreach (var (apartment, proxy) in arrival.Units)
        {
            var here = snapshot.Room.Present.GetValueOrDefault(apartment);
            // Owners who own it together are represented by the one who came first (art. 37 gives a unit one voice).
            if (here is { ProxyId: null } || here is not null && proxy is not null) continue;
            if (proxy is null)
            {
                var ended = await db.AssemblyProxies.Where(p => p.AssemblyId == id && p.ApartmentId == apartment && p.Live == true)
                    .SingleOrDefaultAsync(ct);
                ended?.End(ProxyEnding.OwnerCame, clock.UtcNow);
            }

            db.AssemblyAttendance.Add(new AssemblyAttendance
            {
                AssemblyId = id, ApartmentId = apartment, Arrives = true, UserId = arrival.UserId, Person = arrival.Person,
                ProxyId = proxy?.Id, Way = way, RecordedBy = user.AccountId,
            });
            count++;
        }

        return count > 0 ? count : new Error("assembly.already_in");
    }

    private static AssemblyAttendance Exit(long id, AttendanceLine line, ArrivalWay way, CurrentUser user) => new()
    {
        AssemblyId = id, ApartmentId = line.ApartmentId, Arrives = false, UserId = line.UserId, Person = line.Person,
        ProxyId = line.ProxyId, Way = way, RecordedBy = user.AccountId,
    };

    private static string HolderKey(long proxy, long? account) => account is { } known ? $"u{known}" : $"p{proxy}";

    /// <summary>
    /// Who a key names, with what they would carry of the register: <c>u</c> an account, <c>p</c> the holder of a proxy without one,
    /// <c>a</c> the owner of a unit without one.
    /// </summary>
    private async Task<Arrival?> ResolveAsync(PortalDb db, AssemblySnapshot snapshot, string key, CancellationToken ct)
    {
        if (key.Length < 2 || !long.TryParse(key.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        var id = snapshot.Assembly.Id;
        var listed = snapshot.Register.ToDictionary(u => u.ApartmentId);
        var live = await db.AssemblyProxies.AsNoTracking().Where(p => p.AssemblyId == id && p.Live == true).OrderBy(p => p.Id)
            .ToListAsync(ct);
        switch (key[0])
        {
            case 'u':
                var name = await db.Profiles.Where(p => p.UserId == number).OrderBy(p => p.Id).Select(p => p.FullName)
                    .FirstOrDefaultAsync(ct)
                    ?? await db.Users.Where(u => u.Id == number).Select(u => u.UserName).SingleOrDefaultAsync(ct);
                if (name is null) return null;
                var own = (await OwnedAsync(db, number, ct)).FindAll(listed.ContainsKey);
                return new Arrival(
                    name, number, null,
                    [
                        .. own.Select(a => (a, (AssemblyProxy?)null)),
                        .. live.Where(p => p.HolderUserId == number && !own.Contains(p.ApartmentId) && listed.ContainsKey(p.ApartmentId))
                            .Select(p => (p.ApartmentId, (AssemblyProxy?)p)),
                    ]);
            case 'p':
                if (live.Find(p => p.Id == number) is not { } held) return null;
                var document = DocumentNumbers.Key(held.HolderDocument);
                return new Arrival(
                    held.Holder, null, held.HolderDocument,
                    [
                        .. live.Where(p => p.HolderUserId is null && DocumentNumbers.Key(p.HolderDocument) == document
                                && listed.ContainsKey(p.ApartmentId))
                            .Select(p => (p.ApartmentId, (AssemblyProxy?)p)),
                    ]);
            case 'a':
                // Of a unit whose owner signs in, the account comes, with all it owns.
                return listed.TryGetValue(number, out var unit) && (await OwnersAsync(db, number, ct)).Count == 0
                    ? new Arrival(unit.Owner ?? unit.Unit, null, null, [(number, null)])
                    : null;
            default:
                return null;
        }
    }

    private Task<List<long>> OwnedAsync(PortalDb db, long account, CancellationToken ct)
    {
        var today = clock.Today;
        return db.Apartments.Where(a =>
                a.Owner!.UserId == account && a.Owner.IsTenant != true
                || db.Occupancies.Any(o => o.ApartmentId == a.Id && o.Owner!.UserId == account && o.Kind == OccupancyKind.Owner
                    && o.StartedOn <= today && (o.EndedOn == null || o.EndedOn >= today)))
            .OrderBy(a => a.Tower!.Name).ThenBy(a => a.ApartmentNumber).ThenBy(a => a.Id).Select(a => a.Id).ToListAsync(ct);
    }

    private async Task<List<long>> OwnersAsync(PortalDb db, long apartment, CancellationToken ct)
    {
        var today = clock.Today;
        var main = await db.Apartments.Where(a => a.Id == apartment && a.Owner != null && a.Owner.IsTenant != true)
            .Select(a => a.Owner!.UserId)
            .ToListAsync(ct);
        var others = await db.Occupancies.Where(o => o.ApartmentId == apartment && o.Kind == OccupancyKind.Owner && o.StartedOn <= today
                && (o.EndedOn == null || o.EndedOn >= today))
            .OrderBy(o => o.Id).Select(o => o.Owner!.UserId).ToListAsync(ct);
        return [.. main.Union(others)];
    }
}

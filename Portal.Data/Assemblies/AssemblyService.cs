using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Identity;
using Portal.Data.Operations;

namespace Portal.Data.Assemblies;

/// <summary>
/// Assemblies as they are read: by the office all of them, at the door those that were called, by owners, and by who holds a proxy, those
/// they may attend.
/// </summary>
public sealed class AssemblyService(PortalStore store, BuildingClock clock)
{
    /// <summary>The latest first. The filter <c>state</c> is an <see cref="AssemblyState"/>.</summary>
    public async Task<Page<AssemblyRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var assemblies = VisibleTo(db, user);
        if (query.Search?.Trim() is { Length: > 0 } text)
            assemblies = assemblies.Where(a => a.Title.Contains(text) || a.Number.Contains(text));
        if (query.Filter<AssemblyState>("state") is { } state) assemblies = assemblies.Where(a => a.State == state);
        return await Rows(assemblies.OrderByDescending(a => a.MeetsAt).ThenByDescending(a => a.Id)).PageAsync(query, ct);
    }

    /// <returns>Null out of reach.</returns>
    public async Task<AssemblyView?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        return await AssemblySnapshot.ReadAsync(db, VisibleTo(db, user), id, ct) is { } snapshot
            ? await ViewAsync(db, snapshot, user, ct) : null;
    }

    /// <summary>The assembly on the phone of who attends. Needs <see cref="Permissions.AssembliesAttendOwn"/>.</summary>
    /// <returns>Null out of reach.</returns>
    public async Task<PhoneView?> PhoneAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AssembliesAttendOwn) || user.Id == 0) return null;
        await using var db = await store.OpenAsync(user, ct);
        if (await AssemblySnapshot.ReadAsync(db, Attended(db, user), id, ct) is not { } snapshot) return null;
        var view = await ViewAsync(db, snapshot, user, ct);
        var proxies = await ProxiesAsync(db, id, ct);
        var own = await db.Apartments.AsNoTracking().Where(a => user.OwnedApartmentIds.Contains(a.Id))
            .OrderBy(a => a.Tower!.Name).ThenBy(a => a.ApartmentNumber).ThenBy(a => a.Id)
            .Select(a => new { a.Id, Unit = UnitName.Of(a) }).ToListAsync(ct);
        var running = snapshot.Running;
        var ballots = running is null ? [] : await AssemblySnapshot.BallotsAsync(db, running.Id, ct);
        var carried = snapshot.Room.Present.Values.Where(l => l.UserId == user.Id).ToDictionary(l => l.ApartmentId);
        // Of their own what is not here, or here by a proxy that their arrival ends; and what they hold a proxy of.
        var held = await db.AssemblyProxies.Where(p => p.AssemblyId == id && p.HolderUserId == user.Id && p.Live == true)
            .Select(p => p.ApartmentId).ToListAsync(ct);
        var joins = held.Exists(unit => !snapshot.Room.Present.ContainsKey(unit)) || own.Exists(o =>
            snapshot.Room.Present.GetValueOrDefault(o.Id) is not { } there || there.ProxyId is not null && there.UserId != user.Id);
        var items = view.Items;
        var last = snapshot.Votes.Where(v => v is { Standing: true, ClosedAt: not null }).OrderBy(v => v.ClosedAt).ThenBy(v => v.Id)
            .LastOrDefault();
        var lastItem = last is null ? null : items.First(i => i.Id == last.ItemId);
        return new PhoneView(
            view, snapshot.Register.Count == 0 ? null : snapshot.Quorum,
            own.ConvertAll(o => new OwnUnit(
                o.Id, o.Unit, snapshot.Room.Present.ContainsKey(o.Id),
                snapshot.Room.Present.GetValueOrDefault(o.Id) is { } line && line.UserId != user.Id ? line.Person : null)),
            [
                .. snapshot.Register.Where(u => carried.ContainsKey(u.ApartmentId)).OrderBy(u => carried[u.ApartmentId].ProxyId is not null)
                    .Select(u =>
                    {
                        var proxy = proxies.FirstOrDefault(p => p.Id == carried[u.ApartmentId].ProxyId);
                        return new PhoneUnit(
                            u.ApartmentId, u.Unit, u.Coefficient, proxy?.Giver, proxy?.Instruction,
                            ballots.TryGetValue(u.ApartmentId, out var choice) ? choice : null);
                    }),
            ],
            [.. proxies.Where(p => p.Live && user.OwnedApartmentIds.Contains(p.ApartmentId))],
            await db.AssemblyInvitations.Where(i => i.AssemblyId == id && i.UserId == user.Id).Select(i => i.Code).SingleOrDefaultAsync(ct),
            snapshot.Assembly.State == AssemblyState.Open && snapshot.Assembly.Mode != AssemblyMode.InPerson && joins,
            running is null ? null : items.First(i => i.Id == running.ItemId), lastItem?.Outcome, lastItem,
            await ReceiptsAsync(
                db, db.AssemblyReceipts.Where(r => r.Vote!.AssemblyId == id && r.CastBy == user.Id && !r.AtDesk), only: null, ct));
    }

    /// <summary>Proxies of an assembly: the office and the door all, an owner those of their units, a holder theirs.</summary>
    public async Task<IReadOnlyList<ProxyView>> ProxiesAsync(long id, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        if (!await VisibleTo(db, user).AnyAsync(a => a.Id == id, ct)) return [];
        var all = await ProxiesAsync(db, id, ct);
        if (user.Can(Permissions.AssembliesView) || user.Can(Permissions.AssembliesRegister)) return all;
        var held = await db.AssemblyProxies.Where(p => p.AssemblyId == id && p.HolderUserId == user.Id).Select(p => p.Id).ToListAsync(ct);
        return all.FindAll(p => user.OwnedApartmentIds.Contains(p.ApartmentId) || held.Contains(p.Id));
    }

    /// <summary>
    /// A receipt: for who cast it and the office; for who owns a unit of it what was said for theirs, and nothing of what else the voter
    /// carried.
    /// </summary>
    /// <returns>Null out of reach.</returns>
    public async Task<ReceiptView?> ReceiptAsync(long id, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        if (user.Id == 0 || !user.Can(Permissions.AssembliesAttendOwn) && !user.Can(Permissions.AssembliesView)) return null;
        var office = user.Can(Permissions.AssembliesView);
        var receipts = db.AssemblyReceipts.Where(r => r.Id == id);
        var whole = office || await receipts.AnyAsync(
            r => r.CastBy == user.Id || db.AssemblyBallots.Any(b => b.ReceiptId == r.Id && b.Attendance!.UserId == user.Id), ct);
        if (!whole)
        {
            receipts = receipts.Where(r =>
                db.AssemblyBallots.Any(b => b.ReceiptId == r.Id && user.OwnedApartmentIds.Contains(b.ApartmentId)));
        }

        return (await ReceiptsAsync(db, receipts, whole ? null : user.OwnedApartmentIds, ct)).SingleOrDefault();
    }

    internal static IQueryable<Assembly> VisibleTo(PortalDb db, CurrentUser user)
    {
        if (user.Can(Permissions.AssembliesView) || user.Can(Permissions.AssembliesManage)) return db.Assemblies;
        if (user.Can(Permissions.AssembliesRegister)) return db.Assemblies.Where(a => a.State != AssemblyState.Draft);
        return Attended(db, user);
    }

    /// <summary>
    /// Those that somebody may attend: an owner all that were called, anybody else where they hold a proxy or came with one.
    /// </summary>
    private static IQueryable<Assembly> Attended(PortalDb db, CurrentUser user)
    {
        if (!user.Can(Permissions.AssembliesAttendOwn) || user.Id == 0) return db.Assemblies.Where(a => false);
        var called = db.Assemblies.Where(a => a.State != AssemblyState.Draft);
        return user.OwnedApartmentIds.Count > 0
            ? called
            : called.Where(a => db.AssemblyProxies.Any(p => p.AssemblyId == a.Id && p.HolderUserId == user.Id && p.Live == true)
                || db.AssemblyAttendance.Any(t => t.AssemblyId == a.Id && t.UserId == user.Id));
    }

    internal static IQueryable<AssemblyRow> Rows(IQueryable<Assembly> assemblies) => assemblies.AsNoTracking().Select(a => new AssemblyRow(
        a.Id, a.Number, a.Kind, a.Mode, a.Title, a.Place, a.MeetsAt, a.CallNumber, a.State, a.Items.Count, a.PublishedAt));

    private async Task<AssemblyView> ViewAsync(PortalDb db, AssemblySnapshot snapshot, CurrentUser user, CancellationToken ct)
    {
        var a = snapshot.Assembly;
        var office = user.Can(Permissions.AssembliesView) || user.Can(Permissions.AssembliesManage);
        var owner = office || user.OwnedApartmentIds.Count > 0;
        var debtors = !owner ? [] : await DebtorsAsync(db, a.FirstCallId ?? a.Id, ct);
        var called = a.ConvenedAt is { } at ? DateOnly.FromDateTime(clock.ToWall(at)) : clock.Today;
        return new AssemblyView(
            new AssemblyRow(
                a.Id, a.Number, a.Kind, a.Mode, a.Title, a.Place, a.MeetsAt, a.CallNumber, a.State, snapshot.Items.Count, a.PublishedAt),
            a.CalledBy, a.MostProxies, a.Revision, snapshot.Agenda(), a.ConvenedAt, a.OpenedAt, a.ClosedAt, a.Total, a.President,
            a.Secretary, office || a.State == AssemblyState.Published ? a.Minutes : null, a.ActNumber, debtors,
            await db.AssemblyInvitations.CountAsync(i => i.AssemblyId == a.Id, ct),
            office && a.State is AssemblyState.Draft or AssemblyState.Convened ? await NotToldAsync(db, ct) : [],
            office
                ? AssemblyLaw.Check(
                    a.Kind, a.Mode, a.CalledBy, a.MeetsAt, a.CallNumber, snapshot.Items.Any(i => i.Threshold == VoteThreshold.Qualified),
                    snapshot.Items.Count > 0, called)
                : [],
            office ? a.ProjectorToken : null, a.FirstCallId,
            await db.Assemblies.Where(s => s.FirstCallId == a.Id).Select(s => (long?)s.Id).SingleOrDefaultAsync(ct));
    }

    internal static Task<List<DebtorView>> DebtorsAsync(PortalDb db, long id, CancellationToken ct) =>
        db.AssemblyDebtors.AsNoTracking().Where(d => d.AssemblyId == id)
            .OrderBy(d => d.Apartment!.Tower!.Name).ThenBy(d => d.Apartment!.ApartmentNumber).ThenBy(d => d.Id)
            .Select(d => new DebtorView(UnitName.Of(d.Apartment!), d.Owner)).ToListAsync(ct);

    /// <summary>Units whose owner has no account in use: nobody hears of it unless they are told on paper.</summary>
    private static Task<List<string>> NotToldAsync(PortalDb db, CancellationToken ct) =>
        db.Apartments.AsNoTracking().Where(a => a.Owner == null || a.Owner.User!.UserStatusId != UserState.Active)
            .OrderBy(a => a.Tower!.Name).ThenBy(a => a.ApartmentNumber).ThenBy(a => a.Id).Take(200)
            .Select(a => UnitName.Of(a)).ToListAsync(ct);

    internal static Task<List<ProxyView>> ProxiesAsync(PortalDb db, long id, CancellationToken ct) =>
        db.AssemblyProxies.AsNoTracking().Where(p => p.AssemblyId == id).OrderBy(p => p.Id)
            .Select(p => new ProxyView(
                p.Id, p.ApartmentId, UnitName.Of(p.Apartment!), p.Giver, p.Holder, p.HolderDocument, p.Instruction, p.Code, p.OnPaper,
                p.Live == true, p.Ending, p.CreatedAt!.Value))
            .ToListAsync(ct);

    /// <param name="only">Apartments whose lines are shown; null: all.</param>
    internal static async Task<IReadOnlyList<ReceiptView>> ReceiptsAsync(
        PortalDb db, IQueryable<AssemblyReceipt> receipts, IReadOnlyList<long>? only, CancellationToken ct)
    {
        var found = await receipts.AsNoTracking().OrderByDescending(r => r.Id).Take(50)
            .Select(r => new
            {
                r.Id, r.Code, r.VoteId, r.CreatedAt, r.Voter, r.Vote!.ClosesAt, Running = r.Vote.Running == true, r.Vote.Item!.Position,
                r.Vote.Item.Title, r.Vote.Assembly!.Number,
            })
            .ToListAsync(ct);
        if (found.Count == 0) return [];
        var ids = found.ConvertAll(r => r.Id);
        var lines = (await db.AssemblyBallots.AsNoTracking().Where(b => ids.Contains(b.ReceiptId)).OrderBy(b => b.Id)
            .Select(b => new
            {
                b.ReceiptId, b.ApartmentId, Unit = UnitName.Of(b.Apartment!), b.Choice,
                Giver = b.Attendance!.Proxy == null ? null : b.Attendance.Proxy.Giver,
                Coefficient = db.AssemblyUnits.Where(u => u.AssemblyId == b.Vote!.AssemblyId && u.ApartmentId == b.ApartmentId)
                    .Select(u => u.Coefficient).First(),
            })
            .ToListAsync(ct)).Where(b => only?.Contains(b.ApartmentId) != false).ToLookup(b => b.ReceiptId);
        return found.ConvertAll(r => new ReceiptView(
            r.Id, NumberOf(r.Number, r.Position, r.Id), r.Code, r.VoteId, r.Position, r.Title, r.CreatedAt!.Value, r.ClosesAt, r.Running,
            r.Voter, [.. lines[r.Id].Select(l => new ReceiptLine(l.Unit, l.Giver, l.Choice, l.Coefficient))],
            [.. lines[r.Id].Select(l => l.Giver).OfType<string>().Distinct()]));
    }

    /// <summary><c>V-2026-000002-4-0119</c>: the assembly, the item, and the receipt.</summary>
    internal static string NumberOf(string assembly, int position, long receipt) => $"V{assembly["AS".Length..]}-{position}-{receipt:0000}";
}

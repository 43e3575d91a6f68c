using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Assemblies;

/// <summary>An assembly with its agenda, votes, register and attendance: some hundred short rows, read at once.</summary>
internal sealed record AssemblySnapshot(
    Assembly Assembly, IReadOnlyList<AssemblyItem> Items, IReadOnlyList<AssemblyVote> Votes, IReadOnlyList<RegisteredUnit> Register,
    IReadOnlyList<AttendanceLine> Attendance)
{
    public Room Room { get; } = Room.Of(Attendance);

    public Quorum Quorum => Quorum.Of(Register, Room.Represented, Assembly.CallNumber);

    public AssemblyVote? Running => Votes.FirstOrDefault(v => v.Running == true);

    public decimal Total => Assembly.Total ?? 0;

    public AssemblyItem ItemOf(AssemblyVote vote) => Items.First(i => i.Id == vote.ItemId);

    public IReadOnlyList<ItemView> Agenda() =>
    [
        .. Items.Select(i =>
        {
            var vote = Votes.FirstOrDefault(v => v.ItemId == i.Id && v.Standing == true);
            return new ItemView(
                i.Id, i.Position, i.Title, i.Text, i.Amount, i.Threshold, i.Basis, i.Article, i.DoneAt,
                vote is null
                    ? null
                    : new VoteView(vote.Id, vote.Running == true, vote.OpenedAt, vote.ClosesAt, vote.ClosedAt, vote.Quorum),
                vote?.OutcomeOf(i, Total), Votes.Count(v => v.ItemId == i.Id && v.Standing is null));
        }),
    ];

    /// <summary>What a vote comes to with the ballots that there are, as the room is now.</summary>
    public Outcome OutcomeOf(AssemblyVote vote, IReadOnlyDictionary<long, BallotChoice> ballots)
    {
        var item = ItemOf(vote);
        return Outcome.Of(item.Basis, item.Threshold, Register, Room.Represented, ballots);
    }

    public static async Task<AssemblySnapshot?> ReadAsync(PortalDb db, IQueryable<Assembly> reach, long id, CancellationToken ct)
    {
        if (await reach.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, ct) is not { } assembly) return null;
        return await OfAsync(db, assembly, ct);
    }

    public static async Task<AssemblySnapshot> OfAsync(PortalDb db, Assembly assembly, CancellationToken ct)
    {
        var id = assembly.Id;
        return new AssemblySnapshot(
            assembly,
            await db.AssemblyItems.AsNoTracking().Where(i => i.AssemblyId == id).OrderBy(i => i.Position).ThenBy(i => i.Id).ToListAsync(ct),
            await db.AssemblyVotes.AsNoTracking().Where(v => v.AssemblyId == id).OrderBy(v => v.Id).ToListAsync(ct),
            await RegisterAsync(db, id, ct), await AttendanceAsync(db, id, ct));
    }

    public static Task<List<RegisteredUnit>> RegisterAsync(PortalDb db, long id, CancellationToken ct) =>
        db.AssemblyUnits.AsNoTracking().Where(u => u.AssemblyId == id).OrderBy(u => u.Id)
            .Select(u => new RegisteredUnit(u.ApartmentId, u.Unit, u.Coefficient, u.OwnerId, u.Owner)).ToListAsync(ct);

    public static Task<List<AttendanceLine>> AttendanceAsync(PortalDb db, long id, CancellationToken ct) =>
        db.AssemblyAttendance.AsNoTracking().Where(a => a.AssemblyId == id).OrderBy(a => a.Id)
            .Select(a => new AttendanceLine(
                a.Id, a.ApartmentId, a.Arrives, a.UserId, a.Person, a.ProxyId, a.Way, a.CreatedAt!.Value,
                a.Proxy == null ? null : a.Proxy.HolderDocument))
            .ToListAsync(ct);

    public static Task<Dictionary<long, BallotChoice>> BallotsAsync(PortalDb db, long vote, CancellationToken ct) =>
        db.AssemblyBallots.AsNoTracking().Where(b => b.VoteId == vote).ToDictionaryAsync(b => b.ApartmentId, b => b.Choice, ct);
}

using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Notifications;
using Portal.Data.Operations;
using Portal.Data.Payments;

namespace Portal.Data.Assemblies;

/// <summary>What an act says (Ley 675 of 2001, art. 47); kept as it was when it was published.</summary>
/// <param name="ConvenedOn">The building's day, as all days here; times are its wall clock's.</param>
/// <param name="Total">What the coefficients of all units add up to.</param>
public sealed record ActFacts(
    string Number, AssemblyKind Kind, AssemblyMode Mode, int Call, AssemblyCaller CalledBy, string Title, string Place, DateOnly ConvenedOn,
    DateTime MeetsAt, DateTime OpenedAt, DateTime? ClosedAt, decimal Total, int Units, string? President, string? Secretary,
    string? Minutes, IReadOnlyList<ActItem> Items, IReadOnlyList<ActAttendee> Attendees);

/// <param name="Outcome">Null where it was not voted.</param>
/// <param name="Ballots">What each unit said, in the order of the register.</param>
public sealed record ActItem(
    int Position, string Title, string? Text, decimal? Amount, VoteThreshold Threshold, VoteBasis Basis, string? Article, bool Presented,
    decimal? Quorum, DateTime? ClosedAt, ActOutcome? Outcome, IReadOnlyList<ActBallot> Ballots, IReadOnlyList<ActAnnulled> Annulled);

/// <summary>Written out, because a paper outlives the class that made it.</summary>
public sealed record ActOutcome(
    bool Passed, decimal Percent, decimal Needed, Tally Yes, Tally No, Tally Abstained, Tally Silent, Tally Represented);

public sealed record ActBallot(string Unit, BallotChoice? Choice, decimal Coefficient);

public sealed record ActAnnulled(DateTime At, string Why);

/// <param name="Giver">Of a proxy: who gave it.</param>
public sealed record ActAttendee(string Unit, decimal Coefficient, string Person, string? Giver, DateTime ArrivedAt, DateTime? LeftAt);

/// <summary>An act, or what it would say.</summary>
/// <param name="Number">Null while it is not published.</param>
public sealed record Act(long AssemblyId, string? Number, string? Code, DateTime? PublishedAt, ActFacts Facts);

/// <summary>The act, its publication, and what a vote is counted again by.</summary>
public sealed class AssemblyActs(PortalStore store, BuildingClock clock)
{
    /// <summary>The series of numbers.</summary>
    public const string Series = "ACT";

    /// <summary>Writes who presided and what was said. Needs <see cref="Permissions.AssembliesManage"/>.</summary>
    /// <param name="revision">Of the assembly as it was read.</param>
    /// <returns>Refused: <c>assembly.not_now</c> before it opens and once the act is published, <c>stale</c> where somebody else wrote
    /// meanwhile.</returns>
    public async Task<Result> MinuteAsync(
        long id, string? president, string? secretary, string? minutes, int revision, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AssembliesManage)) return Error.Forbidden;
        var errors = new List<Error>();
        if (president?.Trim().Length > Assembly.LongestName) errors.Add(Error.TooLong("President", Assembly.LongestName));
        if (secretary?.Trim().Length > Assembly.LongestName) errors.Add(Error.TooLong("Secretary", Assembly.LongestName));
        if (minutes?.Trim().Length > Assembly.LongestMinutes) errors.Add(Error.TooLong("Minutes", Assembly.LongestMinutes));
        if (errors.Count > 0) return errors;
        return await store.WriteAsync(user, async (db, token) => await AssemblyDesk.LockAsync(db, id, token) is { } assembly
            ? assembly.Minute(president, secretary, minutes, revision)
            : Error.NotFound, ct);
    }

    /// <summary>
    /// Publishes the act: it gets its number and code, is kept as it is, and everybody who was called is told. Needs
    /// <see cref="Permissions.AssembliesManage"/>.
    /// </summary>
    /// <returns>Refused: <c>assembly.not_now</c>, <c>assembly.signers</c> where president or secretary are not named.</returns>
    public async Task<Result> PublishAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AssembliesManage)) return Error.Forbidden;
        return await store.WriteAsync(user, async (db, token) =>
        {
            if (await AssemblyDesk.LockAsync(db, id, token) is not { } assembly) return Error.NotFound;
            if (assembly.State != AssemblyState.Closed) return assembly.NotNow;
            if (assembly.President is null || assembly.Secretary is null) return new Error("assembly.signers");
            var facts = await FactsAsync(db, clock, await AssemblySnapshot.OfAsync(db, assembly, token), token);
            var number = await Numbering.NextAsync(db, Series, clock.Today.Year, token);
            if (assembly.Publish(number, clock.UtcNow) is { Ok: false } refused) return refused;
            db.IssuedPapers.Add(IssuedPaper.Of(number, facts));
            await db.SaveChangesAsync(token);
            var told = await db.AssemblyInvitations.Where(i => i.AssemblyId == id).OrderBy(i => i.UserId)
                .Select(i => i.UserId).ToListAsync(token);
            var draft = new NotificationDraft(
                AssemblyCall.Act, RecipientType.Owner, assembly.Title, number, $"/assemblies/{id}",
                [
                    new(Text: assembly.Title), new(Text: number),
                    new(Day: AssemblyDates.ContestUntil(DateOnly.FromDateTime(assembly.MeetsAt))),
                ]);
            await NotificationDraft.AddManyAsync(db, [.. told.Select(account => (draft, account, $"assembly:{id}:act:{account}"))], token);
            return Result.Done;
        }, ct);
    }

    /// <summary>
    /// The act as it was published, for all who may see the assembly; before that what it would say, for the office.
    /// </summary>
    /// <returns>Null out of reach.</returns>
    public async Task<Act?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        if (await AssemblySnapshot.ReadAsync(db, AssemblyService.VisibleTo(db, user), id, ct) is not { } snapshot) return null;
        if (!MayRead(snapshot.Assembly, user)) return null;
        var assembly = snapshot.Assembly;
        if (assembly.OpenedAt is null) return null;
        var kept = assembly.ActNumber is null
            ? null
            : await db.IssuedPapers.Where(p => p.Number == assembly.ActNumber).Select(p => p.Facts).SingleOrDefaultAsync(ct);
        return new Act(
            id, assembly.ActNumber, assembly.VerificationCode, assembly.PublishedAt,
            kept is null ? await FactsAsync(db, clock, snapshot, ct) : IssuedPaper.Read<ActFacts>(kept));
    }

    /// <summary>
    /// Every vote unit by unit, annulled ones too, out of the log: what somebody needs to count them again. For who may read the act.
    /// </summary>
    /// <returns>Null out of reach, and while a vote runs: nobody counts while others still vote.</returns>
    public async Task<IReadOnlyList<RecountLine>?> RecountAsync(long id, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        if (await AssemblySnapshot.ReadAsync(db, AssemblyService.VisibleTo(db, user), id, ct) is not { } snapshot) return null;
        if (!MayRead(snapshot.Assembly, user) || snapshot.Running is not null) return null;
        var givers = (await AssemblyService.ProxiesAsync(db, id, ct)).ToDictionary(p => p.Id, p => p.Giver);
        var ballots = (await db.AssemblyBallots.AsNoTracking().Where(b => b.Vote!.AssemblyId == id).OrderBy(b => b.Id)
            .Select(b => new
            {
                b.VoteId, b.ApartmentId, b.Choice, b.CreatedAt, b.ReceiptId, b.AttendanceId, b.Receipt!.Code, b.Receipt.AtDesk,
            })
            .ToListAsync(ct)).ToDictionary(b => (b.VoteId, b.ApartmentId));
        var lines = snapshot.Attendance.ToDictionary(l => l.Id);
        List<RecountLine> all = [];
        foreach (var vote in snapshot.Votes)
        {
            var item = snapshot.ItemOf(vote);
            var room = Room.Of(snapshot.Attendance, vote.ClosedAfter ?? long.MaxValue);
            all.AddRange(snapshot.Register.Select(unit =>
            {
                var ballot = ballots.GetValueOrDefault((vote.Id, unit.ApartmentId));
                var line = ballot is null ? room.Present.GetValueOrDefault(unit.ApartmentId) : lines[ballot.AttendanceId];
                return new RecountLine(
                    item.Position, item.Title, vote.Standing is null ? "annulled" : "standing", vote.Id, item.Basis, item.Threshold,
                    unit.Unit,
                    unit.Coefficient, line is not null, line?.Person, line?.ProxyId is { } proxy ? givers.GetValueOrDefault(proxy) : null,
                    ballot?.Choice, ballot?.CreatedAt is { } at ? clock.ToWall(at) : null,
                    ballot is null ? null : AssemblyService.NumberOf(snapshot.Assembly.Number, item.Position, ballot.ReceiptId),
                    ballot?.Code, ballot?.AtDesk == true);
            }));
        }

        return all;
    }

    /// <summary>The office always; owners, whose votes it shows, once the act is out.</summary>
    private static bool MayRead(Assembly assembly, CurrentUser user) =>
        user.Can(Permissions.AssembliesView)
        || assembly.State == AssemblyState.Published && user.Can(Permissions.AssembliesAttendOwn) && user.OwnedApartmentIds.Count > 0;

    internal static async Task<ActFacts> FactsAsync(PortalDb db, BuildingClock clock, AssemblySnapshot snapshot, CancellationToken ct)
    {
        var a = snapshot.Assembly;
        var givers = (await AssemblyService.ProxiesAsync(db, a.Id, ct)).ToDictionary(p => p.Id, p => p.Giver);
        var ballots = (await db.AssemblyBallots.AsNoTracking().Where(b => b.Vote!.AssemblyId == a.Id).OrderBy(b => b.Id)
            .Select(b => new { b.VoteId, b.ApartmentId, b.Choice }).ToListAsync(ct)).ToLookup(b => b.VoteId);
        DateTime Wall(DateTime utc) => clock.ToWall(utc);
        var items = snapshot.Agenda().Select(i =>
        {
            var vote = i.Vote is { } known ? snapshot.Votes.First(v => v.Id == known.Id) : null;
            var said = vote is null ? [] : ballots[vote.Id].ToDictionary(b => b.ApartmentId, b => b.Choice);
            var room = Room.Of(snapshot.Attendance, vote?.ClosedAfter ?? 0);
            return new ActItem(
                i.Position, i.Title, i.Text, i.Amount, i.Threshold, i.Basis, i.Article, i.DoneAt is not null, vote?.Quorum,
                vote?.ClosedAt is { } closed ? Wall(closed) : null,
                i.Outcome is { } o
                    ? new ActOutcome(o.Passed, o.Percent, o.Needed, o.Yes, o.No, o.Abstained, o.Silent, o.Represented)
                    : null,
                i.Outcome is null
                    ? []
                    : [
                        .. snapshot.Register.Where(u => said.ContainsKey(u.ApartmentId) || room.Represented.Contains(u.ApartmentId))
                            .Select(u => new ActBallot(
                                u.Unit, said.TryGetValue(u.ApartmentId, out var choice) ? choice : null, u.Coefficient)),
                    ],
                [
                    .. snapshot.Votes.Where(v => v.ItemId == i.Id && v.Standing is null)
                        .Select(v => new ActAnnulled(Wall(v.AnnulledAt!.Value), v.AnnulledWhy!)),
                ]);
        });
        List<ActAttendee> attendees = [];
        foreach (var unit in snapshot.Register)
        {
            AttendanceLine? since = null;
            foreach (var line in snapshot.Attendance.Where(l => l.ApartmentId == unit.ApartmentId))
            {
                if (since is not null) attendees.Add(Attendee(unit, since, line.At));
                since = line.Arrives ? line : null;
            }

            if (since is not null) attendees.Add(Attendee(unit, since, null));
        }

        ActAttendee Attendee(RegisteredUnit unit, AttendanceLine line, DateTime? left) => new(
            unit.Unit, unit.Coefficient, line.Person, line.ProxyId is { } proxy ? givers.GetValueOrDefault(proxy) : null, Wall(line.At),
            left is { } at ? Wall(at) : null);

        return new ActFacts(
            a.Number, a.Kind, a.Mode, a.CallNumber, a.CalledBy, a.Title, a.Place, DateOnly.FromDateTime(Wall(a.ConvenedAt!.Value)),
            a.MeetsAt,
            Wall(a.OpenedAt!.Value), a.ClosedAt is { } end ? Wall(end) : null, snapshot.Total, snapshot.Register.Count, a.President,
            a.Secretary, a.Minutes, [.. items], attendees);
    }
}

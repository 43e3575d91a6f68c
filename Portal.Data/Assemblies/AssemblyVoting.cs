using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Notifications;
using Portal.Data.Operations;

namespace Portal.Data.Assemblies;

/// <summary>
/// Votes: opened where they can be decided, cast once for each unit by who carries it, closed and counted. A ballot waits for nobody but a
/// vote that is just closing: four hundred come at once.
/// </summary>
public sealed class AssemblyVoting(PortalStore store, BuildingClock clock)
{
    public static readonly TimeSpan ShortestTime = TimeSpan.FromMinutes(1), LongestTime = TimeSpan.FromHours(12);

    /// <summary>Opens the vote of an item. Needs <see cref="Permissions.AssembliesManage"/>.</summary>
    /// <param name="time">How long it takes ballots.</param>
    /// <returns>Its id. Refused: <c>assembly.no_quorum</c> (what is represented, what must be exceeded, how many owners),
    /// <c>assembly.out_of_reach</c> (what is represented, what is needed, what lacks), <c>assembly.qualified_remote</c>,
    /// <c>assembly.vote_running</c>, <c>assembly.voted_already</c>, <c>assembly.not_voted</c>, <c>assembly.vote_time</c>.</returns>
    public async Task<Result<long>> OpenAsync(long itemId, TimeSpan time, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AssembliesManage)) return Error.Forbidden;
        if (time < ShortestTime || time > LongestTime) return new Error("assembly.vote_time");
        return await store.WriteAsync<long>(user, async (db, token) =>
        {
            if (await db.AssemblyItems.AsNoTracking().SingleOrDefaultAsync(i => i.Id == itemId, token) is not { } item)
                return Error.NotFound;
            if (await AssemblyDesk.LockAsync(db, item.AssemblyId, token) is not { } assembly) return Error.NotFound;
            if (assembly.State != AssemblyState.Open) return assembly.NotNow;
            if (item.Threshold == VoteThreshold.Informative) return new Error("assembly.not_voted");
            var snapshot = await AssemblySnapshot.OfAsync(db, assembly, token);
            if (snapshot.Running is not null) return new Error("assembly.vote_running");
            if (snapshot.Votes.Any(v => v.ItemId == itemId && v.Standing == true)) return new Error("assembly.voted_already");
            var quorum = snapshot.Quorum;
            if (!quorum.Reached)
                return new Error(
                    "assembly.no_quorum", null, AssemblyDesk.Digits(quorum.Coefficient), AssemblyDesk.Digits(quorum.Half), quorum.Owners);
            if (item.Threshold == VoteThreshold.Qualified)
            {
                if (assembly.Mode != AssemblyMode.InPerson) return new Error("assembly.qualified_remote");
                if (!quorum.CanQualify)
                    return new Error(
                        "assembly.out_of_reach", null, AssemblyDesk.Digits(quorum.Coefficient), AssemblyDesk.Digits(quorum.Qualified),
                        AssemblyDesk.Digits(quorum.Qualified - quorum.Coefficient));
            }

            var vote = AssemblyVote.Open(item, quorum.Coefficient, time, clock.UtcNow);
            db.AssemblyVotes.Add(vote);
            await db.SaveChangesAsync(token);
            return vote.Id;
        }, ct);
    }

    /// <summary>Casts ballots for units that the person carries, all of them or none. Needs
    /// <see cref="Permissions.AssembliesAttendOwn"/>.</summary>
    /// <param name="submission">Of one press of the button: sent again it gives the same receipt.</param>
    /// <returns>The receipt's id. Refused: <c>assembly.vote_closed</c>, <c>assembly.vote_over</c>, by unit <c>assembly.not_carried</c> and
    /// <c>assembly.voted</c>. What was cast is final.</returns>
    public Task<Result<long>> CastAsync(
        long voteId, IReadOnlyDictionary<long, BallotChoice> choices, Guid submission, CurrentUser user, CancellationToken ct) =>
        user.Can(Permissions.AssembliesAttendOwn) && user.Id > 0
            ? CastAsync(voteId, choices, submission, atDesk: false, user, ct)
            : Task.FromResult<Result<long>>(Error.Forbidden);

    /// <summary>
    /// As <see cref="CastAsync(long, IReadOnlyDictionary{long, BallotChoice}, Guid, CurrentUser, CancellationToken)"/>, by the office for
    /// somebody in the room who has no phone. Needs <see cref="Permissions.AssembliesManage"/>.
    /// </summary>
    public Task<Result<long>> CastAtDeskAsync(
        long voteId, IReadOnlyDictionary<long, BallotChoice> choices, Guid submission, CurrentUser user, CancellationToken ct) =>
        user.Can(Permissions.AssembliesManage)
            ? CastAsync(voteId, choices, submission, atDesk: true, user, ct)
            : Task.FromResult<Result<long>>(Error.Forbidden);

    /// <summary>Gives a vote more time, from now where its time is over. Needs <see cref="Permissions.AssembliesManage"/>.</summary>
    public Task<Result> ExtendAsync(long voteId, TimeSpan by, CurrentUser user, CancellationToken ct) =>
        StepAsync(voteId, user, (_, _, vote, _) => Task.FromResult<Result>(
            by < ShortestTime || by > LongestTime ? new Error("assembly.vote_time") : vote.Extend(by, clock.UtcNow)), ct);

    /// <summary>
    /// Closes a vote and counts it: of what is represented at this moment, and those who voted and have left since. Needs
    /// <see cref="Permissions.AssembliesManage"/>.
    /// </summary>
    /// <returns>Refused: <c>assembly.vote_closed</c>, <c>assembly.quorum_lost</c> where so many left while it ran that nobody can decide:
    /// it waits for them, or is annulled.</returns>
    public Task<Result> CloseAsync(long voteId, CurrentUser user, CancellationToken ct) =>
        StepAsync(voteId, user, async (db, assembly, vote, token) =>
        {
            if (vote.Running is null) return new Error("assembly.vote_closed");
            var snapshot = await AssemblySnapshot.OfAsync(db, assembly, token);
            var ballots = await AssemblySnapshot.BallotsAsync(db, voteId, token);
            var counted = Quorum.Of(
                snapshot.Register, snapshot.Room.Represented.Union(ballots.Keys).ToHashSet(), assembly.CallNumber);
            if (!counted.Reached)
            {
                return new Error(
                    "assembly.quorum_lost", null, AssemblyDesk.Digits(counted.Coefficient), AssemblyDesk.Digits(counted.Half),
                    counted.Owners);
            }

            var after = snapshot.Attendance.Count == 0 ? 0 : snapshot.Attendance[^1].Id;
            return vote.Close(snapshot.OutcomeOf(snapshot.Votes.First(v => v.Id == voteId), ballots), after, clock.UtcNow);
        }, ct);

    /// <summary>
    /// Annuls a vote, for a reason that the act prints. It stays to be read; the item can be voted anew. Needs
    /// <see cref="Permissions.AssembliesManage"/>.
    /// </summary>
    public Task<Result> AnnulAsync(long voteId, string? why, CurrentUser user, CancellationToken ct) =>
        StepAsync(voteId, user, async (db, assembly, vote, token) =>
        {
            if (assembly.State != AssemblyState.Open) return assembly.NotNow;
            if (string.IsNullOrWhiteSpace(why)) return Error.Required("Why");
            if (why.Trim().Length > AssemblyVote.LongestReason) return Error.TooLong("Why", AssemblyVote.LongestReason);
            var after = await db.AssemblyAttendance.Where(a => a.AssemblyId == assembly.Id).MaxAsync(a => (long?)a.Id, token) ?? 0;
            return vote.Annul(why.Trim(), user.AccountId, after, clock.UtcNow);
        }, ct);

    private async Task<Result<long>> CastAsync(
        long voteId, IReadOnlyDictionary<long, BallotChoice> choices, Guid submission, bool atDesk, CurrentUser user, CancellationToken ct)
    {
        if (choices.Count == 0) return new Error("assembly.no_choice");
        if (choices.Values.Any(c => !Enum.IsDefined(c)) || submission == Guid.Empty) return new Error("assembly.no_choice");
        var press = submission.ToString();
        var cast = await store.WriteAsync<long>(user, async (db, token) =>
        {
            // Sent again, because the answer was lost on its way: it stands, whatever the vote has become since.
            if (await SentAsync(db, press, user, token) is { } before) return before;

            // Shared: ballots do not wait for each other, only closing waits for those on their way.
            var vote = (await db.AssemblyVotes.FromSql($"SELECT * FROM assembly_votes WHERE id = {voteId} LOCK IN SHARE MODE")
                .AsNoTracking()
                .ToListAsync(token)).SingleOrDefault();
            if (vote is null) return Error.NotFound;
            var units = choices.Keys.ToList();
            var lines = await db.AssemblyAttendance.AsNoTracking()
                .Where(a => a.AssemblyId == vote.AssemblyId && units.Contains(a.ApartmentId))
                .OrderBy(a => a.Id)
                .Select(a => new
                {
                    a.Id, a.ApartmentId, a.Arrives, a.UserId, a.Person, Giver = a.Proxy == null ? null : a.Proxy.Giver,
                    Document = a.Proxy == null ? null : a.Proxy.HolderDocument,
                })
                .ToListAsync(token);
            var last = lines.GroupBy(l => l.ApartmentId).ToDictionary(g => g.Key, g => g.Last());
            // Of a vote in which they carry nothing, nobody hears more than that it is not there.
            if (!atDesk && !lines.Any(l => l.UserId == user.Id)) return Error.NotFound;
            if (vote.Running is null) return new Error("assembly.vote_closed");
            if (clock.UtcNow >= vote.ClosesAt) return new Error("assembly.vote_over");
            var names = await db.AssemblyUnits.AsNoTracking().Where(u => u.AssemblyId == vote.AssemblyId && units.Contains(u.ApartmentId))
                .ToDictionaryAsync(u => u.ApartmentId, u => u.Unit, token);
            var said = await db.AssemblyBallots.Where(b => b.VoteId == voteId && units.Contains(b.ApartmentId)).Select(b => b.ApartmentId)
                .ToListAsync(token);
            var errors = new List<Error>();
            foreach (var unit in units)
            {
                var name = names.GetValueOrDefault(unit, "?");
                if (!last.TryGetValue(unit, out var line) || !line.Arrives || !atDesk && line.UserId != user.Id)
                    errors.Add(new Error("assembly.not_carried", null, name));
                else if (said.Contains(unit)) errors.Add(new Error("assembly.voted", null, name));
            }

            if (errors.Count > 0) return errors;
            // An account is one person, whatever name a proxy gives them.
            var people = last.Values.Select(l => AttendanceLine.CarrierOf(l.UserId, l.Document, l.Person)).Distinct();
            if (atDesk && people.Count() > 1) return new Error("assembly.one_at_a_time");
            var receipt = new AssemblyReceipt
            {
                VoteId = voteId, Submission = press, Code = VerificationCode.New(), Voter = last.Values.First().Person, AtDesk = atDesk,
                CastBy = user.AccountId,
            };
            db.AssemblyReceipts.Add(receipt);
            db.AssemblyBallots.AddRange(units.Order().Select(unit => new AssemblyBallot
            {
                VoteId = voteId, ApartmentId = unit, Choice = choices[unit], Receipt = receipt, AttendanceId = last[unit].Id,
            }));
            await db.SaveChangesAsync(token);
            if (last.Values.Any(l => l.Giver is not null))
            {
                await CopyAsync(
                    db, vote, receipt, [.. last.Values.Where(l => l.Giver is not null).Select(l => l.ApartmentId)], user, token);
            }

            return receipt.Id;
        }, ct);
        if (cast.Ok || cast.Error!.IsOutage) return cast;

        // The same press, sent twice at one moment: while this one looked, the other was written.
        await using var look = await store.OpenAsync(user, ct);
        if (await SentAsync(look, press, user, ct) is { } sent) return sent;

        // Two phones at one moment: the database let one of them in.
        return cast.Error.Code == "duplicate.uq_assembly_ballots_unit" ? new Error("assembly.voted_meanwhile") : cast;
    }

    private static Task<long?> SentAsync(PortalDb db, string press, CurrentUser user, CancellationToken ct) =>
        db.AssemblyReceipts.Where(r => r.Submission == press && r.CastBy == user.AccountId).Select(r => (long?)r.Id)
            .SingleOrDefaultAsync(ct);

    /// <summary>Who gave a proxy hears how it was used.</summary>
    private static async Task CopyAsync(
        PortalDb db, AssemblyVote vote, AssemblyReceipt receipt, List<long> units, CurrentUser user, CancellationToken ct)
    {
        var owners = await db.Apartments.Where(a => units.Contains(a.Id) && a.Owner != null).OrderBy(a => a.Id)
            .Select(a => new { a.Id, a.Owner!.UserId }).ToListAsync(ct);
        var item = await db.AssemblyItems.AsNoTracking().SingleAsync(i => i.Id == vote.ItemId, ct);
        var draft = new NotificationDraft(
            AssemblyCall.Voted, RecipientType.Owner, item.Title, receipt.Code, $"/assemblies/receipts/{receipt.Id}",
            [new(Text: receipt.Voter), new(Text: item.Title), new(Text: receipt.Code)]);
        await NotificationDraft.AddManyAsync(
            db,
            [
                .. owners.Where(o => o.UserId != user.Id).Select(o => o.UserId).Distinct()
                    .Select(account => (draft, account, $"assembly:vote:{receipt.Id}:{account}")),
            ],
            ct);
    }

    private Task<Result> StepAsync(
        long voteId, CurrentUser user, Func<PortalDb, Assembly, AssemblyVote, CancellationToken, Task<Result>> step,
        CancellationToken ct) =>
        !user.Can(Permissions.AssembliesManage)
            ? Task.FromResult<Result>(Error.Forbidden)
            : store.WriteAsync(user, async (db, token) =>
            {
                var of = await db.AssemblyVotes.Where(v => v.Id == voteId).Select(v => (long?)v.AssemblyId).SingleOrDefaultAsync(token);
                if (of is not { } id || await AssemblyDesk.LockAsync(db, id, token) is not { } assembly) return Error.NotFound;
                var vote = await db.AssemblyVotes.Where(v => v.Id == voteId).ForUpdate().SingleAsync(token);
                return await step(db, assembly, vote, token);
            }, ct);
}

using Microsoft.EntityFrameworkCore;
using Portal.Data.Operations;

namespace Portal.Data.Assemblies;

/// <summary>
/// What hangs on the wall of the room, for whoever has its address: it names nobody, and says nothing of how a vote goes until it is
/// closed.
/// </summary>
public sealed class AssemblyWall(PortalStore store)
{
    private const int TokenLength = 32;

    /// <returns>Null where no assembly has this token.</returns>
    public async Task<WallView?> FindAsync(string? token, CancellationToken ct)
    {
        if (token is not { Length: TokenLength }) return null;
        await using var db = await store.OpenAsync(CurrentUser.Nobody, ct);
        var reach = db.Assemblies.Where(a => a.ProjectorToken == token && a.State != AssemblyState.Draft);
        if (await reach.AsNoTracking().SingleOrDefaultAsync(ct) is not { } assembly) return null;
        var snapshot = await AssemblySnapshot.OfAsync(db, assembly, ct);
        var items = snapshot.Agenda();
        var running = snapshot.Running;
        var last = snapshot.Votes.Where(v => v is { Standing: true, ClosedAt: not null }).OrderBy(v => v.ClosedAt).ThenBy(v => v.Id)
            .LastOrDefault();
        Tally voted = default, represented = default;
        if (running is not null)
        {
            var outcome = snapshot.OutcomeOf(running, await AssemblySnapshot.BallotsAsync(db, running.Id, ct));
            (voted, represented) = (outcome.Voted, outcome.Represented);
        }

        var shown = running is null && last is not null ? items.First(i => i.Id == last.ItemId) : null;
        var coming = items.Where(i => i.Vote is null && i.DoneAt is null).ToList();
        // What was put off, where nothing comes after what is shown.
        var next = coming.Find(i => i.Position > (shown?.Position ?? 0)) ?? coming.FirstOrDefault();
        var settings = await BuildingSettings.ReadAsync(db, "name", ct);
        return new WallView(
            settings.Name, assembly.Kind, assembly.CallNumber, assembly.MeetsAt, assembly.State, snapshot.Quorum, items.Count,
            // No partial count, whatever the page would draw: it is not in what it gets.
            running is null ? null : items.First(i => i.Id == running.ItemId), voted, represented, shown, next,
            next is null || next.Threshold != VoteThreshold.Qualified || snapshot.Quorum.CanQualify
                && assembly.Mode == AssemblyMode.InPerson,
            assembly.Id);
    }
}

using Microsoft.EntityFrameworkCore;
using Portal.Data.Identity;
using Portal.Data.Notifications;
using Portal.Data.Operations;
using Portal.Data.Building;

namespace Portal.Data.Assemblies;

/// <summary>
/// Tells every account that owns a unit that an assembly was called, moved to its second call, or will not be: in the bell and by mail,
/// whatever they chose, for the law wants each owner called (Ley 675 of 2001, art. 39). In batches, each a write of its own: what a stop
/// interrupts goes on where it was.
/// </summary>
public sealed class AssemblyCall(PortalStore store, BuildingClock clock) : JobHandler<long>(JobKind)
{
    public static readonly JobKind<long> JobKind = new("assembly_call");

    public const string Called = "urgent.assembly", SecondCall = "urgent.assembly_second", Cancelled = "urgent.assembly_cancelled",
        Voted = "urgent.assembly_voted", Act = "notice.assembly_act";

    private const int Batch = 200;

    private sealed record Account(long UserId);

    public override async Task RunAsync(long id, CancellationToken ct)
    {
        while (true)
        {
            var sent = await store.WriteAsync<int>(CurrentUser.System, (db, token) => BatchAsync(db, id, token), ct);
            if (!sent.Ok) throw new InvalidOperationException($"An assembly could not be called ({sent.Error!.Code}): it is tried again.");
            if (sent.Value < Batch) return;
        }
    }

    private async Task<Result<int>> BatchAsync(PortalDb db, long id, CancellationToken ct)
    {
        if (await AssemblyDesk.LockAsync(db, id, ct) is not { } assembly) return 0;
        var day = DateOnly.FromDateTime(assembly.MeetsAt);
        var type = assembly.State == AssemblyState.Cancelled ? Cancelled : assembly.CallNumber > 1 ? SecondCall : Called;
        NotificationPart[] about =
            [new(Text: assembly.Title), new(Until: clock.ToUtc(assembly.MeetsAt)), new(Text: assembly.Place)];
        var draft = new NotificationDraft(
            type, RecipientType.Owner, assembly.Title, $"{assembly.Number} · {assembly.MeetsAt:yyyy-MM-dd HH:mm} · {assembly.Place}",
            $"/assemblies/{id}", about);
        if (assembly.State == AssemblyState.Cancelled)
        {
            // Whoever was told that it meets is told that it does not.
            var told = await db.AssemblyInvitations.Where(i => i.AssemblyId == id).OrderBy(i => i.UserId)
                .Select(i => i.UserId).ToListAsync(ct);
            await NotificationDraft.AddManyAsync(db, [.. told.Select(user => (draft, user, $"assembly:{id}:cancelled:{user}"))], ct);
            return 0;
        }

        if (assembly.DeliveredAt is not null) return 0;
        const string Sql =
            $$"""
            SELECT DISTINCT u.id AS UserId
            FROM ({{ResidentTies.Sql}}) AS t
            INNER JOIN users AS u ON u.id = t.user_id AND u.user_status_id = {2}
            LEFT JOIN assembly_invitations AS i ON i.assembly_id = {1} AND i.user_id = u.id
            WHERE t.owns AND i.id IS NULL
            ORDER BY u.id
            LIMIT {3}
            """;
        var next = (await db.Database.SqlQueryRaw<Account>(
            Sql, clock.Today.ToDateTime(TimeOnly.MinValue), id, (int)UserState.Active, Batch).ToListAsync(ct)).ConvertAll(a => a.UserId);
        db.AssemblyInvitations.AddRange(next.Select(user => new AssemblyInvitation
        {
            AssemblyId = id, UserId = user, Code = VerificationCode.New(),
        }));
        await NotificationDraft.AddManyAsync(db, [.. next.Select(user => (draft, user, $"assembly:{id}:call:{user}"))], ct);
        if (next.Count < Batch) assembly.Delivered(clock.UtcNow);
        return next.Count;
    }
}

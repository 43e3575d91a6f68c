using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Guards;

namespace Portal.Data.Gate;

/// <summary>Who is signed in at a terminal.</summary>
/// <param name="Shift">Of the roster; null where they are not on it.</param>
public sealed record GuardOnDuty(long Id, string Name, Shift? Shift);

/// <summary>What a host answered to the gate. Times are the building's wall clock.</summary>
public sealed record TerminalAnswer(string Key, string Answer, string? By, DateTime? At, string? Late);

/// <param name="Guard">Null where nobody is signed in who may log at the gate.</param>
/// <param name="Unread">Notes of the shifts before that nobody has read.</param>
public sealed record TerminalNews(GuardOnDuty? Guard, IReadOnlyList<TerminalAnswer> Approvals, int Unread);

/// <summary>What a terminal hears every few seconds. Cheap: two queries.</summary>
public sealed class TerminalState(PortalStore store, BuildingClock clock)
{
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(10);

    /// <summary>Of the device; what needs a guard is empty where nobody is signed in who may log at the gate.</summary>
    public async Task<TerminalNews> ReadAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateLog)) return new TerminalNews(null, [], 0);
        var since = clock.UtcNow - Recent;
        await using var db = await store.OpenAsync(user, ct);
        var own = await db.Users.AsNoTracking().Where(u => u.Id == user.Id)
            .Select(u => new
            {
                Shift = db.Guards.Where(g => g.UserId == u.Id).Select(g => (Shift?)g.Shift).FirstOrDefault(),
                Unread = db.GateNotes.Count(n => n.ReadAt == null && !n.MustRead),
            })
            .SingleOrDefaultAsync(ct);
        var approvals = await db.Database
            .SqlQuery<Row>(
                $"""
                SELECT a.client_key AS ClientKey, a.answer AS Answer, CONCAT(p.first_name, ' ', p.last_name) AS AnsweredBy,
                    a.answered_at AS AnsweredAt, a.late AS Late
                FROM gate_approvals AS a LEFT JOIN profile AS p ON p.user_id = a.answered_by
                WHERE a.asked_at >= {since} ORDER BY a.id LIMIT 50
                """)
            .ToListAsync(ct);
        return new TerminalNews(
            new GuardOnDuty(user.Id, user.Name, own?.Shift),
            [
                .. approvals.Select(a => new TerminalAnswer(
                    a.ClientKey, a.Answer, a.AnsweredBy, a.AnsweredAt is { } at ? clock.ToWall(at) : null, a.Late)),
            ],
            own?.Unread ?? 0);
    }

    private sealed record Row(string ClientKey, string Answer, string? AnsweredBy, DateTime? AnsweredAt, string? Late);
}

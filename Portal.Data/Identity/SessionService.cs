using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Data.Audit;

namespace Portal.Data.Identity;

/// <summary>A session that holds, as its owner sees it.</summary>
/// <param name="UserAgent">As the browser told it; a page says it in words.</param>
/// <param name="Current">It is the one that asks.</param>
/// <param name="CreatedAt">UTC, as is <paramref name="SeenAt"/>, which is exact to the minute.</param>
/// <param name="EndsAt">When (UTC) it is over if it is not used again.</param>
public sealed record SessionRow(
    long Id, string? UserAgent, string? IpAddress, DateTime CreatedAt, DateTime SeenAt, bool Current, DateTime EndsAt = default);

/// <summary>Begins, lists and ends sessions. Everybody ends their own; whoever manages an account ends its sessions too.</summary>
public sealed class SessionService(
    PortalStore store, SessionSource sessions, CurrentUserSource accounts, TimeProvider time, IOptions<AccountOptions> options)
{
    public const int LongestUserAgent = 300;

    /// <summary>
    /// Begins the session of an account that was let in. One that this browser had before ends with it: nobody has two in one place.
    /// </summary>
    /// <param name="methods">One of <see cref="SignInMethods"/>; all but a PIN prove who it is (<see cref="FreshSignIn"/>).</param>
    /// <param name="account">As <see cref="CurrentUserSource.LoadAsync"/> gives it: the session is bound to its stamp.</param>
    public async Task<SessionTicket> BeginAsync(
        Account account, bool remember, string? address, string? userAgent, SessionTicket? before, string methods, CancellationToken ct)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var hash = SessionSource.HashOf(token);
        var agent = userAgent is { Length: > LongestUserAgent } ? userAgent[..LongestUserAgent] : userAgent;
        var now = time.GetUtcNow().UtcDateTime;
        DateTime? proved = methods == SignInMethods.Pin ? null : now;
        await using var db = await store.OpenAsync(account.User with { IpAddress = address }, ct);

        // One statement that may be sent twice; the event of the sign-in is its line in the log.
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO sessions (user_id, token_hash, stamp, remembered, user_agent, ip_address, created_at, seen_at, proved_at, methods)
            VALUES ({account.User.Id}, {hash}, {account.Stamp}, {remember}, {agent}, {address}, {now}, {now}, {proved}, {methods})
            ON DUPLICATE KEY UPDATE id = id
            """,
            ct);
        var id = await db.Sessions.Where(s => s.TokenHash == hash).Select(s => s.Id).SingleAsync(ct);
        if (before is not null)
        {
            // What the same person has turned on in this browser goes over to the new session.
            await db.PushDevices.Where(d => d.SessionId == before.SessionId && d.UserId == account.User.Id && d.Session!.EndedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(d => d.SessionId, id), ct);
            await db.Sessions.Where(s => s.Id == before.SessionId && s.UserId == before.AccountId && s.EndedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now), ct);
            sessions.Forget(before.AccountId);
        }

        return new SessionTicket(account.User.Id, id, token);
    }

    /// <summary>The sessions of an account that hold, the one that asks first, then the one last used; nothing out of reach.</summary>
    public async Task<IReadOnlyList<SessionRow>> ListAsync(long accountId, CurrentUser user, CancellationToken ct)
    {
        if (await ReachAsync(accountId, user, ct) is not { } account) return [];
        await using var db = await store.OpenAsync(user, ct);
        var now = time.GetUtcNow().UtcDateTime;
        var (idle, most) = options.Value.SessionLimits(account.IsOffice, remembered: false);
        var kept = options.Value.SessionLimits(account.IsOffice, remembered: true).Idle;
        var (used, remembered, begun) = (now - idle, now - kept, now - most);
        var rows = await db.Sessions.AsNoTracking()
            .Where(s => s.UserId == accountId && s.EndedAt == null && s.Stamp == account.Stamp)
            .Where(s => s.SeenAt > (s.Remembered ? remembered : used) && s.CreatedAt > begun)
            .OrderByDescending(s => s.SeenAt).ThenByDescending(s => s.Id)
            .Select(s => new { s.Id, s.UserAgent, s.IpAddress, s.CreatedAt, s.SeenAt, s.Remembered })
            .Take(100)
            .ToListAsync(ct);
        return
        [
            .. rows.Select(s => new SessionRow(
                    s.Id, s.UserAgent, s.IpAddress, s.CreatedAt, s.SeenAt, s.Id == user.SessionId,
                    Earlier(s.SeenAt + (s.Remembered ? kept : idle), s.CreatedAt + most)))
                .OrderByDescending(row => row.Current),
        ];

        static DateTime Earlier(DateTime one, DateTime other) => one < other ? one : other;
    }

    /// <summary>Ends one session of an account.</summary>
    /// <returns>Refusals: <c>not_found</c>, also for one that has ended already.</returns>
    public Task<Result> EndAsync(long accountId, long sessionId, CurrentUser user, CancellationToken ct) =>
        EndAsync(accountId, sessionId, SessionEvents.Ended, user, ct);

    /// <summary>Ends all sessions of an account but the one that asks.</summary>
    /// <returns>Refusals: <c>not_found</c>.</returns>
    public Task<Result> EndOthersAsync(long accountId, CurrentUser user, CancellationToken ct) =>
        EndAsync(accountId, null, SessionEvents.Ended, user, ct);

    /// <summary>
    /// Ends the person's own session, at the moment they leave. Where the database cannot be asked it is over in this portal at once, and
    /// written as soon as the database is back.
    /// </summary>
    public async Task<Result> LeaveAsync(CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } id || user.SessionId is not { } session) return Error.NotFound;
        var left = await WriteAsync(ct);
        if (left.Error is not { IsOutage: true }) return left;
        sessions.Owe(session, async token => (await WriteAsync(token)).Error is not { IsOutage: true });
        return Result.Done;

        Task<Result> WriteAsync(CancellationToken token) => WriteEndAsync(id, session, SessionEvents.Left, user, token);
    }

    private async Task<Result> EndAsync(long accountId, long? sessionId, string action, CurrentUser user, CancellationToken ct) =>
        await ReachAsync(accountId, user, ct) is null ? Error.NotFound : await WriteEndAsync(accountId, sessionId, action, user, ct);

    private async Task<Result> WriteEndAsync(long accountId, long? sessionId, string action, CurrentUser user, CancellationToken ct)
    {
        var current = user.SessionId ?? 0;
        var result = await store.WriteAsync(user, async (db, token) =>
        {
            var now = time.GetUtcNow().UtcDateTime;
            var mine = db.Sessions.Where(s => s.UserId == accountId && s.EndedAt == null);
            mine = sessionId is { } one ? mine.Where(s => s.Id == one) : mine.Where(s => s.Id != current);
            var ended = await mine.ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now), token);
            if (ended == 0) return sessionId is null ? Result.Done : Error.NotFound;
            await db.WriteEventAsync(
                action, "users", accountId, sessionId is { } which ? new { session = which } : new { sessions = ended }, token);
            return Result.Done;
        }, ct);

        // The feed tells the other portals, and the open pages of this one; the next request here must not wait for it.
        if (result.Ok) sessions.Forget(accountId);
        return result;
    }

    /// <summary>The account, where somebody may look at its sessions: their own, or one they manage.</summary>
    private async Task<Account?> ReachAsync(long accountId, CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is null || await accounts.LoadAsync(accountId, ct) is not { } account) return null;
        return accountId == user.AccountId || AccountService.MayManage(user, account.User.RoleId) ? account : null;
    }
}

/// <summary>For other writes that end an account's sessions with what they change.</summary>
internal static class SessionEnds
{
    /// <summary>
    /// Marks all sessions of an account as over, but the one that is excepted, in the write that made them so. What it changed of the
    /// account tells the feed.
    /// </summary>
    public static Task EndSessionsAsync(this PortalDb db, long accountId, DateTime now, CancellationToken ct, long? except = null) =>
        db.Sessions.Where(s => s.UserId == accountId && s.EndedAt == null && s.Id != except)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now), ct);
}

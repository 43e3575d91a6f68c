using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Data.Audit;

namespace Portal.Data.Identity;

/// <summary>Whether a session still holds.</summary>
public enum SessionState
{
    Alive,

    /// <summary>It was ended, ran out, or the account may not have it any more.</summary>
    Ended,

    /// <summary>The database could not be asked. Nobody is signed out for it: see decision 041.</summary>
    Unknown,
}

/// <summary>What a cookie says of the session it belongs to.</summary>
/// <param name="Token">The secret; the database has its hash.</param>
public sealed record SessionTicket(long AccountId, long SessionId, string Token);

/// <summary>The events of the audit log by which every portal hears that sessions of an account ended.</summary>
internal static class SessionEvents
{
    public const string Left = "sign_out";
    public const string Ended = "session_ended";

    public static bool Ends(Change change) => change is { Table: "users", Action: Left or Ended };
}

/// <summary>
/// Says whether a session holds: asked of the database, remembered for <see cref="AccountOptions.KnownFor"/> at most, and forgotten as soon
/// as the live feed tells of an end, here or in another portal.
/// </summary>
public sealed class SessionSource : IDisposable
{
    /// <summary>How exact "last seen" is: more often a session in use is not written.</summary>
    public static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(2);

    private readonly Remembered<string, Row> _known;
    private readonly ChangeListeners _listeners = new();
    private readonly PortalStore _store;
    private readonly CurrentUserSource _accounts;
    private readonly TimeProvider _time;
    private readonly AccountOptions _options;
    private readonly ConcurrentDictionary<long, Func<CancellationToken, Task<bool>>> _owed = new();
    private readonly IDisposable _subscription;
    private readonly CancellationTokenSource _stop = new();

    public SessionSource(PortalStore store, CurrentUserSource accounts, LiveFeed feed, TimeProvider time, IOptions<AccountOptions> options)
    {
        (_store, _accounts, _time, _options) = (store, accounts, time, options.Value);
        _known = new Remembered<string, Row>(feed, time, _options.KnownFor, _options.TrustedFor, ReadAsync);
        _subscription = accounts.Listen(async changes =>
        {
            foreach (var id in changes.Where(c => c.Table == "users").Select(c => c.RecordId).Distinct()) Forget(id);
            await _listeners.TellAsync(changes);
        });
    }

    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Tells of changes to accounts, roles and sessions, once what was known is forgotten.</summary>
    public IDisposable Listen(Func<IReadOnlyList<Change>, Task> listener) => _listeners.Add(listener);

    public async ValueTask<SessionState> CheckAsync(SessionTicket ticket, CancellationToken ct)
    {
        if (_owed.ContainsKey(ticket.SessionId)) return SessionState.Ended;
        var hash = HashOf(ticket.Token);
        var session = await _known.FindAsync(hash, ct);
        if (session is { Sure: true, Value: null }) return SessionState.Ended;
        var account = await _accounts.LookAsync(ticket.AccountId, ct);
        if (session.Value is { } row && (row.Id != ticket.SessionId || row.UserId != ticket.AccountId || IsOver(row, account.Value)))
            return SessionState.Ended;
        if (account is { Sure: true, Value: null or { IsActive: false } }) return SessionState.Ended;
        if (session.Value is { } one && account.Value is { } other && one.Stamp == other.Stamp)
            return session.Sure && account.Sure ? SessionState.Alive : SessionState.Unknown;

        // One of the two that are remembered may be older than the other: the database has the last word.
        session = await _known.AskAsync(hash, ct);
        account = await _accounts.AskAsync(ticket.AccountId, ct);
        if (!session.Sure || !account.Sure) return SessionState.Unknown;
        return session.Value is { } now && account.Value is { IsActive: true } holder && !IsOver(now, holder) && holder.Stamp == now.Stamp
            ? SessionState.Alive
            : SessionState.Ended;
    }

    /// <summary>
    /// Notes that a session is in use, at most once in <see cref="SeenEvery"/>. That it could not be noted troubles nobody.
    /// </summary>
    public async Task SeenAsync(SessionTicket ticket, string? address, CancellationToken ct)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        if (await _known.FindAsync(HashOf(ticket.Token), ct) is not { Sure: true, Value: { } row } || !row.TakeNote(now)) return;
        await _known.TryAsync(async token =>
        {
            await using var db = await _store.OpenAsync(CurrentUser.System, token);
            await db.Sessions.Where(s => s.Id == row.Id && s.EndedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.SeenAt, now).SetProperty(s => s.IpAddress, address), token);
        }, ct);
    }

    /// <summary>Uses what is remembered of an account's sessions no more; null: of anybody's.</summary>
    public void Forget(long? accountId) => _known.Forget(row => accountId is null || row.UserId == accountId);

    /// <summary>
    /// A session whose end could not be written: here it is over, and <paramref name="write"/> is done when the database is back. A portal
    /// that ends before that forgets it: the cookie is gone from its browser, and a copy of it lives until it is out of time.
    /// </summary>
    /// <param name="write">Gives false where the database still could not be asked.</param>
    internal void Owe(long sessionId, Func<CancellationToken, Task<bool>> write)
    {
        if (_owed.TryAdd(sessionId, write)) _ = PayBackAsync(sessionId, write);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _subscription.Dispose();
    }

    private async Task PayBackAsync(long sessionId, Func<CancellationToken, Task<bool>> write)
    {
        try
        {
            do await Task.Delay(TryAgain, _stop.Token);
            while (!await write(_stop.Token));
            _owed.TryRemove(sessionId, out _);
        }
        catch (OperationCanceledException)
        {
            // The portal stops.
        }
    }

    private bool IsOver(Row row, Account? holder)
    {
        if (row.EndedAt is not null) return true;
        var (idle, most) = _options.SessionLimits(holder?.IsOffice == true, row.Remembered);
        var now = _time.GetUtcNow().UtcDateTime;
        return row.SeenAt + idle + SeenEvery < now || row.CreatedAt + most < now;
    }

    private async Task<Row?> ReadAsync(string hash, CancellationToken ct)
    {
        await using var db = await _store.OpenAsync(CurrentUser.System, ct);
        return await db.Sessions.AsNoTracking().Where(s => s.TokenHash == hash)
            .Select(s => new Row(s.Id, s.UserId, s.Stamp, s.Remembered, s.CreatedAt, s.SeenAt, s.EndedAt)).FirstOrDefaultAsync(ct);
    }

    private sealed record Row(long Id, long UserId, string Stamp, bool Remembered, DateTime CreatedAt, DateTime SeenAt, DateTime? EndedAt)
    {
        private long _noted = SeenAt.Ticks;

        /// <summary>Whether it is time to write when it was seen, and nobody else does it in this moment.</summary>
        public bool TakeNote(DateTime now)
        {
            var noted = Interlocked.Read(ref _noted);
            return now.Ticks - noted >= SeenEvery.Ticks && Interlocked.CompareExchange(ref _noted, now.Ticks, noted) == noted;
        }
    }
}

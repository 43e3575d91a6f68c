using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Identity;

namespace Portal.Data.Gate;

/// <summary>A device of the gate, as the office sees it. Times are the building's wall clock.</summary>
/// <param name="Waiting">How many events it had still to deliver when it was last seen.</param>
/// <param name="CodeUntil">Until when its code may be used; null where there is none.</param>
public sealed record TerminalRow(
    long Id, string Name, DateTime? Enrolled, DateTime? Seen, int? Waiting, DateTime? Revoked, DateTime? CodeUntil, int Events);

/// <summary>The terminal that a request comes from.</summary>
public sealed record TerminalId(long Id, string Name);

/// <summary>A code that the office hands to whoever sets up the device; shown once.</summary>
/// <param name="Until">The building's wall clock.</param>
public sealed record TerminalCode(long Id, string Name, string Code, DateTime Until);

/// <summary>Enrols the gate's devices, and takes that back.</summary>
public sealed class TerminalService(PortalStore store, BuildingClock clock)
{
    /// <summary>How long a code may be used.</summary>
    public static readonly TimeSpan CodeLasts = TimeSpan.FromHours(24);

    private const int LongestName = 100;

    /// <summary>Needs <see cref="Permissions.GateManage"/>. Those in use first, by name.</summary>
    public async Task<Page<TerminalRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateManage)) return Page<TerminalRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var terminals = db.GateTerminals.AsNoTracking();
        if (query.Search?.Trim() is { Length: > 0 } text) terminals = terminals.Where(t => t.Name.Contains(text));
        var ordered = (query.Sort, query.Descending) switch
        {
            ("seen", false) => terminals.OrderBy(t => t.SeenAt).ThenBy(t => t.Id),
            ("seen", true) => terminals.OrderByDescending(t => t.SeenAt).ThenBy(t => t.Id),
            ("name", true) => terminals.OrderByDescending(t => t.Name).ThenBy(t => t.Id),
            _ => terminals.OrderBy(t => t.RevokedAt != null).ThenBy(t => t.Name).ThenBy(t => t.Id),
        };
        var page = await ordered
            .Select(t => new TerminalRow(
                t.Id, t.Name, t.EnrolledAt, t.SeenAt, t.Waiting, t.RevokedAt, t.CodeExpiresAt,
                    db.GateEvents.Count(e => e.TerminalId == t.Id)))
            .PageAsync(query, ct);
        var now = clock.UtcNow;
        return page with
        {
            Rows =
            [
                .. page.Rows.Select(t => t with
                {
                    Enrolled = Wall(t.Enrolled), Seen = Wall(t.Seen), Revoked = Wall(t.Revoked),
                    CodeUntil = t.CodeUntil > now ? Wall(t.CodeUntil) : null,
                }),
            ],
        };
    }

    /// <summary>Adds a terminal and gives the code that enrols it. Needs <see cref="Permissions.GateManage"/>.</summary>
    public async Task<Result<TerminalCode>> AddAsync(string name, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateManage)) return Error.Forbidden;
        if (string.IsNullOrWhiteSpace(name)) return Error.Required("Name");
        if (name.Trim().Length > LongestName) return Error.TooLong("Name", LongestName);
        return await store.WriteAsync<TerminalCode>(
            user,
            async (db, token) =>
            {
                var terminal = GateTerminal.Named(name.Trim());
                db.GateTerminals.Add(terminal);
                return await InviteAsync(db, terminal, token);
            },
            ct
        );
    }

    /// <summary>
    /// A new code for a terminal, for a new device or one that was erased; the device in use goes on until it is used. Needs
    /// <see cref="Permissions.GateManage"/>.
    /// </summary>
    public async Task<Result<TerminalCode>> InviteAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateManage)) return Error.Forbidden;
        return await store.WriteAsync<TerminalCode>(
            user,
            async (db, token) => await db.GateTerminals.Where(t => t.Id == id).ForUpdate().SingleOrDefaultAsync(token) is { } terminal
                ? await InviteAsync(db, terminal, token)
                : Error.NotFound,
            ct
        );
    }

    /// <summary>The device is answered no more. Needs <see cref="Permissions.GateManage"/>.</summary>
    public async Task<Result> RevokeAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateManage)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.GateTerminals.Where(t =>
                    t.Id == id).ForUpdate().SingleOrDefaultAsync(token) is not { } terminal) return Error.NotFound;
                terminal.Revoke(clock.UtcNow);
                return Result.Done;
            },
            ct
        );
    }

    /// <summary>A device has been told the code: once. Of two that say it together one is enrolled.</summary>
    /// <param name="code">As it was typed.</param>
    /// <param name="user">Who stands at the device; usually nobody is signed in there.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>The terminal and the secret by which the device is known from now on. Refusal: <c>terminal.code</c>.</returns>
    public async Task<Result<(TerminalId Terminal, string Secret)>> EnrolAsync(string? code, CurrentUser user, CancellationToken ct)
    {
        var hash = OneTimeCodes.HashOf(code);
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        return await store.WriteAsync<(TerminalId, string)>(
            user,
            async (db, token) =>
            {
                var terminal = await db.GateTerminals.Where(t => t.CodeHash == hash).ForUpdate().SingleOrDefaultAsync(token);
                if (terminal is null) return new Error("terminal.code");
                if (terminal.Enrol(HashOf(secret), clock.UtcNow) is { Ok: false } refused) return refused.Error!;
                await db.WriteEventAsync("terminal_enrolled", "gate_terminals", terminal.Id, null, token);
                return (new TerminalId(terminal.Id, terminal.Name), secret);
            },
            ct
        );
    }

    /// <summary>The terminal whose device knows this secret; null where none does any more.</summary>
    public async Task<TerminalId?> FindAsync(string? secret, CancellationToken ct)
    {
        if (secret is not { Length: 64 }) return null;
        var hash = HashOf(secret);
        await using var db = await store.OpenAsync(CurrentUser.Nobody, ct);
        return await db.GateTerminals.AsNoTracking().Where(t => t.SecretHash == hash && t.RevokedAt == null)
            .Select(t => new TerminalId(t.Id, t.Name)).SingleOrDefaultAsync(ct);
    }

    /// <summary>It was heard of. Not in the audit log: it happens every few seconds.</summary>
    /// <param name="waiting">What it has still to deliver.</param>
    public async Task SeenAsync(long id, int? waiting, CancellationToken ct)
    {
        var now = clock.UtcNow;
        await using var db = await store.OpenAsync(CurrentUser.Nobody, ct);
        await db.GateTerminals.Where(t => t.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.SeenAt, now).SetProperty(t => t.Waiting, t => waiting ?? t.Waiting), ct);
    }

    internal static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret)));

    private async Task<Result<TerminalCode>> InviteAsync(PortalDb db, GateTerminal terminal, CancellationToken ct)
    {
        var (code, until) = (OneTimeCodes.New(), clock.UtcNow + CodeLasts);
        terminal.Invite(OneTimeCodes.HashOf(code), until);
        await db.SaveChangesAsync(ct);
        return new TerminalCode(terminal.Id, terminal.Name, code, clock.ToWall(until));
    }

    private DateTime? Wall(DateTime? utc) => utc is { } at ? clock.ToWall(at) : null;
}

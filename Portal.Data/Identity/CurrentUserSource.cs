using System.Collections.Frozen;
using System.Data.Common;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Data.Access;
using Portal.Data.Audit;

namespace Portal.Data.Identity;

/// <summary>An account as it is now: who it is for the services, and what its sessions are held against.</summary>
/// <param name="Stamp">See <see cref="SessionStamp"/>.</param>
/// <param name="RoleName">As in <c>roles</c>.</param>
/// <param name="IsOffice">Works with the data of others: their sessions are shorter (<see cref="AccountOptions"/>).</param>
/// <param name="TwoStepRequired">The role asks for a second step.</param>
/// <param name="TwoStepDueAt">Until when (UTC) the person, who has none, may go without; null where nothing is due.</param>
/// <param name="MustEnrol">That moment is past: until they set one up the account may do nothing else, and owns nothing.</param>
/// <param name="Language"><c>es</c> or <c>en</c>; null follows the browser.</param>
public sealed record Account(
    CurrentUser User, string Username, string? Email, UserState State, string Stamp, string RoleName, string? Language,
    bool MustChangePassword, bool IsOffice = false, bool TwoStepRequired = false, DateTime? TwoStepDueAt = null, bool MustEnrol = false)
{
    /// <summary>Only an active account has sessions.</summary>
    public bool IsActive => State == UserState.Active;

    /// <summary>What the role may do, as claims; made once and shared by all requests until the account is read again.</summary>
    public ClaimsIdentity Claims { get; } = new(User.Permissions.Select(name => new Claim(PortalClaims.Permission, name)));

    /// <summary>
    /// Who it is where a PIN opened the session. It needs no second step: it opens nothing that one would protect.
    /// </summary>
    public CurrentUser AtTheGate { get; init; } = User.AtTheGate();

    /// <summary>As <see cref="Claims"/>, of <see cref="AtTheGate"/>.</summary>
    public IEnumerable<Claim> ClaimsAtTheGate => AtTheGate.Permissions.Select(name => new Claim(PortalClaims.Permission, name));

    /// <summary>Who it is in a session.</summary>
    public CurrentUser In(ClaimsPrincipal session) => session.IsByPin() ? AtTheGate : User;
}

/// <summary>
/// Says who an account is: one round trip, remembered for <see cref="AccountOptions.KnownFor"/> at most, and forgotten as soon as the live
/// feed tells of a
/// change to accounts, roles, permissions or who lives where.
/// </summary>
public sealed class CurrentUserSource : IDisposable
{
    private static readonly string[] Tables =
        ["users", "profile", "roles", "role_permissions", "permissions", "modules", "owners", "occupancies", "apartments"];

    private static readonly string Query =
        $"""
        SELECT u.username, u.password, u.security_stamp, u.user_status_id, u.role_id, r.name, u.language, u.must_change_password,
            p.first_name, p.last_name, p.email,
            r.two_step_required, r.two_step_grace_days,
            GREATEST(COALESCE(r.two_step_since, u.created_at), COALESCE(u.created_at, r.two_step_since)),
            EXISTS (SELECT 1 FROM second_factors AS f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL)
                OR EXISTS (SELECT 1 FROM passkeys AS k WHERE k.user_id = u.id)
        FROM users AS u JOIN roles AS r ON r.id = u.role_id LEFT JOIN profile AS p ON p.user_id = u.id
        WHERE u.id = @id ORDER BY p.id LIMIT 1;
        SELECT p.name FROM users AS u JOIN role_permissions AS rp ON rp.role_id = u.role_id JOIN permissions AS p ON p.id = rp.permission_id
        WHERE u.id = @id AND NOT EXISTS (SELECT 1 FROM modules AS m WHERE m.enabled = 0 AND m.name = p.module AND m.name IN ({ModuleService.SwitchableList}));
        SELECT o.id FROM owners AS o WHERE o.user_id = @id ORDER BY o.id;
        SELECT a.id, CASE WHEN o.is_tenant = 1 THEN 0 ELSE 1 END FROM owners AS o JOIN apartments AS a ON a.owner_id = o.id WHERE o.user_id = @id
        UNION
        SELECT c.apartment_id, CASE WHEN c.kind = 'owner' THEN 1 ELSE 0 END FROM owners AS o JOIN occupancies AS c ON c.owner_id = o.id
        WHERE o.user_id = @id AND c.started_on <= @today AND (c.ended_on IS NULL OR c.ended_on >= @today);
        """;

    private readonly Remembered<long, Account> _known;
    private readonly ChangeListeners _listeners = new();
    private readonly PortalStore _store;
    private readonly BuildingClock _clock;
    private readonly IDisposable _subscription;

    public CurrentUserSource(PortalStore store, BuildingClock clock, LiveFeed feed, TimeProvider time, IOptions<AccountOptions> options)
    {
        (_store, _clock) = (store, clock);
        _known = new Remembered<long, Account>(feed, time, options.Value.KnownFor, options.Value.TrustedFor, ReadAsync);
        _subscription = feed.Listen(Tables, async changes =>
        {
            // Most events, such as sign_in, stand in the log with the account's table too, and change nothing here.
            var real = changes
                .Where(c => c.Action is "insert" or "update" or "delete" or "role_change"
                    || SessionEvents.Ends(c) || TwoStepEvents.Matters(c))
                .ToList();
            if (real.Count == 0) return;
            Forget();
            await _listeners.TellAsync(real);
        });
    }

    /// <summary>
    /// Tells of changes to accounts, roles, permissions and sessions, once they are forgotten here: who asks then hears the new state.
    /// </summary>
    public IDisposable Listen(Func<IReadOnlyList<Change>, Task> listener) => _listeners.Add(listener);

    /// <summary>
    /// The account, at most a few seconds old; null where there is none (any more). Its user has no address: add the request's. While the
    /// database cannot be asked, what was known some minutes ago; it throws where nothing was.
    /// </summary>
    public async ValueTask<Account?> FindAsync(long accountId, CancellationToken ct)
    {
        var answer = await _known.FindAsync(accountId, ct);
        return answer.Sure || answer.Value is not null ? answer.Value : await LoadAsync(accountId, ct);
    }

    /// <summary>As <see cref="FindAsync"/>; that the database could not be asked is part of the answer.</summary>
    public ValueTask<Answer<Account>> LookAsync(long accountId, CancellationToken ct) => _known.FindAsync(accountId, ct);

    /// <summary>As <see cref="LookAsync"/>, past what is remembered.</summary>
    internal ValueTask<Answer<Account>> AskAsync(long accountId, CancellationToken ct) => _known.AskAsync(accountId, ct);

    /// <summary>The account as the database has it this moment.</summary>
    public Task<Account?> LoadAsync(long accountId, CancellationToken ct) => _known.LoadAsync(accountId, ct);

    /// <summary>Makes every account be read again. Called by the feed; services need it only where they cannot wait for the feed.</summary>
    public void Forget() => _known.Forget();

    public void Dispose() => _subscription.Dispose();

    private Task<Account?> ReadAsync(long accountId, CancellationToken ct) => _store.BatchAsync(
        Query,
        new Dictionary<string, object?> { ["@id"] = accountId, ["@today"] = _clock.Today.ToDateTime(TimeOnly.MinValue) },
        (reader, token) => ReadAsync(accountId, reader, _clock.UtcNow, token),
        ct);

    private static async Task<Account?> ReadAsync(long accountId, DbDataReader reader, DateTime now, CancellationToken ct)
    {
        if (!await reader.ReadAsync(ct)) return null;
        var row = new Row(reader);

        await reader.NextResultAsync(ct);
        var permissions = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct)) permissions.Add(reader.GetString(0));

        await reader.NextResultAsync(ct);
        var owners = new List<long>();
        while (await reader.ReadAsync(ct)) owners.Add(reader.GetInt64(0));

        await reader.NextResultAsync(ct);
        SortedSet<long> lives = [], owns = [];
        while (await reader.ReadAsync(ct))
        {
            lives.Add(reader.GetInt64(0));
            if (reader.GetInt64(1) == 1) owns.Add(reader.GetInt64(0));
        }

        var user = new CurrentUser(
            accountId, row.Name, row.RoleId, permissions.ToFrozenSet(StringComparer.Ordinal), owners, [.. lives], [.. owns]);
        var office = user.Can(Permissions.PeopleEdit);
        var must = row.TwoStepDueAt <= now;

        // Not by pages alone: every service finds somebody who may do nothing.
        var gate = user.AtTheGate();
        if (must) user = CurrentUser.Nobody with { Id = accountId, Name = row.Name, RoleId = row.RoleId };
        return new Account(
            user, row.Username, row.Email, row.State, row.Stamp, row.RoleName, row.Language, row.MustChangePassword, office,
            row.TwoStepRequired, row.TwoStepDueAt, must) { AtTheGate = gate };
    }

    private sealed class Row(DbDataReader reader)
    {
        public string Username { get; } = reader.GetString(0);

        public string Stamp { get; } = SessionStamp.Of(Text(reader, 2), Text(reader, 1), reader.GetInt32(4));

        public UserState State { get; } = (UserState)reader.GetInt32(3);

        public int RoleId { get; } = reader.GetInt32(4);

        public string RoleName { get; } = reader.GetString(5);

        public string? Language { get; } = Text(reader, 6);

        public bool MustChangePassword { get; } = reader.GetBoolean(7);

        public string? Email { get; } = Text(reader, 10);

        public bool TwoStepRequired { get; } = reader.GetBoolean(11);

        public DateTime? TwoStepDueAt { get; } = reader.GetBoolean(11) && reader.GetInt32(14) == 0
            ? (reader.IsDBNull(13) ? DateTime.MinValue : DateTime.SpecifyKind(reader.GetDateTime(13), DateTimeKind.Utc))
                .AddDays(reader.GetInt32(12))
            : null;

        public string Name { get; } = $"{Text(reader, 8)} {Text(reader, 9)}".Trim() is { Length: > 0 } name ? name : reader.GetString(0);

        private static string? Text(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }
}

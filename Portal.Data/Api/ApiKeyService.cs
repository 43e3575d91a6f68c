using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Identity;
using Portal.Data.Notifications;

namespace Portal.Data.Api;

/// <summary>A key as a list shows it. Times are the building's wall clock.</summary>
/// <param name="Prefix">The first letters of its secret.</param>
/// <param name="Addresses">Networks it may come from; null: any.</param>
/// <param name="OwnerGone">Who made it may no longer have keys: it opens nothing.</param>
/// <param name="Suspended">Since when it waits for its owner to look at it; null: it does not.</param>
/// <param name="Own">Who looks made it.</param>
public sealed record ApiKeyRow(
    long Id, string Name, string Owner, string Prefix, IReadOnlyList<string> Scopes, DateTime? Made, DateTime? Expires, string? Addresses,
    int PerMinute, DateTime? Used, string? UsedFrom, DateTime? Revoked, bool OwnerGone, DateTime? Suspended, bool Own)
{
    public bool HasExpired(DateTime now) => Expires <= now;
}

/// <summary>A key as it is asked for.</summary>
/// <param name="Days">How long it lasts, at most <see cref="ApiKeyService.MostDays"/>.</param>
/// <param name="Addresses">Networks (CIDR) or single addresses, separated by commas or spaces; empty: any.</param>
/// <param name="PerMinute">Requests a minute.</param>
public sealed record ApiKeyInput(
    string? Name, IReadOnlyCollection<string> Scopes, int Days = 90, string? Addresses = null,
    int PerMinute = ApiKeyService.UsualPerMinute);

/// <summary>A key that was made, with its secret in clear: this once.</summary>
public sealed record MadeApiKey(long Id, string Name, string Secret, DateTime Expires);

/// <summary>Keys for other programs. Each acts as who made it. Everything needs <see cref="Permissions.ApiManage"/>.</summary>
public sealed class ApiKeyService(PortalStore store, BuildingClock clock)
{
    public const int MostDays = 365, UsualPerMinute = 120, MostPerMinute = 6000;

    internal const int LongestName = 100, LongestAddresses = 500;

    /// <summary>Of one person at once.</summary>
    private const int MostKeys = 50;

    /// <summary>Those in use first, by name. Sorts: <c>name</c>, <c>used</c>, <c>expires</c>.</summary>
    public async Task<Page<ApiKeyRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ApiManage)) return Page<ApiKeyRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var keys = db.ApiKeys.AsNoTracking();
        if (query.Search?.Trim() is { Length: > 0 } text) keys = keys.Where(k => k.Name.Contains(text) || k.Prefix.Contains(text));
        var ordered = query.Sort switch
        {
            "used" => keys.By(k => k.UsedAt, query.Descending).Then(k => k.Id, query.Descending),
            "expires" => keys.By(k => k.ExpiresAt, query.Descending).Then(k => k.Id, query.Descending),
            "name" => keys.By(k => k.Name, query.Descending).Then(k => k.Id, query.Descending),
            _ => keys.OrderBy(k => k.RevokedAt != null).ThenBy(k => k.Name).ThenBy(k => k.Id),
        };
        var page = await ordered.Select(k => new
        {
            Key = k,
            Owner = db.Profiles.Where(p => p.UserId == k.UserId).Select(p => p.FullName).FirstOrDefault() ?? k.User!.UserName!,
            Gone = k.User!.UserStatusId != UserState.Active
                || !db.RolePermissions.Any(r => r.RoleId == k.User.RoleId && r.Permission!.Name == Permissions.ApiManage),
        }).PageAsync(query, ct);
        return new Page<ApiKeyRow>(
            [
                .. page.Rows.Select(r => new ApiKeyRow(
                    r.Key.Id, r.Key.Name, r.Owner, r.Key.Prefix, r.Key.Scopes.Split(',', StringSplitOptions.RemoveEmptyEntries),
                    Wall(r.Key.CreatedAt), Wall(r.Key.ExpiresAt), r.Key.Addresses, r.Key.PerMinute, Wall(r.Key.UsedAt), r.Key.UsedFrom,
                    Wall(r.Key.RevokedAt), r.Gone, Wall(r.Key.SuspendedAt), r.Key.UserId == user.AccountId)),
            ],
            page.Total);
    }

    /// <summary>Makes a key that acts as the person; its secret is given this once. Needs a fresh sign-in.</summary>
    /// <returns>Refusals: <c>required</c>, <c>too_long</c>, <c>api.scopes</c>, <c>api.days</c>, <c>api.addresses</c>, <c>api.per_minute</c>,
    /// <c>api.too_many</c>, <c>fresh.needed</c>.</returns>
    public async Task<Result<MadeApiKey>> MakeAsync(ApiKeyInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ApiManage) || user.AccountId is not { } id) return Error.Forbidden;
        if (Check(input, user) is { Count: > 0 } wrong) return wrong;
        var networks = ApiNetworks.Read(input.Addresses)!;
        return await store.WriteAsync<MadeApiKey>(user, async (db, token) =>
        {
            if (await db.NotFreshAsync(user, token) is { } stale) return stale;
            var now = db.Clock.GetUtcNow().UtcDateTime;
            if (await db.ApiKeys.CountAsync(k => k.UserId == id && k.RevokedAt == null && k.ExpiresAt > now, token) >= MostKeys)
                return new Error("api.too_many", null, MostKeys);
            var secret = ApiSecret.New();
            var expires = now.AddDays(input.Days);
            var key = ApiKey.Make(
                input.Name!.Trim(), id, input.Scopes.Distinct().Order(StringComparer.Ordinal), secret, expires,
                networks.Count == 0 ? null : string.Join(',', networks), input.PerMinute);
            db.ApiKeys.Add(key);
            await db.SaveChangesAsync(token);
            await TellAsync(db, id, "urgent.api_key", "Llave de API creada", $"Se creó la llave «{key.Name}» a tu nombre.", token,
                key.Name);
            return new MadeApiKey(key.Id, key.Name, secret, clock.ToWall(expires));
        }, ct);
    }

    /// <summary>The key opens nothing any more; it cannot be given back. Needs a fresh sign-in.</summary>
    public async Task<Result> RevokeAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ApiManage)) return Error.Forbidden;
        return await store.WriteAsync(user, async (db, token) =>
        {
            if (await db.ApiKeys.Where(k => k.Id == id).ForUpdate().SingleOrDefaultAsync(token) is not { } key) return Error.NotFound;
            if (await db.NotFreshAsync(user, token) is { } stale) return stale;
            if (key.Revoke(user.AccountId, db.Clock.GetUtcNow().UtcDateTime) is { Ok: false } refused) return refused;
            await TellAsync(
                db, key.UserId, "urgent.api_key_revoked", "Llave de API revocada", $"{user.Name} revocó la llave «{key.Name}».", token,
                key.Name, user.Name);
            return Result.Done;
        }, ct);
    }

    /// <summary>A suspended key of one's own opens again. Needs a fresh sign-in.</summary>
    /// <returns>Refusals: <c>forbidden</c> for another's, <c>not_found</c>, <c>fresh.needed</c>, <c>api.revoked</c>.</returns>
    public async Task<Result> ResumeAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ApiManage)) return Error.Forbidden;
        return await store.WriteAsync(user, async (db, token) =>
        {
            if (await db.ApiKeys.Where(k => k.Id == id).ForUpdate().SingleOrDefaultAsync(token) is not { } key) return Error.NotFound;
            if (key.UserId != user.AccountId) return Error.Forbidden;
            if (await db.NotFreshAsync(user, token) is { } stale) return stale;
            if (key.RevokedAt is not null) return new Error("api.revoked");
            if (key.SuspendedAt is null) return Result.Done;
            key.Resume();

            // It brings back to life what somebody else may have left behind.
            await TellAsync(
                db, key.UserId, "urgent.api_key_resumed", "Llave de API en uso otra vez", $"La llave «{key.Name}» abre otra vez.", token, key.Name);
            return Result.Done;
        }, ct);
    }

    private static List<Error> Check(ApiKeyInput input, CurrentUser user)
    {
        List<Error> errors = [];
        CheckName(input.Name, errors);
        if (input.Scopes.Count == 0) errors.Add(Error.Required(nameof(input.Scopes)));
        else if (input.Scopes.Except(ApiScopes.Of(user)).Any()) errors.Add(new Error("api.scopes", nameof(input.Scopes)));
        if (input.Days is < 1 or > MostDays) errors.Add(new Error("api.days", nameof(input.Days), MostDays));
        if (input.PerMinute is < 1 or > MostPerMinute) errors.Add(new Error("api.per_minute", nameof(input.PerMinute), MostPerMinute));
        if (input.Addresses?.Length > LongestAddresses) errors.Add(Error.TooLong(nameof(input.Addresses), LongestAddresses));
        else if (ApiNetworks.Read(input.Addresses) is not { Count: <= ApiNetworks.Most } networks
            || string.Join(',', networks).Length > LongestAddresses)
            errors.Add(new Error("api.addresses", nameof(input.Addresses)));
        return errors;
    }

    internal static void CheckName(string? name, List<Error> errors)
    {
        if (string.IsNullOrWhiteSpace(name)) errors.Add(Error.Required("Name"));
        else if (name.Trim().Length > LongestName) errors.Add(Error.TooLong("Name", LongestName));
    }

    internal static Task TellAsync(
        PortalDb db, long account, string type, string title, string message, CancellationToken ct, params string[] about) =>
        new NotificationDraft(
            type, RecipientType.Owner, title, message, type == "urgent.webhook" ? "/api/webhooks" : "/api/keys",
            [.. about.Select(text => new NotificationPart(Text: text))])
            .AddAsync(db, [account], ct);

    private DateTime? Wall(DateTime? utc) => utc is { } at ? clock.ToWall(at) : null;
}

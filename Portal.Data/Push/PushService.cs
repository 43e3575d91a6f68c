using Microsoft.EntityFrameworkCore;
using Portal.Data.Identity;
using Portal.Data.Notifications;
using Portal.Data.Operations;

namespace Portal.Data.Push;

/// <summary>A browser of the person's.</summary>
/// <param name="UserAgent">As it told it; a page says it in words.</param>
/// <param name="Since">UTC, as is <paramref name="DeliveredAt"/>.</param>
/// <param name="Hash">Of its address: by it a browser finds itself.</param>
public sealed record PushDeviceRow(long Id, string? UserAgent, DateTime Since, DateTime? DeliveredAt, string Hash);

/// <param name="Kind">Of <see cref="NotificationKinds"/>.</param>
public sealed record PushKind(string Kind, bool Wanted);

/// <param name="Key">What a browser is turned on with.</param>
/// <param name="Kinds">Those that can reach the person.</param>
public sealed record PushChoices(string Key, IReadOnlyList<PushKind> Kinds, IReadOnlyList<PushDeviceRow> Devices);

/// <summary>On which of their browsers a person wants notifications, and which; nobody chooses for another.</summary>
public sealed class PushService(PortalStore store, PushKeys keys, PushOptions options)
{
    /// <summary>Of one person; a further one takes the place of the oldest.</summary>
    public const int MostDevices = 10;

    /// <summary>The type of the message with which one tries it.</summary>
    public const string Trial = "push.test";

    /// <summary>Null for nobody, and where pushes are not set up.</summary>
    public async Task<PushChoices?> MineAsync(CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } id || !options.On) return null;
        var key = await keys.GetAsync(ct);
        await using var db = await store.OpenAsync(user, ct);
        var unwanted = await db.NotificationChoices.AsNoTracking().Where(c => c.UserId == id && c.ByPush == false).Select(c => c.Kind)
            .ToListAsync(ct);
        var devices = await Reachable(db).AsNoTracking().Where(d => d.UserId == id).OrderByDescending(d => d.Id)
            .Select(d => new PushDeviceRow(d.Id, d.UserAgent, d.CreatedAt!.Value, d.DeliveredAt, d.EndpointHash)).ToListAsync(ct);
        return new PushChoices(key.Public, [.. NotificationChoices.Kinds(user).Select(k => new PushKind(k, !unwanted.Contains(k)))], devices);
    }

    /// <summary>Turns it on for a browser. One that another person had turned on is theirs no longer.</summary>
    /// <returns>Refusals: <c>push.off</c>, <c>push.address</c>.</returns>
    public async Task<Result> AddAsync(PushAddress address, string? userAgent, CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } id) return Error.Forbidden;
        if (!options.On) return new Error("push.off");
        if (!options.MayGoTo(address.Endpoint) || !address.HoldsKeys) return new Error("push.address");
        var agent = userAgent is { Length: > SessionService.LongestUserAgent } ? userAgent[..SessionService.LongestUserAgent] : userAgent;
        return await store.WriteAsync(user, async (db, token) =>
        {
            await db.Users.Where(u => u.Id == id).Select(u => u.Id).ForUpdate().SingleAsync(token);
            var hash = address.Hash;
            var device = await db.PushDevices.SingleOrDefaultAsync(d => d.EndpointHash == hash, token);
            if (device is null)
            {
                var mine = await db.PushDevices.Where(d => d.UserId == id).OrderBy(d => d.Id).ToListAsync(token);
                db.PushDevices.RemoveRange(mine.Take(Math.Max(0, mine.Count - MostDevices + 1)));
                db.PushDevices.Add(device = new PushDevice());
            }

            device.Now(address);
            (device.UserId, device.SessionId, device.UserAgent) = (id, user.SessionId, agent);
            return Result.Done;
        }, ct);
    }

    /// <summary>
    /// A browser says that it is still there, by the address that it was turned on with, or that it has another now. It belongs to the
    /// session it is used in.
    /// </summary>
    /// <returns>Refusals: <c>not_found</c> for one that is not on for this person (any more), <c>push.address</c>.</returns>
    public async Task<Result> RenewAsync(string? endpoint, PushAddress? another, CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } id) return Error.Forbidden;
        if (!options.MayGoTo(endpoint)) return Error.NotFound;
        if (another is not null && (!options.MayGoTo(another.Endpoint) || !another.HoldsKeys)) return new Error("push.address");
        var hash = PushAddress.HashOf(endpoint!);
        return await store.WriteAsync(user, async (db, token) =>
        {
            var device = await Reachable(db).SingleOrDefaultAsync(d => d.EndpointHash == hash && d.UserId == id, token);
            if (device is null) return Error.NotFound;
            if (another is not null) device.Now(another);
            device.SessionId = user.SessionId ?? device.SessionId;
            return Result.Done;
        }, ct);
    }

    /// <summary>Turns it off for one of the person's browsers.</summary>
    public async Task<Result> RemoveAsync(long deviceId, CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } id) return Error.Forbidden;
        return await store.WriteAsync(user, async (db, token) =>
        {
            var device = await db.PushDevices.SingleOrDefaultAsync(d => d.Id == deviceId && d.UserId == id, token);
            if (device is null) return Error.NotFound;
            db.PushDevices.Remove(device);
            return Result.Done;
        }, ct);
    }

    /// <summary>Whether a kind of notification comes to the person's browsers.</summary>
    public async Task<Result> ChooseAsync(string kind, bool wanted, CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } id) return Error.Forbidden;
        if (!NotificationChoices.Kinds(user).Contains(kind)) return Error.NotFound;
        return await store.WriteAsync(user, async (db, token) =>
        {
            var choice = await db.NotificationChoices.SingleOrDefaultAsync(c => c.UserId == id && c.Kind == kind, token);
            if (choice is null)
            {
                db.NotificationChoices.Add(choice = new NotificationChoice
                {
                    UserId = id, Kind = kind, ByMail = NotificationKinds.MailedByItself(kind),
                });
            }

            choice.ByPush = wanted ? null : false;
            return Result.Done;
        }, ct);
    }

    /// <summary>Sends the person a message, so that they see whether it arrives.</summary>
    /// <returns>Refusals: <c>push.off</c>, <c>push.none</c> where it is on nowhere.</returns>
    public async Task<Result> TryAsync(CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } id) return Error.Forbidden;
        if (!options.On) return new Error("push.off");
        return await store.WriteAsync(user, async (db, token) =>
        {
            var devices = await Reachable(db).Where(d => d.UserId == id).Select(d => d.Id).ToListAsync(token);
            if (devices.Count == 0) return new Error("push.none");
            var line = new Notification
            {
                RecipientId = id, RecipientType = RecipientType.User, Type = Trial, Title = "Prueba", Message = "Así te llegan los avisos.",
                Link = "/account#push", Data = NotificationPart.Write([]),
            };
            db.Notifications.Add(line);
            await db.SaveChangesAsync(token);
            var now = db.Clock.GetUtcNow().UtcDateTime;
            var batch = new SqlBatch();
            foreach (var device in devices) batch.Then(PushQueue.Insert(PromptPushJob.JobKind, line.Id, device, now));
            await batch.RunAsync(db, token);
            return Result.Done;
        }, ct);
    }

    /// <summary>Those that may get messages: their person's account is in use, and nobody ended the session they are used in.</summary>
    internal static IQueryable<PushDevice> Reachable(PortalDb db) => db.PushDevices.Where(d =>
        d.User!.UserStatusId == UserState.Active && (d.SessionId == null || d.Session!.EndedAt == null));
}

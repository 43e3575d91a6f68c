using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Identity;

namespace Portal.Tests.Identity;

/// <summary>Somebody with an app of codes.</summary>
/// <param name="Secret">What the app has.</param>
internal sealed record Enrolled(long Id, string Secret, IReadOnlyList<string> Codes);

internal static class TwoStepWorld
{
    /// <summary>As the web knows somebody who signed in with their password a moment ago.</summary>
    public static async Task<CurrentUser> InSessionAsync(this IdentityWorld world, long accountId) =>
        (await world.AsAsync(accountId)) with { SessionId = (await world.BeginAsync(accountId)).SessionId };

    /// <summary>Sets the second step up; its last code is half a minute old afterwards.</summary>
    public static async Task<Enrolled> EnrolAsync(this IdentityWorld world, long accountId)
    {
        var (service, user) = (world.Get<TwoStepService>(), await world.InSessionAsync(accountId));
        var secret = (await service.BeginAsync(user, default)).Value.Secret;
        var codes = (await service.ConfirmAsync(world.CodeOf(secret), user, default)).Value.All;
        world.Clock.Advance(TimeSpan.FromSeconds(30));
        return new Enrolled(accountId, secret, codes);
    }

    /// <summary>What the app shows now.</summary>
    public static string CodeOf(this IdentityWorld world, string secret) => TimeCodes.At(secret, world.Clock.GetUtcNow().UtcDateTime);

    public static async Task<HalfSignIn> HalfAsync(this IdentityWorld world, string login, AttemptOrigin? origin = null) =>
        HalfSignIn.Of((await world.SignInAsync(login, origin: origin)).Error)!;

    public static Task<Result<SecondStepDone>> EnterAsync(
        this IdentityWorld world, HalfSignIn half, string? code, AttemptOrigin? origin = null) =>
        world.Get<SecondStepService>().EnterAsync(new SecondStep(half, code, origin ?? "192.0.2.7"), default);

    public static async Task<int> MailJobsAsync(this IdentityWorld world, long accountId, string type)
    {
        await using var db = await world.Store.OpenAsync(CurrentUser.System, default);
        var lines = await db.Notifications.Where(n => n.RecipientId == accountId && n.Type == type).Select(n => n.Id).ToListAsync();
        var keys = lines.ConvertAll(id => $"mail:{id}");
        return await db.Jobs.CountAsync(j => keys.Contains(j.UniqueKey!));
    }
}

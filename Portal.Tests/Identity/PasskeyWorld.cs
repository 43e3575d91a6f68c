using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Identity;
using Portal.Data.Operations;

namespace Portal.Tests.Identity;

/// <summary>Somebody with a passkey, and the device that has it.</summary>
internal sealed record WithPasskey(long Id, SoftAuthenticator Device, long PasskeyId, IReadOnlyList<string> Codes);

internal static class PasskeyWorld
{
    public static readonly PasskeySite Site = new("portal.nogal.example", "https://portal.nogal.example", "Mirador del Nogal");

    public static async Task<WithPasskey> GivePasskeyAsync(
        this IdentityWorld world, long accountId, SoftAuthenticator? device = null, string name = "Teléfono")
    {
        device ??= new SoftAuthenticator();

        // They are for the building's address; the others are for one that it had before.
        var settings = world.Get<SettingsService>();
        if ((await settings.GetAsync(default)).PublicAddress.Length == 0)
            await settings.SaveAsync(new BuildingSettings { Name = Site.Name, PublicAddress = Site.RpId }, CurrentUser.System, default);
        var (service, user) = (world.Get<PasskeyService>(), await world.InSessionAsync(accountId));
        var options = (await service.BeginAsync(Site, user, default)).Value;
        var added = (await service.FinishAsync(device.Create(options), name, Site, user, default)).Value;
        return new WithPasskey(accountId, device, added.Id, added.Codes?.All ?? []);
    }

    /// <summary>Through the door with what the device signs.</summary>
    public static async Task<Result<long>> EnterAsync(
        this IdentityWorld world, SoftAuthenticator device, Ceremony? how = null, AttemptOrigin? origin = null) =>
        await world.AnswerAsync(device.Sign(await world.Get<PasskeySignInService>().AskAsync(Site, default), how), origin);

    public static Task<Result<long>> AnswerAsync(this IdentityWorld world, string? answer, AttemptOrigin? origin = null) =>
        world.Get<PasskeySignInService>().EnterAsync(answer, Site, origin ?? "192.0.2.7", default);

    public static async Task<Passkey?> PasskeyAsync(this IdentityWorld world, long passkeyId)
    {
        await using var db = await world.Store.OpenAsync(CurrentUser.System, default);
        return await db.Passkeys.AsNoTracking().FirstOrDefaultAsync(p => p.Id == passkeyId);
    }
}

using Microsoft.EntityFrameworkCore;
using Portal.Data.Gate;

namespace Portal.Data.Passes;

/// <summary>
/// What anybody may see who has the address of a pass. One that ended, was used, paused or revoked, and one that never was, are the same:
/// nothing.
/// </summary>
public sealed class PublicPasses(PortalStore store, BuildingClock clock)
{
    private const int TokenLength = 32;

    /// <param name="token">32 letters of hexadecimal; anything else is nobody's.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<PublicPass?> FindAsync(string token, CancellationToken ct)
    {
        if (token.Length != TokenLength || !token.All(char.IsAsciiHexDigitLower)) return null;
        await using var db = await store.OpenAsync(CurrentUser.Nobody, ct);
        var now = clock.Now;
        var pass = await db.Passes.AsNoTracking().SingleOrDefaultAsync(p => p.Token == token, ct);
        PassGuest? guest = null;
        if (pass is null)
        {
            guest = await db.PassGuests.AsNoTracking().Include(g => g.Pass).SingleOrDefaultAsync(g => g.Token == token, ct);
            pass = guest?.Pass;
        }

        if (pass is null || (guest?.Code ?? pass.Code) is not { } code) return null;
        if (pass.Kind == PassKind.Single
            && !await db.Visitors.AnyAsync(v => v.PassId == pass.Id && v.State == VisitorState.Announced, ct))
            return null;
        var entered = pass.Kind == PassKind.Delivery
            ? await db.Visitors.CountAsync(v => v.PassId == pass.Id && v.EnterTime != null, ct)
            : 0;
        // Who is inside with it, and how many, is not for who only has its address.
        var verdict = PassRules.Judge(pass, guest, now, PassRules.HolidaysBetween(now, pass.EndsAt < now ? now : pass.EndsAt), 0, entered);
        var over = verdict.Kind is PassVerdictKind.Paused or PassVerdictKind.Revoked or PassVerdictKind.Used or PassVerdictKind.Expired;
        return !over && verdict is { From: { } from, Until: { } until }
            ? new PublicPass(
                pass.Kind, from, until, guest is null ? pass.People : 1, code, token, verdict.Kind != PassVerdictKind.Fits)
            : null;
    }
}

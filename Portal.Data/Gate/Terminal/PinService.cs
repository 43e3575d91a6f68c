using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Guards;
using Portal.Data.Identity;

namespace Portal.Data.Gate;

/// <summary>A guard who may sign in at a terminal.</summary>
public sealed record PinGuard(long Id, string Name);

/// <summary>Who has the gate's permission, and whether they have a PIN.</summary>
/// <param name="LockedUntil">The building's wall clock.</param>
public sealed record PinRow(long Id, string Name, bool HasPin, DateTime? LockedUntil);

/// <summary>What came of a PIN.</summary>
/// <param name="Left">How many tries there are still; null where nobody may try.</param>
/// <param name="Until">UTC, until when nobody may.</param>
public sealed record PinAttempt(PinGuard? Guard, int? Left = null, DateTime? Until = null);

/// <summary>
/// The guards' PINs: six digits, good only at an enrolled terminal and only for who may log there. Five wrong ones in a row shut it for a
/// quarter of an hour.
/// </summary>
public sealed class PinService(PortalStore store, PasswordWork passwords, BuildingClock clock)
{
    private const int Digits = 6;

    /// <summary>Guards with a PIN, by name: whom a terminal offers. Of the terminal, not of a person: only names.</summary>
    public async Task<IReadOnlyList<PinGuard>> GuardsAsync(CancellationToken ct)
    {
        await using var db = await store.OpenAsync(CurrentUser.Nobody, ct);
        var rows = await db.UsersWith(Permissions.GateLog).AsNoTracking()
            .Where(u => db.GatePins.Any(p => p.UserId == u.Id))
            .Select(u => new { u.Id, Name = db.Profiles.Where(p => p.UserId == u.Id).Select(p => p.FullName).FirstOrDefault()
                ?? u.UserName! })
            .OrderBy(u => u.Name).ThenBy(u => u.Id).Take(50).ToListAsync(ct);
        return [.. rows.Select(u => new PinGuard(u.Id, u.Name))];
    }

    /// <summary>Everybody who may log at the gate. Needs <see cref="Permissions.GateManage"/>.</summary>
    public async Task<IReadOnlyList<PinRow>> ListAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateManage)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var now = clock.UtcNow;
        var rows = await db.UsersWith(Permissions.GateLog).AsNoTracking()
            .Select(u => new
            {
                u.Id,
                Name = db.Profiles.Where(p => p.UserId == u.Id).Select(p => p.FullName).FirstOrDefault() ?? u.UserName!,
                Has = db.GatePins.Any(p => p.UserId == u.Id),
                Until = db.GatePins.Where(p => p.UserId == u.Id).Select(p => p.LockedUntil).FirstOrDefault(),
            })
            .OrderBy(u => u.Name).ThenBy(u => u.Id).Take(200).ToListAsync(ct);
        return [.. rows.Select(u => new PinRow(u.Id, u.Name, u.Has, u.Until > now ? clock.ToWall(u.Until.Value) : null))];
    }

    /// <summary>
    /// Sets one's own PIN, or (with <see cref="Permissions.GateManage"/>) that of another who may log at the gate. It also opens what wrong
    /// tries had shut. A PIN opens the gate and nothing else (<see cref="CurrentUser.AtTheGate"/>).
    /// </summary>
    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>, <c>fresh.needed</c>, <c>pin.shape</c> (six digits),
    /// <c>pin.simple</c>.</returns>
    public async Task<Result> SetAsync(long guard, string? pin, CurrentUser user, CancellationToken ct)
    {
        var own = guard == user.Id && user.Can(Permissions.GateLog);
        if (!own && !user.Can(Permissions.GateManage)) return Error.Forbidden;
        pin = pin?.Trim() ?? "";
        if (pin.Length != Digits || !pin.All(char.IsAsciiDigit)) return new Error("pin.shape", "Pin");
        if (IsSimple(pin)) return new Error("pin.simple", "Pin");
        // Outside the transaction: it may run twice and must not hold a row for a tenth of a second.
        var hash = await passwords.HashAsync(pin, ct);
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.NotFreshAsync(user, token) is { } stale) return stale;
                if (!await db.UsersWith(Permissions.GateLog).AnyAsync(u => u.Id == guard, token)) return Error.NotFound;
                var known = await db.GatePins.Where(p => p.UserId == guard).ForUpdate().SingleOrDefaultAsync(token);
                if (known is null) db.GatePins.Add(known = GatePin.Of(guard));
                known.Set(hash);
                return Result.Done;
            },
            ct
        );
    }

    /// <summary>Who has left, or is not to sign in this way any more. Needs <see cref="Permissions.GateManage"/>.</summary>
    public async Task<Result> ClearAsync(long guard, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateManage)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.GatePins.SingleOrDefaultAsync(p => p.UserId == guard, token) is not { } known) return Error.NotFound;
                db.GatePins.Remove(known);
                return Result.Done;
            },
            ct
        );
    }

    /// <summary>Whether it is a guard's PIN. Tries sent together are counted one by one.</summary>
    /// <param name="terminal">The device it was typed at.</param>
    /// <param name="address">Where that is, for the log.</param>
    /// <param name="what">What they do by it, for the log.</param>
    public async Task<Result<PinAttempt>> TryAsync(
        long guard, string? pin, TerminalId terminal, string? address, CancellationToken ct, string what = "pin_sign_in")
    {
        var actor = CurrentUser.Nobody with { IpAddress = address };
        PinGuard? who;
        string? hash;
        await using (var db = await store.OpenAsync(actor, ct))
        {
            who = (await GuardsAsync(ct)).FirstOrDefault(g => g.Id == guard);
            var known = await db.GatePins.AsNoTracking().SingleOrDefaultAsync(p => p.UserId == guard, ct);
            if (known?.LockedUntil is { } until && until > clock.UtcNow) return new PinAttempt(null, null, until);
            hash = who is null ? null : known?.PinHash;
        }

        // As much work for a wrong guard as for a wrong PIN.
        var check = await passwords.CheckAsync(hash, (pin ?? "").Length > Digits ? "" : pin ?? "", ct);
        if (check == PasswordCheck.Busy) return new Error("sign_in.busy");
        if (who is null) return new PinAttempt(null, GatePin.MostFailures - 1);
        var right = check is PasswordCheck.Right or PasswordCheck.RightButCheap;
        if (right) actor = actor with { Id = who.Id, Name = who.Name };
        return await store.WriteAsync<PinAttempt>(
            actor,
            async (db, token) =>
            {
                var known = await db.GatePins.Where(p => p.UserId == guard).ForUpdate().SingleOrDefaultAsync(token);
                if (known is null) return new PinAttempt(null, GatePin.MostFailures - 1);
                if (known.LockedUntil is { } until && until > clock.UtcNow) return new PinAttempt(null, null, until);
                // A PIN changed while this one was being computed is compared with the old one no more.
                if (right && known.PinHash == hash)
                {
                    if (known.Failures > 0) known.Right();
                    await db.WriteEventAsync(what, "users", guard, new { terminal = terminal.Name }, token);
                    return new PinAttempt(who);
                }

                var left = known.Wrong(clock.UtcNow);
                await db.WriteEventAsync("pin_failed", "users", guard, new { terminal = terminal.Name, failures = known.Failures }, token);
                return new PinAttempt(null, left, known.LockedUntil);
            },
            ct
        );
    }

    /// <summary>What anybody tries first: one digit only, or a run up or down.</summary>
    private static bool IsSimple(string pin)
    {
        var steps = pin.Zip(pin.Skip(1), (a, b) => b - a).Distinct().ToList();
        return steps is [0 or 1 or -1];
    }
}

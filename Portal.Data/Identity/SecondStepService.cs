using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Data.Audit;

namespace Portal.Data.Identity;

/// <summary>Somebody whose password was right, and whose account asks for more.</summary>
/// <param name="Stamp">The account's <see cref="SessionStamp"/> at that moment: a password changed meanwhile makes it worthless.</param>
public sealed record HalfSignIn(long AccountId, string Stamp)
{
    /// <summary>The refusal of <see cref="SignInService.SignInAsync"/> that is none: the way goes on to the second step.</summary>
    public const string Code = "sign_in.second_step";

    internal Error AsError() => new(Code, null, this);

    /// <summary>Null where the refusal is another one.</summary>
    public static HalfSignIn? Of(Error? error) => error is { Code: Code, Values: [HalfSignIn half] } ? half : null;
}

/// <param name="Code">Of the app, or for recovery.</param>
public sealed record SecondStep(HalfSignIn Half, string? Code, AttemptOrigin Origin);

/// <param name="Methods">One of <see cref="SignInMethods"/>.</param>
/// <param name="CodesLeft">Recovery codes that were not used.</param>
public sealed record SecondStepDone(long AccountId, string Methods, int CodesLeft)
{
    /// <summary>They came in with a recovery code, and few are left.</summary>
    public bool FewCodes => Methods == SignInMethods.Recovery && CodesLeft <= RecoveryCodes.Few;
}

/// <summary>The second step at the door. A wrong code counts as a wrong password does, and makes wait alike.</summary>
public sealed class SecondStepService(
    PortalStore store, SecondStepCheck steps, SignInService signIns, BuildingClock clock, IOptions<AccountOptions> options)
{
    /// <summary>Lets in who has the right code. The caller made sure that the half is the portal's own.</summary>
    /// <returns>Refusals: <c>required</c>, <c>too_long</c>, <c>second_step.wrong</c> alike for a wrong and a used code,
    /// <c>second_step.over</c> where the account changed meanwhile, <c>sign_in.wait</c>.</returns>
    public async Task<Result<SecondStepDone>> EnterAsync(SecondStep input, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(input.Code)) return Error.Required(nameof(input.Code));
        if (input.Code.Length > CodeRedemption.LongestCode) return Error.TooLong(nameof(input.Code), CodeRedemption.LongestCode);
        var id = input.Half.AccountId;
        var actor = CurrentUser.Nobody with { Id = id, IpAddress = input.Origin.IpAddress };
        var entered = await store.WriteAsync<(SecondStepDone? Done, Error? Refused)>(actor, async (db, token) =>
        {
            var failures = new SignInFailures(db, id, "", input.Origin, options.Value, clock.UtcNow);
            if (await failures.LockAsync(token) is { } later) return (null, signIns.Wait(later));
            var account = await db.Users.AsNoTracking().Where(u => u.Id == id).Select(u => new
            {
                u.UserStatusId, u.SecurityStamp, u.PasswordHash, u.RoleId, u.UserName,
                Name = db.Profiles.Where(p => p.UserId == u.Id).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault(),
            }).FirstOrDefaultAsync(token);
            if (account is null || account.UserStatusId != UserState.Active
                || SessionStamp.Of(account.SecurityStamp, account.PasswordHash, account.RoleId) != input.Half.Stamp)
            {
                return (null, new Error("second_step.over"));
            }

            db.Actor = actor with { Name = account.Name ?? account.UserName! };

            // Taken away meanwhile: the password has to be typed again, and is enough then.
            if (!await SecondStepCheck.IsOnAsync(db, id, token)) return (null, new Error("second_step.over"));
            if (await steps.UseAsync(db, id, input.Code, token) is not { } methods)
            {
                await SignInService.CountFailureAsync(db, failures, id, "second_step_failed", token);
                return (null, new Error("second_step.wrong", nameof(input.Code)));
            }

            await db.Users.Where(u => u.Id == id).ExecuteUpdateAsync(set => set
                .SetProperty(u => u.LastSignInAt, clock.UtcNow)
                .SetProperty(u => u.AccessFailedCount, 0)
                .SetProperty(u => u.UpdatedAt, u => u.UpdatedAt), token);
            await failures.ClearAsync(token);
            await db.WriteEventAsync("sign_in", "users", id, new { methods }, token);
            var left = methods == SignInMethods.Recovery
                ? await TwoStepService.TellUsedAsync(db, id, token)
                : await db.RecoveryCodes.CountAsync(c => c.UserId == id && c.UsedAt == null, token);
            return (new SecondStepDone(id, methods, left), null);
        }, ct);
        if (!entered.Ok) return Result<SecondStepDone>.Refused(entered);
        return entered.Value.Done is { } done ? done : entered.Value.Refused!;
    }
}

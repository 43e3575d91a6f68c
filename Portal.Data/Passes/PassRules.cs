namespace Portal.Data.Passes;

internal enum PassFit { Fits, Early, Expired, WrongDay, WrongHour, Paused, Revoked, Used, OverCapacity }

/// <param name="From">From when it would fit (wall clock).</param>
/// <param name="Until">Until when it fits, or did.</param>
internal sealed record PassVerdict(PassFit Kind, DateTime? From = null, DateTime? Until = null);

/// <summary>Whether a pass fits at a moment.</summary>
internal static class PassRules
{
    public static PassVerdict Judge(Pass pass, PassGuest? guest, DateTime at, ISet<DateOnly> holidays, int insideNow)
    {
        var kind = pass.RevokedAt <= at || guest?.RevokedAt <= at ? PassFit.Revoked
            : pass.PausedAt is not null ? PassFit.Paused
            : at < pass.StartsAt ? PassFit.Early
            : at > pass.EndsAt ? PassFit.Expired
            : pass.Capacity <= insideNow ? PassFit.OverCapacity
            : PassFit.Fits;
        return new PassVerdict(kind, pass.StartsAt, pass.EndsAt);
    }
}

namespace Portal.Data.Backups;

/// <summary>Which sets may go: kept are those of thirty days, of a year the first of each month, and always the last.</summary>
public static class BackupKeeping
{
    public const int Days = 30;

    /// <summary>A log that ended before is needed by no set that is kept with its logs: a day more than those are.</summary>
    public static DateTime LogsBefore(DateTime utcNow) => utcNow.AddDays(-(Days + 1));

    /// <summary>
    /// Whether logs may go from a place: where no new set has come for so long, the last one needs all that follow it, or this machine's
    /// clock is wrong.
    /// </summary>
    /// <param name="sets">When (UTC) those that lie there were begun.</param>
    public static bool MayClearLogs(IEnumerable<DateTime> sets, DateTime utcNow) => sets.Any(s => s > utcNow.AddDays(-Days));

    /// <param name="sets">Good ones, in any order.</param>
    /// <param name="madeAt">When, on the building's wall.</param>
    public static IReadOnlyList<T> Spent<T>(IEnumerable<T> sets, Func<T, DateTime> madeAt, DateOnly today)
    {
        var ordered = sets.OrderBy(madeAt).ToList();
        HashSet<DateOnly> months = [];
        List<T> spent = [];
        for (var i = 0; i < ordered.Count; i++)
        {
            var day = DateOnly.FromDateTime(madeAt(ordered[i]));
            var firstOfItsMonth = months.Add(BuildingClock.MonthOf(day));
            var kept = i == ordered.Count - 1
                || today.DayNumber - day.DayNumber < Days
                || (firstOfItsMonth && day > today.AddYears(-1));
            if (!kept) spent.Add(ordered[i]);
        }

        return spent;
    }

    /// <summary>
    /// Takes away from a folder what may go, if its last set is whole: while that is in doubt nothing is removed. Sets of another database,
    /// and what somebody put aside under another name, are not looked at.
    /// </summary>
    /// <param name="made">The set that was made just now.</param>
    /// <returns>The names of what went.</returns>
    internal static async Task<IReadOnlyList<string>> ClearAsync(
        string folder, BackupManifest made, BuildingClock clock, CancellationToken ct)
    {
        var sets = (await SetFolder.AllAsync(folder, ct))
            .Where(s => s.Name.StartsWith(SetFolder.Prefix, StringComparison.Ordinal)
                && (s.Manifest.Database, s.Manifest.ServerKind) == (made.Database, made.ServerKind))
            .OrderBy(s => s.Manifest.StartedAt).ToList();
        var spent = Spent(sets, s => clock.ToWall(s.Manifest.StartedAt), clock.Today);
        if (spent.Count == 0) return [];
        await sets[^1].VerifyFilesAsync(ct);
        foreach (var set in spent) Directory.Delete(set.Path, recursive: true);
        return [.. spent.Select(s => s.Name)];
    }
}

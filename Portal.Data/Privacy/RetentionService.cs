using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Gate;
using Portal.Data.Operations;

namespace Portal.Data.Privacy;

/// <param name="Days">As the settings say.</param>
/// <param name="Editable">The days can be chosen, from <paramref name="Least"/> to <paramref name="Most"/>.</param>
/// <param name="Held">Rows there are; of the log about so many.</param>
/// <param name="Due">Rows that would go tonight.</param>
/// <param name="RanAt">UTC; null: it never ran.</param>
/// <param name="Went">Rows that went in the last run.</param>
public sealed record RetentionRow(
    RetentionRule Rule, int Days, bool Editable, int Least, int Most, long Held, long Due, DateTime? RanAt, long Went);

/// <summary>
/// What goes by itself and when: what there is, and what tonight would remove. Everything needs <see cref="Permissions.SettingsEdit"/>; the
/// days are settings, and changed with <see cref="SettingsService"/>.
/// </summary>
public sealed class RetentionService(PortalStore store, VisitorRetention visits, BuildingClock clock)
{
    /// <summary>All rules. Nothing without the permission.</summary>
    public async Task<IReadOnlyList<RetentionRow>> OverviewAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.SettingsEdit)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var settings = await BuildingSettings.ReadAsync(db, ct);
        var runs = await db.RetentionRuns.AsNoTracking().ToDictionaryAsync(r => r.Rule, StringComparer.Ordinal, ct);
        List<RetentionRow> rows = [];
        foreach (var term in RetentionTerm.All)
        {
            var run = runs.GetValueOrDefault(term.Rule.ToString());
            rows.Add(new RetentionRow(
                term.Rule, term.Of(settings), term.With is not null, term.Least, term.Most, await HeldAsync(db, term, ct),
                await DueAsync(db, term, term.Of(settings), user, ct), run?.RanAt, run?.RowCount ?? 0));
        }

        return rows;
    }

    /// <summary>The settings with other days; what cannot be chosen stays.</summary>
    public static BuildingSettings With(BuildingSettings settings, IReadOnlyDictionary<RetentionRule, int> days) =>
        RetentionTerm.All.Where(t => t.With is not null && days.ContainsKey(t.Rule))
            .Aggregate(settings, (changed, term) => term.With!(changed, days[term.Rule]));

    /// <summary>How many rows tonight would remove with so many days. Null without the permission, and for days that cannot be chosen.</summary>
    public async Task<long?> PreviewAsync(RetentionRule rule, int days, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.SettingsEdit)) return null;
        if (RetentionTerm.All.FirstOrDefault(t => t.Rule == rule) is not { With: not null } term) return null;
        if (days < term.Least || days > term.Most) return null;
        await using var db = await store.OpenAsync(user, ct);
        return await DueAsync(db, term, days, user, ct);
    }

    private async Task<long> DueAsync(PortalDb db, RetentionTerm term, int days, CurrentUser user, CancellationToken ct) =>
        term.Rule == RetentionRule.Visits
            ? (await visits.PreviewAsync(days, user, ct))?.Visits ?? 0
            : await RetentionJob.DueAsync(db, term, days, clock.UtcNow, ct);

    /// <summary>The log is too long to be counted for a page: the server knows about how many lines it has.</summary>
    private static async Task<long> HeldAsync(PortalDb db, RetentionTerm term, CancellationToken ct)
    {
        var sql = term.Rule == RetentionRule.Addresses
            ? "SELECT CAST(COALESCE(SUM(table_rows), 0) AS SIGNED) AS Value FROM information_schema.tables "
                + "WHERE table_schema = DATABASE() AND table_name IN ('audit_log', 'audit_log_archive')"
            : $"SELECT COUNT(*) AS Value FROM {term.Table}";
        return (await db.Database.SqlQueryRaw<long>(sql).ToListAsync(ct))[0];
    }
}

using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Home;
using Portal.Data.Ledger;
using Portal.Data.Operations;

namespace Portal.Data.Audit;

/// <summary>A figure of the report, by what it counts.</summary>
public enum ComplianceFigure
{
    ActiveUsers, Apartments, LedgerAccounts, FrozenAccounts, Payments, Voids, Refunds, HandEntries, LimitsRefused, AuditRows, Warnings,
    Errors, FailedSignIns, MayVoid, MayPost, MayGrant,
}

/// <param name="Amount">Pesos; null where nothing is added up.</param>
public sealed record ComplianceRow(ComplianceFigure Figure, long Number, decimal? Amount = null);

/// <summary>How far back the log and its archive go.</summary>
/// <param name="Oldest">The first row of the log, UTC; <paramref name="OldestArchived"/> of the archive.</param>
/// <param name="Archived">Rows in the archive.</param>
/// <param name="Months">As the settings say; <paramref name="Years"/> in the archive.</param>
public sealed record AuditReach(DateTime? Oldest, DateTime? OldestArchived, long Archived, int Months, int Years);

/// <summary>What an auditor asks of a building's system, over some days.</summary>
/// <param name="To">The last day.</param>
/// <param name="Proof">The books, proven now; null for who does not see them.</param>
public sealed record ComplianceReport(
    DateOnly From, DateOnly To, IReadOnlyList<ComplianceRow> Rows, AuditReach Reach, LedgerProof? Proof)
{
    public ComplianceRow this[ComplianceFigure figure] => Rows.First(r => r.Figure == figure);
}

/// <summary>The compliance report (seed 003). Needs <see cref="Permissions.AuditView"/>.</summary>
public sealed class ComplianceService(PortalStore store, BuildingClock clock)
{
    /// <summary>Null out of reach.</summary>
    /// <param name="from">Days of the building; null: the thirty that end today.</param>
    public async Task<ComplianceReport?> ReadAsync(DateOnly? from, DateOnly? to, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AuditView)) return null;
        var last = to ?? clock.Today;
        var first = from ?? last.AddDays(-29);
        if (first > last) (first, last) = (last, first);
        var (since, until) = (clock.Beginning(first), clock.Beginning(last.AddDays(1)));
        await using var db = await store.OpenAsync(user, ct);
        var settings = await BuildingSettings.ReadAsync(db, "audit_", ct);
        List<ComplianceRow> rows = [];
        var reach = new AuditReach(null, null, 0, settings.AuditMonths, settings.AuditYears);
        SqlBatch Count(SqlBatch batch, ComplianceFigure figure, FormattableString sql, bool sum = false) =>
            batch.Select(sql, row => rows.Add(new ComplianceRow(figure, row.Number(0), sum ? row.Money(1) : null)));
        SqlBatch Holders(SqlBatch batch, ComplianceFigure figure, string permission) => Count(
            batch, figure,
            $"""
            SELECT COUNT(DISTINCT u.id) FROM users AS u INNER JOIN role_permissions AS r ON r.role_id = u.role_id
            INNER JOIN permissions AS p ON p.id = r.permission_id WHERE u.user_status_id = 1 AND p.name = {permission}
            """);
        var batch = new SqlBatch();
        Count(batch, ComplianceFigure.ActiveUsers, $"SELECT COUNT(*) FROM users WHERE user_status_id = 1");
        Count(batch, ComplianceFigure.Apartments, $"SELECT COUNT(*) FROM apartments");
        Count(batch, ComplianceFigure.LedgerAccounts, $"SELECT COUNT(*) FROM ledger_accounts WHERE status = 'active'");
        Count(batch, ComplianceFigure.FrozenAccounts, $"SELECT COUNT(*) FROM ledger_accounts WHERE status = 'frozen'");
        Count(
            batch, ComplianceFigure.Payments,
            $"""
            SELECT COUNT(*), COALESCE(SUM(amount), 0) FROM payments WHERE status_id = 1 AND payment_date BETWEEN {first} AND {last}
            """, true);
        Count(
            batch, ComplianceFigure.Voids,
            $"""
            SELECT COUNT(*), COALESCE(SUM(amount), 0) FROM payments
            WHERE status_id = 4 AND cancelled_at >= {since} AND cancelled_at < {until}
            """, true);
        Count(
            batch, ComplianceFigure.Refunds,
            $"SELECT COUNT(*), COALESCE(SUM(amount), 0) FROM refunds WHERE paid_on BETWEEN {first} AND {last}", true);
        Count(
            batch, ComplianceFigure.HandEntries,
            $"""
            SELECT COUNT(*), COALESCE(SUM(x.debit), 0) FROM journal_entries AS e
            INNER JOIN (
                SELECT entry_id, SUM(debit) AS debit FROM journal_lines WHERE posted_on BETWEEN {first} AND {last} GROUP BY entry_id
            ) AS x ON x.entry_id = e.id
            WHERE e.reference IS NOT NULL AND e.posted_on BETWEEN {first} AND {last}
            """, true);

        // What was archived meanwhile counts as what was not.
        ComplianceFigure[] logged =
        [
            ComplianceFigure.LimitsRefused, ComplianceFigure.AuditRows, ComplianceFigure.Warnings, ComplianceFigure.Errors,
            ComplianceFigure.FailedSignIns,
        ];
        batch.Select(
            $"""
            SELECT COALESCE(SUM(x.action = {Severities.LimitRefused}), 0), COUNT(*), COALESCE(SUM(x.severity = 'warning'), 0),
                COALESCE(SUM(x.severity = 'error'), 0), COALESCE(SUM(x.action = 'sign_in_failed'), 0)
            FROM (
                SELECT action, severity FROM audit_log WHERE created_at >= {since} AND created_at < {until}
                UNION ALL
                SELECT action, severity FROM audit_log_archive WHERE created_at >= {since} AND created_at < {until}
            ) AS x
            """,
            row => rows.AddRange(logged.Select((figure, i) => new ComplianceRow(figure, row.Number(i)))));
        Holders(batch, ComplianceFigure.MayVoid, Permissions.PaymentsVoid);
        Holders(batch, ComplianceFigure.MayPost, Permissions.LedgerPost);
        Holders(batch, ComplianceFigure.MayGrant, Permissions.AccessManage);
        batch.Select(
            $"""
            SELECT (SELECT MIN(created_at) FROM audit_log), (SELECT MIN(created_at) FROM audit_log_archive),
                (SELECT COUNT(*) FROM audit_log_archive)
            """,
            row => reach = reach with
            {
                Oldest = row.IsDBNull(0) ? null : DateTime.SpecifyKind(row.GetDateTime(0), DateTimeKind.Utc),
                OldestArchived = row.IsDBNull(1) ? null : DateTime.SpecifyKind(row.GetDateTime(1), DateTimeKind.Utc),
                Archived = row.GetInt64(2),
            });
        await batch.RunAsync(db, ct);
        return new ComplianceReport(
            first, last, rows, reach, user.Can(Permissions.LedgerView) ? await LedgerProof.ReadAsync(db, whole: false, ct) : null);
    }
}

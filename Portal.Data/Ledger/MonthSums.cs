namespace Portal.Data.Ledger;

/// <summary>What accounts moved month by month: of closed months their kept sums, of the open ones their lines.</summary>
internal static class MonthSums
{
    /// <param name="accounts">A range of the index for each; of others nothing is read.</param>
    /// <param name="from">A first of a month.</param>
    /// <param name="through">What was posted for later days is left out.</param>
    /// <returns>By account and first of the month: debit above zero, credit below. Months in which nothing moved are missing.</returns>
    public static async Task<Dictionary<(int Account, DateOnly Month), decimal>> ReadAsync(
        PortalDb db, IReadOnlyCollection<long> accounts, DateOnly from, DateOnly through, CancellationToken ct)
    {
        var sums = new Dictionary<(int, DateOnly), decimal>();
        var last = BuildingClock.MonthOf(through);
        var whole = through == last.AddMonths(1).AddDays(-1);
        // The month of a day in its middle is read by its lines, closed or not: its kept sum goes on to its end.
        var (kept, before) = whole ? (last, through) : (last.AddDays(-1), last.AddDays(-1));
        // One statement: who closes or reopens a month meanwhile is in both parts of it, or in neither.
        await new SqlBatch().Select(
            $"""
            SELECT x.account_id, x.month, SUM(x.moved)
            FROM (
                SELECT m.account_id, m.month, m.debit - m.credit AS moved
                FROM ledger_months AS m WHERE m.account_id IN ({accounts}) AND m.month BETWEEN {from} AND {kept}
                UNION ALL
                SELECT l.account_id, DATE_SUB(l.posted_on, INTERVAL DAYOFMONTH(l.posted_on) - 1 DAY), SUM(l.debit - l.credit)
                FROM journal_lines AS l
                WHERE l.account_id IN ({accounts}) AND l.posted_on BETWEEN {from} AND {through}
                    AND l.posted_on > LEAST({before},
                        COALESCE((SELECT s.closed_through FROM ledger_state AS s WHERE s.id = 1), '1000-01-01'))
                GROUP BY l.account_id, DATE_SUB(l.posted_on, INTERVAL DAYOFMONTH(l.posted_on) - 1 DAY)
            ) AS x
            GROUP BY x.account_id, x.month
            """,
            row => sums[(row.GetInt32(0), row.GetFieldValue<DateOnly>(1))] = Balances.Money(row, 2)).RunAsync(db, ct);
        return sums;
    }
}

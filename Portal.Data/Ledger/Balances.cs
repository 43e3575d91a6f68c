using System.Data.Common;

namespace Portal.Data.Ledger;

/// <summary>An account's sums up to a day.</summary>
/// <param name="Opening">At the end of the month before: debit above zero, credit below.</param>
/// <param name="Debit">Of the month, through the day.</param>
/// <param name="Credit">Of the month, through the day.</param>
internal readonly record struct AccountSums(decimal Opening, decimal Debit, decimal Credit)
{
    /// <summary>Debit above zero, credit below.</summary>
    public decimal Closing => Opening + Debit - Credit;
}

/// <summary>Balances out of the closed months and the lines since: what is closed is never added up again.</summary>
internal static class Balances
{
    /// <param name="accounts">A range of the index for each; of others nothing is read.</param>
    /// <param name="day">What was posted for later days is left out.</param>
    /// <returns>Accounts that never moved are missing.</returns>
    public static async Task<Dictionary<int, AccountSums>> ReadAsync(
        PortalDb db, IReadOnlyCollection<long> accounts, DateOnly day, CancellationToken ct)
    {
        var month = new DateOnly(day.Year, day.Month, 1);
        var before = month.AddDays(-1);
        var sums = new Dictionary<int, AccountSums>();
        // One statement: who closes or reopens a month meanwhile is in both parts of it, or in neither.
        await new SqlBatch().Select(
            $"""
            SELECT x.account_id, SUM(x.opening), SUM(x.debit), SUM(x.credit)
            FROM (
                SELECT m.account_id, SUM(m.debit - m.credit) AS opening, 0 AS debit, 0 AS credit
                FROM ledger_months AS m WHERE m.account_id IN ({accounts}) AND m.month < {month} GROUP BY m.account_id
                UNION ALL
                SELECT l.account_id, SUM(IF(l.posted_on < {month}, l.debit - l.credit, 0)), SUM(IF(l.posted_on < {month}, 0, l.debit)),
                    SUM(IF(l.posted_on < {month}, 0, l.credit))
                FROM journal_lines AS l
                WHERE l.account_id IN ({accounts}) AND l.posted_on <= {day}
                    AND l.posted_on > LEAST({before},
                        COALESCE((SELECT s.closed_through FROM ledger_state AS s WHERE s.id = 1), '1000-01-01'))
                GROUP BY l.account_id
            ) AS x
            GROUP BY x.account_id
            """,
            row => sums[row.GetInt32(0)] = new AccountSums(Money(row, 1), Money(row, 2), Money(row, 3))).RunAsync(db, ct);
        return sums;
    }

    internal static decimal Money(DbDataReader row, int column) => row.IsDBNull(column) ? 0 : row.GetDecimal(column);
}

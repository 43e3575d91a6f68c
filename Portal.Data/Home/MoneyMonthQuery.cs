using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Ledger;
using Portal.Data.Operations;
using Portal.Data.Payments;

namespace Portal.Data.Home;

/// <summary>Reads the month in one trip, and the books in another for who sees them.</summary>
internal static class MoneyMonthQuery
{
    private static readonly SqlText Waiting = new(SqlStates.WaitingPayments);

    public static async Task<MoneyMonth> ReadAsync(
        PortalStore store, BuildingClock clock, ArrearsByAge arrears, CurrentUser user, CancellationToken ct)
    {
        var today = clock.Today;
        var month = BuildingClock.MonthOf(today);
        var (last, next) = (month.AddMonths(-1), month.AddMonths(1));
        var sameDay = last.AddDays(Math.Min(today.Day, DateTime.DaysInMonth(last.Year, last.Month)) - 1);
        var ages = await arrears.GetAsync(ct);
        await using var db = await store.OpenAsync(user, ct);
        var (apartments, run) = (0, new MonthBilled(null, null, 0, 0, 0));
        Dictionary<DateOnly, (decimal Billed, decimal Collected)> fees = [];
        List<DayCollected> collected = [];
        decimal? before = null;
        var pending = new PendingPayments(0, 0, null, null, null);
        WorstDebt? worst = null;
        var reviews = (0, 0m);
        await new SqlBatch()
            .Select($"SELECT COALESCE(SUM(apartments), 0) FROM tower_totals", row => apartments = row.Number(0))
            .Select(
                $"""
                SELECT MIN(r.issued_on), MAX(r.due_on), COALESCE(SUM(r.charges), 0), COALESCE(SUM(r.total), 0),
                    (SELECT COUNT(DISTINCT n.recipient_id) FROM notifications AS n
                        WHERE n.type IN ('payment.billed', 'payment.billed_early') AND n.created_at >= {month})
                FROM billing_runs AS r INNER JOIN concepts AS k ON k.id = r.concept_id
                WHERE r.period = {month} AND r.live = 1 AND k.kind <> 'interest'
                """,
                row => run = new MonthBilled(
                    row.IsDBNull(0) ? null : row.Date(0), row.IsDBNull(1) ? null : row.Date(1), row.Number(2), row.Money(3), row.Number(4)))
            .Select(
                $"SELECT period, billed, collected FROM fee_months WHERE period >= {last} AND period < {next}",
                row => fees[row.Date(0)] = (row.Money(1), row.Money(2)))
            .Select(
                $"SELECT day, value FROM daily_figures WHERE name = 'fees_collected' AND day >= {last} AND day <= {today} ORDER BY day",
                row => collected.Add(new DayCollected(row.Date(0), row.Money(1))))
            .Select(
                $"SELECT value FROM daily_figures WHERE name = 'arrears' AND day = {month.AddDays(-1)}", row => before = row.Money(0))
            .Select(
                $"""
                SELECT p.id, {new SqlText(UnitName.Sql)}, p.payment_date, p.payment_time, w.number, w.amount
                FROM (SELECT COUNT(*) AS number, SUM(amount) AS amount FROM payments WHERE status_id IN ({Waiting})) AS w
                INNER JOIN payments AS p ON p.status_id IN ({Waiting})
                LEFT JOIN apartments AS a ON a.id = p.apartment_id LEFT JOIN towers AS t ON t.id = a.tower_id
                ORDER BY p.payment_date, p.payment_time, p.id LIMIT 1
                """,
                row => pending = new PendingPayments(
                    row.Number(4), row.Money(5), row.GetInt64(0), row.IsDBNull(1) ? "" : row.GetString(1), At(row)))
            .Select(
                $"""
                SELECT d.apartment_id, {new SqlText(UnitName.Sql)}, d.owed, d.oldest
                FROM (SELECT c.apartment_id, SUM(c.owed) AS owed, MIN(c.due_on) AS oldest
                    FROM charges AS c WHERE c.status = 'open' AND c.owed > 0 AND c.due_on < {today}
                    GROUP BY c.apartment_id HAVING oldest < {today.AddDays(-90)} ORDER BY owed DESC, c.apartment_id LIMIT 1) AS d
                INNER JOIN apartments AS a ON a.id = d.apartment_id INNER JOIN towers AS t ON t.id = a.tower_id
                """,
                row => worst = new WorstDebt(row.GetInt64(0), row.GetString(1), row.Money(2), today.DayNumber - row.Date(3).DayNumber))
            .Select(
                $"SELECT COUNT(*), COALESCE(SUM(received), 0) FROM online_payments WHERE state = 'review'",
                row => reviews = (row.Number(0), row.Money(1)))
            .RunAsync(db, ct);
        var (now, then) = (fees.GetValueOrDefault(month), fees.GetValueOrDefault(last));
        var books = user.Can(Permissions.LedgerView) ? await BooksAsync(db, today, ct) : default;
        return new MoneyMonth(
            month, today, apartments, run, now.Billed, now.Collected, then.Billed, then.Collected,
            collected.FindLast(d => d.Day >= last && d.Day <= sameDay)?.Amount,
            [.. collected.Where(d => d.Day >= month && d.Day < today), new DayCollected(today, now.Collected)],
            [.. collected.Where(d => d.Day < month)], pending, ages, worst, before, books.Accounts, books.Unidentified, books.Reserve,
            books.ClosedThrough)
        {
            OnlineReviews = reviews,
        };

        static DateTime At(System.Data.Common.DbDataReader row) =>
            row.Date(2).ToDateTime(row.IsDBNull(3) ? TimeOnly.MinValue : TimeOnly.FromTimeSpan((TimeSpan)row.GetValue(3)));
    }

    private static async Task<(IReadOnlyList<MoneyAccount>? Accounts, decimal Unidentified, MoneyReserve? Reserve, DateOnly? ClosedThrough)>
        BooksAsync(PortalDb db, DateOnly today, CancellationToken ct)
    {
        AccountPurpose[] asked =
            [AccountPurpose.Cash, AccountPurpose.Bank, AccountPurpose.FundBank, AccountPurpose.Gateway, AccountPurpose.Unidentified, AccountPurpose.Reserve];
        var accounts = await db.LedgerAccounts.AsNoTracking().Where(a => a.Purpose != null && asked.Contains(a.Purpose.Value))
            .OrderBy(a => a.Code).Select(a => new { a.Id, a.Code, a.Name, Purpose = a.Purpose!.Value }).ToListAsync(ct);
        var sums = await Balances.ReadAsync(db, [.. accounts.Select(a => (long)a.Id)], today, ct);
        var reserve = accounts.Find(a => a.Purpose == AccountPurpose.Reserve)?.Id ?? 0;
        var contributed = 0m;
        DateOnly? closed = null;
        await new SqlBatch()
            .Select(
                $"""
                SELECT SUM(l.credit - l.debit) FROM journal_lines AS l INNER JOIN journal_entries AS e ON e.id = l.entry_id
                WHERE l.account_id = {reserve} AND l.posted_on >= {new DateOnly(today.Year, 1, 1)} AND l.posted_on <= {today}
                    AND e.act IN ('reserve', 'reversal')
                """,
                row => contributed = Balances.Money(row, 0))
            .Select($"SELECT closed_through FROM ledger_state WHERE id = 1", row => closed = row.IsDBNull(0) ? null : row.Date(0))
            .RunAsync(db, ct);
        decimal Now(AccountPurpose purpose) =>
            accounts.Where(a => a.Purpose == purpose).Sum(a => sums.GetValueOrDefault(a.Id).Closing);
        return (
            [
                // What lies at a gateway is shown where something did.
                .. accounts.Where(a => a.Purpose is AccountPurpose.Cash or AccountPurpose.Bank or AccountPurpose.FundBank
                        || (a.Purpose == AccountPurpose.Gateway && sums.ContainsKey(a.Id)))
                    .Select(a => new MoneyAccount(
                        a.Id, a.Code, a.Name, a.Purpose, sums.GetValueOrDefault(a.Id).Opening, sums.GetValueOrDefault(a.Id).Closing)),
            ],
            -Now(AccountPurpose.Unidentified), new MoneyReserve(-Now(AccountPurpose.Reserve), contributed), closed);
    }
}

using System.Globalization;

namespace Portal.Data.Demo;

/// <summary>
/// The books of the demo: the journal that two years of its charges and payments would have left, told by the server from their rows, with
/// what the building spent meanwhile. What apartments owe is by the books what it is by their charges, to the peso and on any day.
/// </summary>
internal static class DemoBooks
{
    private const int Months = 24;

    /// <summary>Pesos in the bank and in the fund today; what was there two years ago follows.</summary>
    private const decimal Bank = 58_416_300m, Fund = 96_150_000m;

    /// <summary>Pesos that go to the fund each month, a little more than the hundredth that Ley 675 of 2001, art. 35, wants.</summary>
    private const decimal Contribution = 1_250_000m;

    private const decimal BankCost = 186_400m;

    /// <summary>As migration 0027 numbers the accounts.</summary>
    private const int BankAccount = 2, FundAccount = 3, ReserveAccount = 11, ResultAccount = 12, BankCostAccount = 28,
        ReserveCostAccount = 29;

    public static async Task WriteAsync(DemoPlan plan, CancellationToken ct)
    {
        var hand = new Hand(plan);
        var expenses = new DemoExpenses(plan, hand);
        await expenses.BeginAsync(ct);
        var first = new DateOnly(plan.Today.Year, plan.Today.Month, 1).AddMonths(-Months);
        var opened = first.AddDays(-1);
        var opening = await hand.OpenAsync(opened, ct);
        var contributed = 0;
        for (var month = first; month <= plan.Today; month = month.AddMonths(1))
        {
            await expenses.SpendAsync(month, ct);
            if (Day(month, 5) > plan.Today) continue;
            contributed++;
            await hand.ContributeAsync(Day(month, 5), ct);
            if (Day(month, 28) > plan.Today) continue;
            await hand.PostAsync("bank_cost", Day(month, 28), "Gastos bancarios", BankCostAccount, BankAccount, BankCost, ct);
        }

        await expenses.FlushAsync(Contribution, BankCost, ct);
        await hand.FlushAsync(ct);
        foreach (var sql in Told) await plan.Writer.ExecuteAsync(sql, ct);
        await DemoBank.DepositAsync(plan, ct);
        await plan.Writer.ExecuteAsync(Opening(opening, opened, Fund - contributed * Contribution), ct);
        await plan.Writer.ExecuteAsync(Closed(plan), ct);
        plan.Progress.Report("the books of two years");
    }

    private static DateOnly Day(DateOnly month, int day) => month.AddDays(day - 1);

    /// <summary>The charges of a kind and a day are one entry: of a run where one posted them, else of the first of them.</summary>
    private const string Groups = """
        SELECT c.issued_on, c.kind, k.name, k.receivable_account_id AS owed, k.income_account_id AS income,
            IF(MAX(c.run_id) IS NULL, 'charge', 'run') AS act, COALESCE(MIN(c.run_id), MIN(c.id)) AS source, COUNT(*) AS charges,
            MIN(c.concept) AS concept, SUM(c.amount) AS total, LEAST(MIN(c.created_at), CURRENT_TIMESTAMP) AS written
        FROM charges AS c INNER JOIN concepts AS k ON k.id = (SELECT MIN(f.id) FROM concepts AS f WHERE f.kind = c.kind)
        WHERE c.status IN ('open', 'paid') GROUP BY c.issued_on, c.kind, k.name, k.receivable_account_id, k.income_account_id
        """;

    /// <summary>One entry for a payment, and another where it was taken back.</summary>
    private static readonly string[] Told =
    [
        $"""
        INSERT INTO journal_entries (posted_on, act, source_id, memo, created_at)
        SELECT g.issued_on, g.act, g.source,
            IF(g.charges = 1, g.concept, CONCAT(g.name, ', ', DATE_FORMAT(g.issued_on, '%Y-%m'))), g.written
        FROM ({Groups}) AS g ORDER BY g.issued_on, g.kind
        """,
        $"""
        INSERT INTO journal_lines (entry_id, line, account_id, apartment_id, posted_on, debit, credit)
        SELECT e.id, ROW_NUMBER() OVER (PARTITION BY e.id ORDER BY c.apartment_id), g.owed, c.apartment_id, e.posted_on, SUM(c.amount), 0
        FROM ({Groups}) AS g
        INNER JOIN journal_entries AS e ON e.act = g.act AND e.source_id = g.source AND e.reference IS NULL
        INNER JOIN charges AS c ON c.issued_on = g.issued_on AND c.kind = g.kind AND c.status IN ('open', 'paid')
        GROUP BY e.id, g.owed, c.apartment_id, e.posted_on
        """,
        $"""
        INSERT INTO journal_lines (entry_id, line, account_id, posted_on, debit, credit)
        SELECT e.id, 1 + (SELECT MAX(l.line) FROM journal_lines AS l WHERE l.entry_id = e.id), g.income, e.posted_on, 0, g.total
        FROM ({Groups}) AS g INNER JOIN journal_entries AS e ON e.act = g.act AND e.source_id = g.source AND e.reference IS NULL
        """,
        """
        INSERT INTO journal_entries (posted_on, act, source_id, memo, created_by, created_at)
        SELECT p.payment_date, 'payment', p.id, TRIM(CONCAT(p.receipt_number, ' ', COALESCE(p.reference_number, ''))),
            p.confirmed_by, p.confirmed_at
        FROM payments AS p WHERE p.receipt_number IS NOT NULL ORDER BY p.id
        """,
        """
        INSERT INTO journal_lines (entry_id, line, account_id, posted_on, debit, credit)
        SELECT e.id, 1, IF(p.payment_method_id = 1, 1, 2), e.posted_on, p.amount, 0
        FROM journal_entries AS e INNER JOIN payments AS p ON p.id = e.source_id WHERE e.act = 'payment'
        """,
        """
        INSERT INTO journal_lines (entry_id, line, account_id, apartment_id, posted_on, debit, credit)
        SELECT e.id, 1 + ROW_NUMBER() OVER (PARTITION BY e.id ORDER BY k.receivable_account_id), k.receivable_account_id, c.apartment_id,
            e.posted_on, 0, SUM(a.amount)
        FROM journal_entries AS e
        INNER JOIN payment_applications AS a ON a.payment_id = e.source_id AND a.reversed = 0
        INNER JOIN charges AS c ON c.id = a.charge_id
        INNER JOIN concepts AS k ON k.id = (SELECT MIN(f.id) FROM concepts AS f WHERE f.kind = c.kind)
        WHERE e.act = 'payment' GROUP BY e.id, k.receivable_account_id, c.apartment_id, e.posted_on
        """,
        """
        INSERT INTO journal_lines (entry_id, line, account_id, apartment_id, posted_on, debit, credit)
        SELECT x.id, x.line, 8, x.apartment_id, x.posted_on, 0, x.held
        FROM (
            SELECT e.id, p.apartment_id, e.posted_on, MAX(l.line) + 1 AS line, SUM(l.debit - l.credit) AS held
            FROM journal_entries AS e
            INNER JOIN payments AS p ON p.id = e.source_id
            INNER JOIN journal_lines AS l ON l.entry_id = e.id
            WHERE e.act = 'payment' GROUP BY e.id, p.apartment_id, e.posted_on
        ) AS x
        WHERE x.held > 0
        """,
        """
        INSERT INTO journal_entries (posted_on, act, source_id, memo, reverses_id, created_by, created_at)
        SELECT e.posted_on, 'void', e.source_id, e.memo, e.id, p.cancelled_by, p.cancelled_at
        FROM journal_entries AS e INNER JOIN payments AS p ON p.id = e.source_id
        WHERE e.act = 'payment' AND p.status_id <> 1 ORDER BY e.id
        """,
        """
        INSERT INTO journal_lines (entry_id, line, account_id, apartment_id, posted_on, debit, credit)
        SELECT e.id, l.line, l.account_id, l.apartment_id, e.posted_on, l.credit, l.debit
        FROM journal_entries AS e INNER JOIN journal_lines AS l ON l.entry_id = e.reverses_id WHERE e.act = 'void'
        """,
        // What was paid in cash lies in the bank when the month is over.
        """
        INSERT INTO journal_entries (posted_on, act, source_id, memo)
        SELECT LAST_DAY(l.posted_on), 'transfer', YEAR(l.posted_on) * 100 + MONTH(l.posted_on), 'Consignación de la caja'
        FROM journal_lines AS l, (SELECT MAX(posted_on) AS latest FROM journal_entries) AS t
        WHERE l.account_id = 1 AND LAST_DAY(l.posted_on) < t.latest
        GROUP BY LAST_DAY(l.posted_on), YEAR(l.posted_on) * 100 + MONTH(l.posted_on) HAVING SUM(l.debit - l.credit) > 0 ORDER BY 1
        """,
        """
        INSERT INTO journal_lines (entry_id, line, account_id, posted_on, debit, credit)
        SELECT x.id, s.line, s.account, x.posted_on, IF(s.line = 1, x.held, 0), IF(s.line = 2, x.held, 0)
        FROM (
            SELECT e.id, e.posted_on, SUM(l.debit - l.credit) AS held
            FROM journal_entries AS e
            INNER JOIN journal_lines AS l ON l.account_id = 1 AND l.posted_on BETWEEN DATE_FORMAT(e.posted_on, '%Y-%m-01') AND e.posted_on
            WHERE e.act = 'transfer' AND e.reference IS NULL GROUP BY e.id, e.posted_on
        ) AS x
        CROSS JOIN (SELECT 1 AS line, 2 AS account UNION ALL SELECT 2, 1) AS s
        """,
    ];

    /// <summary>What was there two years ago is what leaves in the bank today what lies there; the rest is the result of before.</summary>
    private static string Opening(long entry, DateOnly day, decimal fund) => FormattableString.Invariant($"""
        INSERT INTO journal_lines (entry_id, line, account_id, posted_on, debit, credit)
        SELECT {entry}, o.line, o.account, '{day:yyyy-MM-dd}', GREATEST(o.balance, 0), GREATEST(-o.balance, 0)
        FROM (
            SELECT 1 AS line, {BankAccount} AS account, b.held AS balance FROM (
                SELECT {Bank} - COALESCE(SUM(l.debit - l.credit), 0) AS held
                FROM journal_lines AS l WHERE l.account_id = {BankAccount}) AS b
            UNION ALL SELECT 2, {FundAccount}, {fund}
            UNION ALL SELECT 3, {ReserveAccount}, -{fund}
            UNION ALL SELECT 4, {ResultAccount}, -r.held FROM (
                SELECT {Bank} - COALESCE(SUM(l.debit - l.credit), 0) AS held
                FROM journal_lines AS l WHERE l.account_id = {BankAccount}) AS r
        ) AS o
        WHERE o.balance <> 0
        """);

    /// <summary>All months are closed but the last that has ended: the demo is there to close it.</summary>
    private static string Closed(DemoPlan plan)
    {
        var through = new DateOnly(plan.Today.Year, plan.Today.Month, 1).AddMonths(-1).AddDays(-1);
        // The night's proof was at a quarter past two: of this night, or while it has not come of the last.
        var proven = plan.Instant(plan.Today, 2, 15);
        if (proven > plan.Clock.UtcNow) proven = plan.Instant(plan.Today.AddDays(-1), 2, 15);
        return FormattableString.Invariant($"""
            INSERT INTO ledger_months (account_id, month, debit, credit)
            SELECT x.account_id, x.month, SUM(x.debit), SUM(x.credit)
            FROM (
                SELECT l.account_id, DATE_SUB(l.posted_on, INTERVAL DAYOFMONTH(l.posted_on) - 1 DAY) AS month, l.debit, l.credit
                FROM journal_lines AS l WHERE l.posted_on <= '{through:yyyy-MM-dd}'
            ) AS x
            GROUP BY x.account_id, x.month;
            UPDATE ledger_state SET closed_through = '{through:yyyy-MM-dd}', proven_at = '{proven:yyyy-MM-dd HH:mm:ss}' WHERE id = 1
            """);
    }

    /// <summary>What somebody posted by hand, with its numbers; the charges and payments come after it.</summary>
    internal sealed class Hand(DemoPlan plan)
    {
        private readonly SeedWriter.Table _entries = plan.Writer.Into(
            "journal_entries", "id", "posted_on", "act", "source_id", "memo", "reference", "created_by", "created_at");
        private readonly SeedWriter.Table _lines = plan.Writer.Into(
            "journal_lines", "entry_id", "line", "account_id", "posted_on", "debit", "credit");
        private readonly Dictionary<int, int> _numbers = [];

        /// <returns>The entry; its lines come last.</returns>
        public Task<long> OpenAsync(DateOnly day, CancellationToken ct) => EntryAsync("opening", day, "Saldos iniciales", null, ct);

        public Task<long> PostAsync(
            string act, DateOnly day, string memo, int debit, int credit, decimal amount, CancellationToken ct) =>
            PostAsync(act, day, memo, debit, credit, amount, null, ct);

        public async Task ContributeAsync(DateOnly day, CancellationToken ct)
        {
            const string memo = "Aporte al fondo de imprevistos";
            await PostAsync("transfer", day, memo, FundAccount, BankAccount, Contribution, null, ct);
            await PostAsync("reserve", day, memo, ReserveCostAccount, ReserveAccount, Contribution, _source, ct);
        }

        /// <summary>An entry that a row of its own tells of: it has no number.</summary>
        public async Task TellAsync(
            string act, DateOnly day, string memo, int debit, int credit, decimal amount, long source, CancellationToken ct)
        {
            var id = plan.Writer.NextId("journal_entries");
            await _entries.AddAsync(ct, id, day, act, source, memo, null, plan.Admin.UserId, plan.Until(day, 8, 0));
            await _lines.AddAsync(ct, id, 1, debit, day, amount, 0m);
            await _lines.AddAsync(ct, id, 2, credit, day, 0m, amount);
        }

        public async Task FlushAsync(CancellationToken ct)
        {
            await _entries.FlushAsync(ct);
            await _lines.FlushAsync(ct);
            var sequences = plan.Writer.Into("sequences", "name", "year", "last_number");
            foreach (var (year, last) in _numbers) await sequences.AddAsync(ct, "TX", year, last);
            await sequences.FlushAsync(ct);
        }

        private long _source;

        private async Task<long> PostAsync(
            string act, DateOnly day, string memo, int debit, int credit, decimal amount, long? source, CancellationToken ct)
        {
            var id = await EntryAsync(act, day, memo, source, ct);
            await _lines.AddAsync(ct, id, 1, debit, day, amount, 0m);
            await _lines.AddAsync(ct, id, 2, credit, day, 0m, amount);
            return id;
        }

        private async Task<long> EntryAsync(string act, DateOnly day, string memo, long? source, CancellationToken ct)
        {
            var id = plan.Writer.NextId("journal_entries");
            var number = _numbers[day.Year] = _numbers.GetValueOrDefault(day.Year) + 1;
            _source = source ?? day.Year * 1_000_000L + number;
            await _entries.AddAsync(
                ct, id, day, act, _source, memo, string.Create(CultureInfo.InvariantCulture, $"TX-{day.Year}-{number:000000}"),
                plan.Admin.UserId, plan.Until(day, 8, 0));
            return id;
        }
    }
}

using Portal.Data.Bank;
using Portal.Data.Payments;

namespace Portal.Data.Demo;

/// <summary>
/// The bank of the demo: two months of its lines, told from the books they agree with. Last month is reconciled; this one waits, with what
/// residents reported and the bank shows, a deposit that nobody knows, and one that is in 2815 already.
/// </summary>
internal static class DemoBank
{
    /// <summary>As migration 0027 numbers the accounts.</summary>
    private const int Account = 2, UnidentifiedAccount = 10;

    private const decimal Deposit = 1_012_000m;

    private const string DepositMemo = "CONSIGNACION EFECTIVO OFICINA CHICO";

    /// <summary>The deposit that is nobody's: in the books before their opening is worked out.</summary>
    public static async Task DepositAsync(DemoPlan plan, CancellationToken ct)
    {
        var day = Within(plan, 8);
        await plan.Writer.ExecuteAsync(
            FormattableString.Invariant($"""
            INSERT INTO journal_entries (posted_on, act, source_id, memo, created_by)
            VALUES ('{day:yyyy-MM-dd}', 'unidentified', 1, '{DepositMemo}', {plan.Admin.UserId});
            INSERT INTO journal_lines (entry_id, line, account_id, posted_on, debit, credit)
            SELECT e.id, s.line, s.account, e.posted_on, IF(s.line = 1, {Deposit}, 0), IF(s.line = 2, {Deposit}, 0)
            FROM journal_entries AS e
            CROSS JOIN (SELECT 1 AS line, {Account} AS account UNION ALL SELECT 2, {UnidentifiedAccount}) AS s
            WHERE e.act = 'unidentified' ORDER BY s.line
            """),
            ct);
    }

    public static async Task WriteAsync(DemoPlan plan, CancellationToken ct)
    {
        var month = new DateOnly(plan.Today.Year, plan.Today.Month, 1);
        var (from, until) = (month.AddMonths(-1), plan.Today.AddDays(-1));
        var closed = plan.Instant(month.AddDays(1), 10, 40);
        if (closed > plan.Clock.UtcNow) closed = plan.Clock.UtcNow;
        var format = BankProfile.Write(new BankFormat(';', BankFormat.Utf8, 1, 1, 2, 3, 4, null, null, 5, "dd/MM/yyyy", true));
        await plan.Writer.ExecuteAsync(
            FormattableString.Invariant($"""
            INSERT INTO bank_profiles (account_id, format) VALUES ({Account}, '{format}');
            INSERT INTO bank_imports (id, account_id, file_name, first_day, last_day, added, known, left_out, imported_by, created_at)
            VALUES (1, {Account}, 'extracto-{from:yyyy-MM}.csv', '{from:yyyy-MM-dd}', '{month.AddDays(-1):yyyy-MM-dd}', 0, 0, 0, {plan.Admin.UserId},
                '{closed:yyyy-MM-dd HH:mm:ss}'),
                (2, {Account}, 'extracto-{month:yyyy-MM}.csv', '{month:yyyy-MM-dd}', '{plan.Today:yyyy-MM-dd}', 0, 0, 0, {plan.Admin.UserId},
                '{plan.Clock.UtcNow:yyyy-MM-dd HH:mm:ss}');
            """), ct);
        await plan.Writer.ExecuteAsync(Booked(month, from, until), ct);
        await plan.Writer.ExecuteAsync(
            FormattableString.Invariant($"""
            INSERT INTO bank_matches (line_id, account_id, entry_id, amount, how, made_by, created_at)
            SELECT x.id, {Account}, x.entry_id, x.amount, IF(x.act = 'unidentified', 'unidentified', 'linked'), {plan.Admin.UserId},
                LEAST(CURRENT_TIMESTAMP, TIMESTAMP(x.posted_on) + INTERVAL 34 HOUR)
            FROM ({Entries(from, until)}) AS x ORDER BY x.id;
            INSERT INTO unidentified_deposits (id, line_id, account_id, amount, received_on, memo, made_by)
            SELECT 1, m.line_id, {Account}, m.amount, b.day, b.text, {plan.Admin.UserId}
            FROM bank_matches AS m INNER JOIN bank_lines AS b ON b.id = m.line_id WHERE m.how = 'unidentified'
            """), ct);
        await StoryAsync(plan, month, ct);
        await plan.Writer.ExecuteAsync(
            FormattableString.Invariant($"""
            UPDATE bank_imports AS i INNER JOIN (
                SELECT import_id, COUNT(*) AS number FROM bank_lines GROUP BY import_id
            ) AS l ON l.import_id = i.id SET i.added = l.number;
            INSERT INTO bank_reconciliations (account_id, month, bank_balance, in_transit, book_balance, items, closed_by, closed_at, created_at)
            SELECT {Account}, '{from:yyyy-MM-dd}', b.held, 0, b.held, '[]', {plan.Admin.UserId}, '{closed:yyyy-MM-dd HH:mm:ss}',
                '{closed:yyyy-MM-dd HH:mm:ss}'
            FROM (
                SELECT SUM(l.debit - l.credit) AS held
                FROM journal_lines AS l WHERE l.account_id = {Account} AND l.posted_on < '{month:yyyy-MM-dd}'
            ) AS b;
            INSERT INTO bank_reconciliations (account_id, month, bank_balance)
            SELECT {Account}, '{month:yyyy-MM-dd}', r.bank_balance + (
                SELECT COALESCE(SUM(l.amount), 0) FROM bank_lines AS l WHERE l.day >= '{month:yyyy-MM-dd}')
            FROM bank_reconciliations AS r WHERE r.month = '{from:yyyy-MM-dd}';
            UPDATE bank_imports AS i INNER JOIN bank_reconciliations AS r ON r.month = DATE_SUB(i.last_day, INTERVAL DAYOFMONTH(i.last_day) - 1 DAY)
            SET i.closing_balance = r.bank_balance
            """), ct);
        plan.Progress.Report("two months of the bank");
    }

    /// <summary>What the bank shows and nobody has confirmed yet.</summary>
    private static async Task StoryAsync(DemoPlan plan, DateOnly month, CancellationToken ct)
    {
        var coded = PaymentReference.Of(plan.Apartment("C 307").Id);
        string At(int daysAgo) => FormattableString.Invariant($"'{Within(plan, daysAgo):yyyy-MM-dd}'");
        await plan.Writer.ExecuteAsync(
            FormattableString.Invariant($"""
            INSERT INTO bank_lines (account_id, day, amount, reference, text, ordinal, import_id)
            SELECT {Account}, GREATEST(p.payment_date, '{month:yyyy-MM-dd}'), p.amount,
                IF(p.reference_number = '0091 774', '0099 120', p.reference_number), IF(p.payment_method_id = 6, 'PAGO PSE', 'TRANSFERENCIA'), 1, 2
            FROM payments AS p WHERE p.status_id = 2 AND p.payment_method_id IN (2, 6) ORDER BY p.id;
            INSERT INTO bank_lines (account_id, day, amount, reference, text, ordinal, import_id) VALUES
                ({Account}, {At(2)}, 468000, '', 'CORRESPONSAL {coded}', 1, 2),
                ({Account}, {At(1)}, -48300, '', 'COMISION Y 4 X 1.000', 1, 2),
                ({Account}, {At(2)}, 500000, '', 'CONSIGNACION CHAPINERO', 1, 2);
            INSERT INTO bank_lines (account_id, day, amount, reference, text, ordinal, import_id)
            SELECT {Account}, {At(1)}, o.owed, '0093 077', 'TRANSFERENCIA', 1, 2
            FROM (
                SELECT c.owed FROM charges AS c WHERE c.status = 'open' AND c.kind = 'fee' GROUP BY c.owed HAVING COUNT(*) = 1
                ORDER BY c.owed DESC LIMIT 1
            ) AS o
            """), ct);
    }

    private static string Booked(DateOnly month, DateOnly from, DateOnly until) => FormattableString.Invariant($"""
        INSERT INTO bank_lines (id, account_id, day, amount, reference, text, ordinal, import_id)
        SELECT x.id, {Account}, x.posted_on, x.amount, x.reference, x.text,
            ROW_NUMBER() OVER (PARTITION BY x.posted_on, x.amount, x.reference, x.text ORDER BY x.id), IF(x.posted_on < '{month:yyyy-MM-dd}', 1, 2)
        FROM ({Entries(from, until)}) AS x ORDER BY x.id
        """);

    /// <summary>What moved the account, each with the id of its line; what was taken back never reached the bank. The deposit that nobody
    /// knows came from there, though it be of today.</summary>
    private static string Entries(DateOnly from, DateOnly until) => FormattableString.Invariant($"""
        SELECT ROW_NUMBER() OVER (ORDER BY e.posted_on, e.entry_id) AS id, e.*
        FROM (
            SELECT e.id AS entry_id, e.posted_on, e.act, SUM(l.debit - l.credit) AS amount, COALESCE(MAX(p.reference_number), '') AS reference,
                CASE WHEN MAX(p.id) IS NULL THEN UPPER(e.memo) WHEN MAX(p.payment_method_id) = 6 THEN 'PAGO PSE'
                    WHEN MAX(p.payment_method_id) = 2 THEN 'TRANSFERENCIA' ELSE 'PAGO CON TARJETA' END AS text
            FROM journal_entries AS e
            INNER JOIN journal_lines AS l ON l.entry_id = e.id AND l.account_id = {Account}
            LEFT JOIN payments AS p ON e.act = 'payment' AND p.id = e.source_id
            WHERE (e.posted_on BETWEEN '{from:yyyy-MM-dd}' AND '{until:yyyy-MM-dd}' OR e.act = 'unidentified') AND e.act <> 'opening'
                AND e.reverses_id IS NULL
                AND NOT EXISTS (SELECT 1 FROM journal_entries AS r WHERE r.reverses_id = e.id)
            GROUP BY e.id, e.posted_on, e.act, e.memo
        ) AS e
        WHERE e.amount <> 0
        """);

    /// <summary>So many days ago, but of this month: last month is reconciled.</summary>
    private static DateOnly Within(DemoPlan plan, int daysAgo)
    {
        var (day, first) = (plan.Today.AddDays(-daysAgo), new DateOnly(plan.Today.Year, plan.Today.Month, 1));
        return day < first ? first : day;
    }
}

using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Operations;

namespace Portal.Data.Ledger;

/// <summary>What of the books does not agree.</summary>
public enum LedgerFault
{
    /// <summary>Entries whose debit is not their credit, that have no lines, or whose lines are of another day.</summary>
    Entries,

    /// <summary>Apartments that owe something else by the books than by their charges.</summary>
    Receivables,

    /// <summary>Apartments whose credit in the books is not what is left of their payments.</summary>
    Credits,

    /// <summary>Deposits that nobody knows: the books hold something else than what no payment took of them.</summary>
    Unidentified,

    /// <summary>What is owed to suppliers by the books (2335) is not what is left of their approved invoices.</summary>
    Suppliers,

    /// <summary>What the gateway holds by the books is not what it received and has not paid out.</summary>
    Gateway,

    /// <summary>Numbers of receipts, expenses and entries by hand that nobody has.</summary>
    Numbers,

    /// <summary>Sums of closed months that are not those of their lines.</summary>
    Months,
}

/// <summary>Whether the books agree with the accounts of the apartments and with themselves, in figures.</summary>
/// <param name="Entries">Of the journal, all.</param>
/// <param name="Owed">Pesos that apartments owe by their charges; <paramref name="Receivables"/> by the books.</param>
/// <param name="Apartments">How many owe something.</param>
/// <param name="CreditOfPayments">Pesos left of payments; <paramref name="Credits"/> by the books, of so many
/// <paramref name="CreditApartments"/>.</param>
/// <param name="Suppliers">Pesos owed to suppliers by the books; <paramref name="OwedToSuppliers"/> by their invoices, so many of
/// them (<paramref name="Invoices"/>).</param>
/// <param name="FundBank">What lies in the bank for the reserve. Beside <paramref name="Reserve"/> it is shown, not proven: a contribution
/// may be booked before its money is moved.</param>
/// <param name="Receipts">How many were given out.</param>
/// <param name="Faults">How many of each kind; empty where all agrees.</param>
public sealed record LedgerProof(
    int Entries, decimal Receivables, decimal Owed, int Apartments, decimal Credits, decimal CreditOfPayments, int CreditApartments,
    decimal Suppliers, decimal OwedToSuppliers, int Invoices, decimal FundBank, decimal Reserve, long Receipts,
    IReadOnlyDictionary<LedgerFault, long> Faults)
{
    /// <summary>When it was last done by night, UTC; null: never yet.</summary>
    public DateTime? ProvenAt { get; init; }

    /// <summary>Pesos of deposits that nobody knows, by the books; what somebody moved there by hand is not the portal's and left
    /// out.</summary>
    public decimal Unidentified { get; init; }

    /// <summary>Pesos of them that no payment took.</summary>
    public decimal DepositsLeft { get; init; }

    /// <summary>Pesos that the gateway holds, by the books; <see cref="GatewayReceived"/> by payments and what it paid out.</summary>
    public decimal Gateway { get; init; }

    public decimal GatewayReceived { get; init; }

    public bool Agrees => Faults.Count == 0;

    /// <summary>
    /// Each comparison is one statement, so that what others post meanwhile is on both of its sides. Closed months are proven when they are
    /// closed, and the database keeps them from being changed.
    /// </summary>
    /// <param name="whole">Proves them again, and their sums.</param>
    internal static async Task<LedgerProof> ReadAsync(PortalDb db, bool whole, CancellationToken ct)
    {
        var chart = await Chart.LookAsync(db, ct);
        var owed = chart.Owed.Select(id => (long)id).ToList();
        var (credits, fundBank, reserve) = (chart[AccountPurpose.Credits], chart[AccountPurpose.FundBank], chart[AccountPurpose.Reserve]);
        var unidentified = chart[AccountPurpose.Unidentified];
        var suppliers = chart.OfSuppliers;
        var gateway = chart[AccountPurpose.Gateway];
        var since = whole ? Chart.Beginning : chart.ClosedThrough ?? Chart.Beginning;
        var proof = new LedgerProof(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, new Dictionary<LedgerFault, long>());
        var faults = new Dictionary<LedgerFault, long>();
        void Fault(LedgerFault kind, DbDataReader row, int column)
        {
            if (Count(row, column) is > 0 and var found) faults[kind] = faults.GetValueOrDefault(kind) + found;
        }

        var batch = new SqlBatch()
            .Select(
                $"""
                SELECT (SELECT COUNT(*) FROM journal_entries), COALESCE(SUM(x.off), 0)
                FROM (
                    SELECT COUNT(l.line) = 0 OR SUM(l.debit) <> SUM(l.credit) OR SUM(l.posted_on <> e.posted_on) > 0 AS off
                    FROM journal_entries AS e LEFT JOIN journal_lines AS l ON l.entry_id = e.id
                    WHERE e.posted_on > {since} GROUP BY e.id
                ) AS x
                """,
                row =>
                {
                    proof = proof with { Entries = (int)Count(row, 0) };
                    Fault(LedgerFault.Entries, row, 1);
                })
            .Select(
                $"""
                SELECT SUM(x.booked), SUM(x.owed), COALESCE(SUM(x.owed <> 0), 0), COALESCE(SUM(x.booked <> x.owed), 0)
                FROM (
                    SELECT y.apartment_id, SUM(y.booked) AS booked, SUM(y.owed) AS owed
                    FROM (
                        SELECT l.apartment_id, SUM(l.debit - l.credit) AS booked, 0 AS owed
                        FROM journal_lines AS l WHERE l.account_id IN ({owed}) GROUP BY l.apartment_id
                        UNION ALL
                        SELECT c.apartment_id, 0, SUM(c.owed) FROM charges AS c WHERE c.status = 'open' GROUP BY c.apartment_id
                    ) AS y
                    GROUP BY y.apartment_id
                ) AS x
                """,
                row =>
                {
                    proof = proof with
                    {
                        Receivables = Balances.Money(row, 0), Owed = Balances.Money(row, 1), Apartments = (int)Count(row, 2),
                    };
                    Fault(LedgerFault.Receivables, row, 3);
                })
            .Select(
                $"""
                SELECT SUM(x.booked), SUM(x.held), COALESCE(SUM(x.held <> 0), 0), COALESCE(SUM(x.booked <> x.held), 0)
                FROM (
                    SELECT y.apartment_id, SUM(y.booked) AS booked, SUM(y.held) AS held
                    FROM (
                        SELECT l.apartment_id, SUM(l.credit - l.debit) AS booked, 0 AS held
                        FROM journal_lines AS l WHERE l.account_id = {credits} GROUP BY l.apartment_id
                        UNION ALL
                        SELECT p.apartment_id, 0, SUM(p.amount - p.refunded) FROM payments AS p WHERE p.status_id = 1 GROUP BY p.apartment_id
                        UNION ALL
                        SELECT p.apartment_id, 0, -SUM(a.amount)
                        FROM payment_applications AS a INNER JOIN payments AS p ON p.id = a.payment_id
                        WHERE p.status_id = 1 AND a.reversed = 0 GROUP BY p.apartment_id
                    ) AS y
                    GROUP BY y.apartment_id
                ) AS x
                """,
                row =>
                {
                    proof = proof with
                    {
                        Credits = Balances.Money(row, 0), CreditOfPayments = Balances.Money(row, 1), CreditApartments = (int)Count(row, 2),
                    };
                    Fault(LedgerFault.Credits, row, 3);
                })
            .Select(
                $"""
                SELECT COALESCE(SUM(x.booked), 0), COALESCE(SUM(x.held), 0), COALESCE(SUM(x.booked), 0) <> COALESCE(SUM(x.held), 0)
                FROM (
                    SELECT SUM(l.credit - l.debit) AS booked, 0 AS held
                    FROM journal_lines AS l INNER JOIN journal_entries AS e ON e.id = l.entry_id
                    WHERE l.account_id = {unidentified} AND e.reference IS NULL
                    UNION ALL SELECT 0, SUM(d.amount) FROM unidentified_deposits AS d WHERE d.live = 1
                    UNION ALL SELECT 0, -SUM(p.amount) FROM payments AS p WHERE p.deposit_id IS NOT NULL AND p.status_id = 1
                ) AS x
                """,
                row =>
                {
                    proof = proof with { Unidentified = Balances.Money(row, 0), DepositsLeft = Balances.Money(row, 1) };
                    Fault(LedgerFault.Unidentified, row, 2);
                })
            .Select(
                $"""
                SELECT SUM(x.booked), SUM(x.owed), COALESCE(SUM(x.invoices), 0), SUM(x.booked) <> SUM(x.owed)
                FROM (
                    SELECT COALESCE(SUM(l.credit - l.debit), 0) AS booked, 0 AS owed, 0 AS invoices
                    FROM journal_lines AS l WHERE l.account_id = {suppliers}
                    UNION ALL
                    SELECT 0, COALESCE(SUM(e.amount - e.paid), 0), COUNT(*) FROM expenses AS e WHERE e.status = 'approved'
                ) AS x
                """,
                row =>
                {
                    proof = proof with
                    {
                        Suppliers = Balances.Money(row, 0), OwedToSuppliers = Balances.Money(row, 1), Invoices = (int)Count(row, 2),
                    };
                    Fault(LedgerFault.Suppliers, row, 3);
                })
            .Select(
                $"""
                SELECT SUM(x.booked), SUM(x.received), SUM(x.booked) <> SUM(x.received)
                FROM (
                    SELECT COALESCE(SUM(l.debit - l.credit), 0) AS booked, 0 AS received
                    FROM journal_lines AS l INNER JOIN journal_entries AS e ON e.id = l.entry_id
                    WHERE l.account_id = {gateway} AND e.reference IS NULL
                    UNION ALL
                    SELECT 0, COALESCE(SUM(p.amount), 0) FROM payments AS p WHERE p.online_payment_id IS NOT NULL AND p.status_id = 1
                    UNION ALL
                    SELECT 0, COALESCE(-SUM(s.amount), 0) FROM online_settlements AS s
                ) AS x
                """,
                row =>
                {
                    proof = proof with { Gateway = Balances.Money(row, 0), GatewayReceived = Balances.Money(row, 1) };
                    Fault(LedgerFault.Gateway, row, 2);
                })
            .Select(
                $"""
                SELECT COALESCE(SUM(IF(y.series = 'RC', y.given, 0)), 0), COALESCE(SUM(y.top - y.given), 0)
                FROM (
                    SELECT x.series, x.year, SUM(x.given) AS given, MAX(x.number) AS top
                    FROM (
                        SELECT 'RC' AS series, CAST(SUBSTRING(p.receipt_number, 4, 4) AS SIGNED) AS year, 1 AS given,
                            CAST(SUBSTRING(p.receipt_number, 9) AS SIGNED) AS number
                        FROM payments AS p WHERE p.receipt_number LIKE 'RC-____-______'
                        UNION ALL
                        SELECT 'RC', CAST(SUBSTRING(r.number, 4, 4) AS SIGNED), 1, CAST(SUBSTRING(r.number, 9) AS SIGNED)
                        FROM replaced_receipts AS r WHERE r.number LIKE 'RC-____-______'
                        UNION ALL
                        SELECT 'TX', CAST(SUBSTRING(e.reference, 4, 4) AS SIGNED), 1, CAST(SUBSTRING(e.reference, 9) AS SIGNED)
                        FROM journal_entries AS e WHERE e.reference LIKE 'TX-____-______'
                        UNION ALL
                        SELECT 'EG', CAST(SUBSTRING(g.number, 4, 4) AS SIGNED), 1, CAST(SUBSTRING(g.number, 9) AS SIGNED)
                        FROM expenses AS g WHERE g.number LIKE 'EG-____-______'
                        UNION ALL
                        SELECT CAST(s.name AS CHAR CHARACTER SET utf8mb4), s.year, 0, s.last_number
                        FROM sequences AS s WHERE s.name IN ('RC', 'TX', 'EG')
                    ) AS x
                    GROUP BY x.series, x.year
                ) AS y
                """,
                row =>
                {
                    proof = proof with { Receipts = Count(row, 0) };
                    Fault(LedgerFault.Numbers, row, 1);
                })
            .Select($"SELECT proven_at FROM ledger_state WHERE id = 1", row => proof = proof with
            {
                ProvenAt = row.IsDBNull(0) ? null : DateTime.SpecifyKind(row.GetDateTime(0), DateTimeKind.Utc),
            });
        if (whole)
        {
            batch.Select(
                $"""
                SELECT COUNT(*)
                FROM (
                    SELECT x.account_id, x.month
                    FROM (
                        SELECT m.account_id, m.month, m.debit, m.credit FROM ledger_months AS m
                        UNION ALL
                        SELECT l.account_id, DATE_SUB(l.posted_on, INTERVAL DAYOFMONTH(l.posted_on) - 1 DAY), -l.debit, -l.credit
                        FROM journal_lines AS l
                        WHERE l.posted_on <= (SELECT s.closed_through FROM ledger_state AS s WHERE s.id = 1)
                    ) AS x
                    GROUP BY x.account_id, x.month HAVING SUM(x.debit) <> 0 OR SUM(x.credit) <> 0
                ) AS y
                """,
                row => Fault(LedgerFault.Months, row, 0));
        }

        await batch.RunAsync(db, ct);
        var funds = await Balances.ReadAsync(db, [fundBank, reserve], db.Building.Today, ct);
        return proof with
        {
            Faults = faults,
            FundBank = funds.GetValueOrDefault(fundBank).Closing,
            Reserve = -funds.GetValueOrDefault(reserve).Closing,
        };
    }

    private static long Count(DbDataReader row, int column) => Convert.ToInt64(row.GetValue(column), CultureInfo.InvariantCulture);
}

/// <summary>Proves the whole books each night and says in the log and to operations what does not agree. It repairs nothing.</summary>
public sealed class LedgerProofJob(PortalStore store, BuildingClock clock) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("ledger_proof");

    /// <summary>After the figures of the day are kept.</summary>
    public static readonly TimeOnly At = new(2, 15);

    internal const string Event = "ledger_proof_failed";

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        var done = await store.WriteAsync(CurrentUser.System, async (db, token) =>
        {
            var proof = await LedgerProof.ReadAsync(db, whole: true, token);
            var state = await db.LedgerState.ForUpdate().SingleAsync(token);
            (state.ProvenAt, state.ProofFailures) = (clock.UtcNow, (int)Math.Min(int.MaxValue, proof.Faults.Values.Sum()));
            var told = proof.Faults.ToDictionary(f => f.Key.ToString(), f => f.Value);
            if (!proof.Agrees) await db.WriteEventAsync(Event, "ledger_state", state.Id, told, token);
            return Result.Done;
        }, ct);
        // The queue tries again what an outage took.
        if (!done.Ok) throw new InvalidOperationException($"The proof of the books could not be kept: {done.Error!.Code}.");
    }
}

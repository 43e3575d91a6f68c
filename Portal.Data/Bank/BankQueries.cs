using Microsoft.EntityFrameworkCore;
using Portal.Data.Building;
using Portal.Data.Ledger;
using Portal.Data.Payments;

namespace Portal.Data.Bank;

/// <summary>What is read of a bank's account, once for every place that needs it. Callers have checked who may see it.</summary>
internal static class BankQueries
{
    /// <summary>Lines of an account that are not in the books.</summary>
    public static IQueryable<BankLine> Open(this IQueryable<BankLine> lines, PortalDb db) =>
        lines.Where(l => !db.BankMatches.Any(m => m.LineId == l.Id && m.Live == true));

    /// <summary>
    /// Bank and books at the end of a month. Before the first line that is known of the bank, books and bank are taken as one: only what
    /// the books have since can be on its way. An entry and what reverses it are not on their way anywhere; nor are opening balances.
    /// </summary>
    public static async Task<BankStanding> StandingAsync(PortalDb db, int accountId, DateOnly month, CancellationToken ct)
    {
        month = BuildingClock.MonthOf(month);
        var day = month.AddMonths(1).AddDays(-1);
        var lines = db.BankLines.AsNoTracking().Where(l => l.AccountId == accountId && l.Day <= day);
        var open = await lines.Open(db).GroupBy(_ => 1).Select(g => new { Count = g.Count(), Sum = g.Sum(l => l.Amount) })
            .SingleOrDefaultAsync(ct);
        var count = await lines.CountAsync(l => l.Day >= month, ct) + await lines.Where(l => l.Day < month).Open(db).CountAsync(ct);
        var books = (await Balances.ReadAsync(db, [accountId], day, ct)).GetValueOrDefault(accountId).Closing;
        var balance = await db.BankReconciliations.Where(r => r.AccountId == accountId && r.Month == month && r.Live == true)
            .Select(r => (decimal?)r.BankBalance).SingleOrDefaultAsync(ct);
        List<TransitItem> transit = [];
        await new SqlBatch()
            .Select(
                $"""
                SELECT e.id, e.posted_on, TRIM(CONCAT(COALESCE(e.reference, ''), ' ', e.memo)), SUM(l.credit - l.debit)
                FROM journal_lines AS l
                INNER JOIN journal_entries AS e ON e.id = l.entry_id
                WHERE l.account_id = {accountId} AND l.posted_on <= {day} AND e.act <> 'opening'
                    AND l.posted_on >= (SELECT MIN(f.day) FROM bank_lines AS f WHERE f.account_id = {accountId})
                    AND NOT EXISTS (
                        SELECT 1 FROM bank_matches AS m INNER JOIN bank_lines AS b ON b.id = m.line_id
                        WHERE m.entry_id = e.id AND m.account_id = {accountId} AND m.live = 1 AND b.day <= {day})
                    AND NOT EXISTS (
                        SELECT 1 FROM journal_entries AS r
                        WHERE r.reverses_id = e.id AND r.posted_on <= {day}
                            AND NOT EXISTS (SELECT 1 FROM bank_matches AS m WHERE m.entry_id = r.id AND m.account_id = {accountId} AND m.live = 1))
                    AND NOT (e.reverses_id IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM bank_matches AS m WHERE m.entry_id = e.reverses_id AND m.account_id = {accountId} AND m.live = 1))
                GROUP BY e.id, e.posted_on, e.reference, e.memo
                HAVING SUM(l.credit - l.debit) <> 0
                ORDER BY e.posted_on, e.id
                """,
                row => transit.Add(new TransitItem(
                    row.GetFieldValue<DateOnly>(1), row.GetString(2), row.GetDecimal(3), row.GetInt64(0), Later: false)))
            .Select(
                $"""
                SELECT e.id, b.day, b.text, m.amount
                FROM bank_matches AS m
                INNER JOIN bank_lines AS b ON b.id = m.line_id
                INNER JOIN journal_entries AS e ON e.id = m.entry_id
                WHERE m.account_id = {accountId} AND m.live = 1 AND b.day <= {day} AND e.posted_on > {day}
                ORDER BY b.day, b.id
                """,
                row => transit.Add(new TransitItem(
                    row.GetFieldValue<DateOnly>(1), row.GetString(2), row.GetDecimal(3), row.GetInt64(0), Later: true)))
            .RunAsync(db, ct);
        return new BankStanding(month, day, balance, transit.Sum(t => t.Amount), books, count, open?.Count ?? 0, open?.Sum ?? 0, transit);
    }

    /// <summary>What is in the books of an account and no line yet, of days around those of the lines.</summary>
    /// <param name="linked">With entries by hand that were reversed: the bank may have done both.</param>
    public static async Task<List<EntryFacts>> EntriesAsync(
        PortalDb db, int accountId, DateOnly from, DateOnly to, bool linked, CancellationToken ct)
    {
        var entries = db.JournalEntries.AsNoTracking()
            .Where(e => e.PostedOn >= from && e.PostedOn <= to && e.Act != JournalAct.Opening && e.Lines.Any(l => l.AccountId == accountId))
            .Where(e => !db.BankMatches.Any(m => m.EntryId == e.Id && m.AccountId == accountId && m.Live == true));
        entries = linked
            ? entries.Where(e =>
                e.Reference != null || (e.ReversesId == null && !db.JournalEntries.Any(r => r.ReversesId == e.Id)))
            : entries.Where(e => e.ReversesId == null && !db.JournalEntries.Any(r => r.ReversesId == e.Id));
        var rows = await entries.OrderBy(e => e.PostedOn).ThenBy(e => e.Id).Take(5_000)
            .Select(e => new
            {
                e.Id, e.PostedOn, e.Act, e.Memo, e.Reference, e.SourceId,
                Amount = e.Lines.Where(l => l.AccountId == accountId).Sum(l => l.Debit - l.Credit),
            }).ToListAsync(ct);
        var sources = rows.Where(r => r.Act == JournalAct.Payment).Select(r => r.SourceId).ToList();
        var payments = sources.Count == 0
            ? []
            : await db.Payments.AsNoTracking().Where(p => sources.Contains(p.Id))
                .Select(p => new
                {
                    p.Id, p.ApartmentId, p.ReferenceNumber, Unit = UnitName.Of(p.Apartment),
                    Payer = db.Profiles.Where(f => f.UserId == p.Owner!.UserId).OrderBy(f => f.Id).Select(f => f.FullName).FirstOrDefault(),
                }).ToDictionaryAsync(p => p.Id, ct);
        return rows.Where(r => r.Amount != 0).Select(r =>
        {
            var payment = r.Act == JournalAct.Payment ? payments.GetValueOrDefault(r.SourceId) : null;
            return new EntryFacts(
                r.Id, r.PostedOn, r.Act, r.Memo, r.Reference, r.Amount, payment?.ApartmentId, payment?.ReferenceNumber,
                payment is null ? null : string.Join(" · ", new[] { payment.Unit, payment.Payer }.OfType<string>()));
        }).ToList();
    }

    public static async Task<List<WaitingFacts>> WaitingAsync(PortalDb db, DateOnly? from, DateOnly? to, CancellationToken ct)
    {
        var waiting = db.Payments.AsNoTracking().Where(p => p.StatusId == PaymentState.Pending && p.ApartmentId != null);
        if (from is { } first) waiting = waiting.Where(p => p.PaymentDate >= first);
        if (to is { } last) waiting = waiting.Where(p => p.PaymentDate <= last);
        return await waiting.OrderBy(p => p.PaymentDate).ThenBy(p => p.Id).Take(2_000)
            .Select(p => new WaitingFacts(
                p.Id, p.ApartmentId!.Value, UnitName.Of(p.Apartment)!,
                db.Profiles.Where(f => f.UserId == p.Owner!.UserId).OrderBy(f => f.Id).Select(f => f.FullName).FirstOrDefault() ?? "",
                p.Amount, p.ReferenceNumber, p.PaymentDate)).ToListAsync(ct);
    }

    /// <summary>Sums that apartments owe, by the sum: each charge, what is due by a day, and all of it.</summary>
    public static async Task<ILookup<decimal, DebtFacts>> DebtsAsync(
        PortalDb db, IReadOnlyCollection<decimal> sums, DateOnly due, CancellationToken ct)
    {
        var asked = sums.Where(s => s > 0).ToHashSet();
        if (asked.Count == 0) return Array.Empty<DebtFacts>().ToLookup(d => d.Amount);
        var charges = await db.Charges.AsNoTracking().Where(c => c.Status == ChargeState.Open && c.Owed > 0)
            .Select(c => new { c.ApartmentId, c.Owed, c.DueOn, c.Concept }).ToListAsync(ct);
        var debts = charges.Where(c => asked.Contains(c.Owed)).Select(c => (c.ApartmentId, What: c.Concept, Amount: c.Owed)).ToList();
        foreach (var apartment in charges.GroupBy(c => c.ApartmentId))
        {
            var (now, all) = (apartment.Where(c => c.DueOn <= due).Sum(c => c.Owed), apartment.Sum(c => c.Owed));
            if (asked.Contains(now)) debts.Add((apartment.Key, "", now));
            if (all != now && asked.Contains(all)) debts.Add((apartment.Key, "", all));
        }

        var units = await UnitsAsync(db, debts.Select(d => d.ApartmentId), ct);
        return debts.Where(d => units.ContainsKey(d.ApartmentId))
            .Select(d => new DebtFacts(d.ApartmentId, units[d.ApartmentId].Unit, d.What, d.Amount)).ToLookup(d => d.Amount);
    }

    public static async Task<Dictionary<long, UnitFacts>> UnitsAsync(PortalDb db, IEnumerable<long> apartments, CancellationToken ct)
    {
        var ids = apartments.Distinct().ToList();
        if (ids.Count == 0) return [];
        return await db.Apartments.AsNoTracking().Where(a => ids.Contains(a.Id))
            .Select(a => new UnitFacts(
                a.Id, UnitName.Of(a),
                db.Profiles.Where(f => f.UserId == a.Owner!.UserId).OrderBy(f => f.Id).Select(f => f.FullName).FirstOrDefault()))
            .ToDictionaryAsync(u => u.Id, ct);
    }

    /// <summary>What each of some lines may be.</summary>
    public static async Task<Dictionary<long, Proposal>> ProposeAsync(
        PortalDb db, LedgerAccount account, IReadOnlyList<LineFacts> lines, CancellationToken ct)
    {
        if (lines.Count == 0) return [];
        var (from, to) = (lines.Min(l => l.Day).AddDays(-BankMatcher.Window), lines.Max(l => l.Day).AddDays(BankMatcher.Window));
        var coded = lines.SelectMany(l => PaymentReference.FindIn($"{l.Reference} | {l.Text}"));
        var costs = await db.LedgerAccounts.Where(a => a.Purpose == AccountPurpose.BankCosts).Select(a => a.Id).SingleAsync(ct);
        var facts = new MatchFacts(
            await WaitingAsync(db, from, to, ct), await EntriesAsync(db, account.Id, from, to, linked: false, ct),
            await UnitsAsync(db, coded, ct),
            await DebtsAsync(db, [.. lines.Select(l => l.Amount)], BuildingClock.MonthOf(to).AddMonths(1).AddDays(-1), ct), costs,
            account.Purpose == AccountPurpose.Bank);
        return BankMatcher.Propose(lines, facts);
    }

    /// <summary>Deposits of which something is left, the oldest first.</summary>
    public static IQueryable<DepositLeft> Left(this IQueryable<UnidentifiedDeposit> deposits, PortalDb db) => deposits
        .Where(d => d.Live == true)
        .Select(d => new DepositLeft
        {
            Deposit = d,
            Left = d.Amount - (db.Payments.Where(p => p.DepositId == d.Id && p.StatusId == PaymentState.Paid).Sum(p => (decimal?)p.Amount) ?? 0),
        })
        .Where(d => d.Left > 0);
}

internal sealed class DepositLeft
{
    public required UnidentifiedDeposit Deposit { get; init; }
    public required decimal Left { get; init; }
}

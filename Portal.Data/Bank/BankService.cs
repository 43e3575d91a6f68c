using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Ledger;
using Portal.Data.Payments;

namespace Portal.Data.Bank;

/// <summary>Reads what the bank says beside what the books say. Needs <see cref="Permissions.BankView"/> throughout.</summary>
public sealed class BankService(PortalStore store, BuildingClock clock)
{
    /// <summary>Lines that are worked on at once; the rest comes when these are done.</summary>
    public const int MostOpen = 300;

    /// <summary>Deposits beside the lines.</summary>
    public const int MostDeposits = 6;

    private const int MostChoices = 50, ChoiceDays = 45;

    /// <summary>Accounts that lie in a bank, by their codes; empty out of reach.</summary>
    public async Task<IReadOnlyList<BankAccountRow>> AccountsAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BankView)) return [];
        await using var db = await store.OpenAsync(user, ct);
        List<BankAccountRow> rows = [];
        foreach (var account in await db.LedgerAccounts.AsNoTracking().InBank().OrderBy(a => a.Code).ToListAsync(ct))
            rows.Add(await RowAsync(db, account, ct));
        return rows;
    }

    /// <summary>Files of an account, the latest first; empty out of reach.</summary>
    public async Task<Page<ImportRow>> ImportsAsync(int accountId, ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BankView)) return Page<ImportRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var page = await db.BankImports.AsNoTracking().Where(i => i.AccountId == accountId).OrderByDescending(i => i.Id)
            .Select(i => new ImportRow(
                i.Id, i.FileName, i.FirstDay, i.LastDay, i.Added, i.Known, i.LeftOut, i.ClosingBalance,
                db.Profiles.Where(p => p.UserId == i.ImportedBy).Select(p => p.FullName).FirstOrDefault(), i.CreatedAt))
            .PageAsync(query, ct);
        return page with { Rows = [.. page.Rows.Select(r => r with { At = Wall(r.At) })] };
    }

    /// <summary>
    /// Lines of an account with what they are, the newest first. Filters: <c>from</c>, <c>to</c>, and <c>state</c>, which is <c>open</c> or
    /// <c>done</c>; the search is for text, reference or an amount. Empty out of reach.
    /// </summary>
    public async Task<Page<BankLineRow>> LinesAsync(int accountId, ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BankView)) return Page<BankLineRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var lines = db.BankLines.AsNoTracking().Where(l => l.AccountId == accountId);
        if (query.FilterDate("from") is { } from) lines = lines.Where(l => l.Day >= from);
        if (query.FilterDate("to") is { } to) lines = lines.Where(l => l.Day <= to);
        if (query.Filter("state") == "open") lines = lines.Open(db);
        else if (query.Filter("state") == "done") lines = lines.Where(l => db.BankMatches.Any(m => m.LineId == l.Id && m.Live == true));
        if (query.Search?.Trim() is { Length: > 0 } text)
        {
            var sum = decimal.TryParse(text.Replace(".", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture, out var typed) ? typed : 0;
            lines = lines.Where(l =>
                EF.Functions.Collate(l.Text, "utf8mb4_unicode_ci").Contains(text) || l.Reference.Contains(text) || l.Amount == sum || l.Amount == -sum);
        }

        lines = query is { Sort: "date", Descending: false }
            ? lines.OrderBy(l => l.Day).ThenBy(l => l.Id)
            : lines.OrderByDescending(l => l.Day).ThenByDescending(l => l.Id);
        var page = await lines.PageAsync(query, ct);
        return new Page<BankLineRow>(await NamedAsync(db, page.Rows, ct), page.Total);
    }

    /// <summary>Bank and books of a month, and what is to be done; null out of reach.</summary>
    /// <param name="month">A day of it; null: the month that is to be reconciled next.</param>
    public async Task<BankWork?> WorkAsync(int accountId, DateOnly? month, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BankView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        if (await db.LedgerAccounts.AsNoTracking().InBank().SingleOrDefaultAsync(a => a.Id == accountId, ct) is not { } account) return null;
        var row = await RowAsync(db, account, ct);
        var of = BuildingClock.MonthOf(month ?? row.Due ?? clock.Today);
        var standing = await BankQueries.StandingAsync(db, accountId, of, ct);
        var lines = await db.BankLines.AsNoTracking().Where(l => l.AccountId == accountId && l.Day <= standing.Day).Open(db)
            .OrderBy(l => l.Day).ThenBy(l => l.Id).Take(MostOpen)
            .Select(l => new LineFacts(l.Id, l.Day, l.Amount, l.Reference, l.Text)).ToListAsync(ct);
        var proposals = await BankQueries.ProposeAsync(db, account, lines, ct);
        var closes = await ClosesAsync(db, accountId, of, ct);
        var file = await db.BankImports.AsNoTracking()
            .Where(i => i.AccountId == accountId && i.ClosingBalance != null && i.LastDay >= of && i.LastDay <= standing.Day)
            .OrderByDescending(i => i.LastDay).ThenByDescending(i => i.Id).Select(i => new { i.ClosingBalance, i.LastDay })
            .FirstOrDefaultAsync(ct);
        var left = db.UnidentifiedDeposits.AsNoTracking().Where(d => d.AccountId == accountId && d.ReceivedOn <= standing.Day).Left(db);
        var deposits = await DepositsAsync(db, left.OrderBy(d => d.Deposit.ReceivedOn).ThenBy(d => d.Deposit.Id).Take(MostDeposits), ct);
        return new BankWork(
            row, standing,
            [.. lines.Select(l => new OpenLine(
                l.Id, l.Day, l.Amount, l.Reference, l.Text, proposals.GetValueOrDefault(l.Id, Proposal.Nothing)))],
            deposits, deposits.Count < MostDeposits ? deposits.Count : await left.CountAsync(ct),
            file is null ? null : new FileBalance(file.ClosingBalance!.Value, file.LastDay),
            closes.Find(c => c.ReopenedAt is null), closes.FindAll(c => c.ReopenedAt is not null));
    }

    /// <summary>What the paper of a month says; of a closed one what was there when it was closed. Null out of reach.</summary>
    /// <param name="month">A day of it; null: the month that is to be reconciled next.</param>
    public async Task<BankPaper?> PaperAsync(int accountId, DateOnly? month, CurrentUser user, CancellationToken ct)
    {
        if (await WorkAsync(accountId, month, user, ct) is not { } work) return null;
        var name = $"{work.Account.Code} {work.Account.Name}";
        if (work.Closed is not { } closed) return new BankPaper(name, work.Standing, work.Lines, null);
        await using var db = await store.OpenAsync(user, ct);
        var kept = await db.BankReconciliations.AsNoTracking()
            .SingleAsync(r => r.AccountId == accountId && r.Month == closed.Month && r.Live == true, ct);
        return new BankPaper(
            name,
            work.Standing with
            {
                Bank = kept.BankBalance, InTransit = kept.InTransit ?? 0, Books = kept.BookBalance ?? 0, Transit = kept.Transit(), Open = 0,
                OpenSum = 0,
            },
            [], closed);
    }

    /// <summary>What one line may be, for who looks by hand; null out of reach.</summary>
    /// <param name="typed">Of the apartment, the payer, the number or the memo; empty: what lies nearest.</param>
    public async Task<LineChoices?> ChoicesAsync(long lineId, string? typed, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BankView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        if (await db.BankLines.AsNoTracking().SingleOrDefaultAsync(l => l.Id == lineId, ct) is not { } line) return null;
        var sought = typed?.Trim() ?? "";
        bool Has(params string?[] parts) =>
            sought.Length == 0 || parts.Any(p => p?.Contains(sought, StringComparison.CurrentCultureIgnoreCase) == true);
        var waiting = line.Amount < 0 ? [] : await BankQueries.WaitingAsync(db, null, null, ct);
        var entries = await BankQueries.EntriesAsync(
            db, line.AccountId, line.Day.AddDays(-ChoiceDays), line.Day.AddDays(ChoiceDays), linked: true, ct);
        var accounts = await db.LedgerAccounts.AsNoTracking().Where(a => a.Status == AccountStatus.Active && a.Id != line.AccountId)
            .OrderBy(a => a.Code).Select(a => new AccountChoice(a.Id, a.Code, a.Name, a.Purpose)).ToListAsync(ct);
        var kept = (await Chart.LookAsync(db, ct)).OfApartments;
        return new LineChoices(
            Choices(waiting.Where(w => Has(w.Unit, w.Payer, w.Reference)), line.Amount, line.Day),
            [.. entries.Where(e => e.Amount == line.Amount && Has(e.Who, e.Memo, e.Number)).OrderBy(e => Far(e.Day, line.Day)).Take(MostChoices)
                .Select(e => new EntryChoice(e.Id, e.Day, e.Act, e.Who is null ? e.Memo : $"{e.Who} · {e.Memo}", e.Number, e.Amount))],
            accounts.FindAll(a => !kept.Contains(a.Id) && a.Purpose != AccountPurpose.Unidentified));
    }

    /// <summary>Reported payments that a sum may be, or be in part: of that sum first, then the nearest. Empty out of reach.</summary>
    public async Task<IReadOnlyList<WaitingChoice>> WaitingAsync(decimal sum, DateOnly day, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BankView)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return Choices(await BankQueries.WaitingAsync(db, null, null, ct), sum, day);
    }

    private static List<WaitingChoice> Choices(IEnumerable<WaitingFacts> waiting, decimal sum, DateOnly day) =>
    [
        .. waiting.Where(w => w.Amount <= sum).OrderBy(w => w.Amount == sum ? 0 : 1).ThenBy(w => Far(w.Day, day)).Take(MostChoices)
            .Select(w => new WaitingChoice(w.Id, w.ApartmentId, w.Unit, w.Payer, w.Amount, w.Reference, w.Day)),
    ];

    private static int Far(DateOnly one, DateOnly other) => Math.Abs(one.DayNumber - other.DayNumber);

    /// <summary>Deposits of every account of which something is left, the oldest first; empty out of reach.</summary>
    public async Task<Page<UnidentifiedRow>> DepositsAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BankView)) return Page<UnidentifiedRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var left = db.UnidentifiedDeposits.AsNoTracking().Left(db);
        var total = await left.CountAsync(ct);
        var size = Math.Clamp(query.Size, 1, ListQuery.LargestPage);
        var page = Math.Clamp(query.Page, 1, Math.Max(1, (total + size - 1) / size));
        var rows = left.OrderBy(d => d.Deposit.ReceivedOn).ThenBy(d => d.Deposit.Id).Skip((page - 1) * size).Take(size);
        return new Page<UnidentifiedRow>(await DepositsAsync(db, rows, ct), total);
    }

    /// <summary>One deposit of which something is left; null out of reach.</summary>
    public async Task<UnidentifiedRow?> DepositAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BankView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        return (await DepositsAsync(db, db.UnidentifiedDeposits.AsNoTracking().Where(d => d.Id == id).Left(db), ct)).SingleOrDefault();
    }

    private async Task<BankAccountRow> RowAsync(PortalDb db, LedgerAccount account, CancellationToken ct)
    {
        var lines = db.BankLines.AsNoTracking().Where(l => l.AccountId == account.Id);
        var first = await lines.MinAsync(l => (DateOnly?)l.Day, ct);
        var last = await lines.MaxAsync(l => (DateOnly?)l.Day, ct);
        var open = await lines.Open(db).GroupBy(_ => 1).Select(g => new { Count = g.Count(), Sum = g.Sum(l => l.Amount) })
            .SingleOrDefaultAsync(ct);
        var left = await db.UnidentifiedDeposits.AsNoTracking().Where(d => d.AccountId == account.Id).Left(db)
            .Select(d => new { d.Left, d.Deposit.ReceivedOn }).ToListAsync(ct);
        var books = (await Balances.ReadAsync(db, [account.Id], clock.Today, ct)).GetValueOrDefault(account.Id).Closing;
        var closed = await db.BankReconciliations.Where(r => r.AccountId == account.Id && r.Live == true && r.ClosedAt != null)
            .MaxAsync(r => (DateOnly?)r.Month, ct);
        DateOnly? due = closed is { } month ? month.AddMonths(1) : first is { } day ? BuildingClock.MonthOf(day) : null;
        return new BankAccountRow(
            account.Id, account.Code, account.Name, books, first, last, open?.Count ?? 0, open?.Sum ?? 0, left.Count, left.Sum(d => d.Left),
            left.Count == 0 ? null : left.Min(d => d.ReceivedOn), closed, due);
    }

    private async Task<List<BankClose>> ClosesAsync(PortalDb db, int accountId, DateOnly month, CancellationToken ct)
    {
        var rows = await db.BankReconciliations.AsNoTracking()
            .Where(r => r.AccountId == accountId && r.Month == month && r.ClosedAt != null).OrderByDescending(r => r.Id)
            .Select(r => new
            {
                Row = r,
                By = db.Profiles.Where(p => p.UserId == r.ClosedBy).Select(p => p.FullName).FirstOrDefault(),
                Again = db.Profiles.Where(p => p.UserId == r.ReopenedBy).Select(p => p.FullName).FirstOrDefault(),
            }).ToListAsync(ct);
        return rows.ConvertAll(r => new BankClose(
            r.Row.Month, r.Row.BankBalance, r.Row.InTransit ?? 0, r.Row.BookBalance ?? 0, r.By, Wall(r.Row.ClosedAt), r.Again,
            Wall(r.Row.ReopenedAt), r.Row.ReopenReason));
    }

    private async Task<List<UnidentifiedRow>> DepositsAsync(PortalDb db, IQueryable<DepositLeft> deposits, CancellationToken ct)
    {
        var rows = await deposits
            .Select(d => new
            {
                d.Deposit.Id, d.Deposit.AccountId, Account = d.Deposit.Account!.Code + " " + d.Deposit.Account.Name, d.Deposit.ReceivedOn,
                d.Deposit.Memo, d.Deposit.Amount, d.Left,
            }).ToListAsync(ct);
        var debts = await BankQueries.DebtsAsync(db, [.. rows.Select(r => r.Left)], clock.Today, ct);
        return rows.ConvertAll(r => new UnidentifiedRow(
            r.Id, r.AccountId, r.Account, r.ReceivedOn, r.Memo, r.Amount, r.Left, clock.Today.DayNumber - r.ReceivedOn.DayNumber,
            debts[r.Left].Select(d => d.ApartmentId).Distinct().Count()));
    }

    private async Task<List<BankLineRow>> NamedAsync(PortalDb db, IReadOnlyList<BankLine> lines, CancellationToken ct)
    {
        var ids = lines.Select(l => l.Id).ToList();
        var matches = (await db.BankMatches.AsNoTracking().Where(m => ids.Contains(m.LineId) && m.Live == true).OrderBy(m => m.Id)
            .Select(m => new
            {
                m.LineId, m.How, m.CreatedAt, m.EntryId, m.Entry!.Act, m.Entry.SourceId, m.Entry.Memo, m.Entry.Reference,
                Unit = db.Payments.Where(p => m.Entry.Act == JournalAct.Payment && p.Id == m.Entry.SourceId)
                    .Select(p => p.Apartment!.Tower!.Name + " " + p.Apartment.ApartmentNumber).FirstOrDefault(),
                By = db.Profiles.Where(p => p.UserId == m.MadeBy).Select(p => p.FullName).FirstOrDefault(),
            }).ToListAsync(ct)).ToLookup(m => m.LineId);
        return
        [
            .. lines.Select(l =>
            {
                var of = matches[l.Id].ToList();
                var first = of.FirstOrDefault();
                return new BankLineRow(
                    l.Id, l.Day, l.Text, l.Reference, l.Amount, first?.How,
                    first is null
                        ? null
                        : string.Join(" + ", of.Select(m => m.Unit is { } unit ? $"{unit} · {m.Memo.Split(' ')[0]}" : $"{m.Reference} {m.Memo}".Trim())),
                    first?.By, Wall(first?.CreatedAt), first?.Act == JournalAct.Payment ? first.SourceId : null, first?.EntryId);
            }),
        ];
    }

    private DateTime? Wall(DateTime? utc) => utc is { } instant ? clock.ToWall(instant) : null;
}

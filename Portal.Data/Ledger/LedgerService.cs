using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;

namespace Portal.Data.Ledger;

/// <summary>An account in the trial balance. Pesos; a balance above zero stands on the debit side, below on the credit side.</summary>
/// <param name="Opening">At the end of the month before.</param>
/// <param name="Debit">Of the month, through the day.</param>
/// <param name="Credit">Of the month, through the day.</param>
public sealed record TrialRow(
    int Id, string Code, string Name, AccountPurpose? Purpose, AccountStatus Status, decimal? MinimumBalance, decimal? DailyLimit,
    decimal Opening, decimal Debit, decimal Credit)
{
    public decimal Closing => Opening + Debit - Credit;

    /// <summary>1 assets, 2 liabilities, 3 equity, 4 income, 5 costs.</summary>
    public int Class => Code[0] - '0';

    /// <summary>Nothing is in it and nothing moved.</summary>
    public bool Idle => Opening == 0 && Debit == 0 && Credit == 0;
}

/// <summary>Every account's balance as of a day.</summary>
/// <param name="ClosedThrough">The last closed day; null while no month is closed.</param>
/// <param name="Closable">The first day of the month that is to be closed next; null where there is none, or it has not ended.</param>
/// <param name="Rows">By their codes.</param>
public sealed record TrialBalance(DateOnly Day, DateOnly? ClosedThrough, DateOnly? Closable, IReadOnlyList<TrialRow> Rows)
{
    public DateOnly Month => new(Day.Year, Day.Month, 1);

    public bool IsClosed => Day <= ClosedThrough;
}

/// <summary>What an account brought or cost in each month of a year. Pesos, both above zero; a discount is income below zero.</summary>
/// <param name="Months">Twelve, January first.</param>
public sealed record ResultRow(int AccountId, string Code, string Name, IReadOnlyList<decimal> Months)
{
    public bool Income => Code[0] == '4';

    public decimal Total => Months.Sum();
}

/// <summary>Income and costs of a year by the books.</summary>
/// <param name="First">The first year that has entries.</param>
/// <param name="Rows">Accounts that moved, by their codes.</param>
public sealed record YearResult(int Year, int First, IReadOnlyList<ResultRow> Rows)
{
    /// <summary>Income less costs of a month, 0 to 11.</summary>
    public decimal Of(int month) => Rows.Sum(r => r.Income ? r.Months[month] : -r.Months[month]);

    public decimal Total => Enumerable.Range(0, 12).Sum(Of);
}

/// <summary>A line of an account, with the entry it is part of.</summary>
/// <param name="SourceId">The row that the act is about (<see cref="JournalEntry.SourceId"/>).</param>
/// <param name="Amount">Pesos: debit above zero, credit below.</param>
public sealed record MovementRow(
    long EntryId, int Line, DateOnly PostedOn, JournalAct Act, long SourceId, string Memo, string? Reference, long? ApartmentId,
    string? Unit, decimal Amount);

/// <summary>What the balance of what apartments owe is made of, by their charges. Pesos.</summary>
/// <param name="Due">Not overdue, to be paid by the end of the month.</param>
/// <param name="Later">To be paid after it.</param>
/// <param name="Apartments">How many owe something.</param>
public sealed record ReceivableParts(decimal Overdue, decimal Due, decimal Later, int Apartments)
{
    public decimal Total => Overdue + Due + Later;
}

/// <summary>An account as of a day, with its latest lines of the month.</summary>
/// <param name="Parts">Of what apartments owe, today; else null.</param>
/// <param name="Latest">Newest first, at most <see cref="LedgerService.Shown"/>.</param>
/// <param name="Movements">How many lines it has in the month, through the day.</param>
public sealed record AccountView(TrialRow Account, DateOnly Day, ReceivableParts? Parts, IReadOnlyList<MovementRow> Latest, int Movements);

/// <summary>A line of an entry.</summary>
public sealed record EntryLine(int AccountId, string Code, string Account, long? ApartmentId, string? Unit, decimal Debit, decimal Credit);

/// <summary>An entry of the journal.</summary>
/// <param name="By">Who posted it; null: the portal.</param>
/// <param name="At">When it was written, UTC.</param>
/// <param name="ReversedById">The entry that reverses it; null while it stands.</param>
/// <param name="OtherReference">The number of the entry that reverses it, or that it reverses.</param>
/// <param name="Lines">The first <see cref="LedgerService.MostLines"/> of <paramref name="Count"/>: a run of fees has one for each
/// apartment.</param>
public sealed record EntryView(
    long Id, DateOnly PostedOn, JournalAct Act, long SourceId, string Memo, string? Reference, string? By, DateTime? At, long? ReversesId,
    long? ReversedById, string? OtherReference, int Count, IReadOnlyList<EntryLine> Lines)
{
    /// <summary>Somebody posted it by hand, and it stands: so it can be reversed by hand.</summary>
    public bool Reversible => Reference is not null && ReversesId is null && ReversedById is null;
}

/// <summary>Reads the books. Needs <see cref="Permissions.LedgerView"/> throughout.</summary>
public sealed class LedgerService(PortalStore store, BuildingClock clock)
{
    /// <summary>Lines beside the balance.</summary>
    public const int Shown = 12;

    /// <summary>Lines of one entry on its page.</summary>
    public const int MostLines = 400;

    /// <summary>Every account as of a day, later days left out; null out of reach.</summary>
    public async Task<TrialBalance?> BalanceAsync(DateOnly day, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.LedgerView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var rows = await RowsAsync(db, db.LedgerAccounts, day, ct);
        var closed = await db.LedgerState.Select(s => s.ClosedThrough).SingleAsync(ct);
        var next = await LedgerClosing.NextAsync(db, closed, ct);
        return new TrialBalance(day, closed, next is { } month && month.AddMonths(1) <= clock.Today ? month : null, rows);
    }

    /// <summary>One account; null out of reach.</summary>
    public async Task<AccountView?> AccountAsync(int id, DateOnly day, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.LedgerView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        if (await RowsAsync(db, db.LedgerAccounts.Where(a => a.Id == id), day, ct) is not [var account]) return null;
        var month = new DateOnly(day.Year, day.Month, 1);
        var lines = db.JournalLines.AsNoTracking().Where(l => l.AccountId == id && l.PostedOn >= month && l.PostedOn <= day);
        var latest = await Rows(NewestFirst(lines)).Take(Shown).ToListAsync(ct);
        var count = latest.Count < Shown ? latest.Count : await lines.CountAsync(ct);
        // Charges say what they are now, not what they were.
        var parts = day == clock.Today ? await PartsAsync(db, id, day, ct) : null;
        return new AccountView(account, day, parts, latest, count);
    }

    /// <summary>
    /// The lines of an account, the newest first. Filters: <c>from</c>, <c>to</c> and <c>act</c>; the search is for memo, number or
    /// apartment's number.
    /// </summary>
    public async Task<Page<MovementRow>> MovementsAsync(int id, ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.LedgerView)) return Page<MovementRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        return await Rows(Ordered(Filtered(db, id, query), query)).PageAsync(query, ct);
    }

    /// <summary>All that <see cref="MovementsAsync"/> finds, for a file; nothing out of reach.</summary>
    public async IAsyncEnumerable<MovementRow> ExportAsync(
        int id, ListQuery query, CurrentUser user, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        if (!user.Can(Permissions.LedgerView)) yield break;
        await using var db = await store.OpenAsync(user, ct);
        // What is posted meanwhile changes no line and takes none away: they can be read as they come.
        await foreach (var row in Rows(Ordered(Filtered(db, id, query), query)).AsAsyncEnumerable().WithCancellation(ct)) yield return row;
    }

    /// <summary>One entry with its lines; null out of reach.</summary>
    public async Task<EntryView?> EntryAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.LedgerView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var found = await db.JournalEntries.AsNoTracking().Where(e => e.Id == id)
            .Select(e => new
            {
                Entry = e,
                By = db.Profiles.Where(p => p.UserId == e.CreatedBy).Select(p => p.FullName).FirstOrDefault(),
                Reversed = db.JournalEntries.Where(r => r.ReversesId == e.Id).Select(r => (long?)r.Id).FirstOrDefault(),
                Other = db.JournalEntries.Where(r => r.ReversesId == e.Id || r.Id == e.ReversesId).Select(r => r.Reference)
                    .FirstOrDefault(),
                Count = e.Lines.Count,
            }).SingleOrDefaultAsync(ct);
        if (found is null) return null;
        var lines = await db.JournalLines.AsNoTracking().Where(l => l.EntryId == id).OrderBy(l => l.Line).Take(MostLines)
            .Select(l => new EntryLine(
                l.AccountId, l.Account!.Code, l.Account.Name, l.ApartmentId, UnitName.Of(l.Apartment), l.Debit, l.Credit)).ToListAsync(ct);
        var entry = found.Entry;
        return new EntryView(
            entry.Id, entry.PostedOn, entry.Act, entry.SourceId, entry.Memo, entry.Reference, found.By, entry.CreatedAt, entry.ReversesId,
            found.Reversed, found.Other, found.Count, lines);
    }

    /// <summary>
    /// Whether the books agree at this moment: what was posted since the last closed month, and every apartment. Null out of reach.
    /// </summary>
    public async Task<LedgerProof?> ProofAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.LedgerView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        return await LedgerProof.ReadAsync(db, whole: false, ct);
    }

    /// <summary>Income and costs of a year, month by month; null out of reach.</summary>
    public async Task<YearResult?> ResultAsync(int year, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.LedgerView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var accounts = await db.LedgerAccounts.AsNoTracking().Where(a => a.Code.StartsWith("4") || a.Code.StartsWith("5"))
            .OrderBy(a => a.Code).ToListAsync(ct);
        var january = new DateOnly(year, 1, 1);
        var sums = await MonthSums.ReadAsync(db, accounts.ConvertAll(a => (long)a.Id), january, january.AddYears(1).AddDays(-1), ct);
        var first = await db.JournalEntries.OrderBy(e => e.PostedOn).Select(e => (DateOnly?)e.PostedOn).FirstOrDefaultAsync(ct);
        return new YearResult(
            year, first?.Year ?? clock.Today.Year,
            accounts.ConvertAll(a =>
            {
                var sign = a.Code[0] == '4' ? -1 : 1;
                return new ResultRow(
                    a.Id, a.Code, a.Name,
                    [.. Enumerable.Range(0, 12).Select(m => sign * sums.GetValueOrDefault((a.Id, january.AddMonths(m))))]);
            }).FindAll(r => r.Months.Any(m => m != 0)));
    }

    private static async Task<List<TrialRow>> RowsAsync(PortalDb db, IQueryable<LedgerAccount> of, DateOnly day, CancellationToken ct)
    {
        var accounts = await of.AsNoTracking().OrderBy(a => a.Code).ToListAsync(ct);
        var sums = await Balances.ReadAsync(db, accounts.ConvertAll(a => (long)a.Id), day, ct);
        return accounts.ConvertAll(a =>
        {
            var sum = sums.GetValueOrDefault(a.Id);
            return new TrialRow(
                a.Id, a.Code, a.Name, a.Purpose, a.Status, a.MinimumBalance, a.DailyLimit, sum.Opening, sum.Debit, sum.Credit);
        });
    }

    private static async Task<ReceivableParts?> PartsAsync(PortalDb db, int account, DateOnly today, CancellationToken ct)
    {
        if (!(await Chart.LookAsync(db, ct)).Owed.Contains(account)) return null;
        var (parts, end) = (new ReceivableParts(0, 0, 0, 0), new DateOnly(today.Year, today.Month, 1).AddMonths(1).AddDays(-1));
        // As where it is posted: a charge of before has no concept, and the first of its kind stands for it.
        await new SqlBatch().Select(
            $"""
            SELECT SUM(IF(c.due_on < {today}, c.owed, 0)), SUM(IF(c.due_on BETWEEN {today} AND {end}, c.owed, 0)),
                SUM(IF(c.due_on > {end}, c.owed, 0)), COUNT(DISTINCT IF(c.owed > 0, c.apartment_id, NULL))
            FROM charges AS c
            INNER JOIN concepts AS k ON k.id = COALESCE(c.concept_id, (SELECT MIN(f.id) FROM concepts AS f WHERE f.kind = c.kind))
            WHERE c.status = 'open' AND k.receivable_account_id = {account}
            """,
            row => parts = new ReceivableParts(
                Balances.Money(row, 0), Balances.Money(row, 1), Balances.Money(row, 2), (int)row.GetInt64(3))).RunAsync(db, ct);
        return parts;
    }

    private static IQueryable<JournalLine> Filtered(PortalDb db, int account, ListQuery query)
    {
        var lines = db.JournalLines.AsNoTracking().Where(l => l.AccountId == account);
        if (query.FilterDate("from") is { } from) lines = lines.Where(l => l.PostedOn >= from);
        if (query.FilterDate("to") is { } to) lines = lines.Where(l => l.PostedOn <= to);
        if (query.Filter<JournalAct>("act") is { } act) lines = lines.Where(l => l.Entry!.Act == act);
        if (query.Search?.Trim() is { Length: > 0 } text)
        {
            lines = lines.Where(l =>
                l.Entry!.Memo.Contains(text) || l.Entry.Reference == text || l.Apartment!.ApartmentNumber == text
                || l.Apartment.Tower!.Name + " " + l.Apartment.ApartmentNumber == text);
        }

        return lines;
    }

    private static IOrderedQueryable<JournalLine> Ordered(IQueryable<JournalLine> lines, ListQuery query) =>
        query is { Sort: "date", Descending: false }
            ? lines.OrderBy(l => l.PostedOn).ThenBy(l => l.EntryId).ThenBy(l => l.Line)
            : NewestFirst(lines);

    private static IOrderedQueryable<JournalLine> NewestFirst(IQueryable<JournalLine> lines) =>
        lines.OrderByDescending(l => l.PostedOn).ThenByDescending(l => l.EntryId).ThenBy(l => l.Line);

    private static IQueryable<MovementRow> Rows(IQueryable<JournalLine> lines) => lines.Select(l => new MovementRow(
        l.EntryId, l.Line, l.PostedOn, l.Entry!.Act, l.Entry.SourceId, l.Entry.Memo, l.Entry.Reference, l.ApartmentId,
        UnitName.Of(l.Apartment), l.Debit - l.Credit));
}

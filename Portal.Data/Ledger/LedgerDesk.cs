using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Operations;

namespace Portal.Data.Ledger;

/// <summary>One side of an entry by hand, in whole pesos: debit or credit, the other zero.</summary>
public sealed record HandLine(int AccountId, decimal Debit, decimal Credit);

/// <summary>An entry of several lines.</summary>
/// <param name="Day">The day it counts for: in an open month, not after today.</param>
/// <param name="Memo">Why; at most 200 letters.</param>
public sealed record HandEntry(DateOnly Day, string? Memo, IReadOnlyList<HandLine> Lines);

/// <summary>Money that is moved in one of the ways that have a name.</summary>
/// <param name="Amount">Whole pesos, above zero.</param>
/// <param name="Memo">May be empty: then the act speaks for itself.</param>
public sealed record MoneyMove(DateOnly Day, decimal Amount, string? Memo = null);

/// <summary>What is taken out of the reserve (Ley 675 of 2001, art. 35), with the minutes that decided it.</summary>
/// <param name="Amount">Whole pesos, at most what lies in it.</param>
/// <param name="Act">As the minutes are called: <c>14 de 2026</c>.</param>
public sealed record ReserveUse(DateOnly Day, decimal Amount, string? Act, string? Purpose)
{
    public const int LongestAct = 40, LongestPurpose = 130;
}

/// <summary>What was posted.</summary>
/// <param name="EntryId">The first, where there are two.</param>
/// <param name="Reference">Its number.</param>
public sealed record Posted(long EntryId, string Reference);

/// <summary>
/// Posts by hand what no charge and no payment tells, and reverses it. Needs <see cref="Permissions.LedgerPost"/> throughout. The accounts
/// of the apartments are out of its reach: only what they are charged and pay moves those. Locks, in this order: the state of the books for
/// reading, the accounts by id, the series of numbers.
/// </summary>
/// <remarks>
/// Refusals of everything that posts: <c>required</c> and <c>too_long</c> of the memo, <c>ledger.amount</c>, <c>ledger.day.future</c>,
/// <c>ledger.month.closed</c> with the last closed day, <c>ledger.lines.two</c>, <c>ledger.unbalanced</c> with both sums,
/// <c>ledger.account.gone</c>, <c>.apartments</c>, <c>.frozen</c>, <c>.closed</c> with the account, <c>ledger.minimum</c> and
/// <c>ledger.limit</c> with the account and what may still be taken out.
/// </remarks>
public sealed class LedgerDesk(PortalStore store, BuildingClock clock)
{
    private const int LongestMemo = 200;

    /// <summary>Money goes out by these; a receipt that is voided is not money that somebody took out.</summary>
    private static readonly JournalAct[] TakingOut =
        [JournalAct.Manual, JournalAct.Transfer, JournalAct.BankCost, JournalAct.ExpensePayment, JournalAct.Refund];

    /// <summary>Any entry whose debit is its credit.</summary>
    public Task<Result<Posted>> PostAsync(HandEntry entry, CurrentUser user, CancellationToken ct) =>
        PostAsync(entry.Day, _ => [new Part(JournalAct.Manual, entry.Memo, entry.Lines)], user, ct);

    /// <summary>What was there before the books: what the lines do not balance is the result of earlier years.</summary>
    public Task<Result<Posted>> OpenAsync(HandEntry entry, CurrentUser user, CancellationToken ct) => PostAsync(
        entry.Day,
        chart =>
        {
            var rest = entry.Lines.Sum(l => l.Debit - l.Credit);
            List<HandLine> lines = [.. entry.Lines];
            if (rest != 0) lines.Add(new HandLine(chart[AccountPurpose.Result], Math.Max(-rest, 0), Math.Max(rest, 0)));
            return [new Part(JournalAct.Opening, entry.Memo, lines)];
        },
        user, ct);

    /// <summary>From the bank to the bank of the reserve.</summary>
    public Task<Result<Posted>> TransferAsync(MoneyMove move, CurrentUser user, CancellationToken ct) => PostAsync(
        move.Day, chart => [Between(JournalAct.Transfer, move, chart, AccountPurpose.FundBank, AccountPurpose.Bank, TransferMemo)],
        user, ct);

    /// <summary>
    /// Adds to the reserve: the money goes to its bank, and the contribution is a cost that stays in equity (Ley 675 of 2001, art. 35). Two
    /// entries, reversed together.
    /// </summary>
    public Task<Result<Posted>> ContributeAsync(MoneyMove move, CurrentUser user, CancellationToken ct) => PostAsync(
        move.Day,
        chart =>
        [
            Between(JournalAct.Transfer, move, chart, AccountPurpose.FundBank, AccountPurpose.Bank, ReserveMemo),
            Between(JournalAct.Reserve, move, chart, AccountPurpose.ReserveCosts, AccountPurpose.Reserve, ReserveMemo),
        ],
        user, ct);

    /// <summary>
    /// Uses the reserve: the money goes from its bank to the bank, and what is used leaves the reserve for the result of earlier years, out
    /// of which it was put aside. What is bought with it is a cost of its own. Two entries, reversed together.
    /// </summary>
    /// <returns>Refused besides: <c>required</c> and <c>too_long</c> of the minutes, <c>reserve.over</c> with what lies in the reserve and
    /// in its bank, the lesser of them.</returns>
    public Task<Result<Posted>> UseReserveAsync(ReserveUse use, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.LedgerPost)) return Task.FromResult<Result<Posted>>(Error.Forbidden);
        var errors = new List<Error>();
        if (use.Act.TrimToNull() is not { } act) errors.Add(Error.Required(nameof(use.Act)));
        else if (act.Length > ReserveUse.LongestAct) errors.Add(Error.TooLong(nameof(use.Act), ReserveUse.LongestAct));
        if (use.Purpose.TrimToNull() is not { } purpose) errors.Add(Error.Required(nameof(use.Purpose)));
        else if (purpose.Length > ReserveUse.LongestPurpose) errors.Add(Error.TooLong(nameof(use.Purpose), ReserveUse.LongestPurpose));
        if (errors.Count > 0) return Task.FromResult<Result<Posted>>(errors);
        var move = new MoneyMove(use.Day, use.Amount, $"Uso del fondo, acta {use.Act!.Trim()}: {use.Purpose!.Trim()}");
        return PostAsync(
            use.Day,
            chart =>
            [
                Between(JournalAct.Transfer, move, chart, AccountPurpose.Bank, AccountPurpose.FundBank, ReserveMemo),
                Between(JournalAct.Manual, move, chart, AccountPurpose.Reserve, AccountPurpose.Result, ReserveMemo),
            ],
            user, ct,
            async (db, chart, token) =>
            {
                var (reserve, bank) = (chart[AccountPurpose.Reserve], chart[AccountPurpose.FundBank]);
                var held = await Balances.ReadAsync(db, [reserve, bank], DateOnly.MaxValue, token);
                var least = Math.Min(-held.GetValueOrDefault(reserve).Closing, held.GetValueOrDefault(bank).Closing);
                return use.Amount > least ? new Error("reserve.over", nameof(use.Amount), Math.Max(least, 0)) : null;
            });
    }

    /// <summary>What the bank took for itself.</summary>
    public Task<Result<Posted>> BankCostAsync(MoneyMove move, CurrentUser user, CancellationToken ct) => PostAsync(
        move.Day, chart => [Between(JournalAct.BankCost, move, chart, AccountPurpose.BankCosts, AccountPurpose.Bank, BankCostMemo)],
        user, ct);

    /// <summary>
    /// Takes back what was posted by hand, with what was posted together with it, by entries of today. Whoever comes second is told who was
    /// first. Frozen accounts allow it, limits do not stand in its way.
    /// </summary>
    /// <returns>Refusals: <c>required</c> without a reason, <c>too_long</c>, <c>not_found</c>, <c>ledger.reverse.not_by_hand</c>,
    /// <c>ledger.reverse.done</c> with who reversed it, when, and by which number; <c>ledger.account.closed</c>.</returns>
    public async Task<Result<Posted>> ReverseAsync(long entryId, string? reason, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.LedgerPost)) return Error.Forbidden;
        if (reason.TrimToNull() is not { } why) return Error.Required("Reason");
        if (why.Length > LongestMemo) return Error.TooLong("Reason", LongestMemo);
        return await store.WriteAsync(user, (db, token) => ReverseInAsync(db, entryId, why, clock, token), ct);
    }

    /// <summary>
    /// Books a movement that the bank has already made, in the transaction that is open: no limit stops what is done. A day in a closed
    /// month is written down in the open one. The caller has checked who may.
    /// </summary>
    /// <param name="amount">Above zero; banks count cents.</param>
    internal static async Task<Result<Posted>> BookAsync(
        PortalDb db, JournalAct act, DateOnly day, string memo, int debit, int credit, decimal amount, BuildingClock clock,
        CancellationToken ct)
    {
        var chart = await Chart.ReadAsync(db, ct);
        var part = new Part(act, memo, [new(debit, amount, 0), new(credit, 0, amount)]);
        return await PostInAsync(db, chart, chart.Open(day, clock.Today), [part], moved: true, clock, ct);
    }

    /// <summary>As <see cref="ReverseAsync"/>, in the transaction that is open; the caller has checked who may.</summary>
    internal static async Task<Result<Posted>> ReverseInAsync(
        PortalDb db, long entryId, string why, BuildingClock clock, CancellationToken token)
    {
        var chart = await Chart.ReadAsync(db, token);
        if (await db.JournalEntries.AsNoTracking().SingleOrDefaultAsync(e => e.Id == entryId, token) is not { } asked)
            return Error.NotFound;
        if (asked.Reference is null || asked.ReversesId is not null) return new Error("ledger.reverse.not_by_hand");

        // What was posted together has one source; claimed by the row before anything is written.
        var originals = await db.JournalEntries.AsNoTracking()
            .Where(e => e.SourceId == asked.SourceId && e.Reference != null && e.ReversesId == null)
            .OrderBy(e => e.Id).ForUpdate().ToListAsync(token);
        var ids = originals.ConvertAll(e => e.Id);
        if (await ReversedAsync(db, ids, token) is { } done) return done;
        var lines = await db.JournalLines.AsNoTracking().Where(l => ids.Contains(l.EntryId))
            .OrderBy(l => l.EntryId).ThenBy(l => l.Line).ToListAsync(token);
        var accounts = await LockAsync(db, lines.Select(l => l.AccountId), token);
        // Of before invoices were there: what they owe now is an invoice, which is voided.
        if (accounts.GetValueOrDefault(chart.OfSuppliers) is { } suppliers)
            return new Error("ledger.account.suppliers", null, Name(suppliers));
        if (accounts.Values.FirstOrDefault(a => a.Status == AccountStatus.Closed) is { } closed)
            return new Error("ledger.account.closed", null, Name(closed));
        Posted? first = null;
        foreach (var original in originals)
        {
            var number = await Numbering.NextAsync(db, Series, clock.Today.Year, token);
            var draft = new Draft(JournalAct.Reversal, () => original.Id, clock.Today, why)
            {
                ReversesId = original.Id, Reference = number,
            };
            foreach (var line in lines.Where(l => l.EntryId == original.Id))
                draft.Move(line.AccountId, line.ApartmentId, line.Credit - line.Debit);
            var id = await Journal.PostAsync(db, draft, chart, token);
            await db.WriteEventAsync(
                "ledger_reversed", "journal_entries", id,
                new { reference = number, reverses = original.Reference, reason = why }, token);
            first ??= new Posted(id, number);
        }

        return first!;
    }

    private const string Series = "TX";

    // The books speak the country's language, whoever writes in them.
    private const string TransferMemo = "Traslado al banco del fondo",
        ReserveMemo = "Aporte al fondo de imprevistos",
        BankCostMemo = "Gastos bancarios";

    private static Part Between(
        JournalAct act, MoneyMove move, Chart chart, AccountPurpose debit, AccountPurpose credit, string memo) =>
        new(act, move.Memo.TrimToNull() ?? memo, [new(chart[debit], move.Amount, 0), new(chart[credit], 0, move.Amount)]);

    private async Task<Result<Posted>> PostAsync(
        DateOnly day, Func<Chart, IReadOnlyList<Part>> made, CurrentUser user, CancellationToken ct,
        Func<PortalDb, Chart, CancellationToken, Task<Error?>>? refuses = null)
    {
        if (!user.Can(Permissions.LedgerPost)) return Error.Forbidden;
        return await store.WriteAsync<Posted>(user, async (db, token) =>
        {
            var chart = await Chart.ReadAsync(db, token);
            return await PostInAsync(db, chart, day, made(chart), moved: false, clock, token, refuses);
        }, ct);
    }

    /// <param name="moved">The bank has done it already: limits come too late, and cents are what they are.</param>
    private static async Task<Result<Posted>> PostInAsync(
        PortalDb db, Chart chart, DateOnly day, IReadOnlyList<Part> parts, bool moved, BuildingClock clock, CancellationToken token,
        Func<PortalDb, Chart, CancellationToken, Task<Error?>>? refuses = null)
    {
        var errors = parts.SelectMany(p => Check(p, moved)).Distinct().ToList();
        if (day > clock.Today) errors.Add(new Error("ledger.day.future", nameof(HandEntry.Day)));
        else if (day <= chart.ClosedThrough) errors.Add(new Error("ledger.month.closed", nameof(HandEntry.Day), chart.ClosedThrough));
        if (errors.Count > 0) return errors;
        var lines = parts.SelectMany(p => p.Lines).ToList();
        var accounts = await LockAsync(db, lines.Select(l => l.AccountId), token);
        if (await RefusedAsync(db, day, lines, accounts, chart, moved, token) is { Count: > 0 } refused) return refused;
        if (refuses is not null && await refuses(db, chart, token) is { } more) return more;

        Posted? first = null;
        foreach (var part in parts)
        {
            var number = await Numbering.NextAsync(db, Series, day.Year, token);
            first ??= new Posted(0, number);
            var source = SourceOf(first.Reference);
            var draft = new Draft(part.Act, () => source, day, part.Memo!.Trim()) { Reference = number };
            foreach (var line in part.Lines) draft.Move(line.AccountId, null, line.Debit - line.Credit);
            var id = await Journal.PostAsync(db, draft, chart, token);
            await db.WriteEventAsync(
                "ledger_posted", "journal_entries", id,
                new { reference = number, memo = part.Memo, posted_on = day, amount = part.Lines.Sum(l => l.Debit) }, token);
            if (first.EntryId == 0) first = first with { EntryId = id };
        }

        return first!;
    }

    /// <summary>
    /// What has no row of its own is about its number: <c>TX-2026-000012</c> is 2026000012, which no other source reaches.
    /// </summary>
    private static long SourceOf(string reference) =>
        long.Parse(reference.AsSpan(3, 4), System.Globalization.CultureInfo.InvariantCulture) * 1_000_000
        + long.Parse(reference.AsSpan(8), System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<Error> Check(Part part, bool moved)
    {
        if (part.Memo.TrimToNull() is not { } memo) yield return Error.Required(nameof(HandEntry.Memo));
        else if (memo.Length > LongestMemo) yield return Error.TooLong(nameof(HandEntry.Memo), LongestMemo);
        var (debit, credit) = (part.Lines.Sum(l => l.Debit), part.Lines.Sum(l => l.Credit));
        if (part.Lines.Any(l => !LedgerAmount.Is(moved ? decimal.Ceiling(l.Debit + l.Credit) : l.Debit + l.Credit) || (l.Debit != 0 && l.Credit != 0) || l.Debit < 0 || l.Credit < 0))
            yield return new Error("ledger.amount", nameof(MoneyMove.Amount));
        else if (part.Lines.Select(l => l.AccountId).Distinct().Count() < 2) yield return new Error("ledger.lines.two");
        else if (debit != credit) yield return new Error("ledger.unbalanced", null, debit, credit);
    }

    /// <summary>
    /// Why money may not leave an account, for whoever takes it out elsewhere: it is frozen or closed, or would fall below what must stay in
    /// it, or beyond what may leave it in a day. Holds the account until the transaction ends.
    /// </summary>
    internal static async Task<List<Error>> WhyNotOutAsync(PortalDb db, DateOnly day, int accountId, decimal taken, CancellationToken ct)
    {
        var account = (await LockAsync(db, [accountId], ct))[accountId];
        return account.Status switch
        {
            AccountStatus.Frozen => [new Error("ledger.account.frozen", null, Name(account))],
            AccountStatus.Closed => [new Error("ledger.account.closed", null, Name(account))],
            _ => await OverLimitAsync(db, day, account, taken, ct),
        };
    }

    /// <summary>By id, so that two who post never wait for each other.</summary>
    private static Task<Dictionary<int, LedgerAccount>> LockAsync(PortalDb db, IEnumerable<int> accounts, CancellationToken ct)
    {
        var ids = accounts.Distinct().ToList();
        return db.LedgerAccounts.AsNoTracking().Where(a => ids.Contains(a.Id)).OrderBy(a => a.Id).ForUpdate()
            .ToDictionaryAsync(a => a.Id, ct);
    }

    private static async Task<List<Error>> RefusedAsync(
        PortalDb db, DateOnly day, List<HandLine> lines, Dictionary<int, LedgerAccount> accounts, Chart chart, bool moved,
        CancellationToken ct)
    {
        List<Error> errors = [];
        var kept = chart.OfApartments;
        foreach (var group in lines.GroupBy(l => l.AccountId))
        {
            if (!accounts.TryGetValue(group.Key, out var account)) errors.Add(new Error("ledger.account.gone"));
            else if (kept.Contains(account.Id)) errors.Add(new Error("ledger.account.apartments", null, Name(account)));
            else if (account.Id == chart.OfSuppliers) errors.Add(new Error("ledger.account.suppliers", null, Name(account)));
            else if (account.Status == AccountStatus.Frozen) errors.Add(new Error("ledger.account.frozen", null, Name(account)));
            else if (account.Status == AccountStatus.Closed) errors.Add(new Error("ledger.account.closed", null, Name(account)));
            else if (!moved && group.Sum(l => l.Credit - l.Debit) is > 0 and var taken)
                errors.AddRange(await OverLimitAsync(db, day, account, taken, ct));
        }

        return errors;
    }

    /// <summary>Read under the account's lock: of two who take out at once the second sees what the first left.</summary>
    private static async Task<List<Error>> OverLimitAsync(
        PortalDb db, DateOnly day, LedgerAccount account, decimal taken, CancellationToken ct)
    {
        List<Error> errors = [];
        if (account.MinimumBalance is { } least)
        {
            var held = (await Balances.ReadAsync(db, [account.Id], DateOnly.MaxValue, ct)).GetValueOrDefault(account.Id).Closing;
            if (held - taken < least)
                errors.Add(new Error("ledger.minimum", nameof(MoneyMove.Amount), Name(account), Math.Max(held - least, 0)));
        }

        if (account.DailyLimit is { } most)
        {
            // A sum of the day: nothing has to be set back at midnight.
            var today = await db.JournalLines
                .Where(l => l.AccountId == account.Id && l.PostedOn == day && TakingOut.Contains(l.Entry!.Act))
                .Where(l => !db.JournalEntries.Any(r => r.ReversesId == l.EntryId))
                .SumAsync(l => l.Credit, ct);
            if (today + taken > most)
                errors.Add(new Error("ledger.limit", nameof(MoneyMove.Amount), Name(account), Math.Max(most - today, 0)));
        }

        return errors;
    }

    private static async Task<Error?> ReversedAsync(PortalDb db, List<long> entries, CancellationToken ct)
    {
        var done = await db.JournalEntries.AsNoTracking().Where(r => entries.Contains(r.ReversesId!.Value)).OrderBy(r => r.Id)
            .Select(r => new
            {
                r.Reference,
                r.PostedOn,
                By = db.Profiles.Where(p => p.UserId == r.CreatedBy).Select(p => p.FullName).FirstOrDefault(),
            }).FirstOrDefaultAsync(ct);
        return done is null ? null : new Error("ledger.reverse.done", null, done.By ?? "", done.PostedOn, done.Reference);
    }

    private static string Name(LedgerAccount account) => $"{account.Code} {account.Name}";

    private sealed record Part(JournalAct Act, string? Memo, IReadOnlyList<HandLine> Lines);
}

/// <summary>Writes one entry of what no row of the accounts tells, in the transaction that is open.</summary>
internal static class Journal
{
    /// <param name="chart">
    /// Read in this transaction with <see cref="Chart.ReadAsync(PortalDb, CancellationToken)"/>: it holds the month open.
    /// </param>
    /// <returns>The entry's id.</returns>
    public static async Task<long> PostAsync(PortalDb db, Draft draft, Chart chart, CancellationToken ct)
    {
        var id = 0L;
        var batch = new SqlBatch();
        draft.Write(batch, db, chart);
        await batch.Select($"SELECT CAST(@`entry` AS SIGNED)", row => id = row.GetInt64(0)).RunAsync(db, ct);
        return id;
    }
}

using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Billing;
using Portal.Data.Ledger;

namespace Portal.Data.Expenses;

/// <summary>How the draft of a budget begins.</summary>
/// <param name="From">A year whose budget is copied; null: with nothing. Of the same year, the version in force.</param>
/// <param name="Percent">Added to each account, rounded to whole pesos; may be below zero.</param>
public sealed record BudgetStart(int Year, int? From, decimal Percent = 0);

/// <summary>Writes budgets and their approval. Needs <see cref="Permissions.BudgetEdit"/> throughout.</summary>
public sealed class BudgetDesk(PortalStore store, BuildingClock clock)
{
    public const int LongestAct = 100;

    /// <summary>Pesos of an account in a month.</summary>
    private const decimal Most = 99_999_999_999m;

    /// <summary>Begins a draft: the first version of a year, or the next of one that is approved.</summary>
    /// <returns>Its id. Refusals: <c>budget.draft</c> where the year has one already, <c>budget.year</c>, <c>budget.percent</c>,
    /// <c>budget.from</c> where there is nothing to copy.</returns>
    public async Task<Result<long>> StartAsync(BudgetStart start, CurrentUser user, CancellationToken ct)
    {
        var made = await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.BudgetEdit)) return Error.Forbidden;
                var errors = new List<Error>();
                if (start.Year < clock.Today.Year - 10 || start.Year > clock.Today.Year + 2)
                    errors.Add(new Error("budget.year", nameof(start.Year), clock.Today.Year - 10, clock.Today.Year + 2));
                if (start.Percent is < -90 or > 500) errors.Add(new Error("budget.percent", nameof(start.Percent), -90, 500));
                if (errors.Count > 0) return errors;
                var versions = await db.Budgets.AsNoTracking().Where(b => b.Year == start.Year).ToListAsync(token);
                if (versions.Exists(b => b.Draft == true)) return Taken;
                var budget = Budget.Make(start.Year, versions.Count == 0 ? 1 : versions.Max(b => b.Version) + 1, user.AccountId);
                if (start.From is { } from)
                {
                    if (await Budgets.InForceAsync(db, from, token) is not { } copied)
                        return new Error("budget.from", nameof(start.From), from);
                    var lines = await db.BudgetLines.AsNoTracking().Where(l => l.BudgetId == copied).OrderBy(l => l.AccountId)
                        .ThenBy(l => l.Month).ToListAsync(token);
                    // Rounded once, by the year: a tenth more of a million is 1,100,000, whatever its months are.
                    foreach (var account in lines.Where(l => l.Amount > 0).GroupBy(l => l.AccountId))
                    {
                        var year = Pesos.Round(account.Sum(l => l.Amount) * (100 + start.Percent) / 100);
                        var months = Pesos.Split(year, [.. account.Select(l => l.Amount)]);
                        budget.Lines.AddRange(account.Zip(months, (l, amount) => new BudgetLine
                        {
                            AccountId = l.AccountId, Month = l.Month, Amount = amount,
                        }));
                    }
                }

                db.Budgets.Add(budget);
                await db.SaveChangesAsync(token);
                return budget.Id;
            },
            ct);
        return made.Error?.Code.StartsWith("duplicate.uq_budgets", StringComparison.Ordinal) == true ? Taken : made;
    }

    /// <summary>
    /// Writes a draft. What was read (<paramref name="read"/>) tells apart what two people changed: accounts that only one of them changed
    /// hold, of one that both changed the second is told.
    /// </summary>
    /// <returns>Refusals: <c>budget.approved</c>, <c>budget.amount</c> with the account, <c>budget.edited</c> with the accounts that
    /// somebody else changed meanwhile.</returns>
    public Task<Result> SaveAsync(
        long id, IReadOnlyList<BudgetLineInput> lines, IReadOnlyList<BudgetLineInput> read, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.BudgetEdit)) return Error.Forbidden;
                if (await LockAsync(db, id, token) is not { } budget) return Error.NotFound;
                if (budget.Draft is null) return new Error("budget.approved");
                var accounts = await BudgetService.AccountsAsync(db, token);
                var (before, errors, taken) = (read.ToDictionary(r => r.AccountId), new List<Error>(), new List<string>());
                foreach (var line in lines)
                {
                    var account = accounts.Find(a => a.Id == line.AccountId);
                    if (account is null || line.Months.Count != 12 || line.Months.Any(m => !LedgerAmount.Is(m, zero: true) || m > Most))
                    {
                        errors.Add(new Error("budget.amount", null, account is null ? "" : $"{account.Code} {account.Name}"));
                        continue;
                    }

                    var was = before.GetValueOrDefault(line.AccountId)?.Months ?? new decimal[12];
                    if (line.Months.SequenceEqual(was)) continue;
                    var now = budget.Lines.Where(l => l.AccountId == line.AccountId).ToList();
                    decimal[] held = [.. Enumerable.Range(1, 12).Select(m => now.Find(l => l.Month == m)?.Amount ?? 0)];
                    if (!held.SequenceEqual(was) && !held.SequenceEqual(line.Months)) taken.Add($"{account.Code} {account.Name}");
                    else Write(db, budget, line, now);
                }

                if (taken.Count > 0) errors.Add(new Error("budget.edited", null, string.Join(", ", taken)));
                if (errors.Count > 0) return errors;
                await db.SaveChangesAsync(token);
                await db.WriteEventAsync(
                    "budget_changed", "budgets", id,
                    new { year = budget.Year, version = budget.Version, total = budget.Lines.Sum(l => l.Amount) }, token);
                return Result.Done;
            },
            ct
        );

    /// <summary>Writes down that the assembly approved it: from then on it is in force and stays as it is.</summary>
    /// <returns>Refusals: <c>required</c> and <c>too_long</c> of the minutes, <c>budget.day</c>, <c>budget.empty</c>,
    /// <c>budget.already_approved</c> with its minutes.</returns>
    public Task<Result> ApproveAsync(long id, string? act, DateOnly? on, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.BudgetEdit)) return Error.Forbidden;
                var errors = new List<Error>();
                if (act.TrimToNull() is not { } minutes) errors.Add(Error.Required("Act"));
                else if (minutes.Length > LongestAct) errors.Add(Error.TooLong("Act", LongestAct));
                if (on is not { } day) errors.Add(Error.Required("On"));
                else if (day > clock.Today || day < clock.Today.AddYears(-10)) errors.Add(new Error("budget.day", "On"));
                if (errors.Count > 0) return errors;
                return await LockAsync(db, id, token) is { } budget
                    ? budget.Approve(act!, on!.Value, user.AccountId, clock.UtcNow)
                    : Error.NotFound;
            },
            ct
        );

    /// <summary>Throws a draft away.</summary>
    /// <returns>Refused: <c>budget.approved</c>.</returns>
    public Task<Result> DeleteAsync(long id, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.BudgetEdit)) return Error.Forbidden;
                if (await LockAsync(db, id, token) is not { } budget) return Error.NotFound;
                if (budget.Draft is null) return new Error("budget.approved");
                db.BudgetLines.RemoveRange(budget.Lines);
                db.Budgets.Remove(budget);
                return Result.Done;
            },
            ct
        );

    private static readonly Error Taken = new("budget.draft", nameof(BudgetStart.Year));

    private static async Task<Budget?> LockAsync(PortalDb db, long id, CancellationToken ct)
    {
        if (await db.Budgets.Where(b => b.Id == id).ForUpdate().SingleOrDefaultAsync(ct) is not { } budget) return null;
        await db.Entry(budget).Collection(b => b.Lines).LoadAsync(ct);
        return budget;
    }

    private static void Write(PortalDb db, Budget budget, BudgetLineInput line, List<BudgetLine> now)
    {
        for (var month = 1; month <= 12; month++)
        {
            var (row, amount) = (now.Find(l => l.Month == month), line.Months[month - 1]);
            if (row is not null && amount == 0) db.BudgetLines.Remove(row);
            else if (row is not null) row.Amount = amount;
            else if (amount != 0) budget.Lines.Add(new BudgetLine { AccountId = line.AccountId, Month = month, Amount = amount });
        }
    }
}

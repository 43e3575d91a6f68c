using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Ledger;

namespace Portal.Data.Bank;

/// <summary>Closes months of an account when bank and books agree, and opens them again.</summary>
public sealed class BankReconciler(PortalStore store, BuildingClock clock)
{
    public const int LongestReason = 500;

    private const decimal Most = 99_999_999_999_999m;

    /// <summary>Keeps what the bank says was there at the end of a month. Needs <see cref="Permissions.BankEdit"/>.</summary>
    /// <param name="balance">Pesos with cents; below zero where the bank lent.</param>
    /// <returns>Refused: <c>bank.balance</c>, <c>bank.closed</c>, <c>not_found</c>.</returns>
    public Task<Result> SetBalanceAsync(int accountId, DateOnly month, decimal balance, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.BankEdit)) return Error.Forbidden;
                if (Math.Abs(balance) > Most || decimal.Round(balance, 2) != balance) return new Error("bank.balance", "Balance");
                if (await BankAccounts.HoldAsync(db, accountId, token) is null) return Error.NotFound;
                if (await FindAsync(db, accountId, month, token) is { } found) return found.SetBalance(balance);
                db.BankReconciliations.Add(BankReconciliation.Begin(accountId, month, balance));
                return Result.Done;
            },
            ct
        );

    /// <summary>
    /// Closes a month that has ended, where nothing is left between bank and books; who, when, and what was on its way are kept. Nobody
    /// posts meanwhile. Needs <see cref="Permissions.BankReconcile"/>.
    /// </summary>
    /// <returns>Refused: <c>bank.running</c> while the month has not ended, <c>bank.balance.missing</c>, <c>bank.closed</c> already,
    /// <c>bank.open</c> with how many lines are not in the books, <c>bank.difference</c>.</returns>
    public Task<Result> CloseAsync(int accountId, DateOnly month, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.BankReconcile)) return Error.Forbidden;
                if (await BankAccounts.HoldAsync(db, accountId, token) is null) return Error.NotFound;
                var last = BuildingClock.MonthOf(month).AddMonths(1).AddDays(-1);
                if (last >= clock.Today) return new Error("bank.running", null, last);
                if (await FindAsync(db, accountId, month, token) is not { } found) return new Error("bank.balance.missing");
                await Chart.HoldAsync(db, token);
                var standing = await BankQueries.StandingAsync(db, accountId, month, token);
                if (found.ClosedAt is null && standing.Open > 0) return new Error("bank.open", null, standing.Open);
                return found.Close(standing, user.AccountId, clock.UtcNow);
            },
            ct
        );

    /// <summary>Opens a closed month again; what was closed is kept beside it. Needs <see cref="Permissions.BankReconcile"/>.</summary>
    /// <returns>Refused: <c>required</c> without a reason, <c>too_long</c>, <c>bank.not_closed</c>.</returns>
    public Task<Result> ReopenAsync(int accountId, DateOnly month, string? reason, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.BankReconcile)) return Error.Forbidden;
                if (reason.TrimToNull() is not { } why) return Error.Required("Reason");
                if (why.Length > LongestReason) return Error.TooLong("Reason", LongestReason);
                if (await BankAccounts.HoldAsync(db, accountId, token) is null) return Error.NotFound;
                if (await FindAsync(db, accountId, month, token) is not { ClosedAt: not null } found) return new Error("bank.not_closed");
                var again = found.Reopen(why, user.AccountId, clock.UtcNow);
                // The key is free when the closed one has let it go.
                await db.SaveChangesAsync(token);
                db.BankReconciliations.Add(again);
                return Result.Done;
            },
            ct
        );

    private static Task<BankReconciliation?> FindAsync(PortalDb db, int accountId, DateOnly month, CancellationToken ct)
    {
        var first = BuildingClock.MonthOf(month);
        return db.BankReconciliations.SingleOrDefaultAsync(r => r.AccountId == accountId && r.Month == first && r.Live == true, ct);
    }
}

using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;

namespace Portal.Data.Ledger;

/// <summary>
/// Closes the months of the books one after the other, and takes the last back. Who posts holds the state of the books for reading, so what
/// was begun before a month is closed is in it, and what comes after lands in the open month.
/// </summary>
public sealed class LedgerClosing(PortalStore store, BuildingClock clock)
{
    public const int LongestReason = 500;

    /// <summary>Needs <see cref="Permissions.LedgerClose"/>.</summary>
    /// <param name="month">A day of it.</param>
    /// <returns>Refusals: <c>ledger.close.closed</c> already, <c>ledger.close.order</c> with the month whose turn it is,
    /// <c>ledger.close.empty</c> where nothing was ever posted, <c>ledger.close.running</c> while it has not ended,
    /// <c>ledger.close.proof</c> with how much does not agree.</returns>
    public async Task<Result> CloseMonthAsync(DateOnly month, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.LedgerClose)) return Error.Forbidden;
        var first = new DateOnly(month.Year, month.Month, 1);
        var last = first.AddMonths(1).AddDays(-1);
        return await store.WriteAsync(user, async (db, token) =>
        {
            var chart = await Chart.HoldAsync(db, token);
            if (last <= chart.ClosedThrough) return new Error("ledger.close.closed", null, first);
            if (await NextAsync(db, chart.ClosedThrough, token) is not { } next) return new Error("ledger.close.empty");
            if (first != next) return new Error("ledger.close.order", null, next);
            if (last >= clock.Today) return new Error("ledger.close.running", null, last);
            if (await LedgerProof.ReadAsync(db, whole: false, token) is { Agrees: false } proof)
                return new Error("ledger.close.proof", null, proof.Faults.Values.Sum());
            await new SqlBatch()
                .Then(
                    $"""
                    INSERT INTO ledger_months (account_id, month, debit, credit)
                    SELECT l.account_id, {first}, SUM(l.debit), SUM(l.credit)
                    FROM journal_lines AS l WHERE l.posted_on BETWEEN {first} AND {last} GROUP BY l.account_id
                    """)
                .Then($"UPDATE ledger_state SET closed_through = {last} WHERE id = 1")
                .RunAsync(db, token);
            await db.WriteEventAsync("month_closed", "ledger_state", 1, new { month = first }, token);
            return Result.Done;
        }, ct);
    }

    /// <summary>Opens the last closed month again. Needs <see cref="Permissions.LedgerClose"/>.</summary>
    /// <param name="month">A day of it: who looks at an old screen opens no other.</param>
    /// <param name="reason">Stands in the audit log.</param>
    /// <returns>Refusals: <c>required</c> without a reason, <c>too_long</c>, <c>ledger.reopen.last</c> where it is not the last closed
    /// month.</returns>
    public async Task<Result> ReopenAsync(DateOnly month, string? reason, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.LedgerClose)) return Error.Forbidden;
        if (reason.TrimToNull() is not { } why) return Error.Required("Reason");
        if (why.Length > LongestReason) return Error.TooLong("Reason", LongestReason);
        var first = new DateOnly(month.Year, month.Month, 1);
        return await store.WriteAsync(user, async (db, token) =>
        {
            var chart = await Chart.HoldAsync(db, token);
            if (chart.ClosedThrough != first.AddMonths(1).AddDays(-1)) return new Error("ledger.reopen.last");
            DateOnly? before = await db.LedgerMonths.AnyAsync(m => m.Month < first, token) ? first.AddDays(-1) : null;
            await new SqlBatch()
                .Then($"DELETE FROM ledger_months WHERE month = {first}")
                .Then($"UPDATE ledger_state SET closed_through = {before} WHERE id = 1")
                .RunAsync(db, token);
            await db.WriteEventAsync("month_reopened", "ledger_state", 1, new { month = first, reason = why }, token);
            return Result.Done;
        }, ct);
    }

    /// <summary>The first day of the month whose turn it is; null where nothing was ever posted.</summary>
    internal static async Task<DateOnly?> NextAsync(PortalDb db, DateOnly? closed, CancellationToken ct)
    {
        if (closed is { } last) return last.AddDays(1);
        var posted = await db.JournalEntries.OrderBy(e => e.PostedOn).Select(e => (DateOnly?)e.PostedOn).FirstOrDefaultAsync(ct);
        return posted is { } day ? new DateOnly(day.Year, day.Month, 1) : null;
    }
}

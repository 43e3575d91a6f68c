using Microsoft.EntityFrameworkCore;
using Portal.Data.Ledger;

namespace Portal.Data.Bank;

/// <summary>Which accounts lie in a bank, and the lock under which everything about one of them is written.</summary>
internal static class BankAccounts
{
    public static IQueryable<LedgerAccount> InBank(this IQueryable<LedgerAccount> accounts) =>
        accounts.Where(a => a.Purpose == AccountPurpose.Bank || a.Purpose == AccountPurpose.FundBank);

    /// <summary>
    /// Call first in a write about an account's lines; held until the transaction ends. It is not the row of the books' account, which
    /// everybody who confirms a payment would wait for. Apartments, payments and the books are locked after it.
    /// </summary>
    /// <returns>Null where the account is none of a bank.</returns>
    public static async Task<LedgerAccount?> HoldAsync(PortalDb db, int accountId, CancellationToken ct)
    {
        if (await db.LedgerAccounts.AsNoTracking().InBank().SingleOrDefaultAsync(a => a.Id == accountId, ct) is not { } account) return null;
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO bank_profiles (account_id, format) VALUES ({accountId}, '') ON DUPLICATE KEY UPDATE account_id = account_id", ct);
        return account;
    }

    /// <summary>First days of the months of an account that are reconciled.</summary>
    public static async Task<HashSet<DateOnly>> ClosedAsync(PortalDb db, int accountId, CancellationToken ct) =>
        [.. await db.BankReconciliations.Where(r => r.AccountId == accountId && r.Live == true && r.ClosedAt != null)
            .Select(r => r.Month).ToListAsync(ct)];
}

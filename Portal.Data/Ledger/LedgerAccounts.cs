using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Ledger;

/// <summary>What a form says of an account.</summary>
/// <param name="Code">Four to ten digits, the first its class, 1 to 5.</param>
/// <param name="MinimumBalance">Pesos that must stay; null: none need.</param>
/// <param name="DailyLimit">Pesos that may be taken out by hand in a day; null: any.</param>
public sealed record AccountInput(string? Code, string? Name, AccountStatus Status, decimal? MinimumBalance, decimal? DailyLimit)
    : IEdit<AccountInput>
{
    public AccountInput? Read { get; init; }
}

/// <summary>The chart of accounts. Needs <see cref="Permissions.LedgerPost"/> throughout.</summary>
public sealed class LedgerAccounts(PortalStore store)
{
    /// <returns>Its id. Refusals: <c>required</c>, <c>too_long</c>, <c>ledger.code</c>, <c>ledger.code.taken</c>,
    /// <c>ledger.amount</c>.</returns>
    public async Task<Result<int>> CreateAsync(AccountInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.LedgerPost)) return Error.Forbidden;
        if (Check(input) is { Count: > 0 } errors) return errors;
        return await store.WriteAsync<int>(user, async (db, token) =>
        {
            var account = new LedgerAccount();
            if (await TakenAsync(db, input, 0, token)) return Taken;
            Write(account, input);
            db.LedgerAccounts.Add(account);
            await db.SaveChangesAsync(token);
            return account.Id;
        }, ct) is var made && made.Error?.Code == Duplicate ? Taken : made;
    }

    /// <summary>Whatever two people changed in different fields holds both times (<see cref="Edits"/>).</summary>
    /// <returns>Refusals: as <see cref="CreateAsync"/>; <c>ledger.code.class</c> where it moved and would change its class,
    /// <c>ledger.account.needed</c> where the portal posts there by itself, <c>ledger.account.balance</c> where it would be closed with
    /// something in it.</returns>
    public async Task<Result> UpdateAsync(int id, AccountInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.LedgerPost)) return Error.Forbidden;
        if (Check(input) is { Count: > 0 } errors) return errors;
        var saved = await store.WriteAsync(user, async (db, token) =>
        {
            if (await db.LedgerAccounts.Where(a => a.Id == id).ForUpdate().SingleOrDefaultAsync(token) is not { } account)
                return Error.NotFound;
            var now = new AccountInput(account.Code, account.Name, account.Status, account.MinimumBalance, account.DailyLimit);
            var merged = Edits.Merge(input, now);
            if (!merged.Ok) return merged;
            var change = merged.Value;
            if (await TakenAsync(db, change, id, token)) return Taken;
            if (change.Code![0] != account.Code[0] && await db.JournalLines.AnyAsync(l => l.AccountId == id, token))
                return new Error("ledger.code.class", nameof(AccountInput.Code));
            if (change.Status != AccountStatus.Active && change.Status != account.Status)
            {
                if ((await Chart.LookAsync(db, token)).ByItself.Contains(id))
                    return new Error("ledger.account.needed", nameof(AccountInput.Status));
                var held = (await Balances.ReadAsync(db, [id], DateOnly.MaxValue, token)).GetValueOrDefault(id).Closing;
                if (change.Status == AccountStatus.Closed && held != 0)
                    return new Error("ledger.account.balance", nameof(AccountInput.Status), Math.Abs(held));
            }

            Write(account, change);
            return Result.Done;
        }, ct);
        return saved.Error?.Code == Duplicate ? Taken : saved;
    }

    private const string Duplicate = "duplicate.uq_ledger_accounts_code";

    private static readonly Error Taken = new("ledger.code.taken", nameof(AccountInput.Code));

    private static Task<bool> TakenAsync(PortalDb db, AccountInput input, int id, CancellationToken ct)
    {
        var code = input.Code!.Trim();
        return db.LedgerAccounts.AnyAsync(a => a.Code == code && a.Id != id, ct);
    }

    private static void Write(LedgerAccount account, AccountInput input) =>
        (account.Code, account.Name, account.Status, account.MinimumBalance, account.DailyLimit) =
        (input.Code!.Trim(), input.Name!.Trim(), input.Status, input.MinimumBalance, input.DailyLimit);

    private static List<Error> Check(AccountInput input)
    {
        var errors = new List<Error>();
        var code = input.Code.TrimToNull();
        if (code is null) errors.Add(Error.Required(nameof(input.Code)));
        else if (code.Length is < 4 or > 10 || !code.All(char.IsAsciiDigit) || code[0] is < '1' or > '5')
            errors.Add(new Error("ledger.code", nameof(input.Code)));
        if (input.Name.TrimToNull() is not { } name) errors.Add(Error.Required(nameof(input.Name)));
        else if (name.Length > 100) errors.Add(Error.TooLong(nameof(input.Name), 100));
        if (!Enum.IsDefined(input.Status)) errors.Add(new Error("gone", nameof(input.Status)));
        if (input.MinimumBalance is { } least && !LedgerAmount.Is(least, zero: true))
            errors.Add(new Error("ledger.amount", nameof(input.MinimumBalance)));
        if (input.DailyLimit is { } most && !LedgerAmount.Is(most, zero: true))
            errors.Add(new Error("ledger.amount", nameof(input.DailyLimit)));
        return errors;
    }
}

/// <summary>Sums that the books take.</summary>
internal static class LedgerAmount
{
    /// <summary>More than any building moves, and less than the columns hold when many are added.</summary>
    private const decimal Most = 999_999_999_999m;

    /// <summary>Whole, above zero, and no more than a trillion.</summary>
    public static bool Is(decimal amount, bool zero = false) =>
        (amount > 0 || (zero && amount == 0)) && amount <= Most && amount == decimal.Truncate(amount);
}

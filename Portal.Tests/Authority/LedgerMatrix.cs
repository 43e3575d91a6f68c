using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Ledger;

namespace Portal.Tests.Authority;

/// <summary>The books: the office reads them, the administrator posts and closes, nobody who lives there sees them.</summary>
public sealed class LedgerMatrix : AreaMatrix
{
    private const int Bank = 2, Energy = 24;
    private const long Mine = 9001;
    private static readonly AccountInput Account = new("5199", "Varios", AccountStatus.Active, null, null);

    public override async Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        var day = world.Clock.Today.AddDays(-70);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO journal_entries (id, posted_on, act, source_id, memo, reference)
            VALUES ({Mine}, {day}, 'bank_cost', 2020000001, 'Comisión', 'TX-2020-000001')
            """);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO journal_lines (entry_id, line, account_id, posted_on, debit, credit)
            VALUES ({Mine}, 1, 28, {day}, 10000, 0), ({Mine}, 2, {Bank}, {day}, 0, 10000)
            """);
    }

    public override IEnumerable<Entry> Entries =>
        [
            Method<LedgerService>(
                nameof(LedgerService.BalanceAsync), (s, user, world) => Of(s.BalanceAsync(world.Clock.Today, user, default)), Office),
            Method<LedgerService>(
                nameof(LedgerService.AccountAsync), (s, user, world) => Of(s.AccountAsync(Bank, world.Clock.Today, user, default)), Office),
            Method<LedgerService>(
                nameof(LedgerService.MovementsAsync), (s, user, _) => Of(s.MovementsAsync(Bank, new(), user, default)), Office),
            Method<LedgerService>(
                nameof(LedgerService.ExportAsync), (s, user, _) => Of(AnyAsync(s.ExportAsync(Bank, new(), user, default))), Office),
            Method<LedgerService>(
                nameof(LedgerService.EntryAsync), (s, user, _) => Of(s.EntryAsync(Mine, user, default)), Office),
            Method<LedgerService>(nameof(LedgerService.ProofAsync), (s, user, _) => Of(s.ProofAsync(user, default)), Office),
            Method<LedgerDesk>(
                nameof(LedgerDesk.PostAsync),
                (s, user, world) => Of(s.PostAsync(Lines(world), user, default)), Who.Admin),
            Method<LedgerDesk>(nameof(LedgerDesk.OpenAsync), (s, user, world) => Of(s.OpenAsync(Lines(world), user, default)), Who.Admin),
            Method<LedgerDesk>(
                nameof(LedgerDesk.TransferAsync), (s, user, world) => Of(s.TransferAsync(Move(world), user, default)), Who.Admin),
            Method<LedgerDesk>(
                nameof(LedgerDesk.ContributeAsync), (s, user, world) => Of(s.ContributeAsync(Move(world), user, default)), Who.Admin),
            Method<LedgerDesk>(
                nameof(LedgerDesk.BankCostAsync), (s, user, world) => Of(s.BankCostAsync(Move(world), user, default)), Who.Admin),
            Method<LedgerDesk>(
                nameof(LedgerDesk.ReverseAsync), (s, user, _) => Of(s.ReverseAsync(Mine, "Error", user, default)), Who.Admin),
            Method<LedgerClosing>(
                nameof(LedgerClosing.CloseMonthAsync),
                (s, user, world) => Of(s.CloseMonthAsync(world.Clock.Today.AddDays(-70), user, default)), Who.Admin),
            Method<LedgerClosing>(
                nameof(LedgerClosing.ReopenAsync),
                (s, user, world) => Of(s.ReopenAsync(world.Clock.Today.AddDays(-70), "Faltó una factura", user, default)), Who.Admin),
            Method<LedgerAccounts>(
                nameof(LedgerAccounts.CreateAsync), (s, user, _) => Of(s.CreateAsync(Account, user, default)), Who.Admin),
            Method<LedgerAccounts>(
                nameof(LedgerAccounts.UpdateAsync),
                (s, user, _) => Of(s.UpdateAsync(Energy, Account with { Code = "5140" }, user, default)), Who.Admin),
            Page("/ledger", Office),
            Page("/ledger/accounts/{Id:int}", $"/ledger/accounts/{Bank}", Office),
            Page("/ledger/entries/{Id:long}", $"/ledger/entries/{Mine}", Office),
            Endpoint(HttpMethod.Get, "/ledger/export", "/ledger/export?format=csv", Office),
            Endpoint(HttpMethod.Get, "/ledger/accounts/{id:int}/export", $"/ledger/accounts/{Bank}/export?format=csv", Office),
        ];

    private static HandEntry Lines(AuthorityWorld world) =>
        new(world.Clock.Today, "Energía", [new(Energy, 1_000, 0), new(Bank, 0, 1_000)]);

    private static MoneyMove Move(AuthorityWorld world) => new(world.Clock.Today, 1_000);

    private static async Task<bool> AnyAsync(IAsyncEnumerable<MovementRow> rows)
    {
        await foreach (var _ in rows) return true;
        return false;
    }
}

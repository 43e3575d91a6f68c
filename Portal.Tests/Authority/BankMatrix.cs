using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Bank;

namespace Portal.Tests.Authority;

/// <summary>The bank: the office imports, matches and assigns, the administrator closes; nobody who lives there sees it.</summary>
public sealed class BankMatrix : AreaMatrix
{
    private const int Bank = 2;
    private const long Import = 9001, Line = 9002, Other = 9003, Deposit = 9004;
    private static readonly byte[] File = "Fecha;Detalle;Valor\n03/01/2020;x;5.000\n"u8.ToArray();
    private static readonly BankFormat Format = new(';', BankFormat.Utf8, 1, 1, 2, null, 3, null, null, null, "dd/MM/yyyy", true);

    public override async Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        var day = world.Clock.Today.AddDays(-70);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO bank_imports (id, account_id, file_name, first_day, last_day, added, known, left_out)
            VALUES ({Import}, {Bank}, 'x.csv', {day}, {day}, 2, 0, 0)
            """);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO bank_lines (id, account_id, day, amount, text, ordinal, import_id)
            VALUES ({Line}, {Bank}, {day}, 1000, 'a', 1, {Import}), ({Other}, {Bank}, {day}, 1000, 'b', 1, {Import})
            """);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO unidentified_deposits (id, line_id, account_id, amount, received_on, memo)
            VALUES ({Deposit}, {Other}, {Bank}, 1000, {day}, 'b')
            """);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO payments (amount, payment_date, status_id, owner_id, apartment_id, payment_method_id)
            VALUES (1000, {day}, 2, {AuthorityWorld.OwnerRow(Who.Owner)}, {AuthorityWorld.Apartment}, 2)
            """);
    }

    public override IEnumerable<Entry> Entries =>
        [
            Method<BankService>(nameof(BankService.AccountsAsync), (s, user, _) => Of(s.AccountsAsync(user, default)), Office),
            Method<BankService>(nameof(BankService.ImportsAsync), (s, user, _) => Of(s.ImportsAsync(Bank, new(), user, default)), Office),
            Method<BankService>(nameof(BankService.LinesAsync), (s, user, _) => Of(s.LinesAsync(Bank, new(), user, default)), Office),
            Method<BankService>(
                nameof(BankService.WorkAsync), (s, user, world) => Of(s.WorkAsync(Bank, world.Clock.Today, user, default)), Office),
            Method<BankService>(
                nameof(BankService.PaperAsync), (s, user, world) => Of(s.PaperAsync(Bank, world.Clock.Today, user, default)), Office),
            Method<BankService>(nameof(BankService.ChoicesAsync), (s, user, _) => Of(s.ChoicesAsync(Line, null, user, default)), Office),
            Method<BankService>(
                nameof(BankService.DepositsAsync), (s, user, _) => Of(s.DepositsAsync(new(), user, default)), Office),
            Method<BankService>(
                nameof(BankService.WaitingAsync),
                (s, user, world) => Of(s.WaitingAsync(1_000, world.Clock.Today.AddDays(-70), user, default)), Office),
            Method<BankService>(nameof(BankService.DepositAsync), (s, user, _) => Of(s.DepositAsync(Deposit, user, default)), Office),
            Method<BankImporter>(
                nameof(BankImporter.PreviewAsync), (s, user, _) => Of(s.PreviewAsync(Bank, File, Format, user, default)), Office),
            Method<BankImporter>(
                nameof(BankImporter.ImportAsync),
                (s, user, _) => Of(s.ImportAsync(Bank, "x.csv", File, Format, false, user, default)), Office),
            Method<BankDesk>(
                nameof(BankDesk.ConfirmAsync),
                (s, user, _) => Of(s.ConfirmAsync(
                    [new LineMatch(Line, [new MatchPart(1_000, ApartmentId: AuthorityWorld.Apartment)])], user, default)), Office),
            Method<BankDesk>(nameof(BankDesk.LeaveAsync), (s, user, _) => Of(s.LeaveAsync(Line, user, default)), Office),
            Method<BankDesk>(
                nameof(BankDesk.AssignAsync),
                (s, user, _) => Of(s.AssignAsync(
                    Deposit, [new MatchPart(1_000, ApartmentId: AuthorityWorld.Apartment)], user, default)), Office),
            Method<BankDesk>(nameof(BankDesk.TakeBackAsync), (s, user, _) => Of(s.TakeBackAsync(Line, "x", user, default)), Office),
            Method<BankReconciler>(
                nameof(BankReconciler.SetBalanceAsync),
                (s, user, world) => Of(s.SetBalanceAsync(Bank, world.Clock.Today.AddDays(-70), 1_000, user, default)), Office),
            Method<BankReconciler>(
                nameof(BankReconciler.CloseAsync),
                (s, user, world) => Of(s.CloseAsync(Bank, world.Clock.Today.AddDays(-70), user, default)), Who.Admin),
            Method<BankReconciler>(
                nameof(BankReconciler.ReopenAsync),
                (s, user, world) => Of(s.ReopenAsync(Bank, world.Clock.Today.AddDays(-70), "x", user, default)), Who.Admin),
            Page("/bank", Office),
            Page("/bank/import", Office),
            Page("/bank/{Account:int}", $"/bank/{Bank}", Office),
            Page("/bank/{Account:int}/reconcile", $"/bank/{Bank}/reconcile", Office),
            Endpoint(
                HttpMethod.Get, "/bank/{account:int}/reconcile/export", $"/bank/{Bank}/reconcile/export?format=csv", Office),
        ];
}

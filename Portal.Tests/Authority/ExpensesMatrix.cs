using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Expenses;
using Portal.Data.Ledger;

namespace Portal.Tests.Authority;

/// <summary>Whom the building pays: the office writes it down, the administrator approves, pays and budgets; nobody else knows of
/// it.</summary>
public sealed class ExpensesMatrix : AreaMatrix
{
    private const long Supplier = 951, Draft = 952, Sent = 953, Approved = 954, Payment = 955, File = 956, Budget = 957, Paid = 958;
    private const int Energy = 24;

    public override async Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        var (day, year) = (world.Clock.Today.AddDays(-5), world.Clock.Today.Year);
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO suppliers (id, name, tax_id) VALUES ({Supplier}, 'Supplier', '999000117-8')");
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO expenses (id, number, supplier_id, account_id, invoice, invoice_key, invoiced_on, due_on, amount, paid,
                description, status)
            VALUES ({Draft}, NULL, {Supplier}, {Energy}, 'A1', 'A1', {day}, {day}, 1000, 0, 'x', 'draft'),
                ({Sent}, NULL, {Supplier}, {Energy}, 'A2', 'A2', {day}, {day}, 1000, 0, 'x', 'sent'),
                ({Approved}, NULL, {Supplier}, {Energy}, 'A3', 'A3', {day}, {day}, 1000, 0, 'x', 'approved'),
                ({Paid}, NULL, {Supplier}, {Energy}, 'A4', 'A4', {day}, {day}, 1000, 1000, 'x', 'paid')
            """);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO expense_payments (id, expense_id, seq, amount, paid_on, payment_method_id)
            VALUES ({Payment}, {Paid}, 1, 1000, {day}, 2)
            """);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO expense_files (id, expense_id, file_name, content_type, size, content)
            VALUES ({File}, {Draft}, 'a.pdf', 'application/pdf', 4, '%PDF')
            """);
        await db.Database.ExecuteSqlAsync($"INSERT INTO budgets (id, year, version) VALUES ({Budget}, {year}, 1)");
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO budget_lines (budget_id, account_id, month, amount) VALUES ({Budget}, {Energy}, 1, 1000)");
    }

    public override IEnumerable<Entry> Entries =>
        [
            Method<SupplierService>(
                nameof(SupplierService.ListAsync), (s, u, _) => Of(s.ListAsync(new(), u, default), p => p.Rows.Count > 0), Office),
            Method<SupplierService>(
                nameof(SupplierService.OptionsAsync), (s, u, _) => Of(s.OptionsAsync(u, default), all => all.Count > 0), Office),
            Method<SupplierService>(
                nameof(SupplierService.CreateAsync), (s, u, _) => Of(s.CreateAsync(New("999000134-3"), u, default)), Office),
            Method<SupplierService>(
                nameof(SupplierService.UpdateAsync), (s, u, _) => Of(s.UpdateAsync(Supplier, New("999000117-8"), u, default)), Office),
            Method<ExpenseService>(
                nameof(ExpenseService.ListAsync), (s, u, _) => Of(s.ListAsync(new(), u, default), p => p.Rows.Count > 0), Office),
            Method<ExpenseService>(
                nameof(ExpenseService.ExportAsync), (s, u, _) => Of(AnyAsync(s.ExportAsync(new(), u, default))), Office),
            Method<ExpenseService>(nameof(ExpenseService.SummaryAsync), (s, u, _) => Of(s.SummaryAsync(u, default)), Office),
            Method<ExpenseService>(nameof(ExpenseService.FindAsync), (s, u, _) => Of(s.FindAsync(Draft, u, default)), Office),
            Method<ExpenseService>(nameof(ExpenseService.FileAsync), (s, u, _) => Of(s.FileAsync(File, u, default)), Office),
            Method<ExpenseService>(nameof(ExpenseService.VoucherAsync), (s, u, _) => Of(s.VoucherAsync(Payment, u, default)), Office),
            Method<ExpenseService>(
                nameof(ExpenseService.AccountsAsync), (s, u, _) => Of(s.AccountsAsync(u, default), all => all.Count > 0), Office),
            Method<ExpenseDesk>(
                nameof(ExpenseDesk.CreateAsync), (s, u, w) => Of(s.CreateAsync(Invoice(w, "B1"), [], u, default)), Office),
            Method<ExpenseDesk>(
                nameof(ExpenseDesk.UpdateAsync), (s, u, w) => Of(s.UpdateAsync(Draft, Invoice(w, "A1"), u, default)), Office),
            Method<ExpenseDesk>(nameof(ExpenseDesk.SendAsync), (s, u, _) => Of(s.SendAsync(Draft, u, default)), Office),
            Method<ExpenseDesk>(nameof(ExpenseDesk.ReturnAsync), (s, u, _) => Of(s.ReturnAsync(Sent, "x", u, default)), Who.Admin),
            Method<ExpenseDesk>(nameof(ExpenseDesk.ApproveAsync), (s, u, _) => Of(s.ApproveAsync(Sent, 1_000, u, default)), Who.Admin),
            Method<ExpenseDesk>(
                nameof(ExpenseDesk.PayAsync),
                (s, u, w) => Of(s.PayAsync(Approved, new(10, w.Clock.Today, 2, null), 1_000, u, default)), Who.Admin),
            Method<ExpenseDesk>(
                nameof(ExpenseDesk.VoidPaymentAsync), (s, u, _) => Of(s.VoidPaymentAsync(Payment, "x", u, default)), Who.Admin),
            Method<ExpenseDesk>(nameof(ExpenseDesk.VoidAsync), (s, u, _) => Of(s.VoidAsync(Approved, "x", u, default)), Who.Admin),
            Method<ExpenseDesk>(
                nameof(ExpenseDesk.AddFilesAsync),
                (s, u, _) => Of(s.AddFilesAsync(Draft, [new("b.pdf", "%PDF-1.4"u8.ToArray())], u, default)), Office),
            Method<ExpenseDesk>(nameof(ExpenseDesk.RemoveFileAsync), (s, u, _) => Of(s.RemoveFileAsync(File, u, default)), Office),
            Method<BudgetService>(
                nameof(BudgetService.VersionsAsync), (s, u, _) => Of(s.VersionsAsync(u, default), all => all.Count > 0), Office),
            Method<BudgetService>(nameof(BudgetService.FindAsync), (s, u, _) => Of(s.FindAsync(Budget, u, default)), Office),
            Method<BudgetService>(
                nameof(BudgetService.ExecutionAsync), (s, u, w) => Of(s.ExecutionAsync(w.Clock.Today, u, default)), Office),
            Method<BudgetService>(nameof(BudgetService.ReserveAsync), (s, u, _) => Of(s.ReserveAsync(u, default)), Office),
            Method<BudgetDesk>(
                nameof(BudgetDesk.StartAsync),
                (s, u, w) => Of(s.StartAsync(new(w.Clock.Today.Year - 1, null), u, default)), Who.Admin),
            Method<BudgetDesk>(
                nameof(BudgetDesk.SaveAsync),
                (s, u, _) => Of(s.SaveAsync(Budget, [new(Energy, Budgets.Spread(1_200))], [], u, default)), Who.Admin),
            Method<BudgetDesk>(
                nameof(BudgetDesk.ApproveAsync),
                (s, u, w) => Of(s.ApproveAsync(Budget, "1", w.Clock.Today, u, default)), Who.Admin),
            Method<BudgetDesk>(nameof(BudgetDesk.DeleteAsync), (s, u, _) => Of(s.DeleteAsync(Budget, u, default)), Who.Admin),
            Method<LedgerDesk>(
                nameof(LedgerDesk.UseReserveAsync),
                (s, u, w) => Of(s.UseReserveAsync(new(w.Clock.Today, 1_000, "1", "x"), u, default)), Who.Admin),
            Method<LedgerService>(
                nameof(LedgerService.ResultAsync), (s, u, w) => Of(s.ResultAsync(w.Clock.Today.Year, u, default)), Office),
            Page("/expenses", Office),
            Page("/expenses/{Id:long}", $"/expenses/{Draft}", Office),
            Page("/expenses/suppliers", Office),
            Page("/budget", Office),
            Page("/budget/{Id:long}", $"/budget/{Budget}", Office),
            Page("/ledger/result", Office),
            Endpoint(HttpMethod.Get, "/expenses/export", "/expenses/export?format=csv", Office),
            Endpoint(HttpMethod.Get, "/expenses/files/{id:long}", $"/expenses/files/{File}", Office),
            Endpoint(HttpMethod.Get, "/expenses/payments/{id:long}/voucher.pdf", $"/expenses/payments/{Payment}/voucher.pdf", Office),
            Endpoint(HttpMethod.Get, "/budget/export", "/budget/export?format=csv", Office),
            Endpoint(HttpMethod.Get, "/ledger/result/export", "/ledger/result/export?format=csv", Office),
        ];

    private static SupplierInput New(string nit) => new("New", nit, null, null, null, null, null, null);

    private static ExpenseInput Invoice(AuthorityWorld world, string invoice) =>
        new(Supplier, Energy, invoice, world.Clock.Today, world.Clock.Today, 1_000, "x");

    private static async Task<bool> AnyAsync(IAsyncEnumerable<ExpenseRow> rows)
    {
        await foreach (var _ in rows) return true;
        return false;
    }
}

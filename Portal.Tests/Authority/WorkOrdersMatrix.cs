using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Maintenance;
using Portal.Data.Pqrs;

namespace Portal.Tests.Authority;

/// <summary>Work orders and the plans that make them: the office's, and of a case how far it is for whoever filed it.</summary>
public sealed class WorkOrdersMatrix : AreaMatrix
{
    internal const long Pump = 771, Supplier = 772, Second = 773, Third = 774, Case = 775;
    internal const long New = 781, Given = 782, Begun = 783, Finished = 784, Asks = 785;
    internal const long Check = 791, File = 792, Quote = 793, Bill = 794, Plan = 795, Loose = 796, Other = 797, Meter = 798;

    internal static readonly WorkOrderInput Sound = new("Change the pump", null, null, null, null, WorkOrderPriority.Normal, null, false);

    internal static PlanInput Monthly(DateOnly start) =>
        new("Lift maintenance", null, null, null, null, start, 1, PlanUnit.Month, PlanCount.Start, PlanShift.None, 7, true);

    public override async Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        var (today, year) = (world.Clock.Today, world.Clock.Today.Year);
        var sql = db.Database;
        await sql.ExecuteSqlAsync(
            $"""
            INSERT INTO suppliers (id, name, tax_id) VALUES ({Supplier}, 'Andinas', '900000101-1'), ({Second}, 'Bombas del Norte', '900000102-2'),
                ({Third}, 'Hidráulicos', '900000103-3')
            """);
        await sql.ExecuteSqlAsync($"INSERT INTO assets (id, code, name, kind) VALUES ({Pump}, 'BOM-01', 'Pump', 'Pump')");
        await sql.ExecuteSqlAsync(
            $"""
            INSERT INTO work_orders (id, number, title, asset_id, status, supplier_id, amount, approved_on, asked_amount, asked_level, asked_quote_id, done_on)
            VALUES ({New}, {$"OT-{year}-000781"}, 'Change the pump', {Pump}, 'open', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
                ({Given}, {$"OT-{year}-000782"}, 'Paint', NULL, 'assigned', {Supplier}, 400000, {today}, NULL, NULL, NULL, NULL),
                ({Begun}, {$"OT-{year}-000783"}, 'Mend the gate', NULL, 'working', {Supplier}, NULL, NULL, NULL, NULL, NULL, NULL),
                ({Finished}, {$"OT-{year}-000784"}, 'Clean the tank', NULL, 'done', {Supplier}, NULL, NULL, NULL, NULL, NULL, {today}),
                ({Asks}, {$"OT-{year}-000785"}, 'New doors', NULL, 'approval', NULL, NULL, NULL, 900000, 'administrator', {Other}, NULL)
            """);
        await sql.ExecuteSqlAsync($"INSERT INTO work_order_checks (id, order_id, position, text) VALUES ({Check}, {Given}, 1, 'Two coats')");
        await sql.ExecuteSqlAsync(
            $"""
            INSERT INTO work_order_files (id, order_id, file_name, content_type, size, content)
            VALUES ({File}, {Given}, 'a.pdf', 'application/pdf', 4, '%PDF')
            """);
        await sql.ExecuteSqlAsync(
            $"""
            INSERT INTO work_order_quotes (id, order_id, supplier_id, amount, file_name, content_type, size, content)
            VALUES ({Quote}, {New}, {Supplier}, 300000, 'q.pdf', 'application/pdf', 4, '%PDF'), ({Other}, {Asks}, {Second}, 900000, NULL, NULL, NULL, NULL)
            """);
        await sql.ExecuteSqlAsync(
            $"""
            INSERT INTO expenses (id, supplier_id, account_id, invoice, invoice_key, invoiced_on, due_on, amount, description, status)
            VALUES ({Bill}, {Supplier}, 24, 'W1', 'W1', {today}, {today}, 100000, 'x', 'draft'),
                ({Loose}, {Supplier}, 24, 'W2', 'W2', {today}, {today}, 100000, 'x', 'draft')
            """);
        await sql.ExecuteSqlAsync($"INSERT INTO work_order_expenses (order_id, expense_id) VALUES ({Given}, {Bill})");
        await sql.ExecuteSqlAsync(
            $"""
            INSERT INTO maintenance_plans (id, title, starts_on, every, unit, next_on) VALUES ({Plan}, 'Lift maintenance', {today}, 1, 'month', {today})
            """);
        await sql.ExecuteSqlAsync($"INSERT INTO asset_meters (id, asset_id, name, unit) VALUES ({Meter}, {Pump}, 'Hours', 'h')");
        var filed = PqrsCase.File(
            new PqrsFiling(PqrsKind.Petition, 1, AuthorityWorld.Apartment, "Leak", "It drips.", []), AuthorityWorld.OwnerRow(Who.Owner),
            PqrsChannel.Web, PqrsPriority.Medium, 15, today, "PQRS-2026-000775");
        db.Pqrs.Add(filed.With(c => c.Id, Case).With(c => c.VerificationCode, "MATR-775"));
        await db.SaveChangesAsync();
        db.WorkOrderCases.Add(new WorkOrderCase { OrderId = Given, PqrsId = Case });
    }

    public override IEnumerable<Entry> Entries =>
        [
            Method<WorkOrderService>(
                nameof(WorkOrderService.ListAsync), (s, u, _) => Of(s.ListAsync(new(), u, default), p => p.Rows.Count > 0), Office),
            Method<WorkOrderService>(
                nameof(WorkOrderService.ExportAsync), async (s, u, _) => await s.ExportAsync(new(), u, default).AnyAsync(), Office),
            Method<WorkOrderService>(nameof(WorkOrderService.CountAsync), (s, u, _) => Of(s.CountAsync(u, default), c => c.Any), Office),
            Method<WorkOrderService>(nameof(WorkOrderService.FindAsync), (s, u, _) => Of(s.FindAsync(Given, u, default)), Office),
            Method<WorkOrderService>(nameof(WorkOrderService.FileAsync), (s, u, _) => Of(s.FileAsync(File, u, default)), Office),
            Method<WorkOrderService>(nameof(WorkOrderService.QuoteAsync), (s, u, _) => Of(s.QuoteAsync(Quote, u, default)), Office),
            Method<WorkOrderService>(
                nameof(WorkOrderService.OfCaseAsync), (s, u, _) => Of(s.OfCaseAsync(Case, u, default)), Who.Admin, Who.Staff, Who.Owner),
            Method<WorkOrderService>(nameof(WorkOrderService.AssetsAsync), (s, u, _) => Of(s.AssetsAsync("bom", u, default)), Office),
            Method<WorkOrderService>(nameof(WorkOrderService.WorkersAsync), (s, u, _) => Of(s.WorkersAsync(u, default)), Office),
            Method<WorkOrderService>(nameof(WorkOrderService.CasesAsync), (s, u, _) => Of(s.CasesAsync("leak", u, default)), Office),
            Method<WorkOrderService>(nameof(WorkOrderService.ExpensesAsync), (s, u, _) => Of(s.ExpensesAsync(Given, "w2", u, default)), Office),
            Method<WorkOrderDesk>(nameof(WorkOrderDesk.CreateAsync), (s, u, _) => Of(s.CreateAsync(Sound, Case, u, default)), Office),
            Method<WorkOrderDesk>(
                nameof(WorkOrderDesk.UpdateAsync), (s, u, _) => Of(s.UpdateAsync(New, Sound with { Title = "Two pumps" }, u, default)), Office),
            Method<WorkOrderDesk>(
                nameof(WorkOrderDesk.AssignAsync), (s, u, _) => Of(s.AssignAsync(New, new(Supplier, null, null), u, default)), Office),
            Method<WorkOrderDesk>(nameof(WorkOrderDesk.StartAsync), (s, u, _) => Of(s.StartAsync(Given, u, default)), Office),
            Method<WorkOrderDesk>(nameof(WorkOrderDesk.WaitAsync), (s, u, _) => Of(s.WaitAsync(Begun, "A part", u, default)), Office),
            Method<WorkOrderDesk>(
                nameof(WorkOrderDesk.FinishAsync), (s, u, w) => Of(s.FinishAsync(Begun, w.Clock.Today, null, u, default)), Office),
            Method<WorkOrderDesk>(nameof(WorkOrderDesk.SendBackAsync), (s, u, _) => Of(s.SendBackAsync(Finished, "Dirty", u, default)), Office),
            Method<WorkOrderDesk>(nameof(WorkOrderDesk.AcceptAsync), (s, u, _) => Of(s.AcceptAsync(Finished, u, default)), Office),
            Method<WorkOrderDesk>(nameof(WorkOrderDesk.CancelAsync), (s, u, _) => Of(s.CancelAsync(New, "Not needed", u, default)), Office),
            Method<WorkOrderDesk>(
                nameof(WorkOrderDesk.QuoteAsync), (s, u, _) => Of(s.QuoteAsync(New, new(Second, 200_000, null, []), u, default)), Office),
            Method<WorkOrderDesk>(nameof(WorkOrderDesk.RemoveQuoteAsync), (s, u, _) => Of(s.RemoveQuoteAsync(New, Quote, u, default)), Office),
            Method<WorkOrderDesk>(nameof(WorkOrderDesk.AskAsync), (s, u, _) => Of(s.AskAsync(New, Quote, u, default)), Office),
            Method<WorkOrderDesk>(nameof(WorkOrderDesk.ApproveAsync), (s, u, _) => Of(s.ApproveAsync(Asks, Other, 900_000, null, u, default)), Who.Admin),
            Method<WorkOrderDesk>(nameof(WorkOrderDesk.RejectAsync), (s, u, _) => Of(s.RejectAsync(Asks, "Dear", u, default)), Who.Admin),
            Method<WorkOrderDesk>(nameof(WorkOrderDesk.AddCheckAsync), (s, u, _) => Of(s.AddCheckAsync(Given, "Dry", u, default)), Office),
            Method<WorkOrderDesk>(nameof(WorkOrderDesk.CheckAsync), (s, u, _) => Of(s.CheckAsync(Given, Check, true, u, default)), Office),
            Method<WorkOrderDesk>(nameof(WorkOrderDesk.RemoveCheckAsync), (s, u, _) => Of(s.RemoveCheckAsync(Given, Check, u, default)), Office),
            Method<WorkOrderDesk>(
                nameof(WorkOrderDesk.AddFilesAsync),
                (s, u, _) => Of(s.AddFilesAsync(Given, [new("b.pdf", "%PDF-1.4"u8.ToArray())], u, default)), Office),
            Method<WorkOrderDesk>(nameof(WorkOrderDesk.RemoveFileAsync), (s, u, _) => Of(s.RemoveFileAsync(Given, File, u, default)), Office),
            Method<WorkOrderDesk>(nameof(WorkOrderDesk.LinkCaseAsync), (s, u, _) => Of(s.LinkCaseAsync(New, Case, true, u, default)), Office),
            Method<WorkOrderDesk>(nameof(WorkOrderDesk.LinkBillAsync), (s, u, _) => Of(s.LinkBillAsync(Given, Loose, u, default)), Office),
            Method<WorkOrderDesk>(nameof(WorkOrderDesk.UnlinkBillAsync), (s, u, _) => Of(s.UnlinkBillAsync(Given, Bill, u, default)), Office),
            Method<PlanService>(nameof(PlanService.ListAsync), (s, u, _) => Of(s.ListAsync(new(), u, default), p => p.Rows.Count > 0), Office),
            Method<PlanService>(
                nameof(PlanService.SaveAsync), (s, u, w) => Of(s.SaveAsync(null, Monthly(w.Clock.Today), u, default)), Office),
            Method<AssetMeterService>(nameof(AssetMeterService.ListAsync), (s, u, _) => Of(s.ListAsync(Pump, u, default), all => all.Count > 0), Office),
            Method<AssetMeterService>(nameof(AssetMeterService.AddAsync), (s, u, _) => Of(s.AddAsync(Pump, new("Starts", "n"), u, default)), Office),
            Method<AssetMeterService>(
                nameof(AssetMeterService.ReadAsync), (s, u, w) => Of(s.ReadAsync(Meter, new(w.Clock.Today, 12, false), u, default)), Office),
            Page("/maintenance/orders", Office),
            Page("/maintenance/orders/{Id:long}", $"/maintenance/orders/{Given}", Office),
            Page("/maintenance/plans", Office),
            Endpoint(HttpMethod.Get, "/maintenance/orders/export", "/maintenance/orders/export?format=csv", Office),
            Endpoint(HttpMethod.Get, "/maintenance/orders/files/{id:long}", $"/maintenance/orders/files/{File}", Office),
            Endpoint(HttpMethod.Get, "/maintenance/orders/quotes/{id:long}", $"/maintenance/orders/quotes/{Quote}", Office),
        ];
}

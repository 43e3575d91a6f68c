using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Home;
using Portal.Data.Identity;
using Portal.Data.Maintenance;
using Portal.Tests.Authority;
using Portal.Tests.Server;

namespace Portal.Tests.Maintenance;

/// <summary>Work orders from who asks to the bill, and the plans that make them.</summary>
public sealed class WorkOrderTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);

    private DateOnly Today => _world.Clock.Today;

    private CurrentUser Staff => _world.As(Who.Staff);

    private CurrentUser Admin => _world.As(Who.Admin);

    private WorkOrderDesk Desk => _world.Get<WorkOrderDesk>();

    private WorkOrderService Orders => _world.Get<WorkOrderService>();

    public Task InitializeAsync() => _world.BeginAsync(new WorkOrdersMatrix());

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task From_a_case_to_accepted_and_the_petitioner_sees_how_far_it_is()
    {
        var made = await Desk.CreateAsync(WorkOrdersMatrix.Sound with { AssetId = WorkOrdersMatrix.Pump, DueOn = Today }, WorkOrdersMatrix.Case, Staff, default);
        Assert.True(made.Ok);
        var order = await FindAsync(made.Value);
        Assert.Matches($"^OT-{Today.Year}-[0-9]{{6}}$", order.Number);
        Assert.Equal(WorkOrderState.Open, order.State);
        Assert.Equal("order.nobody", (await Desk.AssignAsync(order.Id, new(null, null, null), Staff, default)).Error!.Code);
        Assert.True((await Desk.AssignAsync(order.Id, new(WorkOrdersMatrix.Supplier, null, Today.AddDays(-1)), Staff, default)).Ok);
        Assert.True((await FindAsync(order.Id)).Late);
        Assert.True((await Desk.AddCheckAsync(order.Id, "It is quiet", Staff, default)).Ok);
        Assert.True((await Desk.StartAsync(order.Id, Staff, default)).Ok);
        Assert.Equal("order.not_begun", (await Desk.StartAsync(order.Id, Staff, default)).Error!.Code);
        Assert.True((await Desk.WaitAsync(order.Id, "A part", Staff, default)).Ok);
        Assert.True((await Desk.StartAsync(order.Id, Staff, default)).Ok);
        Assert.Equal("order.checks", (await Desk.FinishAsync(order.Id, Today, null, Staff, default)).Error!.Code);
        var check = (await FindAsync(order.Id)).Checks.Single();
        Assert.True((await Desk.CheckAsync(order.Id, check.Id, true, Staff, default)).Ok);
        Assert.Equal("order.future", (await Desk.FinishAsync(order.Id, Today.AddDays(1), null, Staff, default)).Error!.Code);
        Assert.True((await Desk.FinishAsync(order.Id, Today, "New seal", Staff, default)).Ok);
        Assert.True((await Desk.SendBackAsync(order.Id, "It drips", Staff, default)).Ok);
        Assert.True((await Desk.FinishAsync(order.Id, Today, null, Staff, default)).Ok);

        // Whoever filed the case sees how far it is, and neither its name nor anything else.
        var seen = (await Orders.OfCaseAsync(WorkOrdersMatrix.Case, _world.As(Who.Owner), default)).Single(o => o.Id == order.Id);
        Assert.Equal((WorkOrderState.Done, null, Today), (seen.State, seen.Title, seen.DoneOn));

        await database.ExecuteAsync($"UPDATE pqrs SET assigned_to = {AuthorityWorld.Id(Who.Admin)} WHERE id = {WorkOrdersMatrix.Case}");
        Assert.True((await Desk.AcceptAsync(order.Id, Staff, default)).Ok);
        order = await FindAsync(order.Id);
        Assert.Equal(
            [
                WorkOrderStepKind.Made, WorkOrderStepKind.Assigned, WorkOrderStepKind.Started, WorkOrderStepKind.Waiting, WorkOrderStepKind.Started,
                WorkOrderStepKind.Done, WorkOrderStepKind.SentBack, WorkOrderStepKind.Done, WorkOrderStepKind.Accepted,
            ],
            order.Steps.Select(s => s.Kind));
        Assert.False(order.Late);
        Assert.Equal([AuthorityWorld.Id(Who.Admin)], await ToldAsync(WorkOrderDesk.ToldCase));
        Assert.Equal("order.over", (await Desk.CancelAsync(order.Id, "No", Staff, default)).Error!.Code);
    }

    [Fact]
    public async Task What_two_small_jobs_of_one_supplier_and_equipment_come_to_is_decided_above()
    {
        // The first of 300,000 is within what the staff decide: approved with being asked for.
        Assert.Equal(ApprovalLevel.Staff, (await Desk.AskAsync(WorkOrdersMatrix.New, WorkOrdersMatrix.Quote, Staff, default)).Value);
        var first = await FindAsync(WorkOrdersMatrix.New);
        Assert.Equal((WorkOrderState.Assigned, 300_000m), (first.State, first.Amount));
        await database.ExecuteAsync($"UPDATE work_orders SET approved_on = '{Today.AddDays(-19):yyyy-MM-dd}' WHERE id = {WorkOrdersMatrix.New}");

        var second = await QuotedAsync(WorkOrdersMatrix.Pump, WorkOrdersMatrix.Supplier, 250_000);
        Assert.Equal(ApprovalLevel.Administrator, (await Desk.AskAsync(second.Order, second.Quote, Staff, default)).Value);
        Assert.Equal(WorkOrderState.Approval, (await FindAsync(second.Order)).State);
        Assert.Equal([AuthorityWorld.Id(Who.Admin)], await ToldAsync(WorkOrderDesk.ToldAsked));
        Assert.Equal("order.waits", (await Desk.AssignAsync(second.Order, new(WorkOrdersMatrix.Supplier, null, null), Staff, default)).Error!.Code);

        // Of another equipment, or after thirty days, it stands alone.
        await database.ExecuteAsync($"UPDATE work_orders SET status = 'cancelled' WHERE id = {WorkOrdersMatrix.Given}");
        var other = await QuotedAsync(null, WorkOrdersMatrix.Supplier, 250_000);
        Assert.Equal(ApprovalLevel.Staff, (await Desk.AskAsync(other.Order, other.Quote, Staff, default)).Value);
        await database.ExecuteAsync($"UPDATE work_orders SET approved_on = '{Today.AddDays(-31):yyyy-MM-dd}' WHERE id = {WorkOrdersMatrix.New}");
        var later = await QuotedAsync(WorkOrdersMatrix.Pump, WorkOrdersMatrix.Supplier, 250_000);
        Assert.Equal(ApprovalLevel.Staff, (await Desk.AskAsync(later.Order, later.Quote, Staff, default)).Value);
    }

    [Fact]
    public async Task The_administrator_approves_what_they_looked_at_or_says_why_not()
    {
        Assert.Equal("order.asked_other", (await Desk.ApproveAsync(WorkOrdersMatrix.Asks, WorkOrdersMatrix.Other, 800_000, null, Admin, default)).Error!.Code);
        Assert.Equal("required", (await Desk.RejectAsync(WorkOrdersMatrix.Asks, " ", Admin, default)).Error!.Code);
        Assert.True((await Desk.RejectAsync(WorkOrdersMatrix.Asks, "Dear", Admin, default)).Ok);
        var order = await FindAsync(WorkOrdersMatrix.Asks);
        Assert.Equal((WorkOrderState.Open, null, null), (order.State, order.Amount, order.AskedAmount));
        Assert.Equal("order.not_asked", (await Desk.ApproveAsync(WorkOrdersMatrix.Asks, WorkOrdersMatrix.Other, 900_000, null, Admin, default)).Error!.Code);

        Assert.Equal(ApprovalLevel.Administrator, (await Desk.AskAsync(order.Id, WorkOrdersMatrix.Other, Staff, default)).Value);
        Assert.Equal("order.quote_chosen", (await Desk.RemoveQuoteAsync(order.Id, WorkOrdersMatrix.Other, Staff, default)).Error!.Code);
        Assert.True((await Desk.ApproveAsync(order.Id, WorkOrdersMatrix.Other, 900_000, null, Admin, default)).Ok);
        order = await FindAsync(order.Id);
        Assert.Equal((WorkOrderState.Assigned, 900_000m, Today), (order.State, order.Amount, order.ApprovedOn));
        Assert.Equal("order.supplier_approved", (await Desk.AssignAsync(order.Id, new(WorkOrdersMatrix.Third, null, null), Staff, default)).Error!.Code);
        Assert.Equal([AuthorityWorld.Id(Who.Staff)], await ToldAsync(WorkOrderDesk.ToldApproved));
    }

    [Fact]
    public async Task The_council_decides_among_three_quotes_and_with_its_minutes()
    {
        var (order, quote) = await QuotedAsync(null, WorkOrdersMatrix.Supplier, 5_000_001);
        Assert.Equal("order.quotes", (await Desk.AskAsync(order, quote, Staff, default)).Error!.Code);
        Assert.Equal("order.quote_twice", (await Desk.QuoteAsync(order, new(WorkOrdersMatrix.Supplier, 6_000_000, null, []), Staff, default)).Error!.Code);
        Assert.True((await Desk.QuoteAsync(order, new(WorkOrdersMatrix.Second, 6_000_000, null, []), Staff, default)).Ok);
        Assert.True((await Desk.QuoteAsync(order, new(WorkOrdersMatrix.Third, 7_000_000, null, []), Staff, default)).Ok);
        Assert.Equal(ApprovalLevel.Council, (await Desk.AskAsync(order, quote, Staff, default)).Value);
        Assert.Equal("order.council", (await Desk.ApproveAsync(order, quote, 5_000_001, " ", Admin, default)).Error!.Code);
        Assert.True((await Desk.ApproveAsync(order, quote, 5_000_001, "Acta 14", Admin, default)).Ok);
        Assert.Equal("Acta 14", (await FindAsync(order)).ApprovalAct);
    }

    [Fact]
    public async Task An_emergency_goes_on_and_is_approved_within_three_business_days()
    {
        var made = (await Desk.CreateAsync(WorkOrdersMatrix.Sound with { Emergency = true }, null, Staff, default)).Value;
        Assert.True((await Desk.AssignAsync(made, new(WorkOrdersMatrix.Supplier, null, null), Staff, default)).Ok);
        Assert.True((await Desk.StartAsync(made, Staff, default)).Ok);
        var quote = (await Desk.QuoteAsync(made, new(WorkOrdersMatrix.Supplier, 6_000_000, null, []), Staff, default)).Value;
        Assert.Equal(ApprovalLevel.Council, (await Desk.AskAsync(made, quote, Staff, default)).Value);
        var order = await FindAsync(made);
        Assert.Equal(WorkOrderState.Working, order.State);
        Assert.Equal(Portal.Data.Pqrs.BusinessDays.Deadline(Today, 3, []), order.RatifyBy);
        Assert.True((await Desk.FinishAsync(made, Today, null, Staff, default)).Ok);
        Assert.Equal("order.asked", (await Desk.AcceptAsync(made, Staff, default)).Error!.Code);
        Assert.True((await Desk.ApproveAsync(made, quote, 6_000_000, "Acta 15", Admin, default)).Ok);
        Assert.True((await Desk.AcceptAsync(made, Staff, default)).Ok);
    }

    [Fact]
    public async Task Bills_may_come_to_a_twentieth_more_than_was_approved_and_not_to_a_peso_above()
    {
        // 400,000 was approved, and 100,000 is billed already.
        await database.ExecuteAsync($"UPDATE expenses SET amount = 320001 WHERE id = {WorkOrdersMatrix.Loose}");
        var over = await Desk.LinkBillAsync(WorkOrdersMatrix.Given, WorkOrdersMatrix.Loose, Staff, default);
        Assert.Equal("order.bill_over", over.Error!.Code);
        Assert.Equal([420_001m, 400_000m], over.Error.Values.Cast<decimal>());
        await database.ExecuteAsync($"UPDATE expenses SET amount = 320000 WHERE id = {WorkOrdersMatrix.Loose}");
        Assert.True((await Desk.LinkBillAsync(WorkOrdersMatrix.Given, WorkOrdersMatrix.Loose, Staff, default)).Ok);
        Assert.Equal(420_000m, (await FindAsync(WorkOrdersMatrix.Given)).Billed);
        Assert.Equal("order.bill_elsewhere", (await Desk.LinkBillAsync(WorkOrdersMatrix.Begun, WorkOrdersMatrix.Loose, Staff, default)).Error!.Code);
        Assert.Equal("order.billed", (await Desk.CancelAsync(WorkOrdersMatrix.Given, "No", Staff, default)).Error!.Code);

        // Where nothing was approved, what the staff decide.
        Assert.True((await Desk.UnlinkBillAsync(WorkOrdersMatrix.Given, WorkOrdersMatrix.Loose, Staff, default)).Ok);
        await database.ExecuteAsync($"UPDATE expenses SET amount = 500001 WHERE id = {WorkOrdersMatrix.Loose}");
        await database.ExecuteAsync($"UPDATE work_orders SET approved_on = '{Today.AddDays(-40):yyyy-MM-dd}' WHERE id = {WorkOrdersMatrix.Given}");
        Assert.Equal("order.bill_over", (await Desk.LinkBillAsync(WorkOrdersMatrix.Begun, WorkOrdersMatrix.Loose, Staff, default)).Error!.Code);
        await database.ExecuteAsync($"UPDATE expenses SET supplier_id = {WorkOrdersMatrix.Third} WHERE id = {WorkOrdersMatrix.Loose}");
        Assert.Equal("order.bill_supplier", (await Desk.LinkBillAsync(WorkOrdersMatrix.Begun, WorkOrdersMatrix.Loose, Staff, default)).Error!.Code);
    }

    [Fact]
    public async Task Another_suppliers_price_moves_nothing_until_it_is_approved_and_rejected_leaves_what_was()
    {
        // Given is Supplier's for 400,000; Second would take 900,000.
        var quote = (await Desk.QuoteAsync(WorkOrdersMatrix.Given, new(WorkOrdersMatrix.Second, 900_000, null, []), Staff, default)).Value;
        Assert.Equal(ApprovalLevel.Administrator, (await Desk.AskAsync(WorkOrdersMatrix.Given, quote, Staff, default)).Value);
        var order = await FindAsync(WorkOrdersMatrix.Given);
        Assert.Equal((WorkOrdersMatrix.Supplier, 400_000m, "Bombas del Norte"), (order.SupplierId, order.Amount, order.AskedSupplier));
        Assert.Equal(WorkOrderState.Approval, order.State);
        Assert.Equal("order.asset_decided", (await Desk.UpdateAsync(
            order.Id, order.Input with { AssetId = WorkOrdersMatrix.Pump, Read = order.Input }, Staff, default)).Error!.Code);
        Assert.True((await Desk.RejectAsync(order.Id, "Dear", Admin, default)).Ok);
        order = await FindAsync(order.Id);
        Assert.Equal((WorkOrderState.Assigned, WorkOrdersMatrix.Supplier, 400_000m), (order.State, order.SupplierId, order.Amount));
        Assert.DoesNotContain(order.Quotes, q => q.Asked || q.Approved);

        // Approved, it is the other's.
        Assert.True((await Desk.AskAsync(order.Id, quote, Staff, default)).Ok);
        Assert.True((await Desk.ApproveAsync(order.Id, quote, 900_000, "ignored", Admin, default)).Ok);
        order = await FindAsync(order.Id);
        Assert.Equal((WorkOrdersMatrix.Second, 900_000m, null), (order.SupplierId, order.Amount, order.ApprovalAct));
        Assert.True(order.Quotes.Single().Approved);
    }

    [Fact]
    public async Task Two_that_were_asked_for_side_by_side_count_together_once_the_first_is_approved()
    {
        var (first, one) = await QuotedAsync(WorkOrdersMatrix.Pump, WorkOrdersMatrix.Third, 3_000_000);
        var (second, two) = await QuotedAsync(WorkOrdersMatrix.Pump, WorkOrdersMatrix.Third, 3_000_000);
        Assert.Equal(ApprovalLevel.Administrator, (await Desk.AskAsync(first, one, Staff, default)).Value);
        Assert.Equal(ApprovalLevel.Administrator, (await Desk.AskAsync(second, two, Staff, default)).Value);
        Assert.True((await Desk.ApproveAsync(first, one, 3_000_000, null, Admin, default)).Ok);
        Assert.Equal(ApprovalLevel.Council, (await FindAsync(second)).AskedLevel);
        Assert.Equal("order.quotes", (await Desk.ApproveAsync(second, two, 3_000_000, "Acta 16", Admin, default)).Error!.Code);
        Assert.True((await Desk.QuoteAsync(second, new(WorkOrdersMatrix.Supplier, 4_000_000, null, []), Staff, default)).Ok);
        Assert.True((await Desk.QuoteAsync(second, new(WorkOrdersMatrix.Second, 4_000_000, null, []), Staff, default)).Ok);
        Assert.Equal("order.council", (await Desk.ApproveAsync(second, two, 3_000_000, null, Admin, default)).Error!.Code);
        Assert.True((await Desk.ApproveAsync(second, two, 3_000_000, "Acta 16", Admin, default)).Ok);
    }

    [Fact]
    public async Task A_linked_bill_does_not_become_another_one_and_one_that_comes_late_and_higher_is_approved_then()
    {
        var expenses = _world.Get<Portal.Data.Expenses.ExpenseDesk>();
        var read = (await _world.Get<Portal.Data.Expenses.ExpenseService>().FindAsync(WorkOrdersMatrix.Bill, Staff, default))!.Input;
        Assert.Equal("order.bill_over", (await expenses.UpdateAsync(
            WorkOrdersMatrix.Bill, read with { Amount = 420_001, Read = read }, Staff, default)).Error!.Code);
        Assert.Equal("order.bill_supplier", (await expenses.UpdateAsync(
            WorkOrdersMatrix.Bill, read with { SupplierId = WorkOrdersMatrix.Third, Read = read }, Staff, default)).Error!.Code);
        Assert.True((await expenses.UpdateAsync(WorkOrdersMatrix.Bill, read with { Amount = 420_000, Read = read }, Staff, default)).Ok);

        await database.ExecuteAsync($"UPDATE work_orders SET status = 'accepted', done_on = '{Today:yyyy-MM-dd}' WHERE id = {WorkOrdersMatrix.Given}");
        Assert.Equal("order.bill_over", (await Desk.LinkBillAsync(WorkOrdersMatrix.Given, WorkOrdersMatrix.Loose, Staff, default)).Error!.Code);
        var quote = (await Desk.QuoteAsync(WorkOrdersMatrix.Given, new(WorkOrdersMatrix.Supplier, 520_000, "As billed", []), Staff, default)).Value;
        Assert.Equal(ApprovalLevel.Administrator, (await Desk.AskAsync(WorkOrdersMatrix.Given, quote, Staff, default)).Value);
        Assert.True((await Desk.ApproveAsync(WorkOrdersMatrix.Given, quote, 520_000, null, Admin, default)).Ok);
        Assert.True((await Desk.LinkBillAsync(WorkOrdersMatrix.Given, WorkOrdersMatrix.Loose, Staff, default)).Ok);
        Assert.Equal(WorkOrderState.Accepted, (await FindAsync(WorkOrdersMatrix.Given)).State);
    }

    [Fact]
    public async Task The_emergency_box_skips_no_rule()
    {
        var made = (await Desk.CreateAsync(WorkOrdersMatrix.Sound with { Emergency = true }, null, Staff, default)).Value;
        var by = (await FindAsync(made)).RatifyBy;
        Assert.True((await Desk.AssignAsync(made, new(WorkOrdersMatrix.Supplier, null, null), Staff, default)).Ok);
        var quote = (await Desk.QuoteAsync(made, new(WorkOrdersMatrix.Supplier, 6_000_000, null, []), Staff, default)).Value;
        Assert.True((await Desk.AskAsync(made, quote, Staff, default)).Ok);
        var input = (await FindAsync(made)).Input;
        Assert.Equal("order.emergency_asked", (await Desk.UpdateAsync(made, input with { Emergency = false, Read = input }, Staff, default)).Error!.Code);
        Assert.True((await Desk.RejectAsync(made, "Dear", Admin, default)).Ok);
        Assert.True((await Desk.UpdateAsync(made, input with { Emergency = false, Read = input }, Staff, default)).Ok);
        var off = (await FindAsync(made)).Input;
        Assert.True((await Desk.UpdateAsync(made, off with { Emergency = true, Read = off }, Staff, default)).Ok);
        Assert.Equal(by, (await FindAsync(made)).RatifyBy);
        Assert.True((await Desk.FinishAsync(made, Today, null, Staff, default)).Ok);
        Assert.Equal("order.emergency_price", (await Desk.AcceptAsync(made, Staff, default)).Error!.Code);

        // Switched on while its price is decided, it waits no more.
        var asks = (await FindAsync(WorkOrdersMatrix.Asks)).Input;
        Assert.True((await Desk.UpdateAsync(WorkOrdersMatrix.Asks, asks with { Emergency = true, Read = asks }, Staff, default)).Ok);
        Assert.Equal(WorkOrderState.Open, (await FindAsync(WorkOrdersMatrix.Asks)).State);
        Assert.True((await Desk.AssignAsync(WorkOrdersMatrix.Asks, new(WorkOrdersMatrix.Second, null, null), Staff, default)).Ok);
        Assert.True((await Desk.StartAsync(WorkOrdersMatrix.Asks, Staff, default)).Ok);
    }

    [Fact]
    public async Task Who_may_see_all_and_do_their_own_does_nobody_elses_and_two_who_assign_lose_nothing_of_each_other()
    {
        await database.ExecuteAsync(
            $"""
            INSERT INTO role_permissions (role_id, permission_id) SELECT 4, id FROM permissions
            WHERE name IN ('{Permissions.MaintenanceWorkOwn}', '{Permissions.MaintenanceView}')
            """);
        var accounts = _world.Get<CurrentUserSource>();
        accounts.Forget();
        var guard = (await accounts.LoadAsync(AuthorityWorld.Id(Who.Guard), default))!.User;
        Assert.NotNull(await Orders.FindAsync(WorkOrdersMatrix.Given, guard, default));
        Assert.Equal("forbidden", (await Desk.StartAsync(WorkOrdersMatrix.Given, guard, default)).Error!.Code);

        var read = new WorkOrderAssignment(WorkOrdersMatrix.Supplier, null, null);
        Assert.True((await Desk.AssignAsync(WorkOrdersMatrix.Given, read with { DueOn = Today.AddDays(4), Read = read }, Admin, default)).Ok);
        Assert.True((await Desk.AssignAsync(WorkOrdersMatrix.Given, read with { WorkerId = guard.Id, Read = read }, Staff, default)).Ok);
        var order = await FindAsync(WorkOrdersMatrix.Given);
        Assert.Equal((guard.Id, Today.AddDays(4)), (order.WorkerId, order.Input.DueOn));
        Assert.True((await Desk.StartAsync(WorkOrdersMatrix.Given, guard, default)).Ok);
    }

    [Fact]
    public async Task Who_was_given_one_does_it_and_sees_no_other_and_no_money()
    {
        await database.ExecuteAsync(
            $"INSERT INTO role_permissions (role_id, permission_id) SELECT 4, id FROM permissions WHERE name = '{Permissions.MaintenanceWorkOwn}'");
        var accounts = _world.Get<CurrentUserSource>();
        accounts.Forget();
        var guard = (await accounts.LoadAsync(AuthorityWorld.Id(Who.Guard), default))!.User;
        Assert.Empty((await Orders.ListAsync(new(), guard, default)).Rows);
        Assert.Null(await Orders.FindAsync(WorkOrdersMatrix.Given, guard, default));
        Assert.Equal("not_found", (await Desk.StartAsync(WorkOrdersMatrix.Given, guard, default)).Error!.Code);
        Assert.Null(await Orders.FileAsync(WorkOrdersMatrix.File, guard, default));

        Assert.Contains(await Orders.WorkersAsync(Staff, default), w => w.Id == guard.Id);
        Assert.True((await Desk.AssignAsync(WorkOrdersMatrix.Given, new(WorkOrdersMatrix.Supplier, guard.Id, null), Staff, default)).Ok);
        Assert.Equal([guard.Id], await ToldAsync(WorkOrderDesk.ToldAssigned));
        var row = Assert.Single((await Orders.ListAsync(new(), guard, default)).Rows);
        Assert.Equal((WorkOrdersMatrix.Given, null), (row.Id, row.Amount));
        Assert.Equal([row], await Orders.ExportAsync(new(), guard, default).ToListAsync());
        var seen = (await Orders.FindAsync(WorkOrdersMatrix.Given, guard, default))!;
        Assert.False(seen.SeesCosts);
        Assert.Equal((null, 0m), (seen.Amount, seen.Billed));
        Assert.Empty(seen.Quotes);
        Assert.Empty(seen.Bills);
        Assert.Empty(seen.Cases);
        Assert.NotNull(await Orders.FileAsync(WorkOrdersMatrix.File, guard, default));
        Assert.Null(await Orders.QuoteAsync(WorkOrdersMatrix.Quote, guard, default));

        Assert.True((await Desk.StartAsync(WorkOrdersMatrix.Given, guard, default)).Ok);
        Assert.True((await Desk.CheckAsync(WorkOrdersMatrix.Given, WorkOrdersMatrix.Check, true, guard, default)).Ok);
        Assert.True((await Desk.FinishAsync(WorkOrdersMatrix.Given, Today, "Painted", guard, default)).Ok);
        Assert.Equal("forbidden", (await Desk.AcceptAsync(WorkOrdersMatrix.Given, guard, default)).Error!.Code);
        Assert.Equal("forbidden", (await Desk.CancelAsync(WorkOrdersMatrix.Given, "No", guard, default)).Error!.Code);

        // It is somebody else's now.
        Assert.True((await Desk.SendBackAsync(WorkOrdersMatrix.Given, "Again", Staff, default)).Ok);
        Assert.True((await Desk.AssignAsync(WorkOrdersMatrix.Given, new(WorkOrdersMatrix.Supplier, null, null), Staff, default)).Ok);
        Assert.Empty((await Orders.ListAsync(new(), guard, default)).Rows);
    }

    [Fact]
    public async Task A_plan_makes_one_order_in_time_and_goes_on_once_it_is_accepted()
    {
        await database.ExecuteAsync("DELETE FROM maintenance_plans");
        var plans = _world.Get<PlanService>();
        var start = Today.AddDays(8);
        var input = WorkOrdersMatrix.Monthly(start) with { Checklist = "Oil\n\n Doors \n", SupplierId = WorkOrdersMatrix.Supplier, AssetId = WorkOrdersMatrix.Pump };
        var plan = (await plans.SaveAsync(null, input, Staff, default)).Value;
        await WorkAsync();
        Assert.Null((await PlanAsync(plan)).OrderId);

        // A day later it is seven days before.
        await database.ExecuteAsync($"UPDATE maintenance_plans SET starts_on = '{Today.AddDays(7):yyyy-MM-dd}', next_on = '{Today.AddDays(7):yyyy-MM-dd}'");
        await WorkAsync();
        await WorkAsync();
        var row = await PlanAsync(plan);
        Assert.Null(row.NextOn);
        var order = await FindAsync(row.OrderId!.Value);
        Assert.Equal((WorkOrderState.Assigned, Today.AddDays(7), "Lift maintenance"), (order.State, order.Input.DueOn, order.Input.Title));
        Assert.Equal(["Oil", "Doors"], order.Checks.Select(c => c.Text));
        Assert.Equal(plan, order.Plan!.Id);
        Assert.Equal(2, (await ToldAsync(PlanWork.Told)).Count);

        // Changing how it is called moves nothing while its order is open; done early, it was that day's.
        Assert.True((await plans.SaveAsync(plan, row.Input with { Title = "Lifts", Read = row.Input }, Staff, default)).Ok);
        foreach (var check in order.Checks) await Desk.CheckAsync(order.Id, check.Id, true, Staff, default);
        Assert.True((await Desk.FinishAsync(order.Id, Today, null, Staff, default)).Ok);
        Assert.Null((await PlanAsync(plan)).NextOn);
        // A plan's order is the whole office's.
        Assert.Equal([AuthorityWorld.Id(Who.Admin)], await ToldAsync(WorkOrderDesk.ToldDone));
        Assert.True((await Desk.AcceptAsync(order.Id, Staff, default)).Ok);
        row = await PlanAsync(plan);
        Assert.Equal((Today.AddDays(7).AddMonths(1), Today, null), (row.NextOn, row.LastDone, row.OrderId));
        await WorkAsync();
        Assert.Null((await PlanAsync(plan)).OrderId);

        async Task WorkAsync() => await new PlanWork(_world.Store, Desk, _world.Clock, _world.Get<ModuleStates>()).RunAsync(Today, default);

        async Task<PlanRow> PlanAsync(long id) => (await plans.ListAsync(new(), Staff, default)).Rows.Single(p => p.Id == id);
    }

    [Fact]
    public async Task A_plan_goes_by_its_meter_too_and_a_new_counter_loses_nothing()
    {
        await database.ExecuteAsync("DELETE FROM maintenance_plans");
        var (plans, meters) = (_world.Get<PlanService>(), _world.Get<AssetMeterService>());
        var meter = WorkOrdersMatrix.Meter;
        var input = WorkOrdersMatrix.Monthly(Today.AddDays(300)) with
        {
            AssetId = WorkOrdersMatrix.Pump, Every = 12, CountedFrom = PlanCount.Completion, MeterId = meter, MeterEvery = 250, MeterFrom = 1_000,
        };
        Assert.Equal("plan.meter", (await plans.SaveAsync(null, input with { AssetId = null }, Staff, default)).Error!.Code);
        Assert.Equal("plan.meter_count", (await plans.SaveAsync(null, input with { CountedFrom = PlanCount.Start }, Staff, default)).Error!.Code);
        var plan = (await plans.SaveAsync(null, input, Staff, default)).Value;
        Assert.Equal(Today.AddDays(300), (await PlanAsync()).NextOn);

        // As in the example: 2.25 a day, 75 left, 34 days after the last reading.
        Assert.True((await meters.ReadAsync(meter, new(Today.AddDays(-60), 1_040, false), Staff, default)).Ok);
        Assert.True((await meters.ReadAsync(meter, new(Today, 1_175, false), Staff, default)).Ok);
        Assert.Equal(Today.AddDays(34), (await PlanAsync()).NextOn);
        var lower = (await meters.ReadAsync(meter, new(Today, 1_030, false), Staff, default)).Error!;
        Assert.Equal(("meter.lower", 1_040m), (lower.Code, (decimal)lower.Values[0]!));
        Assert.Equal("meter.higher", (await meters.ReadAsync(meter, new(Today.AddDays(-61), 1_041, false), Staff, default)).Error!.Code);
        Assert.Equal("meter.replaced_before", (await meters.ReadAsync(meter, new(Today.AddDays(-1), 0, true), Staff, default)).Error!.Code);

        // A day that has a reading gets the other value: nothing counted since says nothing.
        Assert.True((await meters.ReadAsync(meter, new(Today, 1_040, false), Staff, default)).Ok);
        Assert.Equal(Today.AddDays(300), (await PlanAsync()).NextOn);

        // Another counter from 5 on: 210 of the 250 are still to go.
        Assert.True((await meters.ReadAsync(meter, new(Today, 5, true), Staff, default)).Ok);
        Assert.Equal(-35, (await PlanAsync()).Input.MeterFrom);
        Assert.Equal([5, 1_040], (await meters.ListAsync(WorkOrdersMatrix.Pump, Staff, default)).Single().Readings.Select(r => r.Value));

        // Said again, of another value, it moves the plan by the difference and not twice.
        Assert.True((await meters.ReadAsync(meter, new(Today, 0, true), Staff, default)).Ok);
        Assert.Equal(-40, (await PlanAsync()).Input.MeterFrom);

        // Reached: its order is made, and once it is accepted the count begins at what stood on the meter.
        await database.ExecuteAsync($"UPDATE asset_readings SET value = 220, replaced = 0, read_on = '{Today.AddDays(-2):yyyy-MM-dd}' WHERE value = 0");
        await database.ExecuteAsync($"DELETE FROM asset_readings WHERE value = 1040");
        Assert.True((await meters.ReadAsync(meter, new(Today, 230, false), Staff, default)).Ok);
        Assert.Equal(Today.AddDays(-2), (await PlanAsync()).NextOn);
        await new PlanWork(_world.Store, Desk, _world.Clock, _world.Get<ModuleStates>()).RunAsync(Today, default);
        var order = (await PlanAsync()).OrderId!.Value;
        Assert.True((await Desk.AssignAsync(order, new(WorkOrdersMatrix.Supplier, null, null), Staff, default)).Ok);
        Assert.True((await Desk.FinishAsync(order, Today, null, Staff, default)).Ok);
        Assert.True((await Desk.AcceptAsync(order, Staff, default)).Ok);
        var row = await PlanAsync();
        Assert.Equal((plan, 230m, Today), (row.Id, row.Input.MeterFrom, row.LastDone));
        // 5 a day, 250 left: fifty days after the reading.
        Assert.Equal(Today.AddDays(50), row.NextOn);

        async Task<PlanRow> PlanAsync() => (await plans.ListAsync(new(), Staff, default)).Rows.Single();
    }

    [Fact]
    public async Task What_a_plan_skipped_is_kept_and_one_that_was_given_up_goes_on()
    {
        await database.ExecuteAsync("DELETE FROM maintenance_plans");
        var plans = _world.Get<PlanService>();
        var start = Today.AddDays(-70);
        var plan = (await plans.SaveAsync(null, WorkOrdersMatrix.Monthly(start), Staff, default)).Value;
        await database.ExecuteAsync($"UPDATE maintenance_plans SET next_on = '{start:yyyy-MM-dd}'");
        var work = new PlanWork(_world.Store, Desk, _world.Clock, _world.Get<ModuleStates>());
        await work.RunAsync(Today, default);
        var row = (await plans.ListAsync(new(), Staff, default)).Rows.Single();
        Assert.True((await FindAsync(row.OrderId!.Value)).Late);
        Assert.True((await Desk.CancelAsync(row.OrderId.Value, "Nobody came", Staff, default)).Ok);
        row = (await plans.ListAsync(new(), Staff, default)).Rows.Single();
        Assert.Equal((PlanDates.After(start, 1, PlanUnit.Month, Today), null, 2), (row.NextOn, row.LastDone, row.Skipped));
        Assert.Equal(plan, row.Id);
    }

    [Fact]
    public async Task Wrong_input_is_told_at_its_field_and_nothing_is_written()
    {
        var orders = await CountAsync();
        var wrong = new WorkOrderInput(" ", new string('x', 2001), 99, 99, new string('x', 121), WorkOrderPriority.Normal, Today.AddYears(6), false);
        Assert.Equal(
            ["required", "too_long", "too_long", "not_found", "not_found", "order.due"],
            (await Desk.CreateAsync(wrong, null, Staff, default)).Errors.Select(e => e.Code));
        Assert.Equal("not_found", (await Desk.CreateAsync(WorkOrdersMatrix.Sound, 99, Staff, default)).Error!.Code);
        Assert.Equal(
            ["required", "required", "pqrs.files.kind"],
            (await Desk.QuoteAsync(WorkOrdersMatrix.New, new(null, null, null, [new("x.exe", [.. "MZ"u8])]), Staff, default)).Errors.Select(e => e.Code));
        Assert.Equal("order.worker", (await Desk.AssignAsync(
            WorkOrdersMatrix.New, new(null, AuthorityWorld.Id(Who.Owner), null), Staff, default)).Error!.Code);
        var plan = WorkOrdersMatrix.Monthly(Today) with { Title = null, Every = 0, LeadDays = 181, Checklist = new string('x', 201), StartsOn = null };
        Assert.Equal(
            ["required", "plan.checks", "plan.every", "plan.lead", "required"],
            (await _world.Get<PlanService>().SaveAsync(null, plan, Staff, default)).Errors.Select(e => e.Code));
        Assert.Equal("plan.lead_long", (await _world.Get<PlanService>().SaveAsync(
            null, WorkOrdersMatrix.Monthly(Today) with { Unit = PlanUnit.Week }, Staff, default)).Error!.Code);
        Assert.Equal(orders, await CountAsync());
    }

    [Fact]
    public async Task Two_people_change_different_fields_of_one_order_and_both_hold()
    {
        var read = (await FindAsync(WorkOrdersMatrix.New)).Input;
        Assert.True((await Desk.UpdateAsync(WorkOrdersMatrix.New, read with { Place = "Roof", Read = read }, Staff, default)).Ok);
        Assert.True((await Desk.UpdateAsync(WorkOrdersMatrix.New, read with { Priority = WorkOrderPriority.High, Read = read }, Admin, default)).Ok);
        var now = (await FindAsync(WorkOrdersMatrix.New)).Input;
        Assert.Equal(("Roof", WorkOrderPriority.High), (now.Place, now.Priority));
        Assert.Equal("edit.changed", (await Desk.UpdateAsync(
            WorkOrdersMatrix.New, read with { Place = "Cellar", Read = read }, Staff, default)).Error!.Code);
    }

    [Fact]
    public async Task The_list_is_searched_filtered_and_shows_what_matters_first()
    {
        await database.ExecuteAsync($"UPDATE work_orders SET due_on = '{Today.AddDays(-2):yyyy-MM-dd}' WHERE id = {WorkOrdersMatrix.Begun}");
        await database.ExecuteAsync($"UPDATE work_orders SET emergency = 1 WHERE id = {WorkOrdersMatrix.Asks}");
        await database.ExecuteAsync($"UPDATE work_orders SET status = 'cancelled' WHERE id = {WorkOrdersMatrix.New}");
        var all = (await Orders.ListAsync(new(), Staff, default)).Rows;
        Assert.Equal(
            [WorkOrdersMatrix.Asks, WorkOrdersMatrix.Begun, WorkOrdersMatrix.Finished, WorkOrdersMatrix.Given, WorkOrdersMatrix.New], all.Select(o => o.Id));
        Assert.Equal(new WorkOrderCounts(1, 1, 2, 1), await Orders.CountAsync(Staff, default));
        Assert.Equal([WorkOrdersMatrix.Begun], await IdsAsync(null, ("late", "yes")));
        Assert.Equal([WorkOrdersMatrix.Asks], await IdsAsync(null, ("asked", "yes")));
        Assert.Equal([WorkOrdersMatrix.Given], await IdsAsync("andinas paint"));
        Assert.Equal([WorkOrdersMatrix.Given], await IdsAsync("ot 782"));
        Assert.Equal([WorkOrdersMatrix.New], await IdsAsync("bom-01", ("state", "open,CANCELLED")));

        async Task<IEnumerable<long>> IdsAsync(string? search, params (string Key, string Value)[] filters) =>
            (await Orders.ListAsync(new ListQuery(search, Filters: filters.ToDictionary(f => f.Key, f => f.Value)), Staff, default)).Rows.Select(o => o.Id);
    }

    [Theory]
    [InlineData("bom-01", FoundKind.Asset)]
    [InlineData("OT 784", FoundKind.WorkOrder)]
    [InlineData("mend the", FoundKind.WorkOrder)]
    public async Task The_search_finds_equipment_and_orders_for_who_may_see_them(string typed, FoundKind kind)
    {
        Assert.Equal(kind, Assert.Single(await _world.Get<SearchService>().FindAsync(typed, Staff, default)).Kind);
        Assert.Empty(await _world.Get<SearchService>().FindAsync(typed, _world.As(Who.Owner), default));
    }

    private async Task<(long Order, long Quote)> QuotedAsync(long? asset, long supplier, decimal amount)
    {
        var order = (await Desk.CreateAsync(WorkOrdersMatrix.Sound with { AssetId = asset }, null, Staff, default)).Value;
        return (order, (await Desk.QuoteAsync(order, new(supplier, amount, null, []), Staff, default)).Value);
    }

    private async Task<WorkOrderView> FindAsync(long id) => (await Orders.FindAsync(id, Staff, default))!;

    private async Task<long> CountAsync()
    {
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        return await db.WorkOrders.LongCountAsync();
    }

    private async Task<List<long>> ToldAsync(string type)
    {
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        return await db.Notifications.Where(n => n.Type == type).OrderBy(n => n.RecipientId).Select(n => n.RecipientId).ToListAsync();
    }
}

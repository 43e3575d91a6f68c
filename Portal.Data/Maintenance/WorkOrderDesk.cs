using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Expenses;
using Portal.Data.Notifications;
using Portal.Data.Operations;
using Portal.Data.Payments;
using Portal.Data.Pqrs;

namespace Portal.Data.Maintenance;

/// <summary>
/// Takes work orders from who asked to accepted. The office (<see cref="Permissions.MaintenanceEdit"/>) makes and gives them, who was given
/// one (<see cref="Permissions.MaintenanceWorkOwn"/>) does it, and <see cref="Permissions.MaintenanceApprove"/> decides what it costs above
/// what the staff decide. Each act is one transaction under the lock of the order.
/// </summary>
public sealed class WorkOrderDesk(PortalStore store, SettingsService settings, BuildingClock clock)
{
    public const int MostChecks = 30, MostFiles = 20, MostCases = 20;

    /// <summary>What the bell says.</summary>
    public const string ToldAssigned = "order.assigned", ToldAsked = "order.asked", ToldApproved = "order.approved",
        ToldRejected = "order.rejected", ToldDone = "order.done", ToldCase = "order.case";

    /// <summary>A new order; with the case that asks for it, if one does.</summary>
    /// <returns>
    /// Its id. Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>too_long</c>, <c>order.due</c>, <c>asset.retired</c>.
    /// </returns>
    public async Task<Result<long>> CreateAsync(WorkOrderInput input, long? pqrsId, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceEdit)) return Error.Forbidden;
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                if (await CheckAsync(db, input, null, token) is { Count: > 0 } errors) return errors;
                if (pqrsId is { } asked && !await db.Pqrs.VisibleTo(user).AnyAsync(p => p.Id == asked, token)) return Error.NotFound;
                var order = await AddAsync(db, input, user.AccountId, token);
                if (pqrsId is { } of)
                {
                    db.WorkOrderCases.Add(new WorkOrderCase { OrderId = order.Id, PqrsId = of });
                    await db.SaveChangesAsync(token);
                }

                return order.Id;
            },
            ct);
    }

    /// <summary>Changes what is to be done; what two people changed in different fields holds both times (<see cref="Edits"/>).</summary>
    /// <returns>Refusals: as <see cref="CreateAsync"/>, <c>order.over</c>, <c>edit.changed</c>.</returns>
    public Task<Result> UpdateAsync(long id, WorkOrderInput input, CurrentUser user, CancellationToken ct) => ActAsync(
        id, Permissions.MaintenanceEdit, user,
        async (db, order, token) =>
        {
            var merged = Edits.Merge(input, WorkOrderService.Of(order));
            if (!merged.Ok) return merged;
            if (await CheckAsync(db, merged.Value, order.AssetId, token) is { Count: > 0 } errors) return errors;
            return order.Change(merged.Value, RatifyBy, user.AccountId);
        },
        ct);

    /// <summary>Gives it to a supplier or to somebody of the house, who is told.</summary>
    /// <returns>
    /// Refusals: <c>forbidden</c>, <c>not_found</c>, <c>order.nobody</c>, <c>order.due</c>, <c>expense.supplier</c>, <c>order.worker</c>,
    /// and of the state <c>order.over</c>, <c>order.waits</c>, <c>order.supplier_approved</c>; <c>edit.changed</c>.
    /// </returns>
    public Task<Result> AssignAsync(long id, WorkOrderAssignment given, CurrentUser user, CancellationToken ct) => ActAsync(
        id, Permissions.MaintenanceEdit, user,
        async (db, order, token) =>
        {
            var merged = Edits.Merge(given, new WorkOrderAssignment(order.SupplierId, order.WorkerId, order.DueOn));
            if (!merged.Ok) return merged;
            var input = merged.Value;
            List<Error> errors = [];
            if (input is { SupplierId: null, WorkerId: null }) errors.Add(new Error("order.nobody", nameof(input.SupplierId)));
            if (input.SupplierId is { } supplier && supplier != order.SupplierId
                && await ExpenseRules.WhyNotSupplierAsync(db, supplier, nameof(input.SupplierId), token) is { } not)
                errors.Add(not);
            if (input.WorkerId is { } wanted && wanted != order.WorkerId && !await MayWorkAsync(db, wanted, token))
                errors.Add(new Error("order.worker", nameof(input.WorkerId)));
            if (WrongDay(input.DueOn) is { } wrong) errors.Add(wrong);
            if (errors.Count > 0) return errors;
            var before = order.WorkerId;
            var done = order.Assign(input.SupplierId, input.WorkerId, input.DueOn, user.AccountId);
            if (done.Ok && order.WorkerId is { } worker && worker != before && worker != user.AccountId)
                await TellAsync(db, order, ToldAssigned, "Te asignaron una orden de trabajo", [worker], token);
            return done;
        },
        ct);

    /// <summary>The work begins, or goes on after it stood still.</summary>
    public Task<Result> StartAsync(long id, CurrentUser user, CancellationToken ct) =>
        ActAsync(id, Permissions.MaintenanceWorkOwn, user, (_, order, _) => Task.FromResult(order.Start(user.AccountId)), ct);

    /// <summary>It stands still, and why.</summary>
    public Task<Result> WaitAsync(long id, string? reason, CurrentUser user, CancellationToken ct) => ActAsync(
        id, Permissions.MaintenanceWorkOwn, user,
        (_, order, _) => Task.FromResult(PaymentRules.CheckReason(reason) is { } missing ? missing : order.Wait(reason!.Trim(), user.AccountId)), ct);

    /// <summary>It is done: every line of its checklist is ticked off, and who made the order is told.</summary>
    /// <returns>Refusals: besides the state's, <c>order.checks</c> with how many are open, <c>order.future</c>,
    /// <c>order.before</c>.</returns>
    public Task<Result> FinishAsync(long id, DateOnly? day, string? note, CurrentUser user, CancellationToken ct) => ActAsync(
        id, Permissions.MaintenanceWorkOwn, user,
        async (db, order, token) =>
        {
            if (day is not { } done) return Error.Required("Day");
            if (done > clock.Today) return new Error("order.future", "Day");
            if (done < clock.Today.AddYears(-1)) return new Error("order.before", "Day");
            if (note?.Trim().Length > 500) return Error.TooLong("Note", 500);
            var open = await db.WorkOrderChecks.CountAsync(c => c.OrderId == id && c.DoneAt == null, token);
            if (open > 0) return new Error("order.checks", null, open);
            var finished = order.Finish(done, note.TrimToNull(), user.AccountId);
            if (!finished.Ok) return finished;
            // Nobody made what a plan asked for: it is all the office's.
            List<long> told = order.MadeBy is { } by
                ? [by]
                : await db.UsersWith(Permissions.MaintenanceEdit).Select(u => u.Id).ToListAsync(token);
            await TellAsync(db, order, ToldDone, "Una orden de trabajo está terminada", told.Where(one => one != user.AccountId), token);
            return finished;
        },
        ct);

    /// <summary>It is not as it should be: the work goes on.</summary>
    public Task<Result> SendBackAsync(long id, string? reason, CurrentUser user, CancellationToken ct) => ActAsync(
        id, Permissions.MaintenanceEdit, user,
        async (db, order, token) =>
        {
            if (PaymentRules.CheckReason(reason) is { } missing) return missing;
            var back = order.SendBack(reason!.Trim(), user.AccountId);
            if (back.Ok && order.WorkerId is { } worker && worker != user.AccountId)
                await TellAsync(db, order, ToldAssigned, "Te devolvieron una orden de trabajo", [worker], token);
            return back;
        },
        ct);

    /// <summary>
    /// It is as it should be. Whoever answers the cases that asked for it is told that they can; its plan goes on to its next day.
    /// </summary>
    public Task<Result> AcceptAsync(long id, CurrentUser user, CancellationToken ct) => ActAsync(
        id, Permissions.MaintenanceEdit, user,
        async (db, order, token) =>
        {
            var priced = await db.WorkOrderQuotes.AnyAsync(q => q.OrderId == id, token);
            var accepted = order.Accept(priced, user.AccountId);
            if (!accepted.Ok) return accepted;
            await PlanService.FollowAsync(db, order, order.DoneOn!.Value, true, token);
            var cases = await db.WorkOrderCases.Where(c => c.OrderId == id && c.Pqrs!.AssignedTo != null)
                .Where(c => c.Pqrs!.StatusId == PqrsState.Open || c.Pqrs.StatusId == PqrsState.InProgress
                    || c.Pqrs.StatusId == PqrsState.WaitingForPetitioner)
                .Select(c => new { c.PqrsId, c.Pqrs!.Number, c.Pqrs.AssignedTo }).ToListAsync(token);
            foreach (var one in cases)
            {
                var text = $"{order.Number}: {order.Title}";
                await new NotificationDraft(
                        ToldCase, RecipientType.Admin, $"El trabajo de {one.Number} está terminado", text, $"/pqrs/{one.PqrsId}",
                        [new(Text: one.Number), new(Text: text)])
                    .AddAsync(db, [one.AssignedTo!.Value], token);
            }

            return accepted;
        },
        ct);

    /// <summary>It will not be done. What was billed for it is taken off it first.</summary>
    /// <returns>Refusals: besides the state's, <c>order.billed</c>.</returns>
    public Task<Result> CancelAsync(long id, string? reason, CurrentUser user, CancellationToken ct) => ActAsync(
        id, Permissions.MaintenanceEdit, user,
        async (db, order, token) =>
        {
            if (PaymentRules.CheckReason(reason) is { } missing) return missing;
            if (await WorkOrderSums.BilledAsync(db, id, token) is > 0 and var billed) return new Error("order.billed", null, billed);
            var cancelled = order.Cancel(reason!.Trim(), user.AccountId);
            if (cancelled.Ok) await PlanService.FollowAsync(db, order, clock.Today, false, token);
            return cancelled;
        },
        ct);

    /// <summary>Writes down what a supplier would do it for; one of each.</summary>
    /// <returns>
    /// Its id. Refusals: <c>required</c>, <c>too_long</c>, <c>expense.supplier</c>, <c>order.quote_twice</c>, those of an amount,
    /// <c>order.over</c>, and what <see cref="PqrsFiles"/> says of a file.
    /// </returns>
    public async Task<Result<long>> QuoteAsync(long id, WorkOrderQuoteInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceEdit)) return Error.Forbidden;
        var saved = await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                if (await LockAsync(db, id, user, token) is not { } order) return Error.NotFound;
                if (order.Status == WorkOrderState.Cancelled) return new Error("order.over");
                List<Error> errors = [];
                if (input.SupplierId is not { } supplier) errors.Add(Error.Required(nameof(input.SupplierId)));
                else if (await ExpenseRules.WhyNotSupplierAsync(db, supplier, nameof(input.SupplierId), token) is { } not) errors.Add(not);
                if (input.Amount is not { } amount) errors.Add(Error.Required(nameof(input.Amount)));
                else if (PaymentRules.CheckAmount(nameof(input.Amount), amount) is { } wrong) errors.Add(wrong);
                if (input.Note?.Trim().Length > 300) errors.Add(Error.TooLong(nameof(input.Note), 300));
                var (papers, unfit) = PqrsFiles.CheckPapers(input.Papers, 1);
                errors.AddRange(unfit);
                if (errors.Count > 0) return errors;
                var quote = new WorkOrderQuote
                {
                    OrderId = id, SupplierId = input.SupplierId!.Value, Amount = input.Amount!.Value, Note = input.Note.TrimToNull(),
                    MadeBy = user.AccountId,
                };
                if (papers is [var paper])
                    (quote.FileName, quote.ContentType, quote.Size, quote.Content) = (paper.FileName, paper.ContentType, paper.Size, paper.Content);
                db.WorkOrderQuotes.Add(quote);
                await db.SaveChangesAsync(token);
                return quote.Id;
            },
            ct);
        return saved.Error?.Code == "duplicate.uq_work_order_quotes_order_supplier"
            ? new Error("order.quote_twice", nameof(WorkOrderQuoteInput.SupplierId))
            : saved;
    }

    /// <summary>Takes a quote back; the one that was decided about stays.</summary>
    /// <returns>Refusals: <c>order.quote_chosen</c>.</returns>
    public Task<Result> RemoveQuoteAsync(long id, long quoteId, CurrentUser user, CancellationToken ct) => ActAsync(
        id, Permissions.MaintenanceEdit, user,
        async (db, order, token) =>
        {
            // Without its paper, which nobody needs to take it away.
            var quote = await db.WorkOrderQuotes.Where(q => q.Id == quoteId && q.OrderId == id)
                .Select(q => new WorkOrderQuote { Id = q.Id, OrderId = q.OrderId, SupplierId = q.SupplierId, Amount = q.Amount })
                .SingleOrDefaultAsync(token);
            if (quote is null) return Error.NotFound;
            if (quote.Id == order.QuoteId || quote.Id == order.AskedQuoteId) return new Error("order.quote_chosen");
            db.WorkOrderQuotes.Remove(quote);
            return Result.Done;
        },
        ct);

    /// <summary>
    /// Asks to have it done for a quote. Within what the staff decide it is approved with that; what was approved for the same supplier and
    /// equipment in the thirty days before counts with it.
    /// </summary>
    /// <returns>Who decides. Refusals: <c>order.over</c>, <c>order.quotes</c> where the council needs more of them.</returns>
    public async Task<Result<ApprovalLevel>> AskAsync(long id, long quoteId, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceEdit)) return Error.Forbidden;
        var limits = await settings.GetAsync(ct);
        return await store.WriteAsync<ApprovalLevel>(
            user,
            async (db, token) =>
            {
                if (await LockAsync(db, id, user, token) is not { } order) return Error.NotFound;
                var quotes = await QuotesAsync(db, id, token);
                if (quotes.Find(q => q.Id == quoteId) is not { } quote) return Error.NotFound;
                var level = await LevelAsync(db, order, quote, limits, token);
                if (TooFew(order, level, quotes.Count) is { } few) return few;
                var asked = order.Ask(quote, level, clock.Today, user.AccountId);
                if (!asked.Ok) return Result<ApprovalLevel>.Refused(asked);
                if (order.AskedAmount is not null)
                {
                    var deciding = await db.UsersWith(Permissions.MaintenanceApprove).Select(u => u.Id).ToListAsync(token);
                    await TellAsync(
                        db, order, ToldAsked, "Una orden de trabajo espera aprobación", deciding.Where(one => one != user.AccountId), token);
                }

                return level;
            },
            ct);
    }

    /// <summary>
    /// Approves what is asked for; what the council decides with its minutes. Who decides is worked out again: of two orders that were
    /// asked for side by side, the second counts with the first once that is approved.
    /// </summary>
    /// <param name="quoteId">The quote that the person looked at.</param>
    /// <param name="seen">And its pesos.</param>
    /// <returns>
    /// Refusals: <c>forbidden</c>, <c>order.not_asked</c>, <c>order.asked_other</c> with what it is now, <c>order.council</c> where it
    /// needs the council's minutes, <c>order.quotes</c>.
    /// </returns>
    public async Task<Result> ApproveAsync(long id, long quoteId, decimal seen, string? act, CurrentUser user, CancellationToken ct)
    {
        var limits = await settings.GetAsync(ct);
        return await ActAsync(
            id, Permissions.MaintenanceApprove, user,
            async (db, order, token) =>
            {
                if (act?.Trim().Length > 100) return Error.TooLong("Act", 100);
                if (order.AskedAmount is not { } asked) return new Error("order.not_asked");
                if (asked != seen || order.AskedQuoteId != quoteId) return new Error("order.asked_other", null, asked);
                var quotes = await QuotesAsync(db, id, token);
                if (quotes.Find(q => q.Id == quoteId) is not { } quote) return Error.NotFound;
                var level = await LevelAsync(db, order, quote, limits, token);
                if (TooFew(order, level, quotes.Count) is { } few) return few;
                if (level == ApprovalLevel.Council && act.TrimToNull() is null) return new Error("order.council", "Act");
                var done = order.Approve(quote.SupplierId, level == ApprovalLevel.Council ? act.TrimToNull() : null, clock.Today, user.AccountId);
                if (done.Ok) await AnswerAsync(db, order, ToldApproved, "Aprobaron el valor de una orden", user, token);
                return done;
            },
            ct);
    }

    /// <summary>It is not to be done at that price.</summary>
    public Task<Result> RejectAsync(long id, string? reason, CurrentUser user, CancellationToken ct) => ActAsync(
        id, Permissions.MaintenanceApprove, user,
        async (db, order, token) =>
        {
            if (PaymentRules.CheckReason(reason) is { } missing) return missing;
            var done = order.Reject(reason!.Trim(), user.AccountId);
            if (!done.Ok) return done;
            await AnswerAsync(db, order, ToldRejected, "No aprobaron el valor de una orden", user, token);
            return done;
        },
        ct);

    /// <summary>Adds a line to its checklist.</summary>
    /// <returns>Refusals: <c>required</c>, <c>too_long</c>, <c>order.many_checks</c>, <c>order.over</c>.</returns>
    public Task<Result> AddCheckAsync(long id, string? text, CurrentUser user, CancellationToken ct) => ActAsync(
        id, Permissions.MaintenanceEdit, user,
        async (db, order, token) =>
        {
            if (text.TrimToNull() is not { } line) return Error.Required("Text");
            if (line.Length > 200) return Error.TooLong("Text", 200);
            if (!order.Active) return new Error("order.over");
            var last = await db.WorkOrderChecks.Where(c => c.OrderId == id).MaxAsync(c => (int?)c.Position, token) ?? 0;
            if (await db.WorkOrderChecks.CountAsync(c => c.OrderId == id, token) >= MostChecks) return new Error("order.many_checks", null, MostChecks);
            db.WorkOrderChecks.Add(new WorkOrderCheck { OrderId = id, Position = last + 1, Text = line });
            return Result.Done;
        },
        ct);

    /// <summary>Ticks a line off, or takes the tick back.</summary>
    public Task<Result> CheckAsync(long id, long checkId, bool done, CurrentUser user, CancellationToken ct) => ActAsync(
        id, Permissions.MaintenanceWorkOwn, user,
        async (db, order, token) =>
        {
            if (!order.Active) return new Error("order.over");
            if (await db.WorkOrderChecks.SingleOrDefaultAsync(c => c.Id == checkId && c.OrderId == id, token) is not { } check) return Error.NotFound;
            if (check.DoneAt is not null == done) return Result.Done;
            (check.DoneAt, check.DoneBy) = (done ? clock.UtcNow : null, done ? user.AccountId : null);
            return Result.Done;
        },
        ct);

    /// <summary>Takes a line away.</summary>
    public Task<Result> RemoveCheckAsync(long id, long checkId, CurrentUser user, CancellationToken ct) => ActAsync(
        id, Permissions.MaintenanceEdit, user,
        async (db, order, token) =>
        {
            if (!order.Active) return new Error("order.over");
            if (await db.WorkOrderChecks.SingleOrDefaultAsync(c => c.Id == checkId && c.OrderId == id, token) is not { } check) return Error.NotFound;
            db.WorkOrderChecks.Remove(check);
            return Result.Done;
        },
        ct);

    /// <summary>Hangs photographs and papers on it.</summary>
    /// <returns>Refusals: what <see cref="PqrsFiles"/> says of a file.</returns>
    public Task<Result> AddFilesAsync(long id, IReadOnlyList<PqrsUpload> uploads, CurrentUser user, CancellationToken ct) => ActAsync(
        id, Permissions.MaintenanceWorkOwn, user,
        async (db, order, token) =>
        {
            if (order.Status == WorkOrderState.Cancelled || (order.Status == WorkOrderState.Accepted && !user.Can(Permissions.MaintenanceEdit)))
                return new Error("order.over");
            var there = await db.WorkOrderFiles.CountAsync(f => f.OrderId == id, token);
            var (files, wrong) = PqrsFiles.CheckPapers(uploads, MostFiles - there);
            if (wrong.Count > 0) return wrong;
            db.WorkOrderFiles.AddRange(files.Select(f => new WorkOrderFile
            {
                OrderId = id, FileName = f.FileName, ContentType = f.ContentType, Size = f.Size, Content = f.Content, AddedBy = user.AccountId,
            }));
            return Result.Done;
        },
        ct);

    /// <summary>Takes one away.</summary>
    public Task<Result> RemoveFileAsync(long id, long fileId, CurrentUser user, CancellationToken ct) => ActAsync(
        id, Permissions.MaintenanceEdit, user,
        async (db, order, token) =>
        {
            if (order.Status == WorkOrderState.Cancelled) return new Error("order.over");
            var file = await db.WorkOrderFiles.Where(f => f.Id == fileId && f.OrderId == id)
                .Select(f => new WorkOrderFile { Id = f.Id, OrderId = f.OrderId, FileName = f.FileName, ContentType = f.ContentType, Size = f.Size })
                .SingleOrDefaultAsync(token);
            if (file is null) return Error.NotFound;
            db.WorkOrderFiles.Remove(file);
            return Result.Done;
        },
        ct);

    /// <summary>Says that a case asked for it, or takes that back. Needs <see cref="Permissions.PqrsView"/> besides.</summary>
    /// <returns>Refusals: <c>order.many_cases</c>.</returns>
    public Task<Result> LinkCaseAsync(long id, long pqrsId, bool link, CurrentUser user, CancellationToken ct) => ActAsync(
        id, Permissions.MaintenanceEdit, user,
        async (db, _, token) =>
        {
            if (!user.Can(Permissions.PqrsView)) return Error.Forbidden;
            if (!await db.Pqrs.VisibleTo(user).AnyAsync(p => p.Id == pqrsId, token)) return Error.NotFound;
            var linked = await db.WorkOrderCases.Where(c => c.OrderId == id).ToListAsync(token);
            var there = linked.Find(c => c.PqrsId == pqrsId);
            if (link == there is not null) return Result.Done;
            if (there is not null) db.WorkOrderCases.Remove(there);
            else if (linked.Count >= MostCases) return new Error("order.many_cases", null, MostCases);
            else db.WorkOrderCases.Add(new WorkOrderCase { OrderId = id, PqrsId = pqrsId });
            return Result.Done;
        },
        ct);

    /// <summary>
    /// Says that an expense is a bill of it. Together they may come to a twentieth more than was approved, or to what the staff decide
    /// where nothing was. Needs <see cref="Permissions.ExpensesView"/> besides.
    /// </summary>
    /// <returns>
    /// Refusals: <c>order.bill_elsewhere</c>, <c>order.bill_supplier</c>, <c>order.bill_over</c> with what it would come to and what was
    /// approved.
    /// </returns>
    public async Task<Result> LinkBillAsync(long id, long expenseId, CurrentUser user, CancellationToken ct)
    {
        var limits = await settings.GetAsync(ct);
        var done = await ActAsync(
            id, Permissions.MaintenanceEdit, user,
            async (db, order, token) =>
            {
                if (!user.Can(Permissions.ExpensesView)) return Error.Forbidden;
                // Locked: who changes it meanwhile finds it linked.
                var bill = await db.Expenses.Where(e => e.Id == expenseId && e.Status != ExpenseState.Voided).ForUpdate().SingleOrDefaultAsync(token);
                if (bill is null) return Error.NotFound;
                if (order.Status == WorkOrderState.Cancelled) return new Error("order.over");
                if (await db.WorkOrderExpenses.AnyAsync(x => x.ExpenseId == expenseId, token)) return new Error("order.bill_elsewhere");
                await LockSupplierAsync(db, bill.SupplierId, token);
                if (await WorkOrderSums.WhyNotAsync(db, order, expenseId, bill.SupplierId, bill.Amount, limits, clock.Today, token) is { } why)
                    return why with { Field = null };
                db.WorkOrderExpenses.Add(new WorkOrderExpense { OrderId = id, ExpenseId = expenseId });
                return Result.Done;
            },
            ct);
        return done.Error?.Code == "duplicate.uq_work_order_expenses_expense" ? new Error("order.bill_elsewhere") : done;
    }

    /// <summary>It is no bill of it.</summary>
    public Task<Result> UnlinkBillAsync(long id, long expenseId, CurrentUser user, CancellationToken ct) => ActAsync(
        id, Permissions.MaintenanceEdit, user,
        async (db, _, token) =>
        {
            if (!user.Can(Permissions.ExpensesView)) return Error.Forbidden;
            if (await db.WorkOrderExpenses.SingleOrDefaultAsync(x => x.OrderId == id && x.ExpenseId == expenseId, token) is not { } bill)
                return Error.NotFound;
            db.WorkOrderExpenses.Remove(bill);
            return Result.Done;
        },
        ct);

    /// <summary>A new order with its number, saved.</summary>
    internal async Task<WorkOrder> AddAsync(PortalDb db, WorkOrderInput input, long? by, CancellationToken ct)
    {
        var order = WorkOrder.Make(input, RatifyBy, by);
        order.GiveNumber(await Numbering.NextAsync(db, WorkOrder.Series, clock.Today.Year, ct));
        db.WorkOrders.Add(order);
        await db.SaveChangesAsync(ct);
        return order;
    }

    private DateOnly RatifyBy => BusinessDays.Deadline(clock.Today, ApprovalRules.RatifyDays, []);

    private Task<Result> ActAsync(
        long id, string permission, CurrentUser user, Func<PortalDb, WorkOrder, CancellationToken, Task<Result>> act, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                // The office does whatever somebody does with what was given to them.
                if (!user.Can(permission) && !(permission == Permissions.MaintenanceWorkOwn && user.Can(Permissions.MaintenanceEdit)))
                    return Error.Forbidden;
                if (await LockAsync(db, id, user, token) is not { } order) return Error.NotFound;
                // Who does what was given to them may see others' too, and does not do those.
                if (permission == Permissions.MaintenanceWorkOwn && !user.Can(Permissions.MaintenanceEdit) && order.WorkerId != user.AccountId)
                    return Error.Forbidden;
                return await act(db, order, token);
            },
            ct);

    /// <summary>Null where there is none for this person.</summary>
    private static Task<WorkOrder?> LockAsync(PortalDb db, long id, CurrentUser user, CancellationToken ct) =>
        db.WorkOrders.VisibleTo(user).Where(o => o.Id == id).ForUpdate().SingleOrDefaultAsync(ct);

    private async Task<List<Error>> CheckAsync(PortalDb db, WorkOrderInput input, long? had, CancellationToken ct)
    {
        var errors = new List<Error>();
        if (input.Title.TrimToNull() is not { } title) errors.Add(Error.Required(nameof(input.Title)));
        else if (title.Length > 150) errors.Add(Error.TooLong(nameof(input.Title), 150));
        if (input.Description?.Trim().Length > 2000) errors.Add(Error.TooLong(nameof(input.Description), 2000));
        if (input.Place?.Trim().Length > 120) errors.Add(Error.TooLong(nameof(input.Place), 120));
        if (input.AssetId is { } asset && asset != had && await AssetService.WhyNotAsync(db, asset, nameof(input.AssetId), ct) is { } not)
            errors.Add(not);
        if (input.TowerId is { } tower && !await db.Towers.AnyAsync(t => t.Id == tower, ct))
            errors.Add(Error.NotFound with { Field = nameof(input.TowerId) });
        if (WrongDay(input.DueOn) is { } wrong) errors.Add(wrong);
        return errors;
    }

    private Error? WrongDay(DateOnly? due) =>
        due < clock.Today.AddYears(-1) || due > clock.Today.AddYears(5) ? new Error("order.due", nameof(WorkOrderInput.DueOn)) : null;

    private static async Task<bool> MayWorkAsync(PortalDb db, long account, CancellationToken ct) =>
        await db.UsersWith(Permissions.MaintenanceWorkOwn).AnyAsync(u => u.Id == account, ct)
        || await db.UsersWith(Permissions.MaintenanceEdit).AnyAsync(u => u.Id == account, ct);

    private static Task<List<WorkOrderQuote>> QuotesAsync(PortalDb db, long id, CancellationToken ct) => db.WorkOrderQuotes.AsNoTracking()
        .Where(q => q.OrderId == id).Select(q => new WorkOrderQuote { Id = q.Id, SupplierId = q.SupplierId, Amount = q.Amount }).ToListAsync(ct);

    private async Task<ApprovalLevel> LevelAsync(
        PortalDb db, WorkOrder order, WorkOrderQuote quote, BuildingSettings limits, CancellationToken ct)
    {
        await LockSupplierAsync(db, quote.SupplierId, ct);
        var sum = quote.Amount + await WorkOrderSums.TogetherAsync(db, order, quote.SupplierId, clock.Today, ct);
        return ApprovalRules.Level(sum, limits.MaintenanceStaffLimit, limits.MaintenanceAdministratorLimit);
    }

    /// <summary>Of two who decide about the same supplier at once the second counts with the first.</summary>
    private static Task LockSupplierAsync(PortalDb db, long supplier, CancellationToken ct) =>
        db.Suppliers.Where(s => s.Id == supplier).Select(s => s.Id).ForUpdate().ToListAsync(ct);

    private static Error? TooFew(WorkOrder order, ApprovalLevel level, int quotes) =>
        level == ApprovalLevel.Council && !order.Emergency && quotes < ApprovalRules.CouncilQuotes
            ? new Error("order.quotes", null, ApprovalRules.CouncilQuotes)
            : null;

    private static Task AnswerAsync(PortalDb db, WorkOrder order, string type, string title, CurrentUser user, CancellationToken ct) =>
        order.AskedBy is { } asked && asked != user.AccountId ? TellAsync(db, order, type, title, [asked], ct) : Task.CompletedTask;

    private static Task TellAsync(PortalDb db, WorkOrder order, string type, string title, IEnumerable<long> accounts, CancellationToken ct) =>
        new NotificationDraft(
                type, RecipientType.Admin, title, $"{order.Number}: {order.Title}", $"/maintenance/orders/{order.Id}",
                [new(Text: order.Number), new(Text: order.Title)])
            .AddAsync(db, accounts, ct);
}

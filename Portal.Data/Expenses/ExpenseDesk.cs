using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Ledger;
using Portal.Data.Maintenance;
using Portal.Data.Operations;
using Portal.Data.Payments;

namespace Portal.Data.Expenses;

/// <summary>
/// Takes invoices from draft to paid. Each act is one transaction under the lock of the expense; then the state of the books, accounts by
/// id, and the series of numbers last. Of two who approve or pay at once the second hears who was first.
/// </summary>
public sealed class ExpenseDesk(PortalStore store, SettingsService settings, BuildingClock clock)
{
    /// <summary>Writes down an invoice; it is a draft. Needs <see cref="Permissions.ExpensesEdit"/>.</summary>
    /// <returns>Its id. Refusals: what is missing, <c>expense.twin</c> with who entered the same invoice of the supplier, when and for how
    /// much, <c>expense.account</c>, <c>expense.supplier</c>, <c>expense.future</c>, <c>expense.due</c>, and of files
    /// <c>pqrs.files.*</c>.</returns>
    public async Task<Result<long>> CreateAsync(
        ExpenseInput input, IReadOnlyList<ExpenseUpload> uploads, CurrentUser user, CancellationToken ct)
    {
        var made = await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.ExpensesEdit)) return Error.Forbidden;
                var errors = await ExpenseRules.CheckAsync(db, input, 0, clock.Today, token);
                var (files, wrong) = ExpenseRules.Check(uploads, 0, user.AccountId);
                errors.AddRange(wrong);
                if (errors.Count > 0) return errors;
                var expense = Expense.Make(input, user.AccountId);
                db.Expenses.Add(expense);
                foreach (var file in files)
                {
                    file.Expense = expense;
                    db.ExpenseFiles.Add(file);
                }

                await db.SaveChangesAsync(token);
                return expense.Id;
            },
            ct);
        return made.Error?.Code == Duplicate ? await TwinOfAsync(input, user, ct) : made;
    }

    /// <summary>Changes a draft; what two people changed in different fields holds both times (<see cref="Edits"/>). Needs
    /// <see cref="Permissions.ExpensesEdit"/>.</summary>
    /// <returns>Refusals: as <see cref="CreateAsync"/>; <c>expense.not_open</c> once it was sent; <c>order.bill_over</c> and
    /// <c>order.bill_supplier</c> where it is a bill of a work order that covers no such amount, or is another supplier's.</returns>
    public async Task<Result> UpdateAsync(long id, ExpenseInput input, CurrentUser user, CancellationToken ct)
    {
        var limits = await settings.GetAsync(ct);
        var saved = await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.ExpensesEdit)) return Error.Forbidden;
                if (await LockAsync(db, id, token) is not { } expense) return Error.NotFound;
                if (!expense.Open) return new Error("expense.not_open");
                var merged = Edits.Merge(input, ExpenseQueries.Of(expense));
                if (!merged.Ok) return merged;
                if (await ExpenseRules.CheckAsync(db, merged.Value, id, clock.Today, token) is { Count: > 0 } errors) return errors;
                if (await WhyNotOfOrderAsync(db, expense, merged.Value, limits, token) is { } why) return why;
                return expense.Change(merged.Value, user.AccountId);
            },
            ct);
        return saved.Error?.Code == Duplicate ? await TwinOfAsync(input, user, ct) : saved;
    }

    /// <summary>Sends a draft for approval. Needs <see cref="Permissions.ExpensesEdit"/>.</summary>
    public Task<Result> SendAsync(long id, CurrentUser user, CancellationToken ct) =>
        ActAsync(id, Permissions.ExpensesEdit, user, (_, expense, _) => Task.FromResult(expense.Send(user.AccountId)), ct);

    /// <summary>Gives it back with a reason. Needs <see cref="Permissions.ExpensesApprove"/>.</summary>
    public Task<Result> ReturnAsync(long id, string? reason, CurrentUser user, CancellationToken ct) =>
        ActAsync(
            id, Permissions.ExpensesApprove, user,
            (_, expense, _) => Task.FromResult(
                PaymentRules.CheckReason(reason) is { } missing ? missing : expense.Return(reason!, user.AccountId)),
            ct);

    /// <summary>
    /// Approves it: it gets its number, and the books its cost, on the invoice's day as far as that month is open. Needs
    /// <see cref="Permissions.ExpensesApprove"/>; above <see cref="BuildingSettings.ExpenseAloneLimit"/> nobody approves what they made,
    /// changed or sent themselves.
    /// </summary>
    /// <param name="seen">The sum that was shown: where it is another by now nothing is approved.</param>
    /// <returns>Its number. Refusals: <c>expense.own</c> (the limit), <c>expense.changed</c> (the sum now),
    /// <c>expense.already_approved</c> with who and when, <c>expense.already_returned</c>, <c>expense.not_sent</c>,
    /// <c>expense.account</c>.</returns>
    public async Task<Result<string>> ApproveAsync(long id, decimal seen, CurrentUser user, CancellationToken ct)
    {
        var limit = (await settings.GetAsync(ct)).ExpenseAloneLimit;
        return await store.WriteAsync<string>(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.ExpensesApprove)) return Error.Forbidden;
                if (await LockAsync(db, id, token) is not { } expense) return Error.NotFound;
                if (expense.WhyNotSent is { } other) return await NamedAsync(db, expense, other, token);
                if (expense.Amount != seen) return new Error("expense.changed", null, expense.Amount);
                if (expense.Amount > limit && ExpenseQueries.IsTheirs(expense.MadeBy, expense.Steps, user))
                    return new Error("expense.own", null, (decimal)limit);
                await Chart.ReadAsync(db, token);
                var open = await ExpenseRules.Accounts(db).Where(a => a.Id == expense.AccountId).Select(a => a.Id).ForUpdate()
                    .ToListAsync(token);
                if (open.Count == 0) return new Error("expense.account", nameof(ExpenseInput.AccountId));
                expense.Approve(user.AccountId);
                expense.GiveNumber(await Numbering.NextAsync(db, Expense.Series, clock.Today.Year, token));
                return expense.Number!;
            },
            ct);
    }

    /// <summary>
    /// Pays some of it or the rest out of bank or cash. Needs <see cref="Permissions.ExpensesPay"/>.
    /// </summary>
    /// <param name="seen">What was left when the payer looked.</param>
    /// <returns>The payment's id. Refusals: <c>expense.already_paid</c> and <c>expense.paid_meanwhile</c> with who was first, when and how
    /// much; <c>expense.over</c> (what is left), <c>expense.not_approved</c>, <c>expense.paid_before</c> where the day is before the
    /// invoice's, <c>ledger.month.closed</c>, and what the books say of the account (<see cref="LedgerDesk.WhyNotOutAsync"/>).</returns>
    public Task<Result<long>> PayAsync(long id, ExpensePaymentInput input, decimal seen, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.ExpensesPay)) return Error.Forbidden;
                if (await CheckAsync(db, input, token) is { Count: > 0 } errors) return errors;
                if (await LockAsync(db, id, token) is not { } expense) return Error.NotFound;
                if (input.PaidOn < expense.InvoicedOn)
                    return new Error("expense.paid_before", nameof(input.PaidOn), expense.InvoicedOn);
                var paid = expense.Pay(input, seen, user.AccountId);
                if (!paid.Ok) return await NamedAsync(db, expense, paid.Error!, token);
                var chart = await Chart.ReadAsync(db, token);
                if (input.PaidOn <= chart.ClosedThrough)
                    return new Error("ledger.month.closed", nameof(input.PaidOn), chart.ClosedThrough);
                var money = chart.MoneyOf(input.MethodId);
                if (await LedgerDesk.WhyNotOutAsync(db, input.PaidOn, money, input.Amount, token) is { Count: > 0 } kept) return kept;
                await db.SaveChangesAsync(token);
                return paid.Value.Id;
            },
            ct
        );

    /// <summary>Takes a payment back by an opposite entry of today. Needs <see cref="Permissions.ExpensesPay"/>.</summary>
    public Task<Result> VoidPaymentAsync(long paymentId, string? reason, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.ExpensesPay)) return Error.Forbidden;
                if (PaymentRules.CheckReason(reason) is { } missing) return missing;
                var id = await db.ExpensePayments.Where(p => p.Id == paymentId).Select(p => (long?)p.ExpenseId).SingleOrDefaultAsync(token);
                if (id is null || await LockAsync(db, id.Value, token) is not { } expense) return Error.NotFound;
                var payment = expense.Payments.Single(p => p.Id == paymentId);
                var done = expense.VoidPayment(payment, reason!, user.AccountId, clock.UtcNow);
                return done.Ok ? done : await NamedAsync(db, expense, done.Error!, token);
            },
            ct
        );

    /// <summary>Takes an expense back, by an opposite entry of today where it was approved. Needs
    /// <see cref="Permissions.ExpensesApprove"/>; whoever may change expenses takes back what was never approved.</summary>
    /// <returns>Refusals: <c>expense.void.paid</c> with what its payments come to: they are taken back first.</returns>
    public Task<Result> VoidAsync(long id, string? reason, CurrentUser user, CancellationToken ct) =>
        ActAsync(
            id, Permissions.ExpensesEdit, user,
            (_, expense, _) => Task.FromResult(
                expense.Status is not (ExpenseState.Draft or ExpenseState.Returned or ExpenseState.Sent)
                    && !user.Can(Permissions.ExpensesApprove) ? Error.Forbidden
                : PaymentRules.CheckReason(reason) is { } missing ? missing
                : expense.Void(reason!, user.AccountId)),
            ct);

    /// <summary>Hangs files on it. Needs <see cref="Permissions.ExpensesEdit"/>.</summary>
    public Task<Result> AddFilesAsync(long id, IReadOnlyList<ExpenseUpload> uploads, CurrentUser user, CancellationToken ct) =>
        ActAsync(
            id, Permissions.ExpensesEdit, user,
            async (db, expense, token) =>
            {
                if (expense.Status == ExpenseState.Voided) return new Error("expense.already_voided");
                var there = await db.ExpenseFiles.CountAsync(f => f.ExpenseId == id, token);
                var (files, wrong) = ExpenseRules.Check(uploads, there, user.AccountId);
                if (wrong.Count > 0) return wrong;
                foreach (var file in files)
                {
                    file.ExpenseId = id;
                    db.ExpenseFiles.Add(file);
                }

                return Result.Done;
            },
            ct);

    /// <summary>Takes a file away while the expense is a draft; later it is a paper of the books. Needs
    /// <see cref="Permissions.ExpensesEdit"/>.</summary>
    public Task<Result> RemoveFileAsync(long fileId, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.ExpensesEdit)) return Error.Forbidden;
                // Without its content, which nobody needs to take it away.
                var file = await db.ExpenseFiles.Where(f => f.Id == fileId)
                    .Select(f => new ExpenseFile
                    {
                        Id = f.Id, ExpenseId = f.ExpenseId, FileName = f.FileName, ContentType = f.ContentType, Size = f.Size,
                    }).SingleOrDefaultAsync(token);
                if (file is null || await LockAsync(db, file.ExpenseId, token) is not { } expense) return Error.NotFound;
                if (!expense.Open) return new Error("expense.not_open");
                db.ExpenseFiles.Remove(file);
                return Result.Done;
            },
            ct
        );

    /// <summary>What a work order may cost was decided: its bill does not become another one behind it.</summary>
    private async Task<Error?> WhyNotOfOrderAsync(
        PortalDb db, Expense expense, ExpenseInput input, BuildingSettings limits, CancellationToken ct)
    {
        if (expense.Amount == input.Amount && expense.SupplierId == input.SupplierId) return null;
        var order = await db.WorkOrderExpenses.AsNoTracking().Where(x => x.ExpenseId == expense.Id).Select(x => x.Order).SingleOrDefaultAsync(ct);
        if (order is null) return null;
        return await WorkOrderSums.WhyNotAsync(db, order, expense.Id, input.SupplierId!.Value, input.Amount!.Value, limits, clock.Today, ct);
    }

    private const string Duplicate = "duplicate.uq_expenses_invoice";

    private Task<Result> ActAsync(
        long id, string permission, CurrentUser user, Func<PortalDb, Expense, CancellationToken, Task<Result>> act, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(permission)) return Error.Forbidden;
                if (await LockAsync(db, id, token) is not { } expense) return Error.NotFound;
                var done = await act(db, expense, token);
                return done.Ok ? done : await NamedAsync(db, expense, done.Error!, token);
            },
            ct
        );

    /// <summary>Its row first, so that nobody waits while holding what hangs on it.</summary>
    private static async Task<Expense?> LockAsync(PortalDb db, long id, CancellationToken ct)
    {
        if (await db.Expenses.Where(e => e.Id == id).ForUpdate().SingleOrDefaultAsync(ct) is not { } expense) return null;
        await db.Entry(expense).Collection(e => e.Payments).LoadAsync(ct);
        await db.Entry(expense).Collection(e => e.Steps).LoadAsync(ct);
        await db.Entry(expense).Reference(e => e.Supplier).LoadAsync(ct);
        return expense;
    }

    /// <summary>Two wrote the same invoice at once: the key refused the second, who is told as if the first had been there
    /// before.</summary>
    private async Task<Error> TwinOfAsync(ExpenseInput input, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        return await ExpenseRules.TwinAsync(db, input.SupplierId!.Value, input.Invoice!, 0, ct) ?? Error.Stale;
    }

    /// <summary>Who was first, when (wall clock), and for how much: for words that say so.</summary>
    private async Task<Error> NamedAsync(PortalDb db, Expense expense, Error error, CancellationToken ct)
    {
        ExpenseStepKind? kind = error.Code switch
        {
            "expense.already_approved" => ExpenseStepKind.Approved,
            "expense.already_returned" => ExpenseStepKind.Returned,
            "expense.already_sent" => ExpenseStepKind.Sent,
            "expense.already_voided" => ExpenseStepKind.Voided,
            "expense.already_paid" or "expense.paid_meanwhile" => ExpenseStepKind.Paid,
            "expense.payment.already_voided" => ExpenseStepKind.PaymentVoided,
            _ => null,
        };
        if (kind is null) return error;
        var step = expense.Steps.Where(s => s.Kind == kind && s.Id > 0).MaxBy(s => s.Id);
        if (step is null && error.Code == "expense.paid_meanwhile")
            step = expense.Steps.Where(s => s.Kind == ExpenseStepKind.PaymentVoided).MaxBy(s => s.Id);
        var by = await db.Profiles.Where(p => p.UserId == (step == null ? null : step.MadeBy)).OrderBy(p => p.Id).Select(p => p.FullName)
            .FirstOrDefaultAsync(ct);
        return error with { Values = [by ?? "", step?.CreatedAt is { } at ? clock.ToWall(at) : clock.Now, step?.Amount ?? 0m] };
    }

    private async Task<List<Error>> CheckAsync(PortalDb db, ExpensePaymentInput input, CancellationToken ct)
    {
        var errors = new List<Error>();
        if (PaymentRules.CheckAmount(nameof(input.Amount), input.Amount) is { } wrong) errors.Add(wrong);
        if (await PaymentRules.CheckMethodAsync(db, nameof(input.MethodId), input.MethodId, ct) is { } noMethod) errors.Add(noMethod);
        if (input.PaidOn > clock.Today) errors.Add(new Error("payment.future", nameof(input.PaidOn), clock.Today));
        if (input.Reference?.Trim().Length > PaymentRules.LongestReference)
            errors.Add(Error.TooLong(nameof(input.Reference), PaymentRules.LongestReference));
        return errors;
    }
}

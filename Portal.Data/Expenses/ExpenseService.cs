using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Ledger;
using Portal.Data.Operations;

namespace Portal.Data.Expenses;

/// <summary>Reads expenses. Needs <see cref="Permissions.ExpensesView"/> throughout; acts are <see cref="ExpenseDesk"/>'s.</summary>
public sealed class ExpenseService(PortalStore store, SettingsService settings, BuildingClock clock)
{
    /// <summary>Every expense; what waits for this person first (<see cref="ExpenseQueries"/> has filters and sorts).</summary>
    public async Task<Page<ExpenseRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ExpensesView)) return Page<ExpenseRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        return await Rows(db, db.Expenses.AsNoTracking().Matching(query, clock.Today).Sorted(query, user), user).PageAsync(query, ct);
    }

    /// <summary>All that <see cref="ListAsync"/> finds, for a file; nothing out of reach.</summary>
    public async IAsyncEnumerable<ExpenseRow> ExportAsync(
        ListQuery query, CurrentUser user, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        if (!user.Can(Permissions.ExpensesView)) yield break;
        await using var db = await store.OpenAsync(user, ct);
        var ids = await db.Expenses.AsNoTracking().Matching(query, clock.Today).Sorted(query, user).Select(e => e.Id).ToListAsync(ct);
        var rows = Exports.ReadAsync(
            ids, some => Rows(db, db.Expenses.AsNoTracking().Where(e => some.Contains(e.Id)), user).ToListAsync(ct), row => row.Id);
        await foreach (var row in rows) yield return row;
    }

    /// <summary>What waits for this person; null out of reach.</summary>
    public async Task<ExpenseSummary?> SummaryAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ExpensesView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var (today, approved) = (clock.Today, db.Expenses.AsNoTracking().Where(e => e.Status == ExpenseState.Approved));
        var mayPay = user.Can(Permissions.ExpensesPay);
        return new ExpenseSummary(
            user.Can(Permissions.ExpensesApprove) ? await WaitingAsync(ExpenseState.Sent, null) : null,
            mayPay ? await WaitingAsync(ExpenseState.Approved, null) : null,
            mayPay ? await WaitingAsync(ExpenseState.Approved, today) : null,
            user.Can(Permissions.ExpensesEdit) ? await WaitingAsync(ExpenseState.Returned, null) : null,
            await approved.SumAsync(e => e.Amount - e.Paid, ct));

        async Task<Waiting> WaitingAsync(ExpenseState state, DateOnly? before)
        {
            var waiting = db.Expenses.AsNoTracking().Where(e => e.Status == state);
            if (before is { } day) waiting = waiting.Where(e => e.DueOn < day);
            var sums = await waiting.GroupBy(e => 1).Select(g => new { Count = g.Count(), Sum = g.Sum(e => e.Amount - e.Paid) })
                .SingleOrDefaultAsync(ct);
            if (sums is null) return new Waiting(0, 0, null, null);
            var oldest = await waiting.OrderBy(e => e.DueOn).ThenBy(e => e.Id)
                .Select(e => new { e.Supplier!.Name, e.DueOn }).FirstAsync(ct);
            return new Waiting(sums.Count, sums.Sum, oldest.Name, oldest.DueOn);
        }
    }

    /// <summary>One expense with its payments, history and files; null out of reach.</summary>
    public async Task<ExpenseView?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ExpensesView)) return null;
        var limit = (await settings.GetAsync(ct)).ExpenseAloneLimit;
        await using var db = await store.OpenAsync(user, ct);
        var found = await db.Expenses.AsNoTracking().Where(e => e.Id == id)
            .Select(e => new
            {
                Expense = e,
                Supplier = e.Supplier!.Name,
                e.Supplier.TaxId, e.Supplier.Bank, e.Supplier.BankAccount,
                Account = e.Account!.Code + " " + e.Account.Name,
                Made = db.Profiles.Where(p => p.UserId == e.MadeBy).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault(),
            }).SingleOrDefaultAsync(ct);
        if (found is null) return null;
        var payments = await db.ExpensePayments.AsNoTracking().Where(p => p.ExpenseId == id).OrderBy(p => p.Seq)
            .Select(p => new
            {
                Payment = p,
                Method = p.PaymentMethod!.Name,
                By = db.Profiles.Where(f => f.UserId == p.MadeBy).OrderBy(f => f.Id).Select(f => f.FullName).FirstOrDefault(),
                VoidedBy = db.Profiles.Where(f => f.UserId == p.VoidedBy).OrderBy(f => f.Id).Select(f => f.FullName).FirstOrDefault(),
            }).ToListAsync(ct);
        var steps = await db.ExpenseSteps.AsNoTracking().Where(s => s.ExpenseId == id).OrderBy(s => s.Id)
            .Select(s => new
            {
                Step = s,
                By = db.Profiles.Where(f => f.UserId == s.MadeBy).OrderBy(f => f.Id).Select(f => f.FullName).FirstOrDefault(),
            }).ToListAsync(ct);
        var files = await db.ExpenseFiles.AsNoTracking().Where(f => f.ExpenseId == id).OrderBy(f => f.Id)
            .Select(f => new ExpenseFileRow(f.Id, f.FileName, f.ContentType, f.Size)).ToListAsync(ct);
        var ofPayments = payments.ConvertAll(p => p.Payment.Id);
        var entries = await db.JournalEntries.AsNoTracking()
            .Where(e => (e.Act == JournalAct.Expense && e.Reference == null && e.SourceId == id)
                || (e.Act == JournalAct.ExpensePayment && e.Reference == null && ofPayments.Contains(e.SourceId)))
            .OrderBy(e => e.Id).Select(e => e.Id).ToListAsync(ct);
        var x = found.Expense;
        return new ExpenseView(
            x.Id, x.Number, x.Status, ExpenseQueries.Of(x), found.Supplier, found.TaxId, found.Bank, found.BankAccount, found.Account,
            x.Amount, x.Paid, found.Made,
            payments.ConvertAll(p => new ExpensePaymentRow(
                p.Payment.Id, p.Payment.Seq, p.Payment.Amount, p.Payment.PaidOn, p.Payment.PaymentMethodId, p.Method, p.Payment.Reference,
                p.By, Wall(p.Payment.CreatedAt), p.VoidedBy, p.Payment.VoidedAt is { } at ? clock.ToWall(at) : null, p.Payment.VoidReason)),
            steps.ConvertAll(s => new ExpenseStepRow(s.Step.Id, s.Step.Kind, s.Step.Reason, s.Step.Amount, s.By, Wall(s.Step.CreatedAt))),
            files, entries,
            x.Amount > limit && ExpenseQueries.IsTheirs(x.MadeBy, steps.Select(s => s.Step), user));
    }

    /// <summary>A file's content; null where it is not there or out of reach.</summary>
    public async Task<ExpenseFileContent?> FileAsync(long fileId, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ExpensesView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        return await db.ExpenseFiles.AsNoTracking().Where(f => f.Id == fileId)
            .Select(f => new ExpenseFileContent(f.FileName, f.ContentType, f.Content)).SingleOrDefaultAsync(ct);
    }

    /// <summary>What the voucher of a payment says; null out of reach.</summary>
    public async Task<VoucherFacts?> VoucherAsync(long paymentId, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ExpensesView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var found = await db.ExpensePayments.AsNoTracking().Where(p => p.Id == paymentId)
            .Select(p => new
            {
                Payment = p,
                p.Expense,
                p.Expense!.Supplier,
                Method = p.PaymentMethod!.Name,
                Before = db.ExpensePayments.Where(o => o.ExpenseId == p.ExpenseId && o.Seq < p.Seq && o.VoidedAt == null)
                    .Sum(o => (decimal?)o.Amount) ?? 0,
                Approved = db.ExpenseSteps.Where(s => s.ExpenseId == p.ExpenseId && s.Kind == ExpenseStepKind.Approved)
                    .OrderByDescending(s => s.Id).Select(s => s.MadeBy).FirstOrDefault(),
            }).SingleOrDefaultAsync(ct);
        if (found is null) return null;
        var (payment, expense, supplier) = (found.Payment, found.Expense!, found.Supplier!);
        long?[] ids = [expense.MadeBy, found.Approved, payment.MadeBy];
        var names = await db.Profiles.AsNoTracking().Where(p => ids.Contains(p.UserId)).OrderBy(p => p.Id)
            .Select(p => new { p.UserId, p.FullName }).ToListAsync(ct);
        var lines = await db.JournalLines.AsNoTracking()
            .Where(l => l.Entry!.Act == JournalAct.ExpensePayment && l.Entry.Reference == null && l.Entry.SourceId == paymentId)
            .OrderBy(l => l.Line)
            .Select(l => new EntryLine(l.AccountId, l.Account!.Code, l.Account.Name, null, null, l.Debit, l.Credit)).ToListAsync(ct);
        string? Name(long? account) => names.Find(n => n.UserId == account)?.FullName;
        return new VoucherFacts(
            $"{expense.Number ?? expense.Invoice}-{payment.Seq}", payment.PaidOn, Wall(payment.CreatedAt), supplier.Name, supplier.TaxId,
            supplier.Bank, supplier.BankAccount, payment.PaymentMethodId, found.Method, payment.Reference, payment.Amount, expense.Invoice,
            expense.InvoicedOn, expense.Description, expense.Amount, found.Before, lines, Name(expense.MadeBy), Name(found.Approved),
            Name(payment.MadeBy), payment.VoidedAt is { } at ? clock.ToWall(at) : null, payment.VoidReason);
    }

    /// <summary>Accounts that an expense can be put to, by their codes. Needs <see cref="Permissions.ExpensesView"/>; empty without
    /// it.</summary>
    public async Task<IReadOnlyList<AccountOption>> AccountsAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ExpensesView)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await ExpenseRules.Accounts(db).AsNoTracking().OrderByDescending(a => a.Code.StartsWith("5")).ThenBy(a => a.Code)
            .Select(a => new AccountOption(a.Id, a.Code, a.Name)).ToListAsync(ct);
    }

    private DateTime Wall(DateTime? utc) => clock.ToWall(utc ?? clock.UtcNow);

    private static IQueryable<ExpenseRow> Rows(PortalDb db, IQueryable<Expense> expenses, CurrentUser user)
    {
        var (approves, pays, edits) =
            (user.Can(Permissions.ExpensesApprove), user.Can(Permissions.ExpensesPay), user.Can(Permissions.ExpensesEdit));
        return expenses.Select(e => new ExpenseRow(
            e.Id, e.Number, e.SupplierId, e.Supplier!.Name, e.Account!.Code + " " + e.Account.Name, e.Invoice, e.InvoicedOn, e.DueOn,
            e.Amount, e.Paid, e.Description, e.Status,
            db.Profiles.Where(p => p.UserId == e.MadeBy).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault(),
            (approves && e.Status == ExpenseState.Sent) || (pays && e.Status == ExpenseState.Approved)
                || (edits && e.Status == ExpenseState.Returned),
            db.ExpenseFiles.Count(f => f.ExpenseId == e.Id)));
    }
}

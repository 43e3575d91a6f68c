using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Operations;

namespace Portal.Data.Expenses;

/// <summary>How expenses are searched, filtered and sorted, and what of them waits for whom.</summary>
internal static class ExpenseQueries
{
    internal static ExpenseInput Of(Expense e) =>
        new(e.SupplierId, e.AccountId, e.Invoice, e.InvoicedOn, e.DueOn, e.Amount, e.Description);

    /// <summary>Whether somebody made, changed or sent it: who does any of these does not judge it alone.</summary>
    internal static bool IsTheirs(long? madeBy, IEnumerable<ExpenseStep> steps, CurrentUser user) =>
        user.AccountId is { } id && (madeBy == id || steps.Any(s => s.MadeBy == id
            && (s.Kind is ExpenseStepKind.Made or ExpenseStepKind.Changed or ExpenseStepKind.Sent)));

    /// <summary>
    /// Filters by their names in the address: state, supplier, from and to (the invoice's day), due (of approved ones, past their day).
    /// </summary>
    internal static IQueryable<Expense> Matching(this IQueryable<Expense> expenses, ListQuery query, DateOnly today)
    {
        var states = (query.Filter("state") ?? "").Split(',')
            .Select(one =>
                Enum.TryParse<ExpenseState>(one, ignoreCase: true, out var state) && Enum.IsDefined(state) ? state : (ExpenseState?)null)
            .OfType<ExpenseState>().ToList();
        if (states.Count > 0) expenses = expenses.Where(e => states.Contains(e.Status));
        if (query.FilterNumber("supplier") is { } supplier) expenses = expenses.Where(e => e.SupplierId == supplier);
        if (query.FilterDate("from") is { } from) expenses = expenses.Where(e => e.InvoicedOn >= from);
        if (query.FilterDate("to") is { } to) expenses = expenses.Where(e => e.InvoicedOn <= to);
        if (query.Filter("due") == "late") expenses = expenses.Where(e => e.Status == ExpenseState.Approved && e.DueOn < today);
        if (RunningNumber.Read(query.Search, Expense.Series, today.Year) is { Count: > 0 } numbers)
            return expenses.Where(e => numbers.Contains(e.Number!));
        foreach (var word in (query.Search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(6))
        {
            var (key, digits) = (Spelling.WordKey(word), word.Replace(".", "", StringComparison.Ordinal));
            expenses = expenses.Where(e => e.Supplier!.Name.Contains(word) || e.Supplier.TaxId!.StartsWith(digits)
                || e.Description.Contains(word) || (key != "" && e.InvoiceKey.StartsWith(key)));
        }

        return expenses;
    }

    /// <summary>Sorts: number, supplier, invoiced, due, amount, state; without one, what waits for this person comes first, then
    /// the rest, each the latest first.</summary>
    internal static IOrderedQueryable<Expense> Sorted(this IQueryable<Expense> expenses, ListQuery query, CurrentUser user)
    {
        var (approves, pays, edits) =
            (user.Can(Permissions.ExpensesApprove), user.Can(Permissions.ExpensesPay), user.Can(Permissions.ExpensesEdit));
        return query.Sort switch
        {
            "number" => expenses.By(e => e.Number, query.Descending).Then(e => e.Id, query.Descending),
            "supplier" => expenses.By(e => e.Supplier!.Name, query.Descending).Then(e => e.Id, query.Descending),
            "invoiced" => expenses.By(e => e.InvoicedOn, query.Descending).Then(e => e.Id, query.Descending),
            "due" => expenses.By(e => e.DueOn, query.Descending).Then(e => e.Id, query.Descending),
            "amount" => expenses.By(e => e.Amount, query.Descending).Then(e => e.Id, query.Descending),
            "state" => expenses.By(e => e.Status, query.Descending).Then(e => e.Id, query.Descending),
            _ => expenses
                .OrderBy(e => approves && e.Status == ExpenseState.Sent ? 0
                    : edits && e.Status == ExpenseState.Returned ? 1
                    : pays && e.Status == ExpenseState.Approved ? 2
                    : edits && e.Status == ExpenseState.Draft ? 3
                    : 4)
                .ThenByDescending(e => e.InvoicedOn).ThenByDescending(e => e.Id),
        };
    }
}

using Microsoft.EntityFrameworkCore;
using Portal.Data.Ledger;
using Portal.Data.Payments;
using Portal.Data.Pqrs;

namespace Portal.Data.Expenses;

/// <summary>What an expense must be like before it is written down, and which files it takes. All reasons are given at once.</summary>
public static class ExpenseRules
{
    public const int LongestInvoice = 40, LongestDescription = 300;

    /// <summary>Files of one expense.</summary>
    public const int MostFiles = 5;

    /// <summary>For the file chooser.</summary>
    public const string Accept = ".jpg,.jpeg,.png,.webp,.heic,.pdf";

    /// <summary>
    /// A cost, or the result of earlier years for what was owed before the books; not the contribution to the reserve, which has its own
    /// act.
    /// </summary>
    internal static IQueryable<LedgerAccount> Accounts(PortalDb db) => db.LedgerAccounts.Where(a =>
        a.Status == AccountStatus.Active
        && ((a.Code.StartsWith("5") && (a.Purpose == null || a.Purpose == AccountPurpose.BankCosts))
            || a.Purpose == AccountPurpose.Result));

    internal static Task<bool> MayTakeAsync(PortalDb db, int account, CancellationToken ct) =>
        Accounts(db).AnyAsync(a => a.Id == account, ct);

    /// <summary>Why nothing new is given to a supplier; null where it is in use.</summary>
    internal static async Task<Error?> WhyNotSupplierAsync(PortalDb db, long supplier, string field, CancellationToken ct) =>
        await db.Suppliers.AnyAsync(s => s.Id == supplier && s.Active, ct) ? null : new Error("expense.supplier", field);

    internal static async Task<List<Error>> CheckAsync(PortalDb db, ExpenseInput input, long id, DateOnly today, CancellationToken ct)
    {
        var errors = new List<Error>();
        if (input.SupplierId is not { } supplier) errors.Add(Error.Required(nameof(input.SupplierId)));
        else if (await WhyNotSupplierAsync(db, supplier, nameof(input.SupplierId), ct) is { } not) errors.Add(not);
        if (input.AccountId is not { } account) errors.Add(Error.Required(nameof(input.AccountId)));
        else if (!await MayTakeAsync(db, account, ct)) errors.Add(new Error("expense.account", nameof(input.AccountId)));
        if (input.Invoice.TrimToNull() is not { } invoice || Expense.KeyOf(invoice).Length == 0)
            errors.Add(Error.Required(nameof(input.Invoice)));
        else if (invoice.Length > LongestInvoice) errors.Add(Error.TooLong(nameof(input.Invoice), LongestInvoice));
        else if (input.SupplierId is { } of && await TwinAsync(db, of, invoice, id, ct) is { } twin) errors.Add(twin);
        if (input.Amount is not { } amount) errors.Add(Error.Required(nameof(input.Amount)));
        else if (PaymentRules.CheckAmount(nameof(input.Amount), amount) is { } wrong) errors.Add(wrong);
        if (input.Description.TrimToNull() is not { } description) errors.Add(Error.Required(nameof(input.Description)));
        else if (description.Length > LongestDescription) errors.Add(Error.TooLong(nameof(input.Description), LongestDescription));
        if (input.InvoicedOn is not { } day) errors.Add(Error.Required(nameof(input.InvoicedOn)));
        else if (day > today) errors.Add(new Error("expense.future", nameof(input.InvoicedOn)));
        else if (day < today.AddYears(-PaymentRules.OldestYears))
            errors.Add(new Error("payment.too_old", nameof(input.InvoicedOn), today.AddYears(-PaymentRules.OldestYears)));
        if (input.DueOn is not { } due) errors.Add(Error.Required(nameof(input.DueOn)));
        else if (due < input.InvoicedOn || due > input.InvoicedOn?.AddYears(2))
            errors.Add(new Error("expense.due", nameof(input.DueOn)));
        return errors;
    }

    /// <summary>The same invoice of the same supplier, and who entered it.</summary>
    internal static async Task<Error?> TwinAsync(PortalDb db, long supplier, string invoice, long id, CancellationToken ct)
    {
        var key = Expense.KeyOf(invoice);
        var twin = await db.Expenses.AsNoTracking()
            .Where(e => e.SupplierId == supplier && e.InvoiceKey == key && e.Live == true && e.Id != id)
            .Select(e => new
            {
                e.Number, e.InvoicedOn, e.Amount,
                By = db.Profiles.Where(p => p.UserId == e.MadeBy).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault(),
            }).FirstOrDefaultAsync(ct);
        return twin is null
            ? null
            : new Error("expense.twin", nameof(ExpenseInput.Invoice), twin.By ?? "", twin.InvoicedOn, twin.Amount, twin.Number ?? "");
    }

    /// <summary>Photographs and PDFs by what is in them (<see cref="PqrsFiles"/>), at most <see cref="MostFiles"/> with those there
    /// are.</summary>
    internal static (List<ExpenseFile> Rows, List<Error> Errors) Check(IReadOnlyList<ExpenseUpload> uploads, int there, long? by)
    {
        var (rows, errors) = PqrsFiles.CheckPapers([.. uploads.Select(u => new PqrsUpload(u.Name, u.Content))], MostFiles - there);
        return (
            rows.ConvertAll(r => new ExpenseFile
            {
                FileName = r.FileName, ContentType = r.ContentType, Size = r.Size, Content = r.Content, AddedBy = by,
            }),
            errors);
    }
}

using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Expenses;

/// <summary>Whom the building pays: read with <see cref="Permissions.ExpensesView"/>, changed with
/// <see cref="Permissions.ExpensesEdit"/>.</summary>
public sealed class SupplierService(PortalStore store, BuildingClock clock)
{
    /// <summary>By name. Filter: <c>active</c> (true or false); the search is for name, NIT or contact. Sorts: name, owed, year.</summary>
    public async Task<Page<SupplierRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ExpensesView)) return Page<SupplierRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var suppliers = db.Suppliers.AsNoTracking();
        if (bool.TryParse(query.Filter("active"), out var active)) suppliers = suppliers.Where(s => s.Active == active);
        foreach (var word in (query.Search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(6))
        {
            var digits = word.Replace(".", "", StringComparison.Ordinal);
            suppliers = suppliers.Where(s => s.Name.Contains(word) || s.TaxId!.StartsWith(digits) || s.Contact!.Contains(word));
        }

        return await Rows(db, suppliers, query).PageAsync(query, ct);
    }

    /// <summary>Active ones by name, to choose from. Needs <see cref="Permissions.ExpensesView"/>; empty without it.</summary>
    public async Task<IReadOnlyList<SupplierOption>> OptionsAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ExpensesView)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await db.Suppliers.AsNoTracking().Where(s => s.Active && s.TaxId != null).OrderBy(s => s.Name).ThenBy(s => s.Id)
            .Select(s => new SupplierOption(s.Id, s.Name, s.TaxId, s.AccountId)).ToListAsync(ct);
    }

    /// <returns>Its id. Refusals: <c>required</c>, <c>too_long</c>, <c>supplier.tax_id</c>, <c>supplier.tax_id.digit</c>,
    /// <c>supplier.taken</c> with who has the number, <c>expense.account</c>.</returns>
    public async Task<Result<long>> CreateAsync(SupplierInput input, CurrentUser user, CancellationToken ct) =>
        Named(await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.ExpensesEdit)) return Error.Forbidden;
                if (await CheckAsync(db, input, 0, token) is { Count: > 0 } errors) return errors;
                var supplier = new Supplier();
                Write(supplier, input);
                db.Suppliers.Add(supplier);
                await db.SaveChangesAsync(token);
                return supplier.Id;
            },
            ct));

    /// <summary>Whatever two people changed in different fields holds both times (<see cref="Edits"/>).</summary>
    /// <returns>Refusals: as <see cref="CreateAsync"/>.</returns>
    public async Task<Result> UpdateAsync(long id, SupplierInput input, CurrentUser user, CancellationToken ct)
    {
        var saved = await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.ExpensesEdit)) return Error.Forbidden;
                if (await db.Suppliers.Where(s => s.Id == id).ForUpdate().SingleOrDefaultAsync(token) is not { } supplier)
                    return Error.NotFound;
                var merged = Edits.Merge(Kept(input) with { Read = input.Read is { } read ? Kept(read) : null }, Of(supplier));
                if (!merged.Ok) return merged;
                if (await CheckAsync(db, merged.Value, id, token) is { Count: > 0 } errors) return errors;
                Write(supplier, merged.Value);
                return Result.Done;
            },
            ct);
        return saved.Error?.Code == Duplicate ? Taken : saved;
    }

    private const string Duplicate = "duplicate.uq_suppliers_tax_id";

    private static readonly Error Taken = new("supplier.taken", nameof(SupplierInput.TaxId), "");

    private static Result<long> Named(Result<long> made) => made.Error?.Code == Duplicate ? Taken : made;

    private static SupplierInput Of(Supplier s) =>
        new(s.Name, s.TaxId, s.Contact, s.Phone, s.Email, s.Bank, s.BankAccount, s.AccountId, s.Active);

    /// <summary>A NIT that is written with dots is the same NIT.</summary>
    private static SupplierInput Kept(SupplierInput input) =>
        input.TaxId.TrimToNull() is { } typed && TaxNumber.Read(typed, out _) is { } kept ? input with { TaxId = kept } : input;

    private static void Write(Supplier supplier, SupplierInput input)
    {
        (supplier.Name, supplier.TaxId) = (input.Name!.Trim(), TaxNumber.Read(input.TaxId!, out _));
        (supplier.Contact, supplier.Phone, supplier.Email) =
            (input.Contact.TrimToNull(), input.Phone.TrimToNull(), input.Email.TrimToNull());
        (supplier.Bank, supplier.BankAccount) = (input.Bank.TrimToNull(), input.BankAccount.TrimToNull());
        (supplier.AccountId, supplier.Active) = (input.AccountId, input.Active);
    }

    private static async Task<List<Error>> CheckAsync(PortalDb db, SupplierInput input, long id, CancellationToken ct)
    {
        var errors = new List<Error>();
        if (input.Name.TrimToNull() is null) errors.Add(Error.Required(nameof(input.Name)));
        foreach (
            var (field, value, most) in new[]
            {
                (nameof(input.Name), input.Name, 150), (nameof(input.Contact), input.Contact, 100), (nameof(input.Phone), input.Phone, 40),
                (nameof(input.Email), input.Email, 255), (nameof(input.Bank), input.Bank, 60),
                (nameof(input.BankAccount), input.BankAccount, 40),
            }
        )
        {
            if (value?.Trim().Length > most) errors.Add(Error.TooLong(field, most));
        }

        if (input.TaxId.TrimToNull() is not { } typed) errors.Add(Error.Required(nameof(input.TaxId)));
        else if (TaxNumber.Read(typed, out var wrong) is not { } taxId) errors.Add(wrong!);
        else if (await db.Suppliers.Where(s => s.TaxId == taxId && s.Id != id).Select(s => s.Name).FirstOrDefaultAsync(ct) is { } other)
            errors.Add(new Error("supplier.taken", nameof(input.TaxId), other));
        if (input.AccountId is { } account && !await ExpenseRules.MayTakeAsync(db, account, ct))
            errors.Add(new Error("expense.account", nameof(input.AccountId)));
        return errors;
    }

    private IQueryable<SupplierRow> Rows(PortalDb db, IQueryable<Supplier> suppliers, ListQuery query)
    {
        var january = new DateOnly(clock.Today.Year, 1, 1);
        var rows = suppliers.Select(s => new
        {
            Supplier = s,
            Account = s.Account!.Code + " " + s.Account.Name,
            Owed = db.Expenses.Where(e => e.SupplierId == s.Id && e.Status == ExpenseState.Approved)
                .Sum(e => (decimal?)(e.Amount - e.Paid)),
            Open = db.Expenses.Count(e => e.SupplierId == s.Id && e.Status == ExpenseState.Approved),
            Year = db.Expenses.Where(e => e.SupplierId == s.Id && e.InvoicedOn >= january
                && (e.Status == ExpenseState.Approved || e.Status == ExpenseState.Paid)).Sum(e => (decimal?)e.Amount),
        });
        var sorted = query.Sort switch
        {
            "owed" => rows.By(r => r.Owed ?? 0, query.Descending),
            "year" => rows.By(r => r.Year ?? 0, query.Descending),
            _ => rows.By(r => r.Supplier.Name, query.Descending),
        };
        return sorted.ThenBy(r => r.Supplier.Id).Select(r => new SupplierRow(
            r.Supplier.Id, r.Supplier.Name, r.Supplier.TaxId, r.Supplier.Contact, r.Supplier.Phone, r.Supplier.Email, r.Supplier.Bank,
            r.Supplier.BankAccount, r.Supplier.AccountId, r.Supplier.AccountId == null ? null : r.Account, r.Supplier.Active, r.Owed ?? 0,
            r.Open, r.Year ?? 0));
    }
}

using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Expenses;
using Portal.Tests.Ledger;
using Portal.Tests.Payments;

namespace Portal.Tests.Expenses;

/// <summary>A building that buys: a supplier, somebody who writes invoices down, somebody who approves and pays.</summary>
internal sealed class ExpenseWorld(PaymentWorld world, CurrentUser admin)
{
    public const string Nit = "999000117", OtherNit = "999000134";

    private int _invoices;
    private long? _supplier;
    private CurrentUser? _clerk;

    public ExpenseDesk Desk => world.Get<ExpenseDesk>();
    public ExpenseService Expenses => world.Get<ExpenseService>();
    public SupplierService Suppliers => world.Get<SupplierService>();
    public BudgetDesk Budget => world.Get<BudgetDesk>();
    public BudgetService Budgets => world.Get<BudgetService>();

    public static string With(string nit) => $"{nit}-{TaxNumber.CheckDigit(nit)}";

    /// <summary>Writes invoices down and sends them.</summary>
    public async Task<CurrentUser> ClerkAsync() => _clerk ??= await world.WorkerAsync(Roles.Staff, "Marta", "Gil");

    public async Task<long> SupplierAsync(string? nit = null)
    {
        if (nit is null && _supplier is { } known) return known;
        var made = await Suppliers.CreateAsync(Supplier(nit ?? Nit), admin, default);
        Assert.True(made.Ok, made.Error?.Code);
        if (nit is null) _supplier = made.Value;
        return made.Value;
    }

    public static SupplierInput Supplier(string nit) => new($"Proveedor {nit}", With(nit), "Ana", null, null, null, null, null);

    public async Task<ExpenseInput> InputAsync(decimal amount, int account = Of.Energy, DateOnly? on = null, string? invoice = null) =>
        new(
            await SupplierAsync(), account, invoice ?? $"FE-{++_invoices}", on ?? PaymentWorld.Today,
            (on ?? PaymentWorld.Today).AddDays(30), amount, "Energía de zonas comunes");

    /// <summary>By the clerk, waiting for approval.</summary>
    public async Task<long> SentAsync(decimal amount, int account = Of.Energy, DateOnly? on = null)
    {
        var clerk = await ClerkAsync();
        var made = await Desk.CreateAsync(await InputAsync(amount, account, on), [], clerk, default);
        Assert.True(made.Ok, made.Error?.Code);
        var sent = await Desk.SendAsync(made.Value, clerk, default);
        Assert.True(sent.Ok, sent.Error?.Code);
        return made.Value;
    }

    public async Task<long> ApprovedAsync(decimal amount, int account = Of.Energy, DateOnly? on = null)
    {
        var id = await SentAsync(amount, account, on);
        var approved = await Desk.ApproveAsync(id, amount, admin, default);
        Assert.True(approved.Ok, approved.Error?.Code);
        return id;
    }

    public async Task<long> PayAsync(long expense, decimal amount, DateOnly? on = null)
    {
        var left = (await FindAsync(expense)).Left;
        var paid = await Desk.PayAsync(expense, new(amount, on ?? PaymentWorld.Today, 2, "0042"), left, admin, default);
        Assert.True(paid.Ok, paid.Error?.Code);
        return paid.Value;
    }

    public async Task<ExpenseView> FindAsync(long id) => (await Expenses.FindAsync(id, admin, default))!;
}

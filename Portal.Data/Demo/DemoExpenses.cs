using System.Globalization;
using Portal.Data.Expenses;

namespace Portal.Data.Demo;

/// <summary>
/// Whom the demo pays: two years of invoices, approved and paid but for the last, some that wait, and the budgets of this year and the
/// last. What they cost is what the books say.
/// </summary>
internal sealed class DemoExpenses(DemoPlan plan, DemoBooks.Hand hand)
{
    /// <summary>As migration 0027 numbers the accounts.</summary>
    private const int BankAccount = 2, SupplierAccount = 7, FeeAccount = 13, BookingAccount = 16, InterestAccount = 18,
        RepairsAccount = 25, OtherAccount = 27, BankCostAccount = 28, ReserveCostAccount = 29;

    /// <summary>Electronic transfer.</summary>
    private const int Transfer = 2;

    /// <summary>Whom, for what, in thousandths of the month's fees, and what of it was budgeted; bookings and the facade's instalments pay
    /// a little of it.</summary>
    private static readonly (string Name, string Contact, string Prefix, int Account, string What, int Share, int Budget)[] Monthly =
    [
        ("Seguridad Centinela del Norte Ltda.", "Jaime Rincón", "FE", 23, "Vigilancia", 470, 466),
        ("Aseo y Jardines La Sabana S. A. S.", "Marta Pulido", "AJ", 26, "Aseo y jardinería", 165, 165),
        ("Energía y Agua de la Sabana S. A. E. S. P.", "Servicio al cliente", "SP", 24, "Energía y agua de zonas comunes", 130, 124),
        ("Ascensores y Bombas Andinas S. A. S.", "Óscar Neira", "AB", 25, "Mantenimiento de ascensores y bombas", 122, 124),
        ("Contadores del Nogal S. A. S.", "Liliana Prieto", "CN", 21, "Administración y contador", 80, 80),
        ("Seguros La Ceiba S. A.", "Andrés Camargo", "PZ", 22, "Póliza de zonas comunes", 40, 40),
        ("Papelería El Lápiz", "Nubia Torres", "", 27, "Papelería y varios", 18, 18),
    ];

    private const int Works = 8;

    private readonly SeedWriter.Table _suppliers = plan.Writer.Into(
        "suppliers", "id", "name", "tax_id", "contact", "phone", "email", "bank", "bank_account", "account_id", "created_at");
    private readonly SeedWriter.Table _expenses = plan.Writer.Into(
        "expenses", "id", "number", "supplier_id", "account_id", "invoice", "invoice_key", "invoiced_on", "due_on", "amount", "paid",
        "description", "status", "made_by", "created_at", "updated_at");
    private readonly SeedWriter.Table _payments = plan.Writer.Into(
        "expense_payments", "id", "expense_id", "seq", "amount", "paid_on", "payment_method_id", "reference", "made_by", "created_at");
    private readonly SeedWriter.Table _steps = plan.Writer.Into(
        "expense_steps", "expense_id", "kind", "reason", "amount", "made_by", "created_at");

    private readonly Dictionary<int, int> _numbers = [];

    public async Task BeginAsync(CancellationToken ct)
    {
        var since = plan.Today.AddMonths(-25);
        for (var i = 0; i < Monthly.Length; i++)
        {
            var (name, contact, _, account, _, _, _) = Monthly[i];
            await SupplierAsync(i + 1, name, contact, account, since, ct);
        }

        await SupplierAsync(Works, "Fachadas y Obras del Norte S. A. S.", "Hernán Cubillos", RepairsAccount, since, ct);
    }

    /// <summary>A bill comes on the 20th and is paid on the 6th of the next month.</summary>
    public async Task SpendAsync(DateOnly month, CancellationToken ct)
    {
        var fees = Fees(month);
        for (var i = 0; i < Monthly.Length; i++)
        {
            var (_, _, prefix, account, what, share, _) = Monthly[i];
            var invoice = string.Create(CultureInfo.InvariantCulture, $"{prefix}{(month.Year - 2020) * 12 + month.Month + 100 * (i + 1)}");
            await InvoiceAsync(
                i + 1, account, invoice, month.AddDays(19), month.AddMonths(1).AddDays(5), Thousands(fees, share),
                $"{what}, {month:yyyy-MM}", ct);
        }

        // What the facade's instalments brought goes to who repairs it.
        if (month < BuildingClock.MonthOf(plan.Today).AddMonths(-2) || month.AddMonths(1) > plan.Today) return;
        var facade = plan.Apartments.Count(a => a.Owner is not null) * 200_000m;
        await InvoiceAsync(
            Works, RepairsAccount, string.Create(CultureInfo.InvariantCulture, $"OB{month:yyyyMM}"), month.AddDays(26), month.AddMonths(1),
            facade, $"Obra de la fachada, acta de {month:yyyy-MM}", ct);
    }

    /// <summary>What waits for somebody, the budgets, and the series of numbers.</summary>
    public async Task FlushAsync(decimal contribution, decimal bankCost, CancellationToken ct)
    {
        var yesterday = plan.Today.AddDays(-1);
        await WaitingAsync(
            4, RepairsAccount, "AB-REP-77", yesterday, 2_380_000m, "Cambio de la tarjeta de control del ascensor 2, torre B",
            ExpenseState.Sent, null, ct);
        await WaitingAsync(
            2, 26, "AJ-EXT-12", yesterday.AddDays(-1), 940_000m, "Poda de los árboles del parque infantil", ExpenseState.Sent, null, ct);
        await WaitingAsync(
            7, OtherAccount, "2208", yesterday.AddDays(-3), 186_000m, "Tóner y resmas para la administración", ExpenseState.Returned,
            "Falta la orden de compra: adjúntela, por favor.", ct);
        await WaitingAsync(
            8, RepairsAccount, "OB-MENOR-5", yesterday, 1_250_000m, "Resane del muro del parqueadero de visitantes",
            ExpenseState.Draft, null, ct);
        await _suppliers.FlushAsync(ct);
        await _expenses.FlushAsync(ct);
        await _payments.FlushAsync(ct);
        await _steps.FlushAsync(ct);
        await BudgetAsync(1, plan.Today.Year - 1, contribution, bankCost, ct);
        await BudgetAsync(2, plan.Today.Year, contribution, bankCost, ct);
        var sequences = plan.Writer.Into("sequences", "name", "year", "last_number");
        foreach (var (year, last) in _numbers) await sequences.AddAsync(ct, Expense.Series, year, last);
        await sequences.FlushAsync(ct);
    }

    private async Task SupplierAsync(long id, string name, string contact, int account, DateOnly since, CancellationToken ct)
    {
        // Of a series that is given to nobody.
        var nit = string.Create(CultureInfo.InvariantCulture, $"{999_000_100 + 17 * id}");
        await _suppliers.AddAsync(
            ct, id, name, $"{nit}-{TaxNumber.CheckDigit(nit)}", contact, $"601 555 01{id:00}", $"cartera{id}@example.com",
            "Banco del Nogal", $"Corriente 4471 00{id} {id * 137:0000}", account, plan.Instant(since, 8, 0));
    }

    private async Task InvoiceAsync(
        long supplier, int account, string invoice, DateOnly billed, DateOnly paid, decimal amount, string what, CancellationToken ct)
    {
        if (amount <= 0 || billed > plan.Today) return;
        var id = plan.Writer.NextId("expenses");
        var count = _numbers[billed.Year] = _numbers.GetValueOrDefault(billed.Year) + 1;
        var number = string.Create(CultureInfo.InvariantCulture, $"{Expense.Series}-{billed.Year}-{count:000000}");
        var isPaid = paid <= plan.Today;
        await _expenses.AddAsync(
            ct, id, number, supplier, account, invoice, Expense.KeyOf(invoice), billed, paid, amount, isPaid ? amount : 0m, what,
            isPaid ? ExpenseState.Paid : ExpenseState.Approved, plan.Staff.UserId, plan.Until(billed, 7, 30),
            plan.Until(isPaid ? paid : billed, 8, 0));
        await StepAsync(id, ExpenseStepKind.Made, null, amount, plan.Staff, billed, 7, 30, ct);
        await StepAsync(id, ExpenseStepKind.Sent, null, amount, plan.Staff, billed, 7, 35, ct);
        await StepAsync(id, ExpenseStepKind.Approved, null, amount, plan.Admin, billed, 8, 0, ct);
        var memo = $"{number} {NameOf(supplier)}, {invoice}";
        await hand.TellAsync("expense", billed, memo, account, SupplierAccount, amount, id, ct);
        if (!isPaid) return;
        var payment = plan.Writer.NextId("expense_payments");
        var reference = string.Create(CultureInfo.InvariantCulture, $"00{payment % 90 + 10} {payment * 7 % 900 + 100}");
        await _payments.AddAsync(ct, payment, id, 1, amount, paid, Transfer, reference, plan.Admin.UserId, plan.Until(paid, 8, 0));
        await StepAsync(id, ExpenseStepKind.Paid, reference, amount, plan.Admin, paid, 8, 0, ct);
        await hand.TellAsync("expense_payment", paid, memo, SupplierAccount, BankAccount, amount, payment, ct);
    }

    private async Task WaitingAsync(
        long supplier, int account, string invoice, DateOnly billed, decimal amount, string what, ExpenseState state, string? reason,
        CancellationToken ct)
    {
        var id = plan.Writer.NextId("expenses");
        await _expenses.AddAsync(
            ct, id, null, supplier, account, invoice, Expense.KeyOf(invoice), billed, billed.AddDays(30), amount, 0m, what, state,
            plan.Staff.UserId, plan.Until(billed, 9, 10), plan.Until(billed, 9, 40));
        await StepAsync(id, ExpenseStepKind.Made, null, amount, plan.Staff, billed, 9, 10, ct);
        if (state == ExpenseState.Draft) return;
        await StepAsync(id, ExpenseStepKind.Sent, null, amount, plan.Staff, billed, 9, 15, ct);
        if (state == ExpenseState.Returned) await StepAsync(id, ExpenseStepKind.Returned, reason, amount, plan.Admin, billed, 9, 40, ct);
    }

    private ValueTask StepAsync(
        long expense, ExpenseStepKind kind, string? reason, decimal amount, DemoPerson by, DateOnly day, int hour, int minute,
        CancellationToken ct) =>
        _steps.AddAsync(ct, expense, kind, reason, amount, by.UserId, plan.Until(day, hour, minute));

    /// <summary>The assembly of the December before approved it.</summary>
    private async Task BudgetAsync(long id, int year, decimal contribution, decimal bankCost, CancellationToken ct)
    {
        var day = new DateOnly(year - 1, 12, 12);
        var budgets = plan.Writer.Into(
            "budgets", "id", "year", "version", "draft", "act", "approved_on", "approved_by", "approved_at", "made_by", "created_at",
            "updated_at");
        await budgets.AddAndFlushAsync(
            ct, id, year, 1, null, $"3 de {year - 1}", day, plan.Admin.UserId, plan.Instant(day, 21, 0), plan.Admin.UserId,
            plan.Instant(day.AddDays(-20), 9, 0), plan.Instant(day, 21, 0));
        var lines = plan.Writer.Into("budget_lines", "budget_id", "account_id", "month", "amount");
        for (var month = new DateOnly(year, 1, 1); month.Year == year; month = month.AddMonths(1))
        {
            var fees = Fees(month);
            await lines.AddAsync(ct, id, FeeAccount, month.Month, fees);
            await lines.AddAsync(ct, id, BookingAccount, month.Month, 1_500_000m);
            await lines.AddAsync(ct, id, InterestAccount, month.Month, 400_000m);
            foreach (var (_, _, _, account, _, _, budget) in Monthly)
                await lines.AddAsync(ct, id, account, month.Month, Thousands(fees, budget));
            await lines.AddAsync(ct, id, BankCostAccount, month.Month, Thousands(bankCost, 1_000));
            await lines.AddAsync(ct, id, ReserveCostAccount, month.Month, contribution);
        }

        await lines.FlushAsync(ct);
    }

    private decimal Fees(DateOnly month) => plan.Apartments.Where(a => a.Owner is not null).Sum(a => DemoMoney.FeeOf(plan, a, month));

    private static decimal Thousands(decimal of, int share) => Math.Round(of * share / 1_000m / 1_000m) * 1_000m;

    private static string NameOf(long supplier) =>
        supplier == Works ? "Fachadas y Obras del Norte S. A. S." : Monthly[(int)supplier - 1].Name;
}

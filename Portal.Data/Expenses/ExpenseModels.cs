using Portal.Data.Ledger;

namespace Portal.Data.Expenses;

/// <summary>What a form says of a supplier.</summary>
/// <param name="TaxId">NIT with its check digit behind a dash, dots or not.</param>
/// <param name="AccountId">The cost account that its invoices usually go to.</param>
public sealed record SupplierInput(
    string? Name, string? TaxId, string? Contact, string? Phone, string? Email, string? Bank, string? BankAccount, int? AccountId,
    bool Active = true) : IEdit<SupplierInput>
{
    public SupplierInput? Read { get; init; }
}

/// <summary>A supplier in the list.</summary>
/// <param name="Owed">Pesos that it has to get of approved invoices.</param>
/// <param name="Open">Of how many.</param>
/// <param name="Year">Pesos approved of it with invoices of this year.</param>
public sealed record SupplierRow(
    long Id, string Name, string? TaxId, string? Contact, string? Phone, string? Email, string? Bank, string? BankAccount, int? AccountId,
    string? Account, bool Active, decimal Owed, int Open, decimal Year);

/// <summary>To choose from.</summary>
public sealed record SupplierOption(long Id, string Name, string? TaxId, int? AccountId);

/// <summary>An account that something can be put to.</summary>
public sealed record AccountOption(int Id, string Code, string Name);

/// <summary>What a form says of an expense.</summary>
/// <param name="Invoice">The supplier's number, as printed.</param>
/// <param name="Amount">Whole pesos, taxes included.</param>
/// <param name="Description">What for.</param>
public sealed record ExpenseInput(
    long? SupplierId, int? AccountId, string? Invoice, DateOnly? InvoicedOn, DateOnly? DueOn, decimal? Amount, string? Description)
    : IEdit<ExpenseInput>
{
    public ExpenseInput? Read { get; init; }
}

/// <summary>What is paid of an expense.</summary>
/// <param name="Amount">Whole pesos, at most what is left.</param>
public sealed record ExpensePaymentInput(decimal Amount, DateOnly PaidOn, int? MethodId, string? Reference);

/// <summary>A file as it was chosen.</summary>
public sealed record ExpenseUpload(string Name, byte[] Content);

/// <summary>A file to be opened.</summary>
public sealed record ExpenseFileContent(string Name, string ContentType, byte[] Content);

/// <summary>An expense in the list.</summary>
/// <param name="Awaits">It waits for something that this person may do.</param>
/// <param name="Files">How many hang on it.</param>
public sealed record ExpenseRow(
    long Id, string? Number, long SupplierId, string Supplier, string Account, string Invoice, DateOnly InvoicedOn, DateOnly DueOn,
    decimal Amount, decimal Paid, string Description, ExpenseState State, string? MadeBy, bool Awaits, int Files)
{
    public decimal Left => State is ExpenseState.Approved or ExpenseState.Paid ? Amount - Paid : 0;
}

/// <summary>What waits for this person, and what is owed. Pesos.</summary>
/// <param name="ToApprove">Sent for approval; null where the person may not approve.</param>
/// <param name="ToPay">Approved and not paid; null where they may not pay.</param>
/// <param name="Overdue">Of those past their day.</param>
/// <param name="Returned">Came back; null where they may not change them.</param>
/// <param name="Owed">To suppliers, all.</param>
public sealed record ExpenseSummary(Waiting? ToApprove, Waiting? ToPay, Waiting? Overdue, Waiting? Returned, decimal Owed);

/// <summary>How many, for how much, and which has waited longest.</summary>
public sealed record Waiting(int Count, decimal Sum, string? Oldest, DateOnly? Since);

/// <summary>An expense with all that hangs on it.</summary>
/// <param name="Made">Who made it.</param>
/// <param name="Entries">Its entries in the books, the first that of its approval.</param>
/// <param name="NeedsOther">This person made, changed or sent it, and it is above what one alone may do: another approves it.</param>
public sealed record ExpenseView(
    long Id, string? Number, ExpenseState State, ExpenseInput Input, string Supplier, string? SupplierTaxId, string? Bank,
    string? BankAccount, string Account, decimal Amount, decimal Paid, string? Made, IReadOnlyList<ExpensePaymentRow> Payments,
    IReadOnlyList<ExpenseStepRow> Steps, IReadOnlyList<ExpenseFileRow> Files, IReadOnlyList<long> Entries, bool NeedsOther)
{
    public decimal Left => Amount - Paid;
}

/// <summary>A payment of an expense.</summary>
/// <param name="At">When it was written down, the building's wall clock.</param>
public sealed record ExpensePaymentRow(
    long Id, int Seq, decimal Amount, DateOnly PaidOn, int MethodId, string Method, string? Reference, string? By, DateTime At,
    string? VoidedBy, DateTime? VoidedAt, string? VoidReason);

/// <summary>A line of the history, wall clock.</summary>
public sealed record ExpenseStepRow(long Id, ExpenseStepKind Kind, string? Reason, decimal? Amount, string? By, DateTime At);

/// <summary>A file of an expense.</summary>
public sealed record ExpenseFileRow(long Id, string Name, string ContentType, int Size);

/// <summary>What the voucher of a payment says (comprobante de egreso).</summary>
public sealed record VoucherFacts(
    string Number, DateOnly PaidOn, DateTime At, string Supplier, string? TaxId, string? Bank, string? BankAccount, int MethodId,
    string Method, string? Reference, decimal Amount, string Invoice, DateOnly InvoicedOn, string Description, decimal Total,
    decimal PaidBefore, IReadOnlyList<EntryLine> Lines, string? MadeBy, string? ApprovedBy, string? PaidBy, DateTime? VoidedAt,
    string? VoidReason);

/// <summary>A version of a year's budget.</summary>
/// <param name="InForce">The latest that was approved.</param>
public sealed record BudgetVersion(
    long Id, int Year, int Version, bool Draft, bool InForce, string? Act, DateOnly? ApprovedOn, string? ApprovedBy, string? MadeBy,
    decimal Income, decimal Costs);

/// <summary>An account in a budget.</summary>
/// <param name="Months">Twelve, January first; income and costs above zero.</param>
public sealed record BudgetRow(int AccountId, string Code, string Name, IReadOnlyList<decimal> Months)
{
    public decimal Year => Months.Sum();

    /// <summary>Class 4; a discount (4175) is income that is not had.</summary>
    public bool Income => Code[0] == '4';
}

/// <summary>A budget to be looked at or written on.</summary>
public sealed record BudgetView(BudgetVersion Version, IReadOnlyList<BudgetRow> Rows);

/// <summary>An account's budget as a form says it.</summary>
/// <param name="Months">Twelve; where only the year is said, <see cref="Budgets.Spread"/> makes them.</param>
public sealed record BudgetLineInput(int AccountId, IReadOnlyList<decimal> Months);

/// <summary>What was meant and what came of it, by account. Pesos; income and costs above zero.</summary>
public sealed record ExecutionRow(
    int AccountId, string Code, string Name, decimal Month, decimal MonthDone, decimal ToDate, decimal ToDateDone, decimal Year)
{
    public bool Income => Code[0] == '4';

    /// <summary>Above zero: more than was meant.</summary>
    public decimal Difference => ToDateDone - ToDate;

    /// <summary>Of what was meant through the month; null where nothing was.</summary>
    public decimal? Percent => ToDate == 0 ? null : ToDateDone / ToDate * 100;
}

/// <summary>A year's budget beside the books, through a month.</summary>
/// <param name="Version">The one in force; null where none is.</param>
/// <param name="Through">The first day of the month.</param>
public sealed record Execution(int Year, DateOnly Through, BudgetVersion? Version, IReadOnlyList<ExecutionRow> Rows)
{
    public IEnumerable<ExecutionRow> Income => Rows.Where(r => r.Income);

    public IEnumerable<ExecutionRow> Costs => Rows.Where(r => !r.Income);
}

/// <summary>The reserve (fondo de imprevistos, Ley 675 of 2001, art. 35). Pesos.</summary>
/// <param name="Reserve">By the books (3305); <paramref name="Bank"/> in its bank (1120).</param>
/// <param name="Budget">The year's common expenses by the budget in force, without the contribution itself; null without a budget.</param>
/// <param name="Required">The least that the law wants contributed in the year: 1 % of them.</param>
/// <param name="Contributed">In this year.</param>
/// <param name="Cap">50 % of them: from there on contributing may stop.</param>
/// <param name="Proposed">For this month, so that the rest of the year makes the least; 0 where it is reached or may stop.</param>
public sealed record ReserveState(
    decimal Reserve, decimal Bank, decimal? Budget, decimal Required, decimal Contributed, decimal Cap, decimal Proposed, bool MayStop);

using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Ledger;
using Portal.Data.Payments;

namespace Portal.Data.Expenses;

/// <summary>Whom the building pays.</summary>
[Table("suppliers")]
public sealed class Supplier : Updated
{
    public long Id { get; set; }

    [MaxLength(150)]
    public string Name { get; set; } = "";

    /// <summary>NIT with its check digit, as <see cref="TaxNumber"/> writes it: <c>900123456-8</c>. Null only for what was owed before
    /// there were suppliers.</summary>
    [MaxLength(20)]
    public string? TaxId { get; set; }

    [MaxLength(100)]
    public string? Contact { get; set; }

    [MaxLength(40)]
    public string? Phone { get; set; }

    [MaxLength(255)]
    public string? Email { get; set; }

    [MaxLength(60)]
    public string? Bank { get; set; }

    [MaxLength(40)]
    public string? BankAccount { get; set; }

    /// <summary>The cost account that its invoices usually go to.</summary>
    public int? AccountId { get; set; }
    public LedgerAccount? Account { get; set; }

    /// <summary>New invoices are taken from it.</summary>
    public bool Active { get; set; } = true;
}

/// <summary>Where an expense is on its way. Returned: it came back with a reason and is a draft again.</summary>
[StoredByName]
public enum ExpenseState { Draft, Sent, Returned, Approved, Paid, Voided }

/// <summary>What somebody did with an expense.</summary>
[StoredByName]
public enum ExpenseStepKind { Made, Changed, Sent, Returned, Approved, Paid, PaymentVoided, Voided }

/// <summary>
/// An invoice of a supplier. Approved, it is a cost and owed; paid in parts or whole, it is owed no more. Each verb refuses what the state
/// does not allow, and changes nothing then. The books follow its state (<see cref="JournalTrail"/>).
/// </summary>
[Table("expenses")]
public sealed class Expense : Updated
{
    /// <summary>The series of their numbers.</summary>
    public const string Series = "EG";

    private Expense()
    {
    }

    public long Id { get; private set; }

    /// <summary><c>EG-2026-000031</c>; without gaps within a year; given when it is approved and posted.</summary>
    [MaxLength(20)]
    public string? Number { get; private set; }

    public long SupplierId { get; private set; }
    public Supplier? Supplier { get; private set; }

    /// <summary>The cost that it is.</summary>
    public int AccountId { get; private set; }
    public LedgerAccount? Account { get; private set; }

    /// <summary>The supplier's own number, as printed.</summary>
    [MaxLength(40)]
    public string Invoice { get; private set; } = "";

    /// <summary>The same in capitals without signs: <c>fv 12-3</c> and <c>FV123</c> are one invoice.</summary>
    [MaxLength(40)]
    public string InvoiceKey { get; private set; } = "";

    /// <summary>Null where it was voided: the invoice may be entered again.</summary>
    public bool? Live { get; private set; } = true;

    public DateOnly InvoicedOn { get; private set; }

    public DateOnly DueOn { get; private set; }

    /// <summary>Whole pesos, taxes included.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal Amount { get; private set; }

    [Column(TypeName = "decimal(12,2)")]
    public decimal Paid { get; private set; }

    [MaxLength(300)]
    public string Description { get; private set; } = "";

    public ExpenseState Status { get; private set; }

    public long? MadeBy { get; private set; }

    public List<ExpensePayment> Payments { get; private set; } = [];

    public List<ExpenseStep> Steps { get; private set; } = [];

    /// <summary>What is still to be paid.</summary>
    [NotMapped]
    public decimal Left => Amount - Paid;

    /// <summary>Nobody has approved it yet: it is written on.</summary>
    [NotMapped]
    public bool Open => Status is ExpenseState.Draft or ExpenseState.Returned;

    public static Expense Make(ExpenseInput input, long? by)
    {
        var expense = new Expense { MadeBy = by };
        expense.Write(input);
        expense.Note(ExpenseStepKind.Made, by);
        return expense;
    }

    /// <returns>Refused: <c>expense.not_open</c> where it was sent or approved meanwhile.</returns>
    public Result Change(ExpenseInput input, long? by)
    {
        if (!Open) return new Error("expense.not_open");
        Write(input);
        Note(ExpenseStepKind.Changed, by);
        return Result.Done;
    }

    /// <summary>Sends it for approval.</summary>
    public Result Send(long? by)
    {
        if (!Open) return new Error(Status == ExpenseState.Sent ? "expense.already_sent" : "expense.not_open");
        Status = ExpenseState.Sent;
        Note(ExpenseStepKind.Sent, by);
        return Result.Done;
    }

    /// <summary>Gives it back to who made it.</summary>
    public Result Return(string reason, long? by)
    {
        if (WhyNotSent is { } other) return other;
        Status = ExpenseState.Returned;
        Note(ExpenseStepKind.Returned, by, reason);
        return Result.Done;
    }

    /// <summary>It is right: it becomes a cost and is owed. Its number follows (<see cref="GiveNumber"/>).</summary>
    public Result Approve(long? by)
    {
        if (WhyNotSent is { } other) return other;
        Status = ExpenseState.Approved;
        Note(ExpenseStepKind.Approved, by);
        return Result.Done;
    }

    /// <exception cref="InvalidOperationException">It has one, or is not approved.</exception>
    public void GiveNumber(string number)
    {
        if (Status != ExpenseState.Approved || Number is not null)
            throw new InvalidOperationException($"Expense {Id} is {Status} with number '{Number}': it gets none.");
        Number = number;
    }

    /// <summary>Null while it waits for approval. Of two who approve the second hears who was first; the service adds the name.</summary>
    [NotMapped]
    public Error? WhyNotSent => Status switch
    {
        ExpenseState.Sent => null,
        ExpenseState.Approved or ExpenseState.Paid => new Error("expense.already_approved"),
        ExpenseState.Returned => new Error("expense.already_returned"),
        ExpenseState.Voided => new Error("expense.already_voided"),
        _ => new Error("expense.not_sent"),
    };

    /// <summary>Pays some of it or the rest.</summary>
    /// <param name="seen">What was left when the payer looked: whoever pays what somebody else has just paid is told.</param>
    public Result<ExpensePayment> Pay(ExpensePaymentInput input, decimal seen, long? by)
    {
        if (Status == ExpenseState.Voided) return new Error("expense.already_voided");
        if (Status is not (ExpenseState.Approved or ExpenseState.Paid)) return new Error("expense.not_approved");
        if (Left == 0) return new Error("expense.already_paid");
        if (Left != seen) return new Error("expense.paid_meanwhile");
        if (input.Amount > Left) return new Error("expense.over", nameof(input.Amount), Left);
        var payment = new ExpensePayment(input, Payments.Count == 0 ? 1 : Payments.Max(p => p.Seq) + 1, by) { Expense = this };
        Payments.Add(payment);
        Paid += input.Amount;
        if (Left == 0) Status = ExpenseState.Paid;
        Note(ExpenseStepKind.Paid, by, input.Reference.TrimToNull(), input.Amount);
        return payment;
    }

    /// <summary>Takes a payment back: it is owed again.</summary>
    /// <param name="at">UTC.</param>
    public Result VoidPayment(ExpensePayment payment, string reason, long? by, DateTime at)
    {
        if (payment.VoidedAt is not null) return new Error("expense.payment.already_voided");
        payment.Void(reason, by, at);
        Paid -= payment.Amount;
        Status = ExpenseState.Approved;
        Note(ExpenseStepKind.PaymentVoided, by, reason, payment.Amount);
        return Result.Done;
    }

    /// <summary>Takes it back. What was paid is taken back first, payment by payment. One that was never approved just ends.</summary>
    public Result Void(string reason, long? by)
    {
        if (Status == ExpenseState.Voided) return new Error("expense.already_voided");
        if (Paid > 0) return new Error("expense.void.paid", null, Paid);
        (Status, Live) = (ExpenseState.Voided, null);
        Note(ExpenseStepKind.Voided, by, reason);
        return Result.Done;
    }

    private void Write(ExpenseInput input)
    {
        (SupplierId, AccountId, Amount) = (input.SupplierId!.Value, input.AccountId!.Value, input.Amount!.Value);
        (Invoice, Description) = (input.Invoice!.Trim(), input.Description!.Trim());
        InvoiceKey = KeyOf(input.Invoice);
        (InvoicedOn, DueOn) = (input.InvoicedOn!.Value, input.DueOn!.Value);
    }

    internal static string KeyOf(string invoice) => Spelling.WordKey(invoice);

    private void Note(ExpenseStepKind kind, long? by, string? reason = null, decimal? amount = null) =>
        Steps.Add(new ExpenseStep { Kind = kind, Reason = reason?.Trim(), Amount = amount ?? Amount, MadeBy = by });
}

/// <summary>Money that went to a supplier for one expense. It stays; taken back, it says so.</summary>
[Table("expense_payments")]
public sealed class ExpensePayment : Stamped
{
    private ExpensePayment()
    {
    }

    internal ExpensePayment(ExpensePaymentInput input, int seq, long? by)
    {
        (Seq, Amount, PaidOn, PaymentMethodId) = (seq, input.Amount, input.PaidOn, input.MethodId!.Value);
        (Reference, MadeBy) = (input.Reference.TrimToNull(), by);
    }

    public long Id { get; private set; }

    public long ExpenseId { get; private set; }
    public Expense? Expense { get; internal set; }

    /// <summary>Counts the payments of one expense; its voucher is <c>EG-2026-000031-1</c>.</summary>
    public int Seq { get; private set; }

    [Column(TypeName = "decimal(12,2)")]
    public decimal Amount { get; private set; }

    /// <summary>The day the money left.</summary>
    public DateOnly PaidOn { get; private set; }

    public int PaymentMethodId { get; private set; }
    public PaymentMethod? PaymentMethod { get; private set; }

    [MaxLength(50)]
    public string? Reference { get; private set; }

    public long? MadeBy { get; private set; }

    public long? VoidedBy { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? VoidedAt { get; private set; }

    [MaxLength(500)]
    public string? VoidReason { get; private set; }

    internal void Void(string reason, long? by, DateTime at) => (VoidReason, VoidedBy, VoidedAt) = (reason.Trim(), by, at);
}

/// <summary>One line of an expense's history.</summary>
[Table("expense_steps"), NotAudited]
public sealed class ExpenseStep : Stamped
{
    public long Id { get; set; }

    public long ExpenseId { get; set; }
    public Expense? Expense { get; set; }

    public ExpenseStepKind Kind { get; set; }

    /// <summary>Why, or of a payment its reference.</summary>
    [MaxLength(500)]
    public string? Reason { get; set; }

    [Column(TypeName = "decimal(12,2)")]
    public decimal? Amount { get; set; }

    public long? MadeBy { get; set; }
}

/// <summary>The invoice itself, photographed or as PDF.</summary>
[Table("expense_files")]
public sealed class ExpenseFile : Stamped
{
    public long Id { get; set; }

    public long ExpenseId { get; set; }
    public Expense? Expense { get; set; }

    [MaxLength(200)]
    public string FileName { get; set; } = "";

    [MaxLength(100)]
    public string ContentType { get; set; } = "";

    /// <summary>In bytes.</summary>
    public int Size { get; set; }

    [Secret, Column(TypeName = "longblob")]
    public byte[] Content { get; set; } = [];

    public long? AddedBy { get; set; }
}

/// <summary>What a building means to take in and spend in a year, month by month. In force is the latest version that was approved; what
/// changes after that is the next version, with its own minutes.</summary>
[Table("budgets")]
public sealed class Budget : Updated
{
    private Budget()
    {
    }

    public long Id { get; private set; }

    public int Year { get; private set; }

    public int Version { get; private set; }

    /// <summary>Null once it is approved: a year has one draft at most.</summary>
    public bool? Draft { get; private set; } = true;

    /// <summary>The minutes that approved it.</summary>
    [MaxLength(100)]
    public string? Act { get; private set; }

    /// <summary>The day of the assembly.</summary>
    public DateOnly? ApprovedOn { get; private set; }

    /// <summary>Who wrote the approval down.</summary>
    public long? ApprovedBy { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? ApprovedAt { get; private set; }

    public long? MadeBy { get; private set; }

    public List<BudgetLine> Lines { get; private set; } = [];

    public static Budget Make(int year, int version, long? by) => new() { Year = year, Version = version, MadeBy = by };

    /// <summary>Closes it: from now on only another version changes it.</summary>
    /// <param name="at">UTC.</param>
    public Result Approve(string act, DateOnly on, long? by, DateTime at)
    {
        if (Draft is null) return new Error("budget.already_approved", null, Act);
        if (Lines.Sum(l => l.Amount) == 0) return new Error("budget.empty");
        (Draft, Act, ApprovedOn, ApprovedBy, ApprovedAt) = (null, act.Trim(), on, by, at);
        return Result.Done;
    }
}

/// <summary>A month of an account in a budget: income and costs both above zero.</summary>
[Table("budget_lines"), NotAudited]
public sealed class BudgetLine : Stamped
{
    public long Id { get; set; }

    public long BudgetId { get; set; }
    public Budget? Budget { get; set; }

    public int AccountId { get; set; }
    public LedgerAccount? Account { get; set; }

    /// <summary>1 to 12.</summary>
    public int Month { get; set; }

    [Column(TypeName = "decimal(14,2)")]
    public decimal Amount { get; set; }
}

using Portal.Data.Billing;

namespace Portal.Data.Payments;

/// <summary>What an apartment owes today.</summary>
/// <param name="Open">In the order in which a payment would be applied.</param>
/// <param name="Credit">Paid beyond what was owed; not yet applied.</param>
/// <param name="Waiting">Reported payments that nobody has confirmed yet; not counted as paid.</param>
public sealed record ApartmentAccount(
    long ApartmentId, string Tower, string Number, DateOnly Today, IReadOnlyList<OpenCharge> Open, decimal Credit, decimal Waiting)
{
    /// <summary>The last notes of application, the latest first.</summary>
    public IReadOnlyList<NoteLink> Notes { get; init; } = [];

    /// <summary>Interest of the days through today that is not written down yet; a payment of today writes it down and pays it first.</summary>
    public IReadOnlyList<OpenCharge> Accruing { get; init; } = [];

    public decimal Owed => Open.Sum(c => c.Owed);
    public decimal Overdue => Open.Where(c => c.IsOverdue(Today)).Sum(c => c.Owed);
    public decimal NotYetDue => Owed - Overdue;

    /// <summary>What is left to pay today once the credit is used, interest through today included.</summary>
    public decimal ToPay => Math.Max(0, Owed + Accruing.Sum(c => c.Owed) - Credit);

    /// <summary>What is left to report once the reports that wait are confirmed: what nobody has told of yet.</summary>
    public decimal ToReport => Math.Max(0, ToPay - Waiting);

    /// <summary>What a payer may name: interest follows the charge that bears it.</summary>
    /// <param name="on">The day of the payment, for a resident, who names only what is due; null for the office, which may agree to
    /// more.</param>
    public IReadOnlyList<OpenCharge> Nameable(DateOnly? on) =>
        [.. Open.Where(c => c.Kind != ChargeKind.Interest && (on is null || c.DueOn <= on))];

    /// <summary>How a further payment would be applied; a credit that is still there goes first.</summary>
    /// <param name="named">See <see cref="PaymentAllocation.InOrder"/>.</param>
    /// <param name="on">The day of the payment; null for today. In time it takes off what was promised for paying early.</param>
    public Allocation Preview(decimal amount, long? named = null, DateOnly? on = null)
    {
        IReadOnlyList<OpenCharge> open = [.. Open, .. Accruing];
        if (Credit > 0) open = PaymentAllocation.Apply(Credit, open).Open;
        var off = EarlyPayment.Granted(amount, open, on ?? Today, named);
        return PaymentAllocation.Apply(amount, EarlyPayment.Less(open, off), named);
    }
}

/// <summary>The account of one apartment over a period. A balance above zero is owed.</summary>
/// <param name="Owner">Who answers for the apartment.</param>
public sealed record AccountStatement(
    ApartmentAccount Account, string? Owner, DateOnly From, DateOnly To, decimal Opening, IReadOnlyList<StatementMovement> Movements)
{
    public decimal Closing => Movements.Count == 0 ? Opening : Movements[^1].Balance;
}

/// <summary>
/// One charge, one payment or one note of application. A voided payment stands there with its amount and moves nothing; neither does a
/// note, which says what became of money that is counted already.
/// </summary>
/// <param name="Balance">After this movement.</param>
public sealed record StatementMovement(
    DateOnly Date, long? PaymentId, long? ChargeId, string? Number, ChargeKind? Kind, string? Concept, string? Detail, decimal Charge,
    decimal Payment, PaymentState? State, decimal Balance, NoteLink? Note = null)
{
    /// <summary>Of a change of a charge that was issued: its kind. <see cref="Charge"/> is below zero where it took something off.</summary>
    public AdjustmentKind? Adjustment { get; init; }

    /// <summary>The month the charge is for.</summary>
    public DateOnly? Period { get; init; }

    /// <summary>Credit was given back: <see cref="Charge"/> says how much, for the balance rises by it.</summary>
    public bool Refund { get; init; }

    /// <summary>Of a payment: how it was made, as the database names it.</summary>
    public MethodOption? Method { get; init; }

    public string? Reference { get; init; }
}

/// <summary>Overdue money by how many days ago it fell due.</summary>
/// <param name="From">Days late, from.</param>
/// <param name="To">Days late, up to and including; null: any more.</param>
public sealed record AgeingBucket(int From, int? To, decimal Owed, int Apartments, int Charges);

/// <summary>What was billed in a month and what was paid in it.</summary>
/// <param name="Month">Its first day.</param>
public sealed record MonthOfMoney(DateOnly Month, decimal Billed, decimal Collected);

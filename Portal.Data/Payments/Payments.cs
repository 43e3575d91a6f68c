using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Billing;
using Portal.Data.Building;
using Portal.Data.Facilities;
using Portal.Data.FirstDay;
using Portal.Data.People;

namespace Portal.Data.Payments;

[Table("payment_methods")]
public sealed class PaymentMethod : Lookup<int>;

/// <summary>How many payments stand in a state, and their sum: kept by triggers on <c>payments</c>, read only.</summary>
[Table("payment_totals"), NotAudited]
public sealed class PaymentTotal
{
    [Key, DatabaseGenerated(DatabaseGeneratedOption.None)]
    public PaymentState StatusId { get; private set; }

    public long Number { get; private set; }

    [Column(TypeName = "decimal(16,2)")]
    public decimal Amount { get; private set; }
}

/// <summary>
/// Fees of one month, open and paid: what was billed and what of it is paid. Kept by triggers on <c>charges</c>, read only.
/// </summary>
[Table("fee_months"), NotAudited]
public sealed class FeeMonth
{
    /// <summary>The first day of the month they are for.</summary>
    [Key, DatabaseGenerated(DatabaseGeneratedOption.None)]
    public DateOnly Period { get; private set; }

    [Column(TypeName = "decimal(16,2)")]
    public decimal Billed { get; private set; }

    [Column(TypeName = "decimal(16,2)")]
    public decimal Collected { get; private set; }
}

[StoredByName]
public enum ChargeKind { Fee, Interest, ExtraFee, Booking, Deposit, Fine, Parking, Other }

[StoredByName]
public enum ChargeState { Open, Paid, Cancelled, Exonerated }

/// <summary>Something an apartment owes: the monthly fee, interest, a booking.</summary>
[Table("charges")]
public sealed class Charge : Updated
{
    public long Id { get; set; }

    public long ApartmentId { get; set; }
    public Apartment? Apartment { get; set; }

    public long? OwnerId { get; set; }
    public Owner? Owner { get; set; }

    public ChargeKind Kind { get; set; }

    /// <summary>As printed: "Administración de noviembre de 2026".</summary>
    [MaxLength(200)]
    public string Concept { get; set; } = "";

    /// <summary>How the amount came about, such as base, days and rate of an interest.</summary>
    [MaxLength(300)]
    public string? Detail { get; set; }

    [MaxLength(30)]
    public string? Number { get; set; }

    /// <summary>The first day of the month it is for, where it is for a month.</summary>
    public DateOnly? Period { get; set; }

    [Column(TypeName = "decimal(12,2)")]
    public decimal Amount { get; set; }

    /// <summary>The sum of its <see cref="ChargeAdjustment"/>s: below zero where something was taken off.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal Adjusted { get; set; }

    /// <summary>The sum of the confirmed applications; never above what is to be paid (<see cref="Due"/>).</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal Paid { get; set; }

    /// <summary>What is left to pay, as the database works it out: for queries. In memory it is <see cref="Left"/>.</summary>
    [Column(TypeName = "decimal(12,2)"), WorkedOut]
    public decimal Owed { get; private set; }

    /// <summary>What is to be paid in all.</summary>
    [NotMapped]
    public decimal Due => Amount + Adjusted;

    /// <summary>What of it is not paid yet.</summary>
    [NotMapped]
    public decimal Left => Amount + Adjusted - Paid;

    public DateOnly IssuedOn { get; set; }
    public DateOnly DueOn { get; set; }

    public ChargeState Status { get; set; }

    public long? ReservationId { get; set; }
    public Reservation? Reservation { get; set; }

    /// <summary>Of interest: the charge that bears it, where that is known.</summary>
    public long? BaseChargeId { get; set; }
    public Charge? BaseCharge { get; set; }

    public int? ConceptId { get; set; }
    public Concept? Of { get; set; }

    /// <summary>The run that posted it; null for what was charged by itself.</summary>
    public long? RunId { get; set; }
    public BillingRun? Run { get; set; }

    /// <summary>The file that brought it: it was owed before the portal kept the books, so it is nobody's income any more.</summary>
    public long? ImportId { get; set; }
    public Import? Import { get; set; }

    /// <summary>What is taken off where it is paid by <see cref="DiscountUntil"/>, as it was promised when it was issued.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal? Discount { get; set; }

    public DateOnly? DiscountUntil { get; set; }
    public DiscountRule? DiscountRule { get; set; }

    /// <summary>Bears no interest for days before; null: from when it is late.</summary>
    public DateOnly? InterestFrom { get; set; }

    /// <summary>Applies money to it; with the last of it the charge is paid.</summary>
    internal void Pay(decimal amount)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(amount, Left);
        Paid += amount;
        if (Left == 0 && Status == ChargeState.Open) Status = ChargeState.Paid;
    }

    /// <summary>Takes money back: it owes again, unless it was cancelled or forgiven meanwhile.</summary>
    internal void TakeBack(decimal amount)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(amount, Paid);
        Paid -= amount;
        if (Status == ChargeState.Paid) Status = ChargeState.Open;
    }

    /// <summary>Makes it more or less: paid with the last of it, open again where something is left.</summary>
    /// <param name="amount">At most so far below zero that nothing paid is in vain.</param>
    internal ChargeAdjustment Adjust(AdjustmentKind kind, decimal amount, DateOnly on, string reason, string? act = null, long? by = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(amount);
        ArgumentOutOfRangeException.ThrowIfLessThan(amount, -Left);
        Adjusted += amount;
        if (Left == 0 && Status == ChargeState.Open) Status = ChargeState.Paid;
        else if (Left > 0 && Status == ChargeState.Paid) Status = ChargeState.Open;
        return new ChargeAdjustment
        {
            Charge = this, Kind = kind, Amount = amount, MadeOn = on, Reason = reason, Act = act, MadeBy = by,
        };
    }
}

/// <summary>
/// A receipt of before: its payment was applied again because an earlier one was voided, and has another receipt since. Written once.
/// </summary>
[Table("replaced_receipts")]
public sealed class ReplacedReceipt : Stamped
{
    public long Id { get; set; }

    public long PaymentId { get; set; }
    public Payment? Payment { get; set; }

    [MaxLength(20)]
    public string Number { get; set; } = "";

    [MaxLength(12)]
    public string VerificationCode { get; set; } = "";

    /// <summary>The number of the receipt that stands in its place.</summary>
    [MaxLength(20)]
    public string ReplacedBy { get; set; } = "";

    public long VoidedPaymentId { get; set; }
    public Payment? VoidedPayment { get; set; }

    public DateOnly ReplacedOn { get; set; }

    /// <summary>The applications through this line are those of receipts of before.</summary>
    public int LastLine { get; set; }
}

/// <summary>
/// How much of a payment went to which charge, in the order in which it was applied. A void marks it reversed; the row stays.
/// </summary>
[Table("payment_applications")]
public sealed class PaymentApplication : Stamped
{
    public long Id { get; set; }

    public long PaymentId { get; set; }
    public Payment? Payment { get; set; }

    public long ChargeId { get; set; }
    public Charge? Charge { get; set; }

    /// <summary>Null where it was applied when the receipt of its payment was issued: the receipt prints it for ever.</summary>
    public long? NoteId { get; set; }
    public ApplicationNote? Note { get; set; }

    public int Line { get; set; }

    /// <summary>What the charge still owed before this line.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal Owed { get; set; }

    [Column(TypeName = "decimal(12,2)")]
    public decimal Amount { get; set; }

    public bool Reversed { get; set; }
}

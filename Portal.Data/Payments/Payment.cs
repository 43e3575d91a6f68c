using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;
using Portal.Data.Operations;
using Portal.Data.People;

namespace Portal.Data.Payments;

/// <summary>
/// Documented: Paid (confirmed), Pending, Overdue, Cancelled (voided). Added: Rejected (a reported payment that was not so), Refunded.
/// </summary>
public enum PaymentState { Paid = 1, Pending = 2, Overdue = 3, Cancelled = 4, Rejected = 5, Refunded = 6 }

[Table("payment_status")]
public sealed class PaymentStatus : Lookup<PaymentState>;

/// <summary>
/// Money that somebody says was paid. It waits until it is confirmed, which gives it a receipt, or rejected; what was confirmed can be
/// voided. Each verb refuses what the state does not allow, and changes nothing then. What becomes of the charges is
/// <see cref="ApartmentLedger"/>'s, under the lock of the apartment.
/// </summary>
[Table("payments")]
public sealed class Payment : Updated
{
    private Payment()
    {
    }

    public long Id { get; private set; }

    /// <summary>In the building's currency; above zero.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal Amount { get; private set; }

    /// <summary>What of it was given back (<see cref="Refund"/>): no longer credit.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal Refunded { get; private set; }

    public DateOnly PaymentDate { get; private set; }

    /// <summary>The time of day of <see cref="PaymentDate"/>, where it is known.</summary>
    [Column(TypeName = "time")]
    public TimeOnly? PaymentTime { get; private set; }

    public PaymentState StatusId { get; private set; }
    public PaymentStatus? Status { get; private set; }

    public long OwnerId { get; private set; }
    public Owner? Owner { get; private set; }

    public long? ApartmentId { get; private set; }
    public Apartment? Apartment { get; private set; }

    [MaxLength(50)]
    public string? ReferenceNumber { get; private set; }

    public int? PaymentMethodId { get; private set; }
    public PaymentMethod? PaymentMethod { get; private set; }

    [Column(TypeName = "text")]
    public string? Description { get; private set; }

    /// <summary><c>RC-2026-001284</c>; without gaps within a year; given when the payment is confirmed.</summary>
    [MaxLength(20)]
    public string? ReceiptNumber { get; private set; }

    /// <summary>What a person types at <c>/v</c> to see whether the receipt is genuine.</summary>
    [MaxLength(12)]
    public string? VerificationCode { get; private set; }

    public long? RecordedBy { get; private set; }
    public long? ConfirmedBy { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? ConfirmedAt { get; private set; }

    /// <summary>Who voided or rejected it.</summary>
    public long? CancelledBy { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? CancelledAt { get; private set; }

    [MaxLength(500)]
    public string? CancelReason { get; private set; }

    /// <summary>What the payer said it is for (Civil Code of Colombia, art. 1654); null: as the law orders it.</summary>
    public long? NamedChargeId { get; private set; }
    public Charge? NamedCharge { get; private set; }

    /// <summary>The deposit that nobody knew and that it takes its money from; null: its money came by itself.</summary>
    public long? DepositId { get; private set; }
    public Bank.UnidentifiedDeposit? Deposit { get; private set; }

    /// <summary>The payment over the gateway that it is; its money lies there until the gateway pays it out.</summary>
    public long? OnlinePaymentId { get; private set; }
    public OnlinePayments.OnlinePayment? OnlinePayment { get; private set; }

    public List<PaymentApplication> Applications { get; private set; } = [];

    /// <summary>It waits to be confirmed or rejected. The documented state Overdue says no more than that.</summary>
    [NotMapped]
    public bool Waits => StatusId is PaymentState.Pending or PaymentState.Overdue;

    /// <summary>A payment that was received, or that its owner reports; it waits.</summary>
    public static Payment Record(PaymentInput input, long? by) => new()
    {
        ApartmentId = input.ApartmentId,
        OwnerId = input.PayerId,
        Amount = input.Amount,
        PaymentMethodId = input.MethodId,
        ReferenceNumber = input.Reference.TrimToNull(),
        PaymentDate = input.Date,
        PaymentTime = input.Time,
        Description = input.Note.TrimToNull(),
        StatusId = PaymentState.Pending,
        RecordedBy = by,
        NamedChargeId = input.NamedChargeId,
    };

    /// <summary>
    /// Null while it waits; else the refusal of who would confirm or reject it. Its words name who was first (<see cref="SettledBy"/>).
    /// </summary>
    [NotMapped]
    public Error? WhyNotWaiting => StatusId switch
    {
        PaymentState.Pending or PaymentState.Overdue => null,
        PaymentState.Paid => new Error("payment.already_confirmed"),
        PaymentState.Rejected => new Error("payment.already_rejected"),
        _ => new Error("payment.already_voided"),
    };

    /// <summary>The account that confirmed it, or that rejected or voided it.</summary>
    [NotMapped]
    public long? SettledBy => StatusId == PaymentState.Paid ? ConfirmedBy : CancelledBy;

    /// <summary>Payments of an adopted database name no apartment; while one waits, it can be given the only one of its payer.</summary>
    public void BelongTo(long? apartment)
    {
        if (Waits) ApartmentId ??= apartment;
    }

    /// <summary>
    /// The bank shows it: it counts from the day on which the bank has it, and lies there, whatever was reported. Only while it waits.
    /// </summary>
    /// <param name="deposit">Where the books hold it already, as nobody's.</param>
    public void Arrived(DateOnly day, Bank.UnidentifiedDeposit? deposit = null)
    {
        if (!Waits) return;
        if (day != PaymentDate) (PaymentDate, PaymentTime) = (day, null);
        if (PaymentMethodId is null or PaymentRules.Cash) PaymentMethodId = PaymentRules.Transfer;
        DepositId = deposit?.Id;
    }

    /// <summary>What a gateway received, by its own word.</summary>
    /// <param name="transaction">Under which number the payer's bank knows it.</param>
    /// <param name="at">By the building's clock.</param>
    internal static Payment Receive(OnlinePayments.OnlinePayment online, string? transaction, DateTime at) => new()
    {
        ApartmentId = online.ApartmentId,
        OwnerId = online.OwnerId,
        Amount = online.Received ?? online.Amount,
        PaymentMethodId = PaymentRules.Pse,
        ReferenceNumber = (transaction ?? online.ProviderId ?? online.Code).Trim(),
        PaymentDate = DateOnly.FromDateTime(at),
        PaymentTime = TimeOnly.FromDateTime(at),
        StatusId = PaymentState.Pending,
        RecordedBy = online.StartedBy,
        OnlinePayment = online,
    };

    /// <summary>It is as it was said; its receipt follows (<see cref="GiveReceipt"/>).</summary>
    /// <param name="at">UTC.</param>
    public Result Confirm(long? by, DateTime at)
    {
        if (WhyNotWaiting is { } settled) return settled;
        if (ApartmentId is null) return new Error("payment.no_apartment");
        (StatusId, ConfirmedBy, ConfirmedAt) = (PaymentState.Paid, by, at);
        VerificationCode = Operations.VerificationCode.New();
        return Result.Done;
    }

    /// <exception cref="InvalidOperationException">It has one, or is not confirmed.</exception>
    public void GiveReceipt(string number)
    {
        if (StatusId != PaymentState.Paid || ReceiptNumber is not null)
            throw new InvalidOperationException($"Payment {Id} is {StatusId} with receipt '{ReceiptNumber}': it gets none.");
        ReceiptNumber = number;
    }

    /// <summary>It was applied again: another receipt says how.</summary>
    /// <returns>The receipt of before.</returns>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    /// <param name="lastLine">Of the applications of before.</param>
    internal ReplacedReceipt ReplaceReceipt(string number, Payment voided, DateOnly on, int lastLine)
    {
        if (StatusId != PaymentState.Paid || ReceiptNumber is not { } old || VerificationCode is not { } code)
            throw new InvalidOperationException($"Payment {Id} is {StatusId} without a receipt that could be replaced.");
        (ReceiptNumber, VerificationCode) = (number, Operations.VerificationCode.New());
        return new ReplacedReceipt
        {
            Payment = this, Number = old, VerificationCode = code, ReplacedBy = number, VoidedPayment = voided, ReplacedOn = on,
            LastLine = lastLine,
        };
    }

    /// <summary>It was not so.</summary>
    /// <param name="at">UTC.</param>
    public Result Reject(string reason, long? by, DateTime at)
    {
        if (WhyNotWaiting is { } settled) return settled;
        End(PaymentState.Rejected, reason, by, at);
        return Result.Done;
    }

    /// <summary>Takes back what was confirmed; the receipt stays and says so.</summary>
    /// <param name="at">UTC.</param>
    public Result Void(string reason, long? by, DateTime at)
    {
        if (Waits) return new Error("payment.not_confirmed");
        if (StatusId != PaymentState.Paid) return WhyNotWaiting!;
        if (Refunded > 0) return new Error("payment.refunded");
        End(PaymentState.Cancelled, reason, by, at);
        return Result.Done;
    }

    /// <summary>Gives some of its credit back.</summary>
    /// <param name="amount">At most what no charge took of it.</param>
    internal void GiveBack(decimal amount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(amount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(amount, Amount - Refunded);
        Refunded += amount;
    }

    private void End(PaymentState state, string reason, long? by, DateTime at) =>
        (StatusId, CancelReason, CancelledBy, CancelledAt) = (state, reason.Trim(), by, at);
}

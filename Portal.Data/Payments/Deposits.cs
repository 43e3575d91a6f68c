using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;

namespace Portal.Data.Payments;

/// <summary>What became of the deposit of a booking. Written once.</summary>
[Table("deposit_returns")]
public sealed class DepositReturn : Stamped
{
    public long Id { get; set; }

    /// <summary>The deposit.</summary>
    public long ChargeId { get; set; }
    public Charge? Charge { get; set; }

    /// <summary>What was held of it.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal Amount { get; set; }

    /// <summary>What of it paid damages.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal Damages { get; set; }

    public long? DamageChargeId { get; set; }
    public Charge? DamageCharge { get; set; }

    /// <summary>Null where nothing was left, or it was left to the apartment's credit.</summary>
    public long? RefundId { get; set; }
    public Refund? Refund { get; set; }

    /// <summary>The damages.</summary>
    [MaxLength(300)]
    public string? Reason { get; set; }

    public DateOnly MadeOn { get; set; }

    public long? MadeBy { get; set; }
}

/// <summary>How far a deposit is: held until the booking is over, then to be given back.</summary>
public enum DepositState { Held, ToReturn, Returned }

/// <summary>A deposit that was paid.</summary>
/// <param name="Amount">What is or was held.</param>
/// <param name="Ends">When the booking is over, wall clock; null where it was cancelled.</param>
/// <param name="Refund">The number of the paper by which it left.</param>
public sealed record DepositRow(
    long ChargeId, long ApartmentId, string Tower, string Apartment, string Concept, string? Number, decimal Amount, DateTime? Ends,
    DepositState State, decimal Damages, string? Refund, DateOnly? ReturnedOn);

/// <summary>A deposit to be given back.</summary>
/// <param name="Damages">Whole pesos of it that damages take; zero for none.</param>
/// <param name="Reason">What was damaged; needed where there are damages.</param>
/// <param name="ToCredit">The resident asked that it stay to their credit; else it is paid out as told.</param>
public sealed record DepositReturnInput(
    long ChargeId, decimal Damages, string? Reason, bool ToCredit, int? MethodId, DateOnly PaidOn, string? Reference);

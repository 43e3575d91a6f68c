using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;

namespace Portal.Data.Payments;

/// <summary>Credit of an apartment that was given back: money left the bank, and the credit is gone.</summary>
[Table("refunds")]
public sealed class Refund : Stamped
{
    /// <summary>The series of their numbers.</summary>
    public const string Series = "RF";

    public long Id { get; set; }

    /// <summary><c>RF-2026-000004</c>; without gaps within a year.</summary>
    [MaxLength(20)]
    public string Number { get; set; } = "";

    /// <summary>What its paper carries; null where it was given back before refunds had one.</summary>
    [MaxLength(12)]
    public string? VerificationCode { get; set; }

    public long ApartmentId { get; set; }
    public Apartment? Apartment { get; set; }

    [Column(TypeName = "decimal(12,2)")]
    public decimal Amount { get; set; }

    /// <summary>The day the money left.</summary>
    public DateOnly PaidOn { get; set; }

    public int PaymentMethodId { get; set; }
    public PaymentMethod? PaymentMethod { get; set; }

    [MaxLength(50)]
    public string? Reference { get; set; }

    [MaxLength(500)]
    public string Reason { get; set; } = "";

    public long? MadeBy { get; set; }

    public List<RefundPart> Parts { get; set; } = [];
}

/// <summary>What of a refund came from which payment: of the oldest that held credit first.</summary>
[Table("refund_parts")]
public sealed class RefundPart : Stamped
{
    public long Id { get; set; }

    public long RefundId { get; set; }
    public Refund? Refund { get; set; }

    public long PaymentId { get; set; }
    public Payment? Payment { get; set; }

    [Column(TypeName = "decimal(12,2)")]
    public decimal Amount { get; set; }
}

/// <summary>What is given back.</summary>
public sealed record RefundInput(long ApartmentId, decimal Amount, DateOnly PaidOn, int? MethodId, string? Reference, string? Reason);

using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;
using Portal.Data.Ledger;
using Portal.Data.Payments;

namespace Portal.Data.Billing;

/// <summary>How a run works out what each apartment pays.</summary>
[StoredByName]
public enum ConceptBasis
{
    /// <summary>In no run: charged to one apartment at a time.</summary>
    ByHand,

    /// <summary>The month's total, shared by coefficient.</summary>
    Coefficient,

    /// <summary>Each the same.</summary>
    Fixed,

    /// <summary>Each its own figure: of fees that of the apartment, of anything else what is written down for it.</summary>
    PerApartment,

    /// <summary>What its meter shows (<see cref="MeterReading"/>) at the concept's tariff.</summary>
    Meter,
}

/// <summary>What else must be paid for a discount.</summary>
[StoredByName]
public enum DiscountRule { None, SameConcept, NothingOverdue }

/// <summary>What the building charges for: how much, when it is due, which accounts it moves.</summary>
[Table("concepts")]
public sealed class Concept : Updated
{
    public int Id { get; set; }

    public ChargeKind Kind { get; set; }

    /// <summary>As printed: "Administración".</summary>
    [MaxLength(100)]
    public string Name { get; set; } = "";

    public int ReceivableAccountId { get; set; }
    public LedgerAccount? ReceivableAccount { get; set; }

    public int IncomeAccountId { get; set; }
    public LedgerAccount? IncomeAccount { get; set; }

    public ConceptBasis Basis { get; set; }

    /// <summary>By <see cref="Basis"/>: the total of a month, what each pays, or the tariff of one <see cref="Unit"/>.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal? Amount { get; set; }

    /// <summary>What a meter counts: "m³".</summary>
    [MaxLength(10)]
    public string? Unit { get; set; }

    /// <summary>The day of the month by which it is to be paid; in a shorter month its last day.</summary>
    public int DueDay { get; set; } = 15;

    public bool BearsInterest { get; set; }

    /// <summary>While it is owed there is no certificate of peace and safety (<i>paz y salvo</i>, Ley 675 of 2001, art. 29).</summary>
    public bool BlocksCertificate { get; set; }

    /// <summary>Off for who pays early, percent; or <see cref="DiscountAmount"/>.</summary>
    [Column(TypeName = "decimal(5,2)")]
    public decimal? DiscountPercent { get; set; }

    [Column(TypeName = "decimal(12,2)")]
    public decimal? DiscountAmount { get; set; }

    /// <summary>The last day of the month on which it is early.</summary>
    public int? DiscountDay { get; set; }

    public DiscountRule DiscountRule { get; set; } = DiscountRule.NothingOverdue;

    public bool Active { get; set; } = true;

    /// <summary>What is off a charge of this concept for who pays early: whole pesos, never all of it.</summary>
    internal decimal? DiscountOf(decimal amount) => DiscountDay is null ? null
        : (DiscountPercent is { } percent ? Pesos.Round(amount * percent / 100) : DiscountAmount) is { } off && off > 0 && off < amount
            ? off
            : null;
}

/// <summary>What an apartment pays of a concept instead of its own figure, or that it pays nothing of it.</summary>
[Table("concept_apartments")]
public sealed class ConceptApartment : Updated
{
    public long Id { get; set; }

    public int ConceptId { get; set; }
    public Concept? Concept { get; set; }

    public long ApartmentId { get; set; }
    public Apartment? Apartment { get; set; }

    [Column(TypeName = "decimal(12,2)")]
    public decimal? Amount { get; set; }

    public bool Exempt { get; set; }

    [MaxLength(200)]
    public string? Reason { get; set; }
}

/// <summary>A month of a concept, charged to every apartment at once. It is posted once; undone it stays, and the month is free
/// again.</summary>
[Table("billing_runs")]
public sealed class BillingRun : Stamped
{
    public long Id { get; set; }

    public int ConceptId { get; set; }
    public Concept? Concept { get; set; }

    /// <summary>The first day of the month.</summary>
    public DateOnly Period { get; set; }

    /// <summary>Null where it was undone, so that the key over period and concept lets the month be posted again.</summary>
    public bool? Live { get; set; } = true;

    public DateOnly IssuedOn { get; set; }
    public DateOnly DueOn { get; set; }

    public int Charges { get; set; }

    [Column(TypeName = "decimal(14,2)")]
    public decimal Total { get; set; }

    public long? PostedBy { get; set; }
    public long? UndoneBy { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime? UndoneAt { get; set; }

    [MaxLength(500)]
    public string? UndoReason { get; set; }
}

/// <summary>Why a charge is more or less than it was issued for. Recount: its days of interest were counted anew.</summary>
[StoredByName]
public enum AdjustmentKind { Discount, Waiver, Correction, Recount }

/// <summary>A change of what is owed on a charge. Never edited: taken back by a row of the opposite amount.</summary>
[Table("charge_adjustments")]
public sealed class ChargeAdjustment : Stamped
{
    public long Id { get; set; }

    public long ChargeId { get; set; }
    public Charge? Charge { get; set; }

    public AdjustmentKind Kind { get; set; }

    /// <summary>Below zero it takes off; never zero.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal Amount { get; set; }

    public DateOnly MadeOn { get; set; }

    [MaxLength(500)]
    public string Reason { get; set; } = "";

    /// <summary>The minutes of assembly or council that decided it.</summary>
    [MaxLength(100)]
    public string? Act { get; set; }

    /// <summary>The payment that brought it about.</summary>
    public long? PaymentId { get; set; }
    public Payment? Payment { get; set; }

    public long? ReversesId { get; set; }
    public ChargeAdjustment? Reverses { get; set; }

    /// <summary>The fund of scholarships pays it, or gets it back.</summary>
    public bool FromFund { get; set; }

    /// <summary>The agreement that grants it: it falls when the agreement breaks.</summary>
    public long? AgreementId { get; set; }
    public Collection.Agreement? Agreement { get; set; }

    public long? MadeBy { get; set; }
}

/// <summary>What the law lets charge on what is late, by month (<see cref="InterestRate"/>).</summary>
[Table("interest_rates")]
public sealed class MonthlyRate : Updated
{
    public int Id { get; set; }

    /// <summary>Its first day.</summary>
    public DateOnly Month { get; set; }

    /// <summary>The <i>interés bancario corriente</i>, percent a year, effective.</summary>
    [Column(TypeName = "decimal(6,3)")]
    public decimal Certified { get; set; }

    /// <summary>The resolution of the Superintendencia Financiera that certifies it.</summary>
    [MaxLength(100)]
    public string Resolution { get; set; } = "";

    /// <summary>The lower rate that the assembly decided.</summary>
    [Column(TypeName = "decimal(6,3)")]
    public decimal? Assembly { get; set; }

    internal InterestRate Rate => new(Month, Certified, Assembly);
}

/// <summary>Which days of which charge an interest is for (<see cref="InterestSegment"/>).</summary>
[Table("interest_segments"), NotAudited]
public sealed class CountedInterest : Stamped
{
    public long Id { get; set; }

    /// <summary>The interest.</summary>
    public long ChargeId { get; set; }
    public Charge? Charge { get; set; }

    /// <summary>What bears it.</summary>
    public long BaseChargeId { get; set; }
    public Charge? BaseCharge { get; set; }

    public DateOnly FromOn { get; set; }
    public DateOnly ToOn { get; set; }

    [Column(TypeName = "decimal(12,2)")]
    public decimal Balance { get; set; }

    /// <summary>Percent a year, effective.</summary>
    [Column(TypeName = "decimal(7,4)")]
    public decimal Yearly { get; set; }

    [Column(TypeName = "decimal(12,10)")]
    public decimal DayRate { get; set; }

    /// <summary>Not rounded.</summary>
    [Column(TypeName = "decimal(18,6)")]
    public decimal Exact { get; set; }

    /// <summary>Null where its days were counted anew.</summary>
    public bool? Live { get; set; } = true;
}

using Portal.Data.Payments;

namespace Portal.Data.Billing;

/// <summary>A concept that a run can charge, and whether the month has it already.</summary>
/// <param name="Posted">The run that posted it; null while it can be posted.</param>
/// <param name="Earlier">Charges of the month that were there before the portal posted runs: it is charged already.</param>
public sealed record RunConcept(int Id, string Name, ChargeKind Kind, ConceptBasis Basis, decimal? Amount, RunRow? Posted, int Earlier = 0)
{
    public bool CanPost => Posted is null && Earlier == 0;
}

/// <summary>A run as it was posted.</summary>
/// <param name="Live">False: it was undone, by <paramref name="UndoneBy"/> and for <paramref name="UndoReason"/>.</param>
/// <param name="PostedAt">The building's wall clock.</param>
public sealed record RunRow(
    long Id, int ConceptId, string Concept, ChargeKind Kind, DateOnly Period, bool Live, DateOnly IssuedOn, DateOnly DueOn, int Charges,
    decimal Total,
    string? PostedBy, DateTime PostedAt, string? UndoneBy, DateTime? UndoneAt, string? UndoReason);

/// <summary>A month as it stands: what can be charged for it and what was.</summary>
/// <param name="Period">Its first day.</param>
public sealed record BillingMonth(DateOnly Period, IReadOnlyList<RunConcept> Concepts, IReadOnlyList<RunRow> Undone);

/// <summary>One apartment in the preview of a run.</summary>
/// <param name="Amounts">By concept, in their order; 0 for none.</param>
/// <param name="Before">What the same concepts charged it for the month before.</param>
/// <param name="Credit">What of its credit the run will use.</param>
public sealed record PreviewRow(
    long ApartmentId, string Unit, string? Owner, IReadOnlyList<decimal> Amounts, decimal Total, decimal Before, BillingNotes Notes,
    decimal Credit);

/// <summary>What a run will do, before it is posted.</summary>
/// <param name="Rows">The page that was asked for; those to look at first.</param>
/// <param name="Totals">By concept, in their order.</param>
/// <param name="Before">By concept: what it charged for the month before.</param>
/// <param name="Charges">How many there will be.</param>
/// <param name="Coefficients">What the coefficients sum to; null where nothing is shared by them.</param>
/// <param name="SpareUnits">Pesos that did not divide and went to the largest fractions.</param>
/// <param name="Credit">What of credits the run will use, of how many apartments.</param>
public sealed record BillingPreview(
    DateOnly Period, IReadOnlyList<RunConcept> Concepts, Page<PreviewRow> Rows, int All, int Changed, int Exceptions,
    IReadOnlyList<decimal> Totals,
    IReadOnlyList<decimal> Before, int Charges, decimal? Coefficients, int SpareUnits, decimal Credit, int CreditUnits, DateOnly IssuedOn,
    IReadOnlyList<DateOnly> DueOn, IReadOnlyDictionary<BillingNotes, int> Notes, IReadOnlyDictionary<BillingNotes,
    IReadOnlyList<string>> Examples)
{
    public decimal Total => Totals.Sum();

    /// <summary>What the year's budget says of the month for the income accounts of the concepts; null without one.</summary>
    public decimal? Budget { get; init; }
}

/// <summary>What is to be posted.</summary>
/// <param name="Seen">The sum that was shown: where it is another by now nothing is posted.</param>
/// <param name="AcceptCoefficients">They do not sum to 100, and the person says that it is right so.</param>
public sealed record RunInput(DateOnly Period, IReadOnlyList<int> ConceptIds, decimal Seen, bool AcceptCoefficients = false);

/// <summary>What was posted.</summary>
/// <param name="Credit">What of it credit paid at once.</param>
public sealed record PostedRuns(IReadOnlyList<long> Runs, int Charges, decimal Total, decimal Credit);

/// <summary>A charge of its own.</summary>
public sealed record ChargeInput(long ApartmentId, int ConceptId, decimal Amount, DateOnly DueOn, string? Reason);

/// <summary>A change of what is owed on a charge.</summary>
/// <param name="Amount">Above zero takes off so much; of a correction, below zero adds.</param>
/// <param name="Act">The minutes that decided it; a waiver needs them.</param>
public sealed record AdjustmentInput(long ChargeId, AdjustmentKind Kind, decimal Amount, string? Reason, string? Act);

/// <summary>An extra fee that the assembly decided: shared by coefficient or the same for each, in instalments that are posted at
/// once.</summary>
/// <param name="First">The first day of the month of the first instalment.</param>
public sealed record ExtraFeeInput(
    string? Name, string? Act, decimal Amount, ConceptBasis Basis, int Instalments, DateOnly First, int DueDay, bool AcceptLarge = false);

/// <summary>A rate of a month.</summary>
public sealed record RateRow(
    int Id, DateOnly Month, decimal Certified, string Resolution, decimal? Assembly, decimal Cap, decimal Yearly, decimal Day, bool Used);

public sealed record RateInput(DateOnly? Month, decimal? Certified, string? Resolution, decimal? Assembly);

/// <summary>A concept as the office sees and changes it.</summary>
public sealed record ConceptRow(
    int Id, ChargeKind Kind, string Name, ConceptBasis Basis, decimal? Amount, int DueDay, bool BearsInterest, bool BlocksCertificate,
    decimal? DiscountPercent, decimal? DiscountAmount, int? DiscountDay, DiscountRule DiscountRule, bool Active, string Receivable,
    string Income,
    int OwnFigures, int Exempt)
{
    /// <summary>What a meter counts.</summary>
    public string? Unit { get; init; }
}

public sealed record ConceptInput : IEdit<ConceptInput>
{
    public ConceptInput? Read { get; init; }

    public ChargeKind Kind { get; init; }
    public string? Name { get; init; }
    public ConceptBasis Basis { get; init; }
    public decimal? Amount { get; init; }
    public string? Unit { get; init; }
    public int? DueDay { get; init; }
    public bool BearsInterest { get; init; }
    public bool BlocksCertificate { get; init; }
    public decimal? DiscountPercent { get; init; }
    public decimal? DiscountAmount { get; init; }
    public int? DiscountDay { get; init; }
    public DiscountRule DiscountRule { get; init; }
    public bool Active { get; init; }
}

/// <summary>What an apartment pays of a concept instead.</summary>
public sealed record OwnFigureRow(long ApartmentId, string Unit, decimal? Amount, bool Exempt, string? Reason);

public sealed record OwnFigureInput(int ConceptId, long ApartmentId, decimal? Amount, bool Exempt, string? Reason);

/// <summary>The interest of a month before it is posted.</summary>
/// <param name="Missing">The first month whose rate is missing: nothing can be posted.</param>
public sealed record InterestPreview(
    DateOnly Period, DateOnly Through, Page<InterestRow> Rows, decimal Total, int Charges, int Apartments, RateRow? Rate, DateOnly? Missing,
    bool Off, RunRow? Posted);

public sealed record InterestRow(
    long ApartmentId, string Unit, string? Owner, string Concept, DateOnly From, DateOnly To, int Days, decimal Balance, decimal Amount);

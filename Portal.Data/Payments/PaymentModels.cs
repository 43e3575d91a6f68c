namespace Portal.Data.Payments;

/// <summary>A payment as a list shows it.</summary>
/// <param name="At">Wall clock; midnight where the time of day is not known (<paramref name="HasTime"/>).</param>
/// <param name="Tower">Null for a payment of an adopted database that names no apartment.</param>
/// <param name="AppliedTo">Where the money went, in order; of one that waits, where it would go today.</param>
/// <param name="ConfirmedAt">Wall clock.</param>
public sealed record PaymentRow(
    long Id, string? Receipt, DateTime At, bool HasTime, long? ApartmentId, string? Tower, string? Apartment, string Payer, int? MethodId,
    string? Method, string? Reference, IReadOnlyList<AppliedTo> AppliedTo, PaymentState State, decimal Amount, string? RecordedBy,
    DateTime? ConfirmedAt, string? Note);

/// <summary>What part of a payment went to.</summary>
public sealed record AppliedTo(ChargeKind Kind, DateOnly? Period, string Concept, decimal Amount);

/// <summary>A page of payments with the sums of all that match, over every page.</summary>
public sealed record PaymentPage(Page<PaymentRow> Page, decimal Confirmed, decimal Pending);

/// <summary>One payment with everything a person may want to know of it.</summary>
/// <param name="Lines">How it was applied when it was confirmed, in order, as its receipt says; of one that waits, how it would be applied
/// today.</param>
/// <param name="Credit">What no charge took of it then; kept for the next.</param>
/// <param name="Later">What of it was applied since.</param>
/// <param name="Notes">The notes that speak of it, the latest first.</param>
/// <param name="Twins">Others that may be the same payment.</param>
public sealed record PaymentDetail(
    long Id, string? Receipt, string? VerificationCode, PaymentState State, decimal Amount, DateTime At, bool HasTime, long? ApartmentId,
    string? Tower, string? Apartment, long PayerId, string Payer, string? PayerDocument, int? MethodId, string? Method, string? Reference,
    string? Note, string? RecordedBy, bool ReportedByPayer, DateTime? RecordedAt, string? ConfirmedBy, DateTime? ConfirmedAt,
    string? EndedBy, DateTime? EndedAt, string? EndReason, IReadOnlyList<AppliedLine> Lines, decimal Credit,
    IReadOnlyList<LaterLine> Later, IReadOnlyList<NoteLink> Notes, IReadOnlyList<PaymentTwin> Twins)
{
    /// <summary>All that is applied of it now: what owes again when it is voided.</summary>
    public IReadOnlyList<AppliedLine> Standing => [.. Lines.Concat(Later.Select(l => l.Line)).Where(l => !l.Reversed)];

    /// <summary>What the payer said it is for; null: as the law orders it.</summary>
    public NamedDebt? Named { get; init; }

    /// <summary>Its receipts of before, the latest first.</summary>
    public IReadOnlyList<OldReceipt> Replaced { get; init; } = [];

    public IReadOnlyList<ProofRow> Proofs { get; init; } = [];

    public bool ReceiptGiven => Receipt is not null;

    public bool Waits => State is PaymentState.Pending or PaymentState.Overdue;
}

/// <summary>A receipt in whose place another stands.</summary>
public sealed record OldReceipt(string Number, string ReplacedBy, DateOnly On);

/// <summary>The charge that a payer named.</summary>
public sealed record NamedDebt(ChargeKind Kind, DateOnly? Period, string Concept);

/// <summary>A line of a receipt: the charge, what it owed, what it got.</summary>
public sealed record AppliedLine(
    ChargeKind Kind, string Concept, string? Detail, string? Number, DateOnly? Period, DateOnly DueOn, decimal Owed, decimal Amount,
    bool Reversed)
{
    /// <summary>As it would be, were the money applied now.</summary>
    public static AppliedLine Of(AllocationLine line) =>
        new(
            line.Charge.Kind, line.Charge.Concept, line.Charge.Detail, line.Charge.Number, line.Charge.Period, line.Charge.DueOn,
            line.Charge.Owed, line.Applied, false);

    public decimal Left => Owed - Amount;
}

/// <summary>What was applied after the receipt was issued.</summary>
/// <param name="Note">The number of the note that says so; null where it was before there were notes.</param>
public sealed record LaterLine(AppliedLine Line, long? NoteId, string? Note, DateOnly? On);

/// <summary>Another payment that looks like the same money.</summary>
public sealed record PaymentTwin(
    long Id, string? Receipt, DateOnly Date, string? Tower, string? Apartment, PaymentState State, decimal Amount);

/// <summary>A payment as it is typed in.</summary>
/// <param name="PayerId">An <c>owners</c> row tied to the apartment.</param>
/// <param name="Amount">In the building's currency, whole, above zero.</param>
/// <param name="Date">Not in the future, by the building's clock.</param>
/// <param name="NamedChargeId">The open charge of the apartment that it is to go to first; null: as the law orders it.</param>
public sealed record PaymentInput(
    long ApartmentId, long PayerId, decimal Amount, int? MethodId, string? Reference, DateOnly Date, TimeOnly? Time, string? Note,
    long? NamedChargeId = null)
{
    /// <summary>Photographs or PDFs that show it, at most <see cref="PaymentProof.Most"/>.</summary>
    public IReadOnlyList<ProofUpload> Proofs { get; init; } = [];
}

/// <summary>A payment that was confirmed.</summary>
public sealed record ConfirmedPayment(long Id, string Receipt, string VerificationCode, decimal Applied, decimal Credit);

public sealed record ApartmentOption(long Id, string Tower, string Number, string? Owner);

public sealed record Payer(long OwnerId, string Name, bool IsTenant);

/// <summary>What the form for recording a payment shows of an apartment.</summary>
public sealed record RecordingSheet(ApartmentAccount Account, IReadOnlyList<Payer> Payers);

public sealed record MethodOption(int Id, string Name);

/// <summary>How a payment is voided.</summary>
/// <param name="Ours">The mistake is the building's: what owes again bears no interest for the days until now. Otherwise it does, as if it
/// had never been paid.</param>
/// <param name="Reapply">Payments after it are applied again as if it had never been, each with a new receipt that names the one of before;
/// otherwise they and their receipts stay as they are.</param>
public sealed record VoidTerms(bool Ours = false, bool Reapply = false);

using Portal.Data.Payments;

namespace Portal.Data.Collection;

/// <summary>What is to be agreed.</summary>
/// <param name="Charges">As the case lists them (<see cref="DebtLine.ChargeId"/>); each takes its interest along.</param>
/// <param name="Down">Paid on the day it is made; 0 for nothing.</param>
/// <param name="Waived">Of the interest; 0 for nothing. Names its <paramref name="Act"/>.</param>
/// <param name="InterestStands">No interest on what is agreed while it is kept.</param>
/// <param name="Seen">What was shown to be agreed in all: where it is another by now nothing is.</param>
public sealed record AgreementInput(
    long ApartmentId, IReadOnlyList<long> Charges, decimal Down, int Instalments, DateOnly FirstOn, decimal Waived, string? Act,
    bool InterestStands, decimal Seen);

/// <summary>A charge of an agreement, as its paper says it.</summary>
public sealed record AgreedCharge(ChargeKind Kind, DateOnly? Period, string Concept, DateOnly DueOn, decimal Capital, decimal Interest);

/// <summary>What an agreement's paper says.</summary>
/// <param name="IssuedAt">Wall clock.</param>
public sealed record AgreementFacts(
    PaperHead Building, PaperUnit Unit, DateTime IssuedAt, string? Owner, string? OwnerDocument, Signatory Signatory,
    IReadOnlyList<AgreedCharge> Charges, decimal Capital, decimal Interest, decimal Waived, string? Act, decimal Total, bool InterestStands,
    int GraceDays, IReadOnlyList<PlannedInstalment> Instalments);

/// <summary>An agreement as it was made.</summary>
public sealed record PrintedAgreement(string Number, string Code, AgreementFacts Facts);

/// <summary>An instalment, and how much of it is paid: what was paid of the agreement goes to the first ones.</summary>
public sealed record InstalmentRow(int Line, DateOnly DueOn, decimal Amount, decimal Paid)
{
    public bool IsPaid => Paid >= Amount;
}

/// <summary>How an agreement stands.</summary>
/// <param name="Paid">Since it was made, interest that ran meanwhile included.</param>
public sealed record AgreementRow(
    long Id, string Number, AgreementState State, DateOnly MadeOn, decimal Total, decimal Waived, string? Act, bool InterestStands,
    int GraceDays, decimal Paid, DateOnly? EndedOn, IReadOnlyList<InstalmentRow> Instalments, IReadOnlyList<long> Charges);

/// <summary>A stage that was done.</summary>
public sealed record CollectionActRow(
    long Id, CollectionStage Stage, DateOnly DoneOn, int DaysLate, decimal Owed, string? Note, string? By, DateOnly SpellOn);

/// <summary>The last money that was confirmed.</summary>
public sealed record LastPayment(DateOnly On, decimal Amount);

/// <summary>An apartment's debt as the office works on it.</summary>
/// <param name="Lines">What is owed, due or not, each with its interest through today; what fell due first first.</param>
/// <param name="Missing">The month whose rate is missing, so that interest of its days is left out.</param>
/// <param name="LastPayment">The last that was confirmed.</param>
/// <param name="Thresholds">Days late of each stage that comes by itself; those that are left out are not there.</param>
public sealed record CollectionCase(
    long ApartmentId, string Tower, string Number, string? Owner, string? Phone, DateOnly Today, IReadOnlyList<DebtLine> Lines,
    DateOnly? Missing, CollectionStage? Stage, DateOnly? StageOn, DateOnly? DisputedUntil, string? DisputeReason, string? DisputeCase,
    IReadOnlyList<CollectionActRow> Acts, IReadOnlyList<AgreementRow> Agreements, LastPayment? LastPayment,
    IReadOnlyDictionary<CollectionStage, int> Thresholds, int GraceDays)
{
    /// <summary>Years after which a debt can no longer be demanded in court by this way (Civil Code, art. 2536), less half a year.</summary>
    public const int WarnMonths = 54;

    /// <summary>What is past its day; interest is only owed for what is.</summary>
    public IEnumerable<DebtLine> Late => Lines.Where(l => l.Kind == ChargeKind.Interest || Overdue.IsPast(l.DueOn, Today));
    public AgreementRow? Live => Agreements.FirstOrDefault(a => a.State == AgreementState.Active);
    public bool IsDisputed => DisputedUntil >= Today;
    public DateOnly? Oldest => Late.Select(l => (DateOnly?)l.DueOn).Min();
    public bool Prescribes => Oldest <= Today.AddMonths(-WarnMonths);
}

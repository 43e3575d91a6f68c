using Portal.Data.Payments;

namespace Portal.Data.Collection;

/// <summary>Money that went to a charge or to the interest it bears.</summary>
/// <param name="On">The day of the payment.</param>
/// <param name="Receipt">Null of a payment from before there were receipts.</param>
public sealed record DebtPayment(DateOnly On, string? Receipt, decimal Capital, decimal Interest);

/// <summary>Days of interest on one balance at one rate.</summary>
/// <param name="Yearly">Percent a year, effective.</param>
/// <param name="DayRate">Of one day, to ten decimals.</param>
/// <param name="Charged">Whole pesos, rounded once.</param>
public sealed record DebtDays(DateOnly From, DateOnly To, decimal Balance, decimal Yearly, decimal DayRate, decimal Charged)
{
    public int Days => To.DayNumber - From.DayNumber + 1;
}

/// <summary>What an apartment owed of one charge, and of the interest on it, at the end of a day.</summary>
/// <param name="ChargeId">The charge; of interest whose charge is not known, the interest itself.</param>
/// <param name="Amount">As it was issued.</param>
/// <param name="Adjusted">Discounts, waivers and corrections by that day: below zero they took something off.</param>
/// <param name="Interest">Day by day, whether it is charged already or has only run.</param>
/// <param name="InterestOfBefore">Charged without its days being known: before the portal counted them.</param>
/// <param name="InterestAdjusted">Waivers and corrections of interest.</param>
public sealed record DebtLine(
    long ChargeId, ChargeKind Kind, string Concept, DateOnly? Period, DateOnly IssuedOn, DateOnly DueOn, decimal Amount, decimal Adjusted,
    IReadOnlyList<DebtPayment> Payments, IReadOnlyList<DebtDays> Interest, decimal InterestOfBefore, decimal InterestAdjusted)
{
    /// <summary>How it came about, as it was written when it was charged.</summary>
    public string? Detail { get; init; }

    /// <summary>While it is owed there is no good standing.</summary>
    public bool Blocks { get; init; }

    public decimal Capital => Amount + Adjusted - Payments.Sum(p => p.Capital);

    /// <summary>All of it, paid or not.</summary>
    public decimal InterestDue => Interest.Sum(i => i.Charged) + InterestOfBefore + InterestAdjusted;

    public decimal InterestOwed => InterestDue - Payments.Sum(p => p.Interest);

    public decimal Owed => Capital + InterestOwed;
}

/// <summary>What a month's interest was counted by, and who says so.</summary>
/// <param name="Certified">The <i>interés bancario corriente</i>, percent a year, effective.</param>
/// <param name="Yearly">What is charged.</param>
public sealed record DebtRate(DateOnly Month, decimal Certified, decimal? Assembly, decimal Yearly, decimal DayRate, string Resolution);

/// <summary>Who signs papers for the building, as the settings name them.</summary>
public sealed record Signatory(string Name, string Role);

/// <summary>What a certificate of good standing says.</summary>
/// <param name="IssuedAt">Wall clock.</param>
/// <param name="NotYetDue">Issued by then and due only later: said, so that nobody who buys is surprised.</param>
public sealed record StandingFacts(
    PaperHead Building, PaperUnit Unit, DateTime IssuedAt, DateOnly CutOff, string? Owner, string? OwnerDocument, Signatory Signatory,
    IReadOnlyList<DebtLine> NotYetDue);

/// <summary>What a debt certificate says.</summary>
/// <param name="IssuedAt">Wall clock.</param>
/// <param name="Lines">What is owed, what fell due first first.</param>
/// <param name="Rates">Of each month in which a line bears interest.</param>
public sealed record DebtFacts(
    PaperHead Building, PaperUnit Unit, DateTime IssuedAt, DateOnly CutOff, string? Owner, string? OwnerDocument, Signatory Signatory,
    IReadOnlyList<DebtLine> Lines, IReadOnlyList<DebtRate> Rates)
{
    public decimal Capital => Lines.Sum(l => l.Capital);
    public decimal Interest => Lines.Sum(l => l.InterestOwed);
    public decimal Total => Capital + Interest;
}

/// <summary>A certificate that was just issued.</summary>
public sealed record IssuedCertificate(long Id, string Number);

/// <summary>A certificate, to be linked to.</summary>
public sealed record CertificateLink(long Id, string Number, CertificateKind Kind, DateOnly CutOff, DateOnly IssuedOn, decimal Total);

/// <summary>A certificate as it was issued; one of the two facts, by its kind.</summary>
public sealed record PrintedCertificate(string Number, string Code, StandingFacts? Standing, DebtFacts? Debt);

/// <summary>Whether an apartment was in good standing at the end of a day.</summary>
/// <param name="Owed">What stands against it, line by line.</param>
/// <param name="NotYetDue">What was issued by then and falls due later.</param>
/// <param name="Missing">The month whose rate of interest is missing, so that it is not known what is owed.</param>
public sealed record GoodStanding(
    DateOnly CutOff, IReadOnlyList<DebtLine> Owed, IReadOnlyList<DebtLine> NotYetDue, DateOnly? Missing);

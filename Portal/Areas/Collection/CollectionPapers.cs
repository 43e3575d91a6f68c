using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Areas.Payments;
using Portal.Data;
using Portal.Data.Collection;
using Portal.Data.Payments;
using Portal.Documents;
using Portal.Resources;

namespace Portal.Areas.Collection;

/// <summary>
/// Prints certificates from what was kept when they were issued, in the reader's language: the same whenever they are printed.
/// </summary>
public sealed class CollectionPapers(
    CertificateDesk certificates, AgreementDesk agreements, BuildingClock clock, IStringLocalizer<PaymentsWords> P, IStringLocalizer<CollectionWords> L)
{
    /// <param name="host">Where the reader reached the portal; used where the building has set no public address.</param>
    /// <returns>Null where it is out of reach.</returns>
    public async Task<(string Name, byte[] Pdf)?> CertificateAsync(long id, string host, CurrentUser user, CancellationToken ct)
    {
        if (await certificates.FindAsync(id, user, ct) is not { } found) return null;
        var culture = CultureInfo.CurrentUICulture;
        var pdf = found.Debt is { } debt
            ? DebtDocument.Render(Debt(found, debt, host), culture)
            : StandingDocument.Render(Standing(found, found.Standing!, host), culture);
        return ($"{found.Number}.pdf", pdf);
    }

    /// <summary>The agreement as it was made.</summary>
    /// <returns>Null where it is out of reach.</returns>
    public async Task<(string Name, byte[] Pdf)?> AgreementAsync(long id, string host, CurrentUser user, CancellationToken ct)
    {
        if (await agreements.FindAsync(id, user, ct) is not { Facts: var facts } found) return null;
        var building = facts.Building.AsSettings();
        var model = new AgreementModel(
            BuildingPaper.Header(building), found.Number, facts.IssuedAt, P.UnitLong(facts.Unit.Tower, facts.Unit.Number), facts.Owner,
            facts.OwnerDocument, Signer(facts.Signatory, building.LegalName),
            [.. facts.Charges.Select(c => new AgreementDebt(P.Concept(c.Kind, c.Period, c.Concept), c.DueOn, c.Capital, c.Interest))],
            facts.Capital, facts.Interest, facts.Waived, facts.Act, facts.Total, facts.InterestStands, facts.GraceDays,
            [.. facts.Instalments.Select(i => new AgreementDay(i.Line, i.DueOn, P.Covers(i.Covers), i.Amount, i.Left))],
            BuildingPaper.Verification(building, host, found.Code),
            BuildingPaper.Stamp(building, clock) with { GeneratedAt = facts.IssuedAt });
        return ($"{found.Number}.pdf", AgreementDocument.Render(model, CultureInfo.CurrentUICulture));
    }

    private StandingModel Standing(PrintedCertificate paper, StandingFacts facts, string host)
    {
        var building = facts.Building.AsSettings();
        return new StandingModel(
            BuildingPaper.Header(building), paper.Number, facts.IssuedAt, facts.CutOff, P.UnitLong(facts.Unit.Tower, facts.Unit.Number),
            facts.Owner, facts.OwnerDocument, Signer(facts.Signatory, building.LegalName),
            [.. facts.NotYetDue.Select(l => new StatementDue(P.Concept(l.Kind, l.Period, l.Concept), null, l.DueOn, 0, l.Owed))],
            BuildingPaper.Verification(building, host, paper.Code),
            BuildingPaper.Stamp(building, clock) with { GeneratedAt = facts.IssuedAt });
    }

    private DebtModel Debt(PrintedCertificate paper, DebtFacts facts, string host)
    {
        var building = facts.Building.AsSettings();
        return new DebtModel(
            BuildingPaper.Header(building), paper.Number, facts.IssuedAt, facts.CutOff, P.UnitLong(facts.Unit.Tower, facts.Unit.Number),
            facts.Owner, facts.OwnerDocument, Signer(facts.Signatory, building.LegalName),
            [
                .. facts.Lines.Select(l => new DebtCharge(
                    P.Concept(l.Kind, l.Period, l.Concept), l.DueOn, Math.Max(0, facts.CutOff.DayNumber - l.DueOn.DayNumber), l.Capital,
                    l.InterestOwed, [.. Entries(l)])),
            ],
            [
                .. facts.Rates.Select(r => new DebtRateLine(
                    r.Month, r.Certified, r.Certified * 1.5m, r.Assembly, r.Yearly, r.Resolution)),
            ],
            BuildingPaper.Verification(building, host, paper.Code),
            BuildingPaper.Stamp(building, clock) with { GeneratedAt = facts.IssuedAt });
    }

    /// <summary>How a line comes about, in the order of its days: charge, interest and payments, each changing what is owed.</summary>
    private IEnumerable<DebtEntry> Entries(DebtLine line)
    {
        if (line.Amount != 0) yield return Sum(L["debt.capital"], L["debt.issued", Formats.LongDate(line.IssuedOn)], line.Amount);
        if (line.Adjusted != 0) yield return Sum(L["debt.adjusted"], null, line.Adjusted);
        if (line.InterestOfBefore != 0) yield return Sum(L["debt.interest.before"], line.Kind == ChargeKind.Interest ? line.Detail : L["debt.interest.before.note"], line.InterestOfBefore);
        var steps = line.Interest.Select(i => (On: i.To, Entry: new DebtEntry(
                L["debt.interest", Formats.DateRange(i.From, i.To)], null, i.Days, i.Balance, i.Yearly, i.DayRate * 100, i.Charged)))
            .Concat(line.Payments.Select(p => (p.On, Entry: Sum(
                L["debt.payment", p.Receipt ?? "", Formats.ShortDate(p.On)], L["debt.payment.to", Formats.Money(p.Interest), Formats.Money(p.Capital)],
                -(p.Capital + p.Interest)))));
        foreach (var (_, entry) in steps.OrderBy(s => s.On)) yield return entry;
        if (line.InterestAdjusted != 0) yield return Sum(L["debt.interest.adjusted"], null, line.InterestAdjusted);

        static DebtEntry Sum(string text, string? detail, decimal amount) => new(text, detail, null, null, null, null, amount);
    }

    private static Signer Signer(Signatory signatory, string building) => new(signatory.Name, signatory.Role, building);
}

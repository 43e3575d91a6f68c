using Microsoft.EntityFrameworkCore;
using Portal.Data.Billing;
using Portal.Data.Ledger;
using Portal.Data.Payments;

namespace Portal.Data.Programmes;

/// <summary>
/// Fees of courses on the accounts of apartments: 1305 against 4182, without interest, and no certificate waits for them. What a scholarship
/// pays comes off: from the fund 3310 against 1305 and 1110 against 1125, without it 4175. Called within a write that holds the apartment's
/// lock; what it does is in the books by <see cref="JournalTrail"/>.
/// </summary>
internal static class CourseFees
{
    public const int DaysToPay = 15;

    /// <summary>Charges the fee of an enrolment, less what a scholarship of the participant pays today.</summary>
    /// <returns>Refused: <c>scholarship.fund</c> with what is in it, where the fund has less than it would pay.</returns>
    public static async Task<Result> ChargeAsync(
        PortalDb db, Enrolment enrolment, Course course, string participant, long apartment, BuildingClock clock, CancellationToken ct)
    {
        var today = clock.Today;
        var accounts = await db.ProgrammeAccounts.AsNoTracking().SingleAsync(ct);
        var concept = await db.Concepts.SingleAsync(c => c.Id == accounts.ConceptId, ct);
        var charge = new Charge
        {
            ApartmentId = apartment,
            OwnerId = await db.Apartments.Where(a => a.Id == apartment).Select(a => a.OwnerId).SingleAsync(ct),
            Kind = ChargeKind.Other,
            Concept = Cut($"{concept.Name}: {CourseNames.Of(course.Name, course.GradeLevel, course.Section)}", 200),
            Detail = Cut(participant, 300),
            Amount = course.Fee,
            IssuedOn = today,
            DueOn = today.AddDays(DaysToPay),
            Of = concept,
        };
        db.Charges.Add(charge);
        enrolment.Charge = charge;
        var scholarship = await db.Scholarships.Where(s => s.ParticipantId == enrolment.ParticipantId && s.RevokedOn == null
            && s.StartsOn <= today && s.EndsOn >= today).OrderBy(s => s.Id).ForUpdate().FirstOrDefaultAsync(ct);
        if (scholarship is not null && scholarship.Of(course.Fee) is > 0 and var off)
        {
            if (scholarship.FromFund && await InFundAsync(db, accounts.FundId, ct) is var held && held < off)
                return new Error("scholarship.fund", null, Math.Max(held, 0));
            var adjustment = charge.Adjust(
                scholarship.FromFund ? AdjustmentKind.Correction : AdjustmentKind.Discount, -off, today, "Beca", scholarship.Act, db.Actor.AccountId);
            adjustment.FromFund = scholarship.FromFund;
            db.ChargeAdjustments.Add(adjustment);
            (enrolment.ScholarshipId, enrolment.ScholarshipAmount) = (scholarship.Id, off);
        }

        await db.SaveChangesAsync(ct);
        await ApartmentLedger.UseCreditAsync(db, apartment, clock, ct);
        return Result.Done;
    }

    /// <summary>
    /// Gives back what was not taught: of the whole fee the share of the sessions that are left, to the fund its part of it and to the family
    /// the rest, each in whole pesos. What had been paid of it is the apartment's credit, which pays what else it owes.
    /// </summary>
    /// <param name="left">Sessions from the day on which they are not expected.</param>
    /// <param name="planned">All that are held.</param>
    public static async Task ReturnAsync(PortalDb db, Enrolment enrolment, int left, int planned, BuildingClock clock, CancellationToken ct)
    {
        if (enrolment.ChargeId is not { } id || left == 0 || planned == 0) return;
        var charge = await db.Charges.Where(c => c.Id == id).ForUpdate().SingleAsync(ct);
        if (charge.Status is not (ChargeState.Open or ChargeState.Paid)) return;
        var (whole, toFund) = Shares(charge.Amount, enrolment.ScholarshipAmount ?? 0, left, planned);
        var fromFund = await db.ChargeAdjustments.AnyAsync(a => a.ChargeId == id && a.FromFund, ct);
        // The office may have waived something: nobody gets back what they never had to pay.
        var family = Math.Min(whole - toFund, charge.Due);
        if (family + toFund == 0) return;
        if (charge.Left < family) await FreeAsync(db, charge, ct);
        var (today, by) = (clock.Today, db.Actor.AccountId);
        if (toFund > 0)
        {
            var back = charge.Adjust(
                fromFund ? AdjustmentKind.Correction : AdjustmentKind.Discount, toFund, today, "Devolución a la beca por retiro", by: by);
            back.FromFund = fromFund;
            db.ChargeAdjustments.Add(back);
        }

        db.ChargeAdjustments.Add(charge.Adjust(AdjustmentKind.Correction, -(family + toFund), today, "Devolución por retiro del curso", by: by));
        await db.SaveChangesAsync(ct);
        await ApartmentLedger.UseCreditAsync(db, charge.ApartmentId, clock, ct);
    }

    /// <summary>What of a fee is given back, and what of that is the scholarship's.</summary>
    public static (decimal Whole, decimal Scholarship) Shares(decimal fee, decimal scholarship, int left, int planned)
    {
        var whole = Pesos.Round(fee * left / planned);
        return (whole, fee == 0 ? 0 : Pesos.Round(whole * scholarship / fee));
    }

    /// <summary>Pesos that the fund has, whoever else spends of it waits.</summary>
    private static async Task<decimal> InFundAsync(PortalDb db, int fund, CancellationToken ct)
    {
        await db.LedgerAccounts.Where(a => a.Id == fund).Select(a => a.Id).ForUpdate().ToListAsync(ct);
        return -(await Balances.ReadAsync(db, [fund], DateOnly.MaxValue, ct)).GetValueOrDefault(fund).Closing;
    }

    /// <summary>Takes back what was applied to a charge: its money is credit until it is applied again.</summary>
    private static async Task FreeAsync(PortalDb db, Charge charge, CancellationToken ct)
    {
        foreach (var application in await db.PaymentApplications.Where(a => a.ChargeId == charge.Id && !a.Reversed).ToListAsync(ct))
        {
            application.Reversed = true;
            charge.TakeBack(application.Amount);
        }

        await db.SaveChangesAsync(ct);
    }

    private static string Cut(string text, int most) => text.Length > most ? text[..most] : text;
}

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
    /// Gives back what was not taught: of the whole fee the share of the sessions that are left, to the scholarship its part of it and to the
    /// family the rest, each in whole pesos; never more than is not given back yet. What had been paid of it is the apartment's credit, which
    /// pays what else it owes.
    /// </summary>
    /// <param name="left">Sessions from the day on which they are not expected.</param>
    /// <param name="planned">Those and the ones that were held for them before.</param>
    public static async Task ReturnAsync(PortalDb db, Enrolment enrolment, int left, int planned, BuildingClock clock, CancellationToken ct)
    {
        if (left == 0 || await HeldAsync(db, enrolment, ct) is not { } charge) return;
        var paidBy = enrolment.ScholarshipAmount ?? 0;
        var (whole, part) = Shares(charge.Amount, paidBy, left, planned);
        part = Math.Min(part, paidBy - enrolment.ReturnedScholarship);
        // The office may have waived something: nobody gets back what they never had to pay.
        var family = Math.Min(Math.Min(whole, charge.Amount - enrolment.Returned) - part, charge.Due);
        await MoveAsync(db, enrolment, charge, -Math.Max(family, 0), part, "Devolución por retiro del curso", clock, ct);
    }

    /// <summary>Takes back what was given back, as far as sessions are still to come: who comes back pays for them.</summary>
    /// <returns>Refused: <c>scholarship.fund</c>, where the fund has less than its part.</returns>
    public static async Task<Result> ResumeAsync(
        PortalDb db, Enrolment enrolment, int left, int planned, BuildingClock clock, CancellationToken ct)
    {
        if (enrolment.Returned == 0 || await HeldAsync(db, enrolment, ct) is not { } charge) return Result.Done;
        var (whole, _) = Shares(charge.Amount, 0, left, planned);
        whole = Math.Min(whole, enrolment.Returned);
        var part = Math.Min(Pesos.Round(whole * enrolment.ReturnedScholarship / enrolment.Returned), enrolment.ReturnedScholarship);
        if (part > 0 && await FromFundAsync(db, charge.Id, ct))
        {
            var fund = await db.ProgrammeAccounts.Select(a => a.FundId).SingleAsync(ct);
            if (await InFundAsync(db, fund, ct) is var held && held < part) return new Error("scholarship.fund", null, Math.Max(held, 0));
        }

        await MoveAsync(db, enrolment, charge, whole - part, -part, "Vuelve al curso", clock, ct);
        return Result.Done;
    }

    /// <summary>The charge of an enrolment, where it stands.</summary>
    private static async Task<Charge?> HeldAsync(PortalDb db, Enrolment enrolment, CancellationToken ct) =>
        enrolment.ChargeId is { } id
        && await db.Charges.Where(c => c.Id == id).ForUpdate().SingleAsync(ct) is { Status: ChargeState.Open or ChargeState.Paid } charge
            ? charge
            : null;

    private static Task<bool> FromFundAsync(PortalDb db, long charge, CancellationToken ct) =>
        db.ChargeAdjustments.AnyAsync(a => a.ChargeId == charge && a.FromFund, ct);

    /// <param name="family">What the family owes more; below zero, less.</param>
    /// <param name="scholarship">What goes back to the scholarship; below zero, what it pays again. The fee moves with both.</param>
    private static async Task MoveAsync(
        PortalDb db, Enrolment enrolment, Charge charge, decimal family, decimal scholarship, string reason, BuildingClock clock, CancellationToken ct)
    {
        if (family == 0 && scholarship == 0) return;
        if (family < 0 && charge.Left < -family) await FreeAsync(db, charge, ct);
        var (today, by) = (clock.Today, db.Actor.AccountId);
        var fromFund = await FromFundAsync(db, charge.Id, ct);
        void Fee()
        {
            if (family - scholarship != 0)
                db.ChargeAdjustments.Add(charge.Adjust(AdjustmentKind.Correction, family - scholarship, today, reason, by: by));
        }

        void Scholarship()
        {
            if (scholarship == 0) return;
            var back = charge.Adjust(
                fromFund ? AdjustmentKind.Correction : AdjustmentKind.Discount, scholarship, today,
                scholarship > 0 ? "Devolución a la beca" : "Beca", by: by);
            back.FromFund = fromFund;
            db.ChargeAdjustments.Add(back);
        }

        // More first, then less: in between nothing is below what was paid.
        if (scholarship > 0)
        {
            Scholarship();
            Fee();
        }
        else
        {
            Fee();
            Scholarship();
        }

        (enrolment.Returned, enrolment.ReturnedScholarship) =
            (enrolment.Returned - family + scholarship, enrolment.ReturnedScholarship + scholarship);
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

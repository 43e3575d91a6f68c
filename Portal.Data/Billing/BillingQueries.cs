using Microsoft.EntityFrameworkCore;
using Portal.Data.Payments;

namespace Portal.Data.Billing;

/// <summary>What preview and posting read alike. Callers have checked who may.</summary>
internal static class BillingQueries
{
    public static async Task<BillingPlan> PlanAsync(
        PortalDb db, IReadOnlyList<Concept> concepts, DateOnly period, CancellationToken ct)
    {
        var ids = concepts.Select(c => c.Id).ToList();
        var apartments = await db.Apartments.AsNoTracking()
            .Select(a => new BilledApartment(a.Id, a.Tower!.Name, a.ApartmentNumber, a.OwnerId, a.Coefficient, a.MonthlyFee))
            .ToListAsync(ct);
        var own = await db.ConceptApartments.AsNoTracking().Where(o => ids.Contains(o.ConceptId)).ToListAsync(ct);
        return BillingPlan.Of(apartments, concepts, own, await MeterService.FactsAsync(db, concepts, period, ct));
    }

    /// <summary>Concepts that a run can charge, in the order of their ids.</summary>
    public static Task<List<Concept>> RunnableAsync(PortalDb db, CancellationToken ct) => db.Concepts.AsNoTracking()
        .Where(c => c.Active && c.Basis != ConceptBasis.ByHand && c.Kind != ChargeKind.Interest).OrderBy(c => c.Id).ToListAsync(ct);

    /// <summary>What confirmed payments of apartments hold that no charge took; only those that hold something.</summary>
    public static async Task<Dictionary<long, decimal>> CreditsAsync(PortalDb db, CancellationToken ct)
    {
        var held = await db.Payments.AsNoTracking()
            .Where(p => p.StatusId == PaymentState.Paid && p.ApartmentId != null)
            .Select(p => new
            {
                Apartment = p.ApartmentId!.Value,
                Left = p.Amount - p.Refunded - (p.Applications.Where(a => !a.Reversed).Sum(a => (decimal?)a.Amount) ?? 0),
            })
            .Where(p => p.Left > 0)
            .ToListAsync(ct);
        return held.GroupBy(p => p.Apartment).ToDictionary(g => g.Key, g => g.Sum(p => p.Left));
    }

    public static IQueryable<RunRow> Rows(PortalDb db, IQueryable<BillingRun> runs, BuildingClock clock) => runs.Select(r => new RunRow(
        r.Id, r.ConceptId, r.Concept!.Name, r.Concept.Kind, r.Period, r.Live == true, r.IssuedOn, r.DueOn, r.Charges, r.Total,
        db.Profiles.Where(f => f.UserId == r.PostedBy).OrderBy(f => f.Id).Select(f => f.FullName).FirstOrDefault(),
        clock.ToWall(r.CreatedAt!.Value),
        db.Profiles.Where(f => f.UserId == r.UndoneBy).OrderBy(f => f.Id).Select(f => f.FullName).FirstOrDefault(),
        r.UndoneAt == null ? null : clock.ToWall(r.UndoneAt.Value), r.UndoReason));

    /// <summary>Charges of a month that no run posted, by kind: of an adopted database, or of before there were runs.</summary>
    public static async Task<Dictionary<ChargeKind, int>> EarlierAsync(PortalDb db, DateOnly period, CancellationToken ct) =>
        await db.Charges.AsNoTracking()
            .Where(c => c.Period == period && c.RunId == null && c.ConceptId == null && c.Status != ChargeState.Cancelled
                && (c.Kind == ChargeKind.Fee || c.Kind == ChargeKind.Parking))
            .GroupBy(c => c.Kind).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);

    /// <summary>The day of a month, in a shorter month its last.</summary>
    public static DateOnly Day(DateOnly month, int day) =>
        new(month.Year, month.Month, Math.Clamp(day, 1, DateTime.DaysInMonth(month.Year, month.Month)));

    /// <summary>Charges of a month are issued on its first day, or when they are posted later.</summary>
    public static DateOnly IssuedOn(DateOnly period, DateOnly today) => today > period ? today : period;

    public static DateOnly DueOn(Concept concept, DateOnly period, DateOnly issued) =>
        Day(period, concept.DueDay) is var due && due < issued ? issued : due;
}

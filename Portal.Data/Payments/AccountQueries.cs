using Microsoft.EntityFrameworkCore;
using Portal.Data.Billing;

namespace Portal.Data.Payments;

/// <summary>What is owed, read once for every place that needs it. Callers have checked who may see it.</summary>
internal static class AccountQueries
{
    /// <summary>Open charges of some apartments, each in the order in which money is applied.</summary>
    public static async Task<Dictionary<long, IReadOnlyList<OpenCharge>>> OpenAsync(
        PortalDb db, IReadOnlyList<long> apartmentIds, CancellationToken ct)
    {
        var charges = await db
            .Charges.AsNoTracking()
            .Where(c => apartmentIds.Contains(c.ApartmentId) && c.Status == ChargeState.Open)
            .Select(c => new
            {
                c.ApartmentId,
                Open = new OpenCharge(
                    c.Id, c.Kind, c.Concept, c.Detail, c.Number, c.Period, c.IssuedOn, c.DueOn, c.Amount + c.Adjusted, c.Owed)
                {
                    BaseId = c.BaseChargeId,
                    ConceptId = c.ConceptId,
                    Discount = c.Adjusted < 0 ? null : c.Discount,
                    DiscountUntil = c.DiscountUntil,
                    DiscountRule = c.DiscountRule ?? DiscountRule.None,
                },
            })
            .ToListAsync(ct);
        return charges
            .GroupBy(c => c.ApartmentId)
            .ToDictionary(g => g.Key, IReadOnlyList<OpenCharge> (g) => [.. PaymentAllocation.InOrder(g.Select(c => c.Open))]);
    }

    private const int LastNotes = 3;

    /// <returns>Null where there is no such apartment.</returns>
    public static async Task<ApartmentAccount?> AccountAsync(PortalDb db, long apartmentId, DateOnly today, CancellationToken ct)
    {
        var apartment = await db.Apartments.AsNoTracking().Where(a => a.Id == apartmentId)
            .Select(a => new
            {
                Tower = a.Tower!.Name,
                a.ApartmentNumber,
                Waiting = db.Payments.Where(p => p.ApartmentId == a.Id && p.StatusId == PaymentState.Pending).Sum(p => (decimal?)p.Amount)
                    ?? 0,
                Paid = db.Payments.Where(p => p.ApartmentId == a.Id && p.StatusId == PaymentState.Paid)
                    .Sum(p => (decimal?)(p.Amount - p.Refunded)) ?? 0,
                Applied = db.PaymentApplications
                    .Where(x => x.Payment!.ApartmentId == a.Id && x.Payment.StatusId == PaymentState.Paid && !x.Reversed)
                    .Sum(x => (decimal?)x.Amount) ?? 0,
            })
            .SingleOrDefaultAsync(ct);
        if (apartment is null) return null;
        var open = (await OpenAsync(db, [apartmentId], ct)).GetValueOrDefault(apartmentId, []);

        // Credit is what confirmed payments hold that no charge took.
        return new ApartmentAccount(
            apartmentId, apartment.Tower, apartment.ApartmentNumber, today, open, apartment.Paid - apartment.Applied,
            apartment.Waiting)
        {
            Accruing = open.Any(c => c.IsOverdue(today)) ? await InterestLedger.AccruingAsync(db, apartmentId, today, ct) : [],
            Notes = await IssuedPapers
                .Links(
                    db.ApplicationNotes.AsNoTracking()
                        .Where(n => n.ApartmentId == apartmentId)
                        .OrderByDescending(n => n.Id)
                        .Take(LastNotes)
                )
                .ToListAsync(ct),
        };
    }
}

using Microsoft.EntityFrameworkCore;

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
                    c.Id, c.Kind, c.Concept, c.Detail, c.Number, c.Period, c.IssuedOn, c.DueOn, c.Amount, c.Amount - c.Paid),
            })
            .ToListAsync(ct);
        return charges
            .GroupBy(c => c.ApartmentId)
            .ToDictionary(g => g.Key, IReadOnlyList<OpenCharge> (g) => [.. PaymentAllocation.InOrder(g.Select(c => c.Open))]);
    }

    /// <summary>What confirmed payments of an apartment hold that no charge took.</summary>
    public static async Task<decimal> CreditAsync(PortalDb db, long apartmentId, CancellationToken ct)
    {
        var paid = await db
            .Payments.Where(p => p.ApartmentId == apartmentId && p.StatusId == PaymentState.Paid)
            .SumAsync(p => p.Amount, ct);
        var applied = await db
            .PaymentApplications.Where(a => a.Payment!.ApartmentId == apartmentId && a.Payment.StatusId == PaymentState.Paid && !a.Reversed)
            .SumAsync(a => a.Amount, ct);
        return paid - applied;
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
            })
            .SingleOrDefaultAsync(ct);
        if (apartment is null) return null;
        var open = (await OpenAsync(db, [apartmentId], ct)).GetValueOrDefault(apartmentId, []);
        return new ApartmentAccount(
            apartmentId, apartment.Tower, apartment.ApartmentNumber, today, open, await CreditAsync(db, apartmentId, ct),
            apartment.Waiting)
        {
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

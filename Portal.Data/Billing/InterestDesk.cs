using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Payments;

namespace Portal.Data.Billing;

/// <summary>
/// The interest of a month for the whole building: each day of what was late that no payment has cut already. Rates by month come from
/// the resolutions of the Superintendencia Financiera; without the rate of a month there is no run.
/// </summary>
public sealed class InterestDesk(PortalStore store, BuildingClock clock)
{
    /// <summary>
    /// What posting the interest through the end of a month will charge. Needs <see cref="Permissions.BillingView"/>; null without it.
    /// </summary>
    public async Task<InterestPreview?> PreviewAsync(DateOnly period, ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BillingView)) return null;
        period = BuildingClock.MonthOf(period);
        var through = period.AddMonths(1).AddDays(-1);
        await using var db = await store.OpenAsync(user, ct);
        var concept = await ConceptAsync(db, ct);
        var posted = await BillingQueries
            .Rows(db, db.BillingRuns.AsNoTracking().Where(r => r.Period == period && r.ConceptId == concept.Id && r.Live == true), clock)
            .FirstOrDefaultAsync(ct);
        if (await InterestTerms.ReadAsync(db, ct) is not { } terms)
            return new InterestPreview(period, through, Page<InterestRow>.Empty, 0, 0, 0, null, null, Off: true, posted);
        DateOnly? missing = null;
        var rows = new List<(InterestLedger.Bearing Of, InterestSegment Segment)>();
        foreach (var bearing in await InterestLedger.BasesAsync(db, null, terms, concept.Id, ct))
        {
            rows.AddRange(bearing.Of.Cut(terms, through, out var without).Where(s => s.Charged > 0).Select(s => (bearing, s)));
            if (without is not null && (missing is null || without < missing)) missing = without;
        }

        var size = Math.Clamp(query.Size, 1, ListQuery.LargestPage);
        var page = Math.Clamp(query.Page, 1, Math.Max(1, (rows.Count + size - 1) / size));
        var shown = rows.Skip((page - 1) * size).Take(size).ToList();
        var ids = shown.ConvertAll(r => r.Of.ApartmentId);
        var named = await db.Apartments.AsNoTracking().Where(a => ids.Contains(a.Id))
            .Select(a => new
            {
                a.Id,
                Unit = UnitName.Of(a),
                Owner = db.Profiles.Where(f => f.UserId == a.Owner!.UserId).OrderBy(f => f.Id).Select(f => f.FullName).FirstOrDefault(),
            })
            .ToDictionaryAsync(a => a.Id, ct);
        var rate = await db.InterestRates.AsNoTracking().SingleOrDefaultAsync(r => r.Month == period, ct);
        return new InterestPreview(
            period, through,
            new Page<InterestRow>(
                shown.ConvertAll(r => new InterestRow(
                    r.Of.ApartmentId, named[r.Of.ApartmentId].Unit, named[r.Of.ApartmentId].Owner, r.Of.Concept, r.Segment.From,
                    r.Segment.To,
                    r.Segment.Days, r.Segment.Balance, r.Segment.Charged)),
                rows.Count),
            rows.Sum(r => r.Segment.Charged), rows.Count, rows.Select(r => r.Of.ApartmentId).Distinct().Count(),
            rate is null ? null : RateService.Row(rate, terms.Method, used: false), missing, Off: false, posted);
    }

    /// <summary>
    /// Posts it, for everybody or for nobody. Needs <see cref="Permissions.BillingPost"/>.
    /// </summary>
    /// <param name="seen">The sum that was shown: where it is another by now nothing is posted.</param>
    /// <returns>Refused: <c>interest.off</c>, <c>interest.month</c> (it has not ended), <c>interest.rate</c> (the month without one),
    /// <c>billing.posted</c>, <c>billing.changed</c>, <c>billing.nothing</c>.</returns>
    public Task<Result<PostedRuns>> PostAsync(DateOnly period, decimal seen, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync<PostedRuns>(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.BillingPost)) return Error.Forbidden;
                var month = BuildingClock.MonthOf(period);
                var through = month.AddMonths(1).AddDays(-1);

                // On its last day a month still has hours in which somebody pays; those days count through it all the same.
                if (through > clock.Today) return new Error("interest.month", null, month);
                await BillingDesk.LockAllAsync(db, token);
                if (await InterestTerms.ReadAsync(db, token) is not { } terms) return new Error("interest.off");
                var concept = await ConceptAsync(db, token);
                if (await BillingDesk.PostedAsync(db, month, [concept.Id], token) is { } posted) return posted;
                var run = new BillingRun { ConceptId = concept.Id, Period = month, IssuedOn = through, DueOn = through,
                    PostedBy = user.AccountId };
                db.BillingRuns.Add(run);
                var counted = await InterestLedger.CountAsync(db, null, terms, through, through, run, token);
                if (counted.Missing is { } without) return new Error("interest.rate", null, without);
                if (counted.Charges.Count == 0) return new Error("billing.nothing");
                (run.Charges, run.Total) = (counted.Charges.Count, counted.Charges.Sum(c => c.Amount));
                if (run.Total != seen) return new Error("billing.changed", null, run.Total);
                await db.SaveChangesAsync(token);
                var credit = await new BillingDesk(store, clock)
                    .UseCreditsAsync(db, [.. counted.Charges.Select(c => c.ApartmentId).Distinct()], token);
                return new PostedRuns([run.Id], run.Charges, run.Total, credit);
            },
            ct
        );

    private static Task<Concept> ConceptAsync(PortalDb db, CancellationToken ct) =>
        db.Concepts.AsNoTracking().Where(c => c.Kind == ChargeKind.Interest).OrderBy(c => c.Id).FirstAsync(ct);
}

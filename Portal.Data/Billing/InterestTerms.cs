using Microsoft.EntityFrameworkCore;
using Portal.Data.Operations;

namespace Portal.Data.Billing;

/// <summary>By which rules the building counts interest.</summary>
/// <param name="Since">The first day that counts; what was late before is told by the charges of before.</param>
/// <param name="Rates">By the first day of their months.</param>
internal sealed record InterestTerms(
    DateOnly Since, int GraceDays, InterestMethod Method, IReadOnlyDictionary<DateOnly, InterestRate> Rates)
{
    /// <returns>Null where the building counts none.</returns>
    public static async Task<InterestTerms?> ReadAsync(PortalDb db, CancellationToken ct)
    {
        var settings = await BuildingSettings.ReadAsync(db, "interest_", ct);
        if (settings.InterestSince is not { } since) return null;
        var rates = await db.InterestRates.AsNoTracking().Where(r => r.Month >= BuildingClock.MonthOf(since)).ToListAsync(ct);
        return new InterestTerms(
            since, settings.InterestGraceDays, settings.InterestMethod == "monthly30" ? InterestMethod.Monthly30 : InterestMethod.Daily,
            rates.ToDictionary(r => r.Month, r => r.Rate));
    }

    public InterestRate? RateOf(DateOnly month) => Rates.GetValueOrDefault(month);
}

/// <summary>What bears interest: how much of it was owed on which day, and which days are counted already.</summary>
/// <param name="Due">What is to be paid of it.</param>
/// <param name="Paid">What was applied to it, by the day from which it counts: that of the payment, never before the issue.</param>
/// <param name="Counted">Days that have their interest.</param>
internal sealed record InterestBase(
    long Id, DateOnly DueOn, DateOnly? From, decimal Due, IReadOnlyList<(DateOnly On, decimal Amount)> Paid,
    IReadOnlyList<(DateOnly From, DateOnly To)> Counted)
{
    /// <summary>What was owed on a day: a payment counts from the day after, for its own day still bears interest.</summary>
    public decimal OwedOn(DateOnly day) => Due - Paid.Where(p => p.On < day).Sum(p => p.Amount);

    /// <summary>
    /// The days through one that have no interest yet, in segments of one balance and one rate: cut at the end of a month and after each
    /// payment.
    /// </summary>
    /// <param name="missing">The first month without a rate; the days from it on are left out.</param>
    public IReadOnlyList<InterestSegment> Cut(InterestTerms terms, DateOnly through, out DateOnly? missing)
    {
        missing = null;
        var first = DueOn.AddDays(terms.GraceDays + 1);
        if (terms.Since > first) first = terms.Since;
        if (From is { } from && from > first) first = from;
        if (first > through) return [];

        // Each day on which something begins: a month, a balance, counted days or the days after them.
        var cuts = new SortedSet<DateOnly> { first, through.AddDays(1) };
        foreach (var paid in Paid) cuts.Add(paid.On.AddDays(1));
        foreach (var (start, end) in Counted)
        {
            cuts.Add(start);
            cuts.Add(end.AddDays(1));
        }

        var starts = cuts.Where(day => day >= first && day <= through.AddDays(1)).ToList();
        List<InterestSegment> segments = [];
        for (var i = 0; i + 1 < starts.Count; i++)
        {
            var day = starts[i];
            if (Counted.Any(c => c.From <= day && day <= c.To)) continue;

            // Segments begin on the day given, whatever it fell due.
            var parts = InterestDays.Cut(
                day.AddDays(-1), 0, null, starts[i + 1].AddDays(-1), OwedOn(day), terms.RateOf, out var without, terms.Method);
            segments.AddRange(parts);
            if (without is null) continue;
            missing = without;
            break;
        }

        return segments;
    }
}

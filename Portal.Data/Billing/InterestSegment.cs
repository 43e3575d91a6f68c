namespace Portal.Data.Billing;

/// <summary>
/// Simple interest on a principal over days of one month: interest never bears interest (Civil Code of Colombia, arts. 1617-3 and 2235).
/// </summary>
/// <param name="From">The first day that counts.</param>
/// <param name="To">The last day that counts.</param>
/// <param name="Balance">The principal on these days.</param>
/// <param name="DayRate">See <see cref="InterestRate.OfDay"/>.</param>
public sealed record InterestSegment(DateOnly From, DateOnly To, decimal Balance, decimal DayRate)
{
    public int Days => To.DayNumber - From.DayNumber + 1;

    /// <summary>Not rounded.</summary>
    public decimal Exact => Balance * Days * DayRate;

    /// <summary>As it is charged: rounded once, for each segment.</summary>
    public decimal Charged => Pesos.Round(Exact);
}

/// <summary>Cuts the days on which something was late into segments.</summary>
public static class InterestDays
{
    /// <summary>
    /// From the day after it fell due and the days of grace, or after the last day that is counted already, to a day inclusive: one segment
    /// for each month, because each month has its rate. Whoever pays ends a segment with the day of the payment and begins the next.
    /// </summary>
    /// <param name="due">The last day to pay in time.</param>
    /// <param name="grace">Days that are given before it counts.</param>
    /// <param name="counted">The last day that an earlier segment counted; null where none did. No day counts twice.</param>
    /// <param name="to">The last day: the end of a month, or the day of a payment.</param>
    /// <param name="balance">What of the principal is owed on these days.</param>
    /// <param name="rate">The rate of a month, given its first day; null stops it: no rate, no interest.</param>
    /// <param name="missing">The first month without a rate; null where each has one.</param>
    public static IReadOnlyList<InterestSegment> Cut(
        DateOnly due, int grace, DateOnly? counted, DateOnly to, decimal balance, Func<DateOnly, InterestRate?> rate, out DateOnly? missing,
        InterestMethod method = InterestMethod.Daily)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(grace);
        missing = null;
        List<InterestSegment> segments = [];
        var from = due.AddDays(grace + 1);
        if (counted is { } last && last >= from) from = last.AddDays(1);
        while (balance > 0 && from <= to)
        {
            var month = new DateOnly(from.Year, from.Month, 1);
            var end = month.AddMonths(1).AddDays(-1);
            if (rate(month) is not { } valid)
            {
                missing = month;
                return segments;
            }

            var until = end < to ? end : to;
            segments.Add(new InterestSegment(from, until, balance, valid.OfDay(method)));
            from = until.AddDays(1);
        }

        return segments;
    }
}

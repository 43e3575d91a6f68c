namespace Portal.Data.Billing;

/// <summary>Sums of the books are whole pesos: rounded half away from zero, once, where a sum becomes a charge.</summary>
public static class Pesos
{
    public static decimal Round(decimal amount) => Math.Round(amount, 0, MidpointRounding.AwayFromZero);

    /// <summary>
    /// Splits a sum by weights so that no peso is lost: each part is rounded down, and the pesos that are missing go to the largest
    /// fractions; of equal ones to those that come first. Coefficients need not sum to 100: the parts are of what is billed together.
    /// </summary>
    /// <param name="total">Whole pesos, not below zero.</param>
    /// <param name="weights">Coefficients in the order in which ties are broken: by tower and number. None below zero, not all
    /// zero.</param>
    /// <exception cref="ArgumentException">There is nothing to split by.</exception>
    public static IReadOnlyList<decimal> Split(decimal total, IReadOnlyList<decimal> weights)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(total);
        ArgumentOutOfRangeException.ThrowIfNotEqual(total, decimal.Truncate(total));
        if (weights.Any(w => w < 0) || weights.Sum() is not (> 0 and var all))
            throw new ArgumentException("Weights must not be below zero, and not all zero.", nameof(weights));

        var exact = weights.Select(weight => total * weight / all).ToList();
        var parts = exact.ConvertAll(decimal.Floor);
        var missing = (int)(total - parts.Sum());
        foreach (var index in Enumerable.Range(0, parts.Count).OrderByDescending(i => exact[i] - parts[i]).ThenBy(i => i).Take(missing))
            parts[index]++;
        return parts;
    }

    /// <summary>An extra fee in instalments: equal ones, and the pesos that do not divide one each to the first.</summary>
    /// <param name="count">At least one.</param>
    public static IReadOnlyList<decimal> Instalments(decimal total, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Split(total, [.. Enumerable.Repeat(1m, count)]);
    }

    /// <summary>What of a month's sum falls on some of its days, by calendar days.</summary>
    /// <param name="from">The first day that counts.</param>
    /// <param name="to">The last day that counts; of the same month.</param>
    public static decimal Prorate(decimal amount, DateOnly from, DateOnly to)
    {
        if (to < from || to.Year != from.Year || to.Month != from.Month)
            throw new ArgumentException($"{from:O} to {to:O} are not days of one month in their order.", nameof(to));
        return Round(amount * (to.DayNumber - from.DayNumber + 1) / DateTime.DaysInMonth(from.Year, from.Month));
    }
}

using System.Numerics;

namespace Portal.Data.Programmes;

/// <summary>An exact fraction: averages of averages are rounded once, at the end.</summary>
internal readonly struct Fraction
{
    private readonly BigInteger _over, _under;

    /// <param name="under">Above zero.</param>
    public Fraction(BigInteger over, BigInteger under)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(under);
        var common = BigInteger.GreatestCommonDivisor(over, under);
        (_over, _under) = (over / common, under / common);
    }

    public static Fraction Zero { get; } = new(0, 1);

    /// <param name="value">With two places at most.</param>
    public static Fraction Of(decimal value) => new(new BigInteger(value * 100), 100);

    public static Fraction operator +(Fraction one, Fraction other) =>
        new(one._over * other._under + other._over * one._under, one._under * other._under);

    public static Fraction operator *(Fraction one, int times) => new(one._over * times, one._under);

    public static Fraction operator /(Fraction one, int by) => new(one._over, one._under * by);

    /// <summary>With two places, half up. Never below zero here.</summary>
    public decimal Rounded => (decimal)((_over * 200 + _under) / (_under * 2)) / 100;
}

/// <summary>A participant's averages of one semester.</summary>
/// <param name="Enrolment">Of the course that is looked at.</param>
/// <param name="Subjects">By subject; of one without marks, null: blank is no mark, 0 is one.</param>
/// <param name="Overall">By the weights of the subjects; null where one of them has no mark.</param>
/// <param name="Plain">The mean of all their marks alike, as the document's own query has it; null without any.</param>
/// <param name="Place">Among the course; null for who is not ranked: a subject has no mark, or they had left by the end of the semester.</param>
public sealed record ResultLine(
    long Enrolment, IReadOnlyDictionary<long, decimal?> Subjects, decimal? Overall, decimal? Plain, int? Place);

/// <param name="Mean">Of those who are ranked; null where nobody is.</param>
/// <param name="Ranked">How many are.</param>
public sealed record CourseResult(IReadOnlyList<ResultLine> Lines, decimal? Mean, int Ranked);

/// <summary>
/// Averages and places. The average of a subject is the mean of its marks; the one of all is the mean of those, unrounded, by their weights;
/// places go by what is printed: equal figures share one, and the next is as many further.
/// </summary>
internal static class Averages
{
    /// <param name="weights">By subject.</param>
    /// <param name="marks">By enrolment: subject and value. Those of an enrolment that they came from by a transfer are among them.</param>
    /// <param name="gone">Had left by the end of the semester.</param>
    public static CourseResult Of(
        IReadOnlyDictionary<long, int> weights, IReadOnlyDictionary<long, IReadOnlyList<(long Subject, decimal Value)>> marks,
        IReadOnlySet<long> gone)
    {
        var exact = marks.ToDictionary(one => one.Key, one => Exact(weights, one.Value));
        var printed = exact.ToDictionary(
            one => one.Key, one => gone.Contains(one.Key) || one.Value.Overall is not { } overall ? (decimal?)null : overall.Rounded);
        var ranked = printed.Values.OfType<decimal>().ToList();
        var lines = marks.Select(one =>
        {
            var (subjects, overall) = exact[one.Key];
            return new ResultLine(
                one.Key, subjects.ToDictionary(s => s.Key, s => s.Value?.Rounded), overall?.Rounded,
                one.Value.Count == 0 ? null : Mean(one.Value.Select(m => Fraction.Of(m.Value))).Rounded,
                printed[one.Key] is { } mine ? ranked.Count(other => other > mine) + 1 : null);
        }).ToList();
        var counted = exact.Where(one => printed[one.Key] is not null).Select(one => one.Value.Overall!.Value).ToList();
        return new CourseResult(lines, counted.Count == 0 ? null : Mean(counted).Rounded, counted.Count);
    }

    /// <summary>Of a year: its semesters alike, unrounded; null where one of them has none.</summary>
    public static decimal? OfYear(
        IReadOnlyDictionary<long, int> weights, IReadOnlyList<IReadOnlyList<(long Subject, decimal Value)>> semesters)
    {
        var all = semesters.Select(marks => Exact(weights, marks).Overall).ToList();
        return all.Count == 0 || all.Contains(null) ? null : Mean(all.Select(one => one!.Value)).Rounded;
    }

    private static (Dictionary<long, Fraction?> Subjects, Fraction? Overall) Exact(
        IReadOnlyDictionary<long, int> weights, IReadOnlyList<(long Subject, decimal Value)> marks)
    {
        var by = marks.ToLookup(m => m.Subject, m => m.Value);
        var subjects = weights.Keys.ToDictionary(
            subject => subject, subject => by[subject].Any() ? Mean(by[subject].Select(Fraction.Of)) : (Fraction?)null);
        if (weights.Count == 0 || subjects.Values.Any(one => one is null)) return (subjects, null);
        var sum = weights.Aggregate(Fraction.Zero, (total, one) => total + subjects[one.Key]!.Value * one.Value);
        return (subjects, sum / weights.Values.Sum());
    }

    private static Fraction Mean(IEnumerable<Fraction> all)
    {
        var (sum, count) = (Fraction.Zero, 0);
        foreach (var one in all) (sum, count) = (sum + one, count + 1);
        return sum / count;
    }
}

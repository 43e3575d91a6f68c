using Portal.Data.Billing;
using Portal.Data.Payments;

namespace Portal.Data.Collection;

/// <summary>Something that an instalment pays of what was agreed.</summary>
public sealed record AgreementPart(ChargeKind Kind, DateOnly? Period, string Concept, decimal Amount);

/// <summary>One day of an agreement.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Covers">What it goes to, in the order in which money is applied.</param>
/// <param name="Left">Of the agreement, once it is paid.</param>
public sealed record PlannedInstalment(int Line, DateOnly DueOn, decimal Amount, IReadOnlyList<AgreementPart> Covers, decimal Left);

/// <summary>Works out the days of an agreement; the preview and the agreement itself ask here.</summary>
public static class AgreementPlan
{
    public const int MostInstalments = 60;

    /// <param name="parts">What is agreed upon, in the order in which money goes to it.</param>
    /// <param name="down">Paid on the day it is made; 0 for nothing. Less than all.</param>
    /// <param name="count">Instalments of what is left, equal; the pesos that do not divide go one each to the first.</param>
    /// <param name="first">The day of the first; the others on the same day of the months after it.</param>
    public static IReadOnlyList<PlannedInstalment> Build(
        IReadOnlyList<AgreementPart> parts, decimal down, int count, DateOnly today, DateOnly first)
    {
        var total = parts.Sum(p => p.Amount);
        ArgumentOutOfRangeException.ThrowIfNegative(down);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(down, total);
        List<(DateOnly On, decimal Amount)> days = down > 0 ? [(today, down)] : [];
        days.AddRange(Pesos.Instalments(total - down, count).Select((amount, i) => (first.AddMonths(i), amount)));

        var queue = new Queue<AgreementPart>(parts.Where(p => p.Amount > 0));
        var (left, rest) = (total, 0m);
        var planned = new List<PlannedInstalment>();
        foreach (var (on, amount) in days)
        {
            var (money, covers) = (amount, new List<AgreementPart>());
            while (money > 0 && queue.TryPeek(out var part))
            {
                var open = rest > 0 ? rest : part.Amount;
                var paid = Math.Min(money, open);
                covers.Add(part with { Amount = paid });
                money -= paid;
                rest = open - paid;
                if (rest == 0) queue.Dequeue();
            }

            left -= amount;
            planned.Add(new PlannedInstalment(planned.Count + 1, on, amount, covers, left));
        }

        return planned;
    }

    /// <summary>What a waiver leaves of some interest: each part gives up its share.</summary>
    /// <param name="waived">Whole pesos, at most the sum.</param>
    public static IReadOnlyList<decimal> Waive(decimal waived, IReadOnlyList<decimal> interest) =>
        waived == 0 ? [.. interest.Select(_ => 0m)] : Pesos.Split(waived, interest);
}

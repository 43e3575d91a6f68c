namespace Portal.Data.Payments;

/// <summary>Something still owed. <see cref="Owed"/> is what is left of <see cref="Amount"/>.</summary>
public sealed record OpenCharge(
    long Id, ChargeKind Kind, string Concept, string? Detail, string? Number, DateOnly? Period, DateOnly IssuedOn, DateOnly DueOn,
    decimal Amount, decimal Owed)
{
    /// <summary>Of interest: the charge that bears it, where that is known.</summary>
    public long? BaseId { get; init; }

    public int? ConceptId { get; init; }

    /// <summary>What is taken off where it is paid by <see cref="DiscountUntil"/>; null for nothing, or no longer.</summary>
    public decimal? Discount { get; init; }

    public DateOnly? DiscountUntil { get; init; }
    public Billing.DiscountRule DiscountRule { get; init; }

    public bool IsOverdue(DateOnly today) => Overdue.IsPast(DueOn, today);
}

/// <summary>One line of how a sum is applied.</summary>
/// <param name="Charge">As it stood before this line.</param>
/// <param name="Applied">Above zero and at most what the charge owes.</param>
public sealed record AllocationLine(OpenCharge Charge, decimal Applied)
{
    public decimal Left => Charge.Owed - Applied;
}

/// <summary>How a sum goes to what is owed.</summary>
/// <param name="Lines">In the order in which it is applied.</param>
/// <param name="Credit">What is left of the sum: kept for the next charge.</param>
/// <param name="Open">What is still owed afterwards, in the same order.</param>
public sealed record Allocation(IReadOnlyList<AllocationLine> Lines, decimal Credit, IReadOnlyList<OpenCharge> Open);

/// <summary>
/// The order in which money is applied: interest first, then what fell due first (Civil Code of Colombia, arts. 1653 and 1655): what is due
/// goes before what is not, so that instalments issued together take no money from a fee that is late. Never silent: the receipt prints
/// each line.
/// </summary>
public static class PaymentAllocation
{
    /// <summary>Interest before everything else, each by the day it falls due, then by its date of issue.</summary>
    /// <param name="named">
    /// The charge that the payer named (art. 1654): the interest it bears goes first, then the charge itself, then the rest in its order.
    /// </param>
    public static IEnumerable<OpenCharge> InOrder(IEnumerable<OpenCharge> open, long? named = null) =>
        open.OrderBy(c => c.Id == named ? 1 : named is not null && c.BaseId == named ? 0 : 2)
            .ThenBy(c => c.Kind == ChargeKind.Interest ? 0 : 1).ThenBy(c => c.DueOn).ThenBy(c => c.IssuedOn).ThenBy(c => c.Id);

    /// <exception cref="ArgumentOutOfRangeException">The amount is below zero.</exception>
    public static Allocation Apply(decimal amount, IEnumerable<OpenCharge> open, long? named = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        var lines = new List<AllocationLine>();
        var left = new List<OpenCharge>();
        foreach (var charge in InOrder(open.Where(c => c.Owed > 0), named))
        {
            var applied = Math.Min(amount, charge.Owed);
            if (applied > 0) lines.Add(new AllocationLine(charge, applied));
            if (applied < charge.Owed) left.Add(charge with { Owed = charge.Owed - applied });
            amount -= applied;
        }

        return new Allocation(lines, amount, left);
    }
}

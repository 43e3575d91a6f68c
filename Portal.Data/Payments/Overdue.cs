using System.Linq.Expressions;

namespace Portal.Data.Payments;

/// <summary>
/// What overdue means, said once: an open charge whose due day has passed. On its due day it can still be paid in time. Every list, card,
/// figure and rule asks here.
/// </summary>
public static class Overdue
{
    /// <summary>Of <c>charges AS c</c>, for a statement that knows <c>@today</c>.</summary>
    internal const string Sql = SqlBefore + "@today";

    /// <summary>Of <c>charges AS c</c>; the day comes right after it.</summary>
    internal const string SqlBefore = "c.status = 'open' AND c.due_on < ";

    public static bool IsPast(DateOnly dueOn, DateOnly today) => dueOn < today;

    /// <summary>The overdue ones of some charges.</summary>
    internal static IQueryable<Charge> OverdueOn(this IQueryable<Charge> charges, DateOnly today) => charges.Where(On(today));

    private static Expression<Func<Charge, bool>> On(DateOnly today) => c => c.Status == ChargeState.Open && c.DueOn < today;
}

using Portal.Data.Gate;
using Portal.Data.Pqrs;

namespace Portal.Data.Home;

/// <summary>What the office sees first: administrators and staff.</summary>
public sealed record OfficeHome(
    int Towers,
    int Apartments,
    OverdueCases Overdue,
    PendingPayments Pending,
    Overstays Overstays,
    Collection Collection,
    Arrears Arrears,
    OpenCases Cases,
    Usage Usage,
    IReadOnlyList<RecentCase> RecentCases,
    IReadOnlyList<FacilityDay> Today);

/// <summary>Cases past their deadline, and the one that is latest.</summary>
public sealed record OverdueCases(int Count, RecentCase? Worst);

/// <summary>Payments that wait to be confirmed, and the one that has waited longest.</summary>
public sealed record PendingPayments(int Count, decimal Sum, long? OldestId, string? OldestUnit, DateTime? OldestSince);

/// <summary>Visitors inside for longer than their kind allows, and the one who is most over.</summary>
public sealed record Overstays(int Count, string? Name, string? Unit, TimeSpan Inside, TimeSpan Limit);

/// <summary>Fees billed for a month and what of them has been paid.</summary>
public sealed record MonthCollected(DateOnly Month, decimal Billed, decimal Collected)
{
    /// <summary>0 to 1.</summary>
    public decimal Share => Billed == 0 ? 0 : Collected / Billed;
}

/// <param name="Months">Twelve, the current one last.</param>
/// <param name="ShareThen">
/// What share of last month's fees had been paid by the end of the same day of last month, as it was known then; null without fees, or
/// where
/// no figure was kept.
/// </param>
public sealed record Collection(IReadOnlyList<MonthCollected> Months, decimal? ShareThen)
{
    public MonthCollected Current => Months[^1];
}

/// <summary>Debt by the age of an apartment's oldest overdue charge.</summary>
public sealed record AgeBucket(int FromDays, int? ToDays, decimal Amount, int Apartments);

/// <param name="Before">At the end of last month; null where no figure was kept.</param>
/// <param name="History">Ends of the last weeks, today last.</param>
public sealed record Arrears(decimal Total, int Apartments, decimal? Before, IReadOnlyList<decimal> History, IReadOnlyList<AgeBucket> Ages);

/// <param name="WeekAgo">How many were open seven days ago; null where no figure was kept.</param>
public sealed record OpenCases(int Count, int Overdue, int? WeekAgo, IReadOnlyList<decimal> History);

/// <summary>Booked time over open time, shared facilities by people over capacity; 0 to 1.</summary>
/// <param name="Weeks">The last weeks, the current one last.</param>
public sealed record Usage(IReadOnlyList<decimal> Weeks)
{
    public decimal Current => Weeks.Count == 0 ? 0 : Weeks[^1];
}

public sealed record RecentCase(long Id, string Number, string Title, string Unit, PqrsState State, DateOnly? DueOn, int? DaysGiven);

/// <summary>One facility's bookings of a day.</summary>
public sealed record FacilityDay(
    long Id, string Name, bool Shared, int? Capacity, TimeOnly OpensAt, TimeOnly ClosesAt, IReadOnlyList<BookedSlot> Slots);

/// <param name="Label">The apartment; for a shared facility null, and <paramref name="People"/> counts.</param>
public sealed record BookedSlot(DateTime Start, DateTime End, string? Label, int People, bool Waiting);

/// <summary>Somebody who is inside.</summary>
public sealed record InsideVisitor(
    long Id, string Name, VisitorKind Kind, string Tower, string Unit, int People, DateTime Entered, TimeSpan Limit)
{
    public bool Overstays(DateTime now) => Limit > TimeSpan.Zero && now - Entered > Limit;
}

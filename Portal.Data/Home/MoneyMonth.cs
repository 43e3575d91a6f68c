using Portal.Data.Ledger;

namespace Portal.Data.Home;

/// <summary>The fees of the month that were charged.</summary>
/// <param name="On">When the first run of it was posted; null where none is.</param>
/// <param name="DueOn">By when they are to be paid.</param>
/// <param name="Told">How many accounts were told of their bill.</param>
public sealed record MonthBilled(DateOnly? On, DateOnly? DueOn, int Charges, decimal Total, int Told);

/// <summary>What was paid of a month's fees by the end of a day.</summary>
public sealed record DayCollected(DateOnly Day, decimal Amount);

/// <summary>The apartment that owes most for longest.</summary>
public sealed record WorstDebt(long ApartmentId, string Unit, decimal Owed, int Days);

/// <summary>An account where money lies. Pesos.</summary>
/// <param name="Before">At the end of the month before.</param>
public sealed record MoneyAccount(int Id, string Code, string Name, AccountPurpose Purpose, decimal Before, decimal Now);

/// <summary>The fund for what cannot be foreseen (Ley 675 of 2001, art. 35). Pesos.</summary>
/// <param name="Reserve">By the books.</param>
/// <param name="Contributed">In this year.</param>
public sealed record MoneyReserve(decimal Reserve, decimal Contributed);

/// <summary>The money of a month at a glance: one screen, one trip for the building's accounts and one for the books.</summary>
/// <param name="Month">Its first day.</param>
/// <param name="LastBilled">Of the month before, with <paramref name="LastCollected"/> by its end and <paramref name="CollectedThen"/> on
/// the same day of it; null where that was not kept.</param>
/// <param name="Days">What was collected by each day of the month, through today.</param>
/// <param name="LastDays">The same of the month before, all of it.</param>
/// <param name="ArrearsBefore">At the end of the month before.</param>
/// <param name="Accounts">Null for who does not see the books.</param>
public sealed record MoneyMonth(
    DateOnly Month, DateOnly Today, int Apartments, MonthBilled Run, decimal Billed, decimal Collected, decimal LastBilled,
    decimal LastCollected, decimal? CollectedThen, IReadOnlyList<DayCollected> Days, IReadOnlyList<DayCollected> LastDays,
    PendingPayments Pending, IReadOnlyList<AgeBucket> Ages, WorstDebt? Worst, decimal? ArrearsBefore, IReadOnlyList<MoneyAccount>? Accounts,
    decimal Unidentified, MoneyReserve? Reserve, DateOnly? ClosedThrough)
{
    /// <summary>Payments over the gateway that wait for the office, and what came of them.</summary>
    public (int Number, decimal Received) OnlineReviews { get; init; }

    public decimal Overdue => Ages.Sum(a => a.Amount);

    public int Debtors => Ages.Sum(a => a.Apartments);

    public decimal Share => Billed == 0 ? 0 : Collected / Billed;

    public decimal? ShareThen => CollectedThen is { } then && LastBilled > 0 ? then / LastBilled : null;
}

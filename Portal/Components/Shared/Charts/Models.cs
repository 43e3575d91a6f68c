namespace Portal.Components.Shared;

/// <summary>Where a figure went since last time: the arrow is the fact, its colour says whether that is good.</summary>
/// <param name="By">How much, in words: "3,1 puntos".</param>
/// <param name="Against">Against what: "frente al 20 de octubre".</param>
/// <param name="Good">Null where it is neither.</param>
public sealed record Trend(TrendWay Way, string By, string Against, bool? Good);

public enum TrendWay
{
    Up,
    Down,
    Flat,
}

/// <summary>One cell of what needs the person now.</summary>
/// <param name="Worst">The worst case in one or two lines.</param>
/// <param name="Verb">On the button: "Responder".</param>
public sealed record Need(int Count, Tone Tone, string Title, IReadOnlyList<string> Worst, string Verb, string Href);

/// <summary>One column: what was billed and how much of it came in.</summary>
/// <param name="Href">The list behind the column.</param>
public sealed record BarPoint(string Label, decimal Total, decimal Part, bool Current = false, string? Href = null);

/// <summary>Debt of one age, palest first.</summary>
public sealed record AgeBar(string Label, decimal Amount, int Units, string? Href = null);

public enum SlotKind
{
    Booked,

    /// <summary>Waits for approval or payment.</summary>
    Waiting,
}

/// <summary>A booking of the day; it glows while it happens.</summary>
public sealed record DaySlot(TimeOnly From, TimeOnly To, string Label, SlotKind Kind = SlotKind.Booked, string? Href = null);

public sealed record DayLane(string Name, IReadOnlyList<DaySlot> Slots);

/// <summary>How a day stands in a legal term.</summary>
public enum TermDay
{
    /// <summary>Before or after the term.</summary>
    Outside,
    Counted,

    /// <summary>The clock stood still: it waited for the petitioner.</summary>
    Held,
    Holiday,

    /// <summary>Still to come.</summary>
    Left,

    /// <summary>Past the last day, and not answered.</summary>
    Late,
}

public sealed record BusinessDay(DateOnly Date, TermDay Kind);

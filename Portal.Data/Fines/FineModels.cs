namespace Portal.Data.Fines;

/// <summary>What is asked for.</summary>
/// <param name="Person">Who did it, where it was not the owner.</param>
/// <param name="Rule">The article of the building's rules that was broken.</param>
public sealed record FineInput(long ApartmentId, DateOnly HappenedOn, string? Rule, string? Facts, string? Person = null);

/// <summary>A decision of assembly, council or judge.</summary>
/// <param name="On">The day it was taken.</param>
/// <param name="Body">Null: a judge's.</param>
/// <param name="Act">The minutes or the ruling that hold it.</param>
/// <param name="Words">Its reasons.</param>
public sealed record FineDecision(DateOnly On, FineBody? Body, string? Act, string? Words = null);

/// <summary>One line of the list.</summary>
/// <param name="Until">The day that counts next: until when may be answered or challenged.</param>
/// <param name="Owed">What is left to pay of it, once it is charged.</param>
public sealed record FineRow(
    long Id, string Number, string Tower, string Apartment, string? Owner, string Rule, DateOnly HappenedOn, FineState State, decimal? Amount,
    DateOnly? Until, decimal? Owed);

/// <param name="By">Who took it; null where the portal did or the reader need not know.</param>
public sealed record FineStepRow(
    long Id, FineState State, DateOnly MadeOn, FineBody? Body, string? Act, string? Words, string? By, bool ByAccused);

/// <summary>A fine as its reader may see it.</summary>
/// <param name="Edits">The reader takes it through its steps.</param>
/// <param name="Own">It is on an apartment that the reader owns: they may answer and challenge.</param>
public sealed record FineDetails(
    long Id, string Number, long ApartmentId, string Tower, string Apartment, string? Owner, string? Person, string Rule, string Facts,
    DateOnly HappenedOn, DateOnly AnswerUntil, FineState State, decimal? Amount, DateOnly? DecidedOn, DateOnly? ChallengeUntil,
    long? ChargeId, decimal? Owed, IReadOnlyList<FineStepRow> Steps, FineLimits Limits, bool Edits, bool Own);

/// <summary>How much a fine may be (Ley 675 of 2001, art. 59, par.), in whole pesos.</summary>
/// <param name="Monthly">What the apartment pays a month of ordinary expenses: the last fee it was charged, else its own figure.</param>
/// <param name="Standing">Its fines of the last twelve months that stand, and of older ones what is still owed.</param>
public readonly record struct FineLimits(decimal Monthly, decimal Standing)
{
    /// <summary>Of the monthly expenses that one fine may be, and all together.</summary>
    public const int EachMonths = 2, AllMonths = 10;

    public decimal Each => EachMonths * Monthly;

    public decimal All => AllMonths * Monthly;

    /// <summary>The most that one more fine may be.</summary>
    public decimal Most => Math.Max(0, Math.Min(Each, All - Standing));
}

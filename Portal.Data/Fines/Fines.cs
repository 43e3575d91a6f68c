using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;
using Portal.Data.Payments;
using Portal.Data.People;

namespace Portal.Data.Fines;

/// <summary>
/// Where a fine stands. Requested, Heard, Decided, Notified and, a month later, Charged is its way (Ley 675 of 2001, arts. 59 to 62);
/// Challenged and Confirmed where the accused goes to the judge. Absolved, Dropped and Annulled end it without a charge.
/// </summary>
[StoredByName]
public enum FineState { Requested, Heard, Decided, Notified, Challenged, Confirmed, Charged, Absolved, Dropped, Annulled }

/// <summary>Who decided: by law the assembly, or the council where the assembly passed it on (art. 60).</summary>
[StoredByName]
public enum FineBody { Assembly, Council }

/// <summary>
/// A fine on its way. Each verb takes the next step, refuses what the step before does not allow, and leaves a <see cref="FineStep"/>.
/// No step can be missing, so that a judge finds each of them.
/// </summary>
[Table("fines")]
public sealed class Fine : Updated
{
    private Fine()
    {
    }

    public long Id { get; private set; }

    /// <summary><c>MU-2026-000012</c>; without gaps within a year.</summary>
    [MaxLength(20)]
    public string Number { get; private set; } = "";

    public long ApartmentId { get; private set; }
    public Apartment? Apartment { get; private set; }

    /// <summary>Who owned the apartment when it was asked for: they are told and heard.</summary>
    public long? OwnerId { get; private set; }
    public Owner? Owner { get; private set; }

    /// <summary>Who did it, where it was not the owner.</summary>
    [MaxLength(200)]
    public string? Person { get; private set; }

    /// <summary>The article of the building's rules that was broken.</summary>
    [MaxLength(200)]
    public string Rule { get; private set; } = "";

    [MaxLength(2000)]
    public string Facts { get; private set; } = "";

    public DateOnly HappenedOn { get; private set; }

    /// <summary>The last day on which the accused may answer.</summary>
    public DateOnly AnswerUntil { get; private set; }

    public FineState State { get; private set; }

    /// <summary>In whole pesos; null until it is decided.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal? Amount { get; private set; }

    public DateOnly? DecidedOn { get; private set; }

    /// <summary>The last day on which it can be challenged: a month after it was told (art. 62).</summary>
    public DateOnly? ChallengeUntil { get; private set; }

    public long? ChargeId { get; private set; }
    public Charge? Charge { get; private set; }

    public List<FineStep> Steps { get; private set; } = [];

    /// <summary>Decided and not taken back: it counts towards what all fines together may be.</summary>
    public static readonly FineState[] Standing =
        [FineState.Decided, FineState.Notified, FineState.Challenged, FineState.Confirmed, FineState.Charged];

    public static Fine Request(FineInput input, long? owner, string number, DateOnly today, int answerDays, long? by)
    {
        var fine = new Fine
        {
            Number = number, ApartmentId = input.ApartmentId, OwnerId = owner, Person = input.Person.TrimToNull(),
            Rule = input.Rule!.Trim(), Facts = input.Facts!.Trim(), HappenedOn = input.HappenedOn,
            AnswerUntil = today.AddDays(answerDays),
        };
        fine.Step(FineState.Requested, today, by);
        return fine;
    }

    /// <summary>The accused answered; or nobody did, and their time is over.</summary>
    public Result Hear(string? statement, DateOnly today, long? by)
    {
        if (State != FineState.Requested) return NotNow;
        if (statement is null && today <= AnswerUntil) return new Error("fine.still_to_answer", null, AnswerUntil);
        Step(FineState.Heard, today, by, words: statement);
        return Result.Done;
    }

    /// <param name="amount">Within the law's limits (<see cref="FineLimits"/>).</param>
    public Result Decide(FineDecision decision, decimal amount, DateOnly today, long? by)
    {
        if (WhyNotDecided(decision, today) is { } refused) return refused;
        (Amount, DecidedOn) = (amount, decision.On);
        Step(FineState.Decided, decision.On, by, decision);
        return Result.Done;
    }

    public Result Absolve(FineDecision decision, DateOnly today, long? by)
    {
        if (WhyNotDecided(decision, today) is { } refused) return refused;
        Step(FineState.Absolved, decision.On, by, decision);
        return Result.Done;
    }

    /// <summary>The decision was told to the accused; from that day they have a month.</summary>
    /// <param name="how">"Carta entregada en mano".</param>
    public Result Notify(DateOnly on, string how, DateOnly today, long? by)
    {
        if (State != FineState.Decided) return NotNow;
        if (on < DecidedOn || on > today) return new Error("fine.day", "On", DecidedOn, today);
        ChallengeUntil = on.AddMonths(1);
        Step(FineState.Notified, on, by, words: how);
        return Result.Done;
    }

    public Result Challenge(string words, DateOnly today, long? by)
    {
        if (State != FineState.Notified) return NotNow;
        if (today > ChallengeUntil) return new Error("fine.too_late", null, ChallengeUntil);
        Step(FineState.Challenged, today, by, words: words);
        return Result.Done;
    }

    /// <summary>The challenge was decided: it stands, or it is annulled.</summary>
    public Result Settle(bool stands, FineDecision decision, DateOnly today, long? by)
    {
        if (State != FineState.Challenged) return NotNow;
        if (decision.On < DecidedOn || decision.On > today) return new Error("fine.day", "On", DecidedOn, today);
        Step(stands ? FineState.Confirmed : FineState.Annulled, decision.On, by, decision);
        return Result.Done;
    }

    /// <summary>Null where it can be charged now.</summary>
    public Error? WhyNotCharged(DateOnly today) => State switch
    {
        FineState.Confirmed => null,
        FineState.Notified when today > ChallengeUntil => null,
        FineState.Notified => new Error("fine.still_to_challenge", null, ChallengeUntil),
        _ => NotNow,
    };

    public Result ChargeWith(Charge charge, DateOnly today, long? by)
    {
        if (WhyNotCharged(today) is { } refused) return refused;
        Charge = charge;
        Step(FineState.Charged, today, by);
        return Result.Done;
    }

    /// <summary>Given up before it was charged.</summary>
    public Result Drop(string reason, DateOnly today, long? by)
    {
        if (State is FineState.Charged or FineState.Absolved or FineState.Dropped or FineState.Annulled) return NotNow;
        Step(FineState.Dropped, today, by, words: reason);
        return Result.Done;
    }

    /// <summary>Taken back after it was charged; what becomes of the charge is its caller's.</summary>
    public Result Annul(FineDecision decision, DateOnly today, long? by)
    {
        if (State != FineState.Charged) return NotNow;
        if (decision.On < DecidedOn || decision.On > today) return new Error("fine.day", "On", DecidedOn, today);
        Step(FineState.Annulled, decision.On, by, decision);
        return Result.Done;
    }

    /// <summary>It stands elsewhere by now; its words name the state.</summary>
    private Error NotNow => new("fine.not_now", null, State);

    private Error? WhyNotDecided(FineDecision decision, DateOnly today) =>
        State != FineState.Heard ? NotNow
        : decision.On < HeardOn || decision.On > today ? new Error("fine.day", "On", HeardOn, today)
        : null;

    private DateOnly HeardOn => Steps.Where(s => s.State == FineState.Heard).Select(s => s.MadeOn).DefaultIfEmpty(HappenedOn).Max();

    private void Step(FineState state, DateOnly on, long? by, FineDecision? decision = null, string? words = null)
    {
        State = state;
        Steps.Add(new FineStep
        {
            State = state, MadeOn = on, Body = decision?.Body, Act = decision?.Act!.Trim(),
            Words = (words ?? decision?.Words).TrimToNull(), MadeBy = by,
        });
    }
}

/// <summary>A step that a fine took. Never changed.</summary>
[Table("fine_steps")]
public sealed class FineStep : Stamped
{
    public long Id { get; set; }

    public long FineId { get; set; }
    public Fine? Fine { get; set; }

    /// <summary>Where the fine stood after it.</summary>
    public FineState State { get; set; }

    public DateOnly MadeOn { get; set; }

    /// <summary>Of a decision: whose.</summary>
    public FineBody? Body { get; set; }

    /// <summary>Of a decision: the minutes that hold it.</summary>
    [MaxLength(100)]
    public string? Act { get; set; }

    /// <summary>What the accused said, how they were told, why it was dropped.</summary>
    [MaxLength(2000)]
    public string? Words { get; set; }

    public long? MadeBy { get; set; }
}

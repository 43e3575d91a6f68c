using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Identity;
using Portal.Data.Pqrs;

namespace Portal.Data.Privacy;

/// <summary>
/// What somebody asks of their own data: an inquiry (<i>consulta</i>, Ley 1581 of 2012 art. 14), or a claim (<i>reclamo</i>, art. 15),
/// which is one of the others.
/// </summary>
[StoredByName]
public enum DataRequestKind { Inquiry, Correct, Update, Erase, Withdraw }

/// <summary>How it came.</summary>
[StoredByName]
public enum DataRequestChannel { Portal, Desk, Letter, Mail, Telephone }

/// <summary><see cref="Incomplete"/> waits for its person: no day runs meanwhile.</summary>
[StoredByName]
public enum DataRequestState { Open, Incomplete, Answered, Abandoned }

/// <summary>What came of it.</summary>
[StoredByName]
public enum DataRequestOutcome { Granted, Partly, Denied }

[StoredByName]
public enum DataRequestStep { Filed, Noted, Asked, Completed, Extended, Answered, Abandoned }

/// <summary>One request, its legal days and where it stands.</summary>
[Table("data_requests")]
public sealed class DataRequest : Updated
{
    public long Id { get; set; }

    [MaxLength(20)]
    public string Number { get; set; } = "";

    /// <summary>Whose data; null for who has no account.</summary>
    public long? UserId { get; set; }
    public User? User { get; set; }

    /// <summary>As they were called when they asked.</summary>
    [MaxLength(200)]
    public string PersonName { get; set; } = "";

    /// <summary>Where the answer goes, of who has no account.</summary>
    [MaxLength(255)]
    public string? Contact { get; set; }

    public DataRequestKind Kind { get; set; }

    public DataRequestChannel Channel { get; set; }

    [Column(TypeName = "text")]
    public string Text { get; set; } = "";

    public DataRequestState State { get; private set; }

    public DateOnly ReceivedOn { get; private set; }

    /// <summary>From the day after it the business days count.</summary>
    public DateOnly CountsFrom { get; private set; }

    /// <summary>The last day to answer; null while something is missing.</summary>
    public DateOnly? DueOn { get; private set; }

    public DateOnly? ExtendedOn { get; private set; }

    /// <summary>When the office asked for what is missing.</summary>
    public DateOnly? AskedOn { get; private set; }

    /// <summary>When "reclamo en trámite" was put beside the data of a claim.</summary>
    public DateOnly? NotedOn { get; private set; }

    public DataRequestOutcome? Outcome { get; private set; }

    public DateOnly? AnsweredOn { get; private set; }

    public List<DataRequestEntry> Entries { get; set; } = [];

    public bool IsOver => State is DataRequestState.Answered or DataRequestState.Abandoned;

    /// <summary>
    /// Its days begin. Of somebody with an account the portal itself shows the note beside the data from now on; of others the office has
    /// to put it (<see cref="Note"/>).
    /// </summary>
    /// <param name="day">When it came, which may lie before <paramref name="today"/>.</param>
    public void Receive(DateOnly day, DateOnly today)
    {
        (ReceivedOn, State) = (day, DataRequestState.Open);
        Count(day, today);
    }

    private void Count(DateOnly from, DateOnly today)
    {
        (CountsFrom, DueOn) = (from, DataRequestTerms.Due(Kind, from));
        if (DataRequestTerms.IsClaim(Kind) && UserId is not null) NotedOn ??= today;
    }

    /// <summary>
    /// Something is missing in a claim, and its person is asked for it (art. 15): its days stop, and begin anew with the answer.
    /// </summary>
    /// <returns>Refusals: <c>data_request.over</c>, <c>data_request.inquiry</c>, <c>data_request.asked</c> (once),
    /// <c>data_request.ask_late</c> with the last day.</returns>
    public Result Ask(DateOnly today)
    {
        if (IsOver) return new Error("data_request.over");
        if (!DataRequestTerms.IsClaim(Kind)) return new Error("data_request.inquiry");
        if (AskedOn is not null) return new Error("data_request.asked");
        var last = DataRequestTerms.AskBy(ReceivedOn);
        if (today > last) return new Error("data_request.ask_late", null, last);
        (State, AskedOn, DueOn, NotedOn) = (DataRequestState.Incomplete, today, null, null);
        return Result.Done;
    }

    /// <summary>What was missing is there: the days begin. Refuses with <c>data_request.complete</c>.</summary>
    public Result Complete(DateOnly today)
    {
        if (State != DataRequestState.Incomplete) return new Error("data_request.complete");
        State = DataRequestState.Open;
        Count(today, today);
        return Result.Done;
    }

    /// <summary>
    /// More time, once, before the last day is over. Refuses with <c>data_request.over</c>, <c>data_request.incomplete</c>,
    /// <c>data_request.extended</c>, <c>data_request.late</c> with the last day.
    /// </summary>
    public Result Extend(DateOnly today)
    {
        if (IsOver) return new Error("data_request.over");
        if (DueOn is not { } due) return new Error("data_request.incomplete");
        if (ExtendedOn is not null) return new Error("data_request.extended");
        if (today > due) return new Error("data_request.late", null, due);
        (ExtendedOn, DueOn) = (today, DataRequestTerms.Extended(Kind, due));
        return Result.Done;
    }

    /// <summary>
    /// The note stands beside the data. Refuses with <c>data_request.over</c>, <c>data_request.inquiry</c>, <c>data_request.noted</c>.
    /// </summary>
    public Result Note(DateOnly today)
    {
        if (IsOver) return new Error("data_request.over");
        if (!DataRequestTerms.IsClaim(Kind) || State != DataRequestState.Open) return new Error("data_request.inquiry");
        if (NotedOn is not null) return new Error("data_request.noted");
        NotedOn = today;
        return Result.Done;
    }

    /// <summary>It is answered, late or not. Refuses with <c>data_request.over</c>.</summary>
    public Result Answer(DataRequestOutcome outcome, DateOnly today)
    {
        if (IsOver) return new Error("data_request.over");
        (State, Outcome, AnsweredOn) = (DataRequestState.Answered, outcome, today);
        return Result.Done;
    }

    /// <summary>
    /// Two months without what was missing (art. 15). Refuses with <c>data_request.complete</c> what does not wait that long.
    /// </summary>
    public Result Abandon(DateOnly today)
    {
        if (State != DataRequestState.Incomplete || AskedOn is not { } asked || today <= DataRequestTerms.AbandonedAfter(asked))
            return new Error("data_request.complete");
        (State, AnsweredOn) = (DataRequestState.Abandoned, today);
        return Result.Done;
    }
}

/// <summary>One thing that happened to a request.</summary>
[Table("data_request_entries")]
public sealed class DataRequestEntry
{
    public long Id { get; set; }

    public long RequestId { get; set; }
    public DataRequest? Request { get; set; }

    public DataRequestStep Kind { get; set; }

    [Column(TypeName = "text")]
    public string? Text { get; set; }

    /// <summary>Null: the portal itself.</summary>
    public long? ById { get; set; }
    public User? By { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime At { get; set; }
}

/// <summary>
/// The days of the law, in business days from the day after (<see cref="BusinessDays"/>), as those of a PQRS are counted.
/// </summary>
public static class DataRequestTerms
{
    /// <summary>Before its last day the office is reminded.</summary>
    public const int WarningDays = 3;

    private const int InquiryDays = 10, InquiryMore = 5, ClaimDays = 15, ClaimMore = 8, NoteDays = 2, AskDays = 5, MonthsToComplete = 2;

    public static bool IsClaim(DataRequestKind kind) => kind != DataRequestKind.Inquiry;

    /// <summary>The last day to answer: 10 for an inquiry (art. 14), 15 for a claim (art. 15).</summary>
    public static DateOnly Due(DataRequestKind kind, DateOnly from) =>
        BusinessDays.Deadline(from, IsClaim(kind) ? ClaimDays : InquiryDays, []);

    /// <summary>The last day after the one extension: 5 more for an inquiry, 8 for a claim, told with its reasons.</summary>
    public static DateOnly Extended(DataRequestKind kind, DateOnly due) =>
        BusinessDays.Deadline(due, IsClaim(kind) ? ClaimMore : InquiryMore, []);

    /// <summary>Until when "reclamo en trámite" stands beside the data of a claim (art. 15).</summary>
    public static DateOnly NoteBy(DateOnly from) => BusinessDays.Deadline(from, NoteDays, []);

    /// <summary>Until when the office may ask for what is missing.</summary>
    public static DateOnly AskBy(DateOnly received) => BusinessDays.Deadline(received, AskDays, []);

    /// <summary>The last day on which what was asked for may come; after it the claim is given up.</summary>
    public static DateOnly AbandonedAfter(DateOnly asked) => asked.AddMonths(MonthsToComplete);
}

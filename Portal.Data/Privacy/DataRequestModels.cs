namespace Portal.Data.Privacy;

/// <param name="Due">The last day to answer; null while something is missing.</param>
/// <param name="Asked">When the office asked for what was missing.</param>
public sealed record DataRequestRow(
    long Id, string Number, string Person, long? AccountId, DataRequestKind Kind, DataRequestState State, DateOnly Received, DateOnly? Due,
    DateOnly? Asked, bool Extended, DateOnly? Answered, DataRequestOutcome? Outcome)
{
    /// <summary>Of one that waits for its person: the last day on which they may complete it.</summary>
    public DateOnly? GivenUpAfter =>
        State == DataRequestState.Incomplete && Asked is { } asked ? DataRequestTerms.AbandonedAfter(asked) : null;

    /// <summary>Its last day is past.</summary>
    public bool IsOverdue(DateOnly today) => State == DataRequestState.Open && Due < today;

    /// <summary>Its last day is near: there are <see cref="DataRequestTerms.WarningDays"/> business days or fewer.</summary>
    public bool IsNear(DateOnly today) => State == DataRequestState.Open && Due >= today
        && Due <= Pqrs.BusinessDays.Deadline(today, DataRequestTerms.WarningDays, []);
}

/// <param name="By">Who did it, for the office; null for the portal itself, and for the person who reads their own.</param>
/// <param name="Own">The person whose data it is did it.</param>
/// <param name="At">Wall clock.</param>
public sealed record DataRequestEvent(long Id, DataRequestStep Kind, string? Text, string? By, bool Own, DateTime At);

/// <param name="NoteBy">Until when the note has to stand beside the data; null for an inquiry and while something is missing.</param>
/// <param name="AskBy">Until when the office may ask for what is missing; null for an inquiry, and once it has asked.</param>
/// <param name="ExtendedDue">What the last day would be after an extension; null where there can be none.</param>
/// <param name="Own">The person asking reads a request of their own.</param>
public sealed record DataRequestView(
    DataRequestRow Request, DataRequestChannel Channel, string? Contact, string Text, DateOnly CountsFrom, DateOnly? NotedOn,
    DateOnly? NoteBy, DateOnly? AskBy, DateOnly? ExtendedDue, IReadOnlyList<DataRequestEvent> Events, bool Own);

/// <summary>What a person files in their own name.</summary>
public sealed record DataRequestFiling(DataRequestKind? Kind, string? Text);

/// <summary>What the office files for somebody.</summary>
/// <param name="AccountId">Whose data; null for who has no account.</param>
/// <param name="Name">Of who has no account.</param>
/// <param name="Contact">Of who has no account: where the answer goes.</param>
/// <param name="ReceivedOn">When it came; null: today.</param>
public sealed record DataRequestDeskFiling(
    DataRequestFiling Request, long? AccountId, string? Name, string? Contact, DataRequestChannel Channel, DateOnly? ReceivedOn);

/// <summary>Somebody with an account, to choose from.</summary>
public sealed record DataPerson(long AccountId, string Name, string? Document);

/// <summary>A claim that is being decided, as it has to be told beside the person's data (Ley 1581 of 2012, art. 15).</summary>
public sealed record DataNote(long Id, string Number, DataRequestKind Kind, DateOnly Since);

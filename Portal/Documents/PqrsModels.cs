namespace Portal.Documents;

/// <summary>What a state means to its reader; chosen by the caller, who knows the states.</summary>
public enum DocumentTone
{
    Good, Warning, Bad, Info, Neutral,
}

/// <summary>
/// The facts of a case that every paper about it shows. Words come in the reader's language, times on the building's wall clock.
/// </summary>
/// <param name="Number">Such as PQRS-2026-000123.</param>
/// <param name="Role">What the petitioner is to the apartment, such as "propietaria".</param>
/// <param name="Text">What was asked, in full.</param>
/// <param name="Attachments">Names of the files that came with it.</param>
public sealed record PqrsCase(
    string Number, string Title, string Petitioner, string? Role, string? Unit, string Kind, string? Category, string? Channel,
    DateTime FiledAt, string Text, IReadOnlyList<string> Attachments);

/// <summary>The legal clock of a case, in business days counted from the day after filing.</summary>
/// <param name="Given">Days that the law or the settings give, extensions included.</param>
/// <param name="Used">Days counted so far, or until the answer.</param>
/// <param name="Due">The last day.</param>
/// <param name="ExtendedBy">Days of <paramref name="Given"/> that an extension added.</param>
/// <param name="Paused">How long it waited for the petitioner.</param>
/// <param name="AnsweredOnTime">Null while there is no answer.</param>
/// <param name="Days">The working week days from filing to the last day, for the calendar; empty leaves it out.</param>
public sealed record PqrsClock(
    int Given, int Used, DateOnly Due, int ExtendedBy, TimeSpan Paused, bool? AnsweredOnTime, IReadOnlyList<PqrsDay> Days);

/// <summary>How a day from Monday to Friday counts.</summary>
public enum PqrsDayKind
{
    Counted, Paused, Holiday, Ahead,
}

/// <summary>One day of the calendar of the clock.</summary>
public sealed record PqrsDay(DateOnly Date, PqrsDayKind Kind);

/// <summary>What kind of thing stands in the timeline.</summary>
public enum PqrsEntryKind
{
    /// <summary>Written by the petitioner.</summary>
    Message,

    /// <summary>Staff's answer, which the petitioner sees.</summary>
    Reply,

    /// <summary>Staff's note, which the petitioner never sees.</summary>
    Note,

    /// <summary>Something that happened: a change of state, an assignment, a pause.</summary>
    Event,
}

/// <summary>One entry of the timeline.</summary>
public sealed record PqrsEntry(
    DateTime At, string Author, string? Role, PqrsEntryKind Kind, string Text, IReadOnlyList<string> Attachments);

/// <summary>The report of one case.</summary>
/// <param name="ForStaff">Only then are internal notes printed, and the page says that it holds them.</param>
/// <param name="Rating">1 to 5, once the petitioner gave it.</param>
public sealed record PqrsReportModel(
    BuildingHeader Building, PqrsCase Case, string State, DocumentTone StateTone, string? Priority, string? InCharge, DateTime? ResolvedAt,
    DateTime? ClosedAt, int Reopened, int? Rating, PqrsClock? Clock, IReadOnlyList<PqrsEntry> Timeline, bool ForStaff,
    Verification Verification, DocumentStamp Stamp);

/// <summary>The proof that a case was filed.</summary>
/// <param name="Due">The last day of the answer.</param>
/// <param name="Given">Business days that the answer may take.</param>
public sealed record PqrsFilingProofModel(
    BuildingHeader Building, PqrsCase Case, DateOnly Due, int Given, Verification Verification, DocumentStamp Stamp);

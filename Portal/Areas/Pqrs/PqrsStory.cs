using Microsoft.Extensions.Localization;
using Portal.Data.Pqrs;
using Portal.Resources;

namespace Portal.Areas.Pqrs;

/// <summary>What happened in a case besides what was said, in one line: the same on the page and in the report.</summary>
public static class PqrsStory
{
    /// <summary>The line of an entry that is no message, reply or note.</summary>
    public static string Line(IStringLocalizer<PqrsWords> l, PqrsEntry entry) =>
        entry.Kind switch
        {
            PqrsEntryKind.Assigned => string.IsNullOrEmpty(entry.Text) ? l["entry.unassigned"] : l["entry.assigned", entry.Text],
            PqrsEntryKind.Priority => l[
                "entry.priority",
                Enum.TryParse<PqrsPriority>(entry.Text, out var priority) ? l.Word(priority) : entry.Text ?? ""
            ],
            PqrsEntryKind.Rated => l["entry.rated", entry.Text ?? ""],
            PqrsEntryKind.Merged when entry.Internal => l["entry.merged.here", entry.Text ?? ""],
            PqrsEntryKind.Merged => entry.Text is { Length: > 0 } into ? l["entry.merged", into] : l["entry.merged.others"],
            PqrsEntryKind.Unmerged => entry.Internal ? l["entry.unmerged.here", entry.Text ?? ""] : l["entry.unmerged"],
            PqrsEntryKind.Deadline => Because(
                entry.DueOn is { } due ? l["entry.extended.until", Formats.WeekdayDate(due)] : l["entry.extended"],
                entry.Text
            ),
            _ => Because(
                entry is { Previous: PqrsState.Resolved or PqrsState.Closed, State: PqrsState.InProgress }
                    ? l["entry.reopened"]
                    : l["entry.moved", l.Word(entry.State)],
                entry.Text
            ),
        };

    /// <summary>What a message or reply did besides being said, to the state or to the deadline; null where nothing.</summary>
    public static string? Consequence(IStringLocalizer<PqrsWords> l, PqrsEntry entry) => entry switch
    {
        { Previous: null } => null,
        { Previous: PqrsState.WaitingForPetitioner, HeldDays: 1 } => l["entry.runs.one"].Value,
        { Previous: PqrsState.WaitingForPetitioner, HeldDays: { } days } when days > 0 => l["entry.runs.many", days].Value,
        { Previous: PqrsState.WaitingForPetitioner, State: PqrsState.InProgress } => l["entry.runs"].Value,
        { Kind: PqrsEntryKind.Status } => null,
        { State: PqrsState.WaitingForPetitioner } => l["entry.held"].Value,
        { State: PqrsState.InProgress, Previous: PqrsState.Resolved or PqrsState.Closed } => l["entry.restarted"].Value,
        _ => l["entry.moved", l.Word(entry.State)].Value,
    };

    private static string Because(string what, string? why) => string.IsNullOrEmpty(why) ? what : $"{what}: {why}";
}

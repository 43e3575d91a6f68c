using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Pqrs;

namespace Portal.Areas.Pqrs;

/// <summary>What can be done with a case, each with its key, in one dialog that says what it will do before it does it.</summary>
public sealed partial class CaseActs
{
    private const int UsualExtension = 5;

    private Input input = new();
    private EditContext form = new(new Input());
    private FormSummary? summary;
    private IReadOnlyList<PqrsPerson> handlers = [];
    private PqrsSeen? seen;
    private PickOption? into;
    private Sheet sheet;
    private PqrsAct act;
    private bool open, busy;

    private enum Sheet { Move, Extend, Assign, Priority, Merge, Unmerge }

    [Parameter, EditorRequired] public PqrsDetail Case { get; set; } = null!;

    [Parameter, EditorRequired] public CurrentUser User { get; set; } = CurrentUser.Nobody;

    [Parameter, EditorRequired] public Func<Task> Changed { get; set; } = null!;

    /// <summary>Only its dialog, which another part of the page opens.</summary>
    [Parameter] public bool Bare { get; set; }

    /// <summary>The dialog was left without doing anything.</summary>
    [Parameter] public EventCallback Left { get; set; }

    private bool NeedsComment => seen is not null && PqrsFlow.NeedsComment(seen.State, act);

    /// <summary>The words of a move: closing what is not resolved is another thing than closing what is.</summary>
    private string Stem => act switch
    {
        PqrsAct.Start when Case.State == PqrsState.WaitingForPetitioner => "act.resume",
        PqrsAct.Close when PqrsFlow.IsActive(Case.State) => "act.close.unresolved",
        _ => "act." + act.ToString().ToLowerInvariant(),
    };

    private string Title => sheet switch
    {
        Sheet.Extend => L["act.extend"],
        Sheet.Assign => L[Case.Assignee is null ? "act.assign" : "act.reassign"],
        Sheet.Priority => L["act.priority"],
        Sheet.Merge => L["act.merge"],
        Sheet.Unmerge => L["act.unmerge"],
        _ => L[Stem],
    };

    private string? Help => sheet switch
    {
        Sheet.Extend => L["extend.help", Case.DueOn is { } due ? Formats.WeekdayDate(due) : ""],
        Sheet.Assign => L["act.assign.help", Case.Petitioner.Name],
        Sheet.Priority => L["act.priority.help"],
        Sheet.Merge => L["act.merge.help", Case.Petitioner.Name],
        Sheet.Unmerge => L["act.unmerge.help", Case.MergedInto?.Number ?? ""],
        Sheet.Move when act == PqrsAct.Wait && Case.Clock is { Used: > PqrsTerms.AskDays } => L["act.wait.late", Case.Petitioner.Name, PqrsTerms.AskDays],
        _ => L[Stem + ".help", Case.Petitioner.Name],
    };

    private string Verb => sheet switch
    {
        Sheet.Move => L[Stem + ".verb"],
        Sheet.Extend => L["act.extend.verb"],
        Sheet.Merge => L["act.merge.verb"],
        Sheet.Unmerge => L["act.unmerge.verb"],
        _ => S["action.save"],
    };

    /// <summary>What it came to, read from the case as it is now.</summary>
    private string Done => sheet switch
    {
        Sheet.Extend => L["entry.extended.until", Case.DueOn is { } due ? Formats.WeekdayDate(due) : ""],
        Sheet.Assign => Case.Assignee is { } who ? L["entry.assigned", who.Name] : L["entry.unassigned"],
        Sheet.Priority => L["entry.priority", L.Word(Case.Priority)],
        Sheet.Merge => L["entry.merged", Case.MergedInto?.Number ?? ""],
        Sheet.Unmerge => L["entry.unmerged"],
        _ => L["entry.moved", L.Word(Case.State)],
    };

    private string? NewDay =>
        input.Days is > 0 and <= 60 && Case.DueOn is { } due
            ? L["extend.until", Formats.WeekdayDate(BusinessDays.Deadline(due, input.Days.Value, []))].Value
            : null;

    /// <summary>For the page's own buttons.</summary>
    public void Open(PqrsAct chosen)
    {
        act = chosen;
        Show(Sheet.Move);
    }

    private async Task OpenAsync(Sheet chosen)
    {
        if (chosen == Sheet.Assign) handlers = await Cases.HandlersAsync(User, CancellationToken.None);
        Show(chosen);
    }

    private void Show(Sheet chosen)
    {
        sheet = chosen;
        seen = Case.Seen;
        input = new Input { Days = UsualExtension, Account = Case.Assignee?.Id, Priority = Case.Priority ?? PqrsPriority.Medium };
        into = null;
        form = new EditContext(input);
        open = true;
        StateHasChanged();
    }

    private async Task SaveAsync()
    {
        if (busy || seen is null) return;
        busy = true;
        try
        {
            var user = await Me.GetAsync();
            var result = sheet switch
            {
                Sheet.Extend => await Handling.ExtendAsync(Case.Id, input.Days ?? 0, input.Reason, seen, user, CancellationToken.None),
                Sheet.Assign => await Handling.AssignAsync(Case.Id, input.Account, seen, user, CancellationToken.None),
                Sheet.Merge when into is null => Error.Required("Into"),
                Sheet.Merge => await Merging.MergeAsync(Case.Id, into.Id, user, CancellationToken.None),
                Sheet.Unmerge => await Merging.UndoAsync(Case.Id, user, CancellationToken.None),
                Sheet.Priority => await Handling.PrioritiseAsync(Case.Id, input.Priority, seen, user, CancellationToken.None),
                _ => await Handling.MoveAsync(Case.Id, act, input.Comment, seen, user, CancellationToken.None),
            };
            if (result.Ok)
            {
                open = false;
                await Changed();
                Toasts.Show(Done, Tone.Ok);
                return;
            }

            summary!.Show([.. result.Errors.Select(Worded)]);
            // What the other did is behind the dialog now; pressing again decides on it, knowing it.
            await Changed();
            seen = Case.Seen;
        }
        finally
        {
            busy = false;
        }
    }

    private bool Allowed(PqrsAct one) =>
        PqrsFlow.Next(Case.State, one) is not null && (!Case.IsMerged || one == PqrsAct.Reopen);

    private async Task<IReadOnlyList<PickOption>> FindAsync(string text, CancellationToken ct) =>
        [
            .. (await Merging.CandidatesAsync(Case.Id, text, await Me.GetAsync(ct), ct))
                .Select(c => new PickOption(c.Id, c.Title, $"{c.Number} · {L.Word(c.State)}")),
        ];

    /// <summary>States and priorities inside a refusal, in words.</summary>
    private Error Worded(Error error) =>
        error.Named() with
        {
            Values =
            [
                .. error.Values.Select(value =>
                    value switch
                    {
                        PqrsState state => L.Word(state),
                        PqrsPriority priority => L.Word(priority),
                        PqrsAct one => L["act." + one.ToString().ToLowerInvariant()].Value,
                        _ => value,
                    }
                ),
            ],
        };

    private sealed class Input
    {
        public string? Comment { get; set; }

        public int? Days { get; set; }

        public string? Reason { get; set; }

        public long? Account { get; set; }

        public long? Into { get; set; }

        public PqrsPriority Priority { get; set; }
    }
}

using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Assemblies;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Assemblies;

/// <summary>The desk of an open assembly: quorum above everything, what is voted, the agenda, and the register.</summary>
public sealed partial class DeskBoard
{
    private static readonly TimeSpan More = TimeSpan.FromMinutes(5);

    private ItemView? opening, annulling;
    private string? refusal;
    private bool casting, waiting, adding;

    [Inject] private AssemblyDesk Steps { get; set; } = null!;

    [Inject] private AssemblyVoting Voting { get; set; } = null!;

    [Inject] private BuildingClock Clock { get; set; } = null!;

    [Inject] private Dialogs Dialogs { get; set; } = null!;

    [Inject] private Toasts Toasts { get; set; } = null!;

    [Inject] private Me Me { get; set; } = null!;

    [Inject] private IStringLocalizer<AssemblyWords> L { get; set; } = null!;

    [Inject] private IStringLocalizer<SharedWords> S { get; set; } = null!;

    [Parameter, EditorRequired] public DeskView Desk { get; set; } = null!;

    /// <summary>The reader runs the votes.</summary>
    [Parameter] public bool Manages { get; set; }

    /// <summary>The reader sees the votes; at the door they see who is there.</summary>
    [Parameter] public bool Sees { get; set; }

    [Parameter] public EventCallback OnChanged { get; set; }

    private string NeedWords(Outcome outcome)
    {
        var silent = AssemblyWording.Weight(outcome.Basis, outcome.Silent.By(outcome.Basis));
        if (outcome.Passed) return L["need.enough", AssemblyWording.Weight(outcome.Basis, outcome.For), silent];
        return outcome.Qualified
            ? L["need.missing.qualified", AssemblyWording.Share(outcome.Missing), silent]
            : outcome.Basis == VoteBasis.Unit
                ? L["need.missing.units", outcome.NeededUnits - outcome.Yes.Units, silent]
                : L["need.missing", AssemblyWording.Share(outcome.Missing), silent];
    }

    private Task ExtendAsync() => ActAsync((user, ct) => Voting.ExtendAsync(Desk.Running!.Vote.Id, More, user, ct), "vote.extended");

    private async Task CloseVoteAsync()
    {
        var waits = Desk.Running!.Waiting.Count;
        if (waits > 0 && !await Dialogs.ConfirmAsync(
            new Confirmation(L["vote.close"], L["vote.close.ask", Formats.Number(waits)], L["vote.close"], Danger: false))) return;
        if (Desk.Running is not { } running) return;
        await ActAsync((user, ct) => Voting.CloseAsync(running.Vote.Id, user, ct), "vote.closed");
    }

    private Task PresentAsync(ItemView item) =>
        ActAsync((user, ct) => Steps.PresentAsync(Desk.Assembly.Row.Id, item.Id, user, ct), "item.presented.done");

    private async Task ActAsync(Func<CurrentUser, CancellationToken, Task<Result>> act, string done)
    {
        var result = await act(await Me.GetAsync(), default);
        refusal = result.Ok ? null : result.Explained(L, S);
        if (result.Ok) Toasts.Show(L[done], Tone.Ok);
        await OnChanged.InvokeAsync();
    }

    private async Task DoneAsync(bool changed)
    {
        (opening, annulling, casting, adding) = (null, null, false, false);
        if (changed) await OnChanged.InvokeAsync();
    }
}

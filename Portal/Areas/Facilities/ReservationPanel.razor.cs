using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Facilities;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Facilities;

/// <summary>
/// One booking as the office and the gate see it: what it is, who made it, what paid it, and what may be done with it now.
/// </summary>
public sealed partial class ReservationPanel(
    ReservationService reservations, ReservationLists lists, CheckInService checkIns, BuildingClock clock, Me me, Toasts toasts,
    IStringLocalizer<FacilitiesWords> words, IStringLocalizer<SharedWords> shared)
{
    private CurrentUser user = CurrentUser.Nobody;
    private ReservationRow? cancelling, changing;
    private ReservationStory? story;
    private IReadOnlyList<ReservationCharge> charges = [];
    private long? shown;
    private string? failure;
    private string reason = "";
    private bool rejecting;

    /// <summary>The booking shown; null keeps it closed.</summary>
    [Parameter] public ReservationRow? Row { get; set; }

    [Parameter] public bool Manages { get; set; }

    /// <summary>True when something was changed.</summary>
    [Parameter] public EventCallback<bool> OnClosed { get; set; }

    private IStringLocalizer<FacilitiesWords> L => words;
    private IStringLocalizer<SharedWords> S => shared;
    private BuildingClock Clock => clock;
    private CheckInService CheckIns => checkIns;

    protected override async Task OnParametersSetAsync()
    {
        if (Row?.Id == shown) return;
        shown = Row?.Id;
        (cancelling, changing, failure, reason, rejecting) = (null, null, null, "", false);
        (story, charges) = (null, []);
        if (Row is not { } row) return;
        user = await me.GetAsync();
        var told = await lists.StoryAsync(row.Id, user, CancellationToken.None);
        var paid = await lists.PaymentsAsync(row.Id, user, CancellationToken.None);
        if (shown == row.Id) (story, charges) = (told.Ok ? told.Value : null, paid);
    }

    private bool Acts(ReservationRow row) => MayCheckIn(row) || MayUndo(row) || MayMiss(row) || MayConfirm(row);

    private bool MayCheckIn(ReservationRow row) =>
        user.Can(Permissions.ReservationsCheckIn)
        && row.State is ReservationState.Confirmed or ReservationState.NoShow
        && row.CheckedInAt is null
        && clock.Now >= row.Start - CheckInService.Early
        && clock.Now < row.End;

    private bool MayUndo(ReservationRow row) =>
        user.Can(Permissions.ReservationsCheckIn) && row is { State: ReservationState.Confirmed, CheckedInAt: not null };

    private bool MayMiss(ReservationRow row) =>
        Manages
        && row.State is ReservationState.Confirmed or ReservationState.Completed
        && row.CheckedInAt is null
        && clock.Now >= row.Start;

    private bool MayConfirm(ReservationRow row) => Manages && row.State == ReservationState.Held && row.HoldUntil > clock.UtcNow;

    private async Task ActAsync(Func<long, CurrentUser, CancellationToken, Task<Result>> act, ReservationRow row, string told) =>
        await EndAsync(await act(row.Id, await me.GetAsync(), CancellationToken.None), told);

    /// <summary>The office vouches for the terms; what is paid first is confirmed by its payment, and says so.</summary>
    private async Task ConfirmAsync(ReservationRow row)
    {
        var confirmed = await reservations.ConfirmAsync(row.Id, true, await me.GetAsync(), CancellationToken.None);
        await EndAsync(confirmed.Ok ? Result.Done : confirmed.Error!, L["panel.confirmed", row.Number ?? row.Facility]);
    }

    private async Task ApproveAsync()
    {
        if (Row is { } row)
            await EndAsync(
                await reservations.ApproveAsync(row.Id, await me.GetAsync(), CancellationToken.None),
                L["panel.approved", row.Number ?? row.Facility]
            );
    }

    private async Task RejectAsync()
    {
        if (Row is { } row)
            await EndAsync(
                await reservations.RejectAsync(row.Id, reason, await me.GetAsync(), CancellationToken.None),
                L["panel.rejected", row.Number ?? row.Facility]
            );
    }

    private async Task EndAsync(Result result, string told)
    {
        failure = result.Error?.Explain(shared, words);
        if (!result.Ok) return;
        toasts.Show(told, Tone.Ok);
        await OnClosed.InvokeAsync(true);
    }

    private Task ChangedAsync(bool changed)
    {
        changing = null;
        return changed ? OnClosed.InvokeAsync(true) : Task.CompletedTask;
    }

    private Task CancelledAsync(bool changed)
    {
        cancelling = null;
        return changed ? OnClosed.InvokeAsync(true) : Task.CompletedTask;
    }
}

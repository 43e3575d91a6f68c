using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Assemblies;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Assemblies;

/// <summary>
/// One assembly: its plan and call, its desk while it meets, what came of it. Who attends sees it as on their phone.
/// </summary>
public sealed partial class AssemblyPage
{
    private static readonly string[] Tables =
        ["assemblies", "assembly_items", "assembly_proxies", "assembly_attendance", "assembly_votes", "assembly_ballots"];

    private AssemblyView? view;
    private DeskView? desk;
    private string? refusal;
    private bool office, manages, sees, owns, giving, minuting;

    [Inject] private AssemblyService Service { get; set; } = null!;

    [Inject] private AssemblyDesk Desk { get; set; } = null!;

    [Inject] private AssemblyRegister Register { get; set; } = null!;

    [Inject] private AssemblyActs Acts { get; set; } = null!;

    [Inject] private BuildingClock Clock { get; set; } = null!;

    [Inject] private NavigationManager Nav { get; set; } = null!;

    [Inject] private Dialogs Dialogs { get; set; } = null!;

    [Inject] private Toasts Toasts { get; set; } = null!;

    [Inject] private Me Me { get; set; } = null!;

    [Inject] private IStringLocalizer<AssemblyWords> L { get; set; } = null!;

    [Inject] private IStringLocalizer<SharedWords> S { get; set; } = null!;

    [Parameter] public long Id { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        refusal = null;
        await LoadAsync();
        if (view is null) Nav.NotFound();
    }

    private async Task LoadAsync()
    {
        var user = await Me.GetAsync();
        manages = user.Can(Permissions.AssembliesManage);
        sees = user.Can(Permissions.AssembliesView);
        office = manages || sees || user.Can(Permissions.AssembliesRegister);
        owns = user.Can(Permissions.AssembliesAttendOwn) && user.OwnedApartmentIds.Count > 0;
        view = await Service.FindAsync(Id, user, default);
        desk = office && view?.Row.State == AssemblyState.Open ? await Register.DeskAsync(Id, user, default) : null;
    }

    private async Task ConveneAsync()
    {
        if (await Dialogs.ConfirmAsync(new Confirmation(L["convene"], L["convene.ask"], L["convene"], Danger: false)))
            await ActAsync(Desk.ConveneAsync, "convene.done");
    }

    private Task OpenAsync() => ActAsync(Desk.OpenAsync, "open.done");

    private async Task CloseAsync()
    {
        if (await Dialogs.ConfirmAsync(new Confirmation(L["close"], L["close.ask"], L["close"], Danger: false)))
            await ActAsync(Desk.CloseAsync, "close.done");
    }

    private async Task PublishAsync()
    {
        if (await Dialogs.ConfirmAsync(new Confirmation(L["publish"], L["publish.ask"], L["publish"], Danger: false)))
            await ActAsync(Acts.PublishAsync, "publish.done");
    }

    private async Task CancelAsync()
    {
        var draft = view?.Row.State == AssemblyState.Draft;
        var verb = L[draft ? "delete" : "cancel"];
        if (!await Dialogs.ConfirmAsync(new Confirmation(verb, L[draft ? "delete.ask" : "cancel.ask"], verb))) return;
        await ActAsync(Desk.CancelAsync, draft ? "delete.done" : "cancel.done", gone: draft);
    }

    private async Task AdjournAsync()
    {
        var at = AssemblyDates.SecondCall(view!.Day);
        if (!await Dialogs.ConfirmAsync(
            new Confirmation(L["adjourn"], L["adjourn.ask", Formats.LongDateAndTime(at)], L["adjourn"], Danger: false))) return;
        var done = await Desk.AdjournAsync(Id, await Me.GetAsync(), default);
        if (done.Ok)
        {
            Toasts.Show(L["adjourn.done"], Tone.Ok);
            Nav.NavigateTo(string.Create(CultureInfo.InvariantCulture, $"/assemblies/{done.Value}"));
            return;
        }

        refusal = done.Explained(L, S);
        await LoadAsync();
    }

    private async Task DoneAsync(bool changed)
    {
        (giving, minuting) = (false, false);
        if (changed) await LoadAsync();
    }

    private async Task ActAsync(Func<long, CurrentUser, CancellationToken, Task<Result>> act, string done, bool gone = false)
    {
        var result = await act(Id, await Me.GetAsync(), default);
        refusal = result.Ok ? null : result.Explained(L, S);
        if (result.Ok) Toasts.Show(L[done], Tone.Ok);
        if (result.Ok && gone)
        {
            Nav.NavigateTo("/assemblies");
            return;
        }

        await LoadAsync();
    }
}

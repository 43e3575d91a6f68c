using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Areas.Account;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Identity;
using Portal.Data.People;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.People;

public sealed partial class Person(
    PeopleService people, AccountService accounts, BuildingClock clock, Me me, Toasts toasts, Dialogs dialogs, NavigationManager nav,
    FreshPrompt fresh, TwoStepService steps)
{
    private CurrentUser user = CurrentUser.Nobody;
    private PersonDetail? person;
    private PersonRecords records = PersonRecords.Nothing;
    private IssuedCode? code;
    private IReadOnlyList<RoleOption> roles = [];
    private DateOnly today;
    private int chosen;
    private string? refusal;
    private bool missing, editing, choosing, twoStep;

    [Parameter] public long Id { get; set; }

    [Inject] private IStringLocalizer<PeopleWords> L { get; set; } = null!;

    [Inject] private IStringLocalizer<AccessWords> A { get; set; } = null!;

    [Inject] private IStringLocalizer<SharedWords> S { get; set; } = null!;

    protected override Task OnParametersSetAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        (user, today) = (await me.GetAsync(), clock.Today);
        person = await people.FindAsync(Id, user, CancellationToken.None);
        records = person is null ? PersonRecords.Nothing : await people.RecordsAsync(Id, user, CancellationToken.None);
        roles = user.Can(Permissions.AccessManage) ? await people.RolesAsync(user, CancellationToken.None) : [];
        twoStep = await steps.IsOnAsync(Id, user, CancellationToken.None) == true && Id != user.AccountId;
        missing = person is null;
        if (missing) nav.NotFound();
    }

    private async Task IssueAsync()
    {
        var waits = person!.Account!.State == UserState.Pending;
        if (
            !await dialogs.ConfirmAsync(
                new(
                    L["code.ask.title"], L[waits ? "code.ask.activation" : "code.ask.reset", person.Name], L["code.ask.verb"],
                    Danger: false)
            )
        )
            return;
        var issued = await fresh.RunAsync(async () => await accounts.IssueCodeAsync(Id, await me.GetAsync(), CancellationToken.None));
        if (issued.Ok) code = issued.Value;
        else Refused(issued);
        await LoadAsync();
    }

    private async Task UnlockAsync() =>
        await DoneAsync(
            await fresh.RunAsync(async () => await accounts.UnlockAsync(Id, await me.GetAsync(), CancellationToken.None)), "unlocked");

    private async Task StateAsync(UserState state)
    {
        var key = PersonWording.Key(state);
        if (
            state != UserState.Active
            && !await dialogs.ConfirmAsync(new(L["ask." + key, person!.Name], L["ask.text"], L["ask.verb." + key]))
        )
            return;
        await DoneAsync(
            await fresh.RunAsync(async () => await accounts.SetStatusAsync(Id, state, await me.GetAsync(), CancellationToken.None)),
            "done." + key);
    }

    private async Task RoleAsync()
    {
        var result = await fresh.RunAsync(
            async () => await accounts.SetRoleAsync(Id, chosen, await me.GetAsync(), CancellationToken.None));
        refusal = result.Ok ? null : result.Error!.Explain(S, L);
        if (!result.Ok) return;
        choosing = false;
        await DoneAsync(result, "done.role");
    }

    private async Task RemoveTwoStepAsync()
    {
        if (!await dialogs.ConfirmAsync(new(L["two.ask", person!.Name], L["two.ask.text"], L["two.ask.verb"]))) return;
        var removed = await fresh.RunAsync(async () => await steps.RemoveAsync(Id, await me.GetAsync(), CancellationToken.None));
        await DoneAsync(removed, "two.removed");
    }

    private async Task DoneAsync(Result result, string key)
    {
        if (result.Ok) toasts.Show(L[key, person!.Name], Tone.Ok);
        else Refused(result);
        await LoadAsync();
    }

    private void Refused(Result result) => toasts.Show(result.Error!.Explain(S, L), Tone.Bad);
}

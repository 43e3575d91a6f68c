using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Programmes;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Programmes;

/// <summary>A participant: courses, guardians, consents, scholarships. What is sensitive is read on a press only, and that is written
/// down.</summary>
public sealed partial class ParticipantPage(
    ParticipantService people, FamilyService families, NavigationManager nav, Toasts toasts, Dialogs dialogs, Me me, BuildingClock Clock,
    IStringLocalizer<ProgrammeWords> L, IStringLocalizer<SharedWords> S)
{
    private static readonly string[] Tables =
        ["participants", "guardians", "participant_consents", "enrolments", "scholarships", "charges", "courses"];

    private ParticipantView? person;
    private GuardianPanel.Question? guardian;
    private HealthInput? healthRead;
    private FamilyView? familyRead;
    private bool editing, consenting, granting, health, family, healthOpen, missing;

    [Parameter] public long Id { get; set; }

    private string Name => $"{person?.Input.FirstName} {person?.Input.LastName}";

    protected override async Task OnParametersSetAsync()
    {
        if (person?.Id == Id) return;
        person = null;
        var user = await me.GetAsync();
        (health, family) = (user.Can(Permissions.ProgrammesHealth), user.Can(Permissions.ProgrammesFamily));
        await ReadAsync();
    }

    private async Task ReadAsync()
    {
        person = await people.FindAsync(Id, await me.GetAsync(), CancellationToken.None);
        missing = person is null;
        if (missing) nav.NotFound();
    }

    private async Task DoneAsync(bool changed)
    {
        guardian = null;
        if (changed) await ReadAsync();
    }

    private async Task OpenHealthAsync()
    {
        healthRead = await families.HealthAsync(Id, await me.GetAsync(), CancellationToken.None);
        healthOpen = true;
    }

    private async Task OpenFamilyAsync() => familyRead = await families.FamilyAsync(Id, await me.GetAsync(), CancellationToken.None);

    private async Task RemoveAsync(GuardianView one)
    {
        var name = $"{one.Input.FirstName} {one.Input.LastName}";
        if (!await dialogs.ConfirmAsync(new(L["guardian.remove"], L["guardian.remove.text", name], S["action.delete"]))) return;
        await ToldAsync(await people.RemoveGuardianAsync(Id, one.Id, await me.GetAsync(), CancellationToken.None));
    }

    private async Task WithdrawAsync(ConsentView one)
    {
        if (!await dialogs.ConfirmAsync(new(L["consent.withdraw"], L["consent.withdraw.text"], L["consent.withdraw"]))) return;
        await ToldAsync(await people.WithdrawConsentAsync(Id, one.Id, await me.GetAsync(), CancellationToken.None));
    }

    private async Task RevokeAsync(ScholarshipView one) =>
        await ToldAsync(await people.RevokeAsync(Id, one.Id, await me.GetAsync(), CancellationToken.None));

    private async Task ToldAsync(Result result)
    {
        if (result.Ok) toasts.Show(L["saved"], Tone.Ok);
        else toasts.Show(result.Error!.Explain(S, L), Tone.Bad);
        await ReadAsync();
    }

    private static string Address(ParticipantInput p) =>
        string.Join(", ", new[] { p.HouseNumber, p.Village, p.Commune, p.District, p.Province }.OfType<string>());
}

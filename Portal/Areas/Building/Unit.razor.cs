using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Building;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Building;

public sealed partial class Unit(
    BuildingService building, BuildingDesk desk, OccupancyService occupancies, BuildingClock clock, Me me, Toasts toasts,
    NavigationManager nav)
{
    private CurrentUser user = CurrentUser.Nobody;
    private ApartmentDetail? unit;
    private UnitForm form = new();
    private ApartmentInput? read;
    private FormSummary? summary;
    private DateOnly today;
    private bool missing, editing, saving, tying, asOwner;

    [Parameter] public long Id { get; set; }

    [Inject] private Dialogs Dialogs { get; set; } = null!;

    [Inject] private IStringLocalizer<BuildingWords> L { get; set; } = null!;

    [Inject] private IStringLocalizer<SharedWords> S { get; set; } = null!;

    private string Name => $"{unit?.Tower} {unit?.Number}";

    private Tie? Owner => unit?.Ties.FirstOrDefault(tie => tie.Main);

    protected override Task OnParametersSetAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        (user, today) = (await me.GetAsync(), clock.Today);
        unit = await building.FindAsync(Id, user, CancellationToken.None);
        missing = unit is null;
        if (missing) nav.NotFound();
        // What is being typed stays, whatever changes meanwhile.
        else if (!editing) (form, read) = (UnitForm.Of(unit!), UnitForm.Of(unit!).Input());
    }

    private void Tie(bool owner) => (tying, asOwner) = (true, owner);

    private async Task EndAsync(Tie tie)
    {
        if (!await Dialogs.ConfirmAsync(new(L["end.title", tie.Name], L[tie.Main ? "end.text.main" : "end.text", Name], L["end.verb"])))
            return;
        var result = await occupancies.EndAsync(tie.Id, null, await me.GetAsync(), CancellationToken.None);
        if (result.Ok) toasts.Show(L["end.done", tie.Name, Name], Tone.Ok);
        else toasts.Show(result.Error!.Explain(S, L), Tone.Bad);
        await LoadAsync();
    }

    private async Task SaveAsync()
    {
        if (saving) return;
        saving = true;
        try
        {
            var saved = await desk.SaveApartmentAsync(Id, form.Input() with { Read = read }, await me.GetAsync(), CancellationToken.None);
            if (!saved.Ok)
            {
                summary?.Show(saved.Errors);
                read = Edits.Seen(read, saved);
                return;
            }
        }
        finally
        {
            saving = false;
        }

        editing = false;
        toasts.Show(L["edit.done"], Tone.Ok);
        await LoadAsync();
    }
}

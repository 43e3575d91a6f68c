using Microsoft.AspNetCore.Components;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Gate;
using Portal.Hosting.Identity;

namespace Portal.Areas.Gate;

/// <summary>A resident announces their visitors and hands out their codes.</summary>
public sealed partial class Visits
{
    private static readonly string[] Tables = ["visitors"];

    private CurrentUser user = CurrentUser.Nobody;
    private IReadOnlyList<AnnouncedVisit>? visits;
    private AnnouncedVisit? code;
    private bool formOpen;

    [Inject] private VisitService Service { get; set; } = null!;
    [Inject] private BuildingClock Clock { get; set; } = null!;
    [Inject] private Dialogs Dialogs { get; set; } = null!;
    [Inject] private Toasts Toasts { get; set; } = null!;
    [Inject] private Me Me { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        user = await Me.GetAsync();
        await LoadAsync();
    }

    private async Task LoadAsync() => visits = await Service.MineAsync(user, default);

    private IEnumerable<(string Title, IReadOnlyList<AnnouncedVisit> Rows)> Groups() =>
        [(L["visits.coming"], [.. visits!.Where(IsOpen)]), (L["visits.past"], [.. visits!.Where(v => !IsOpen(v))])];

    private bool IsOpen(AnnouncedVisit visit) => visit.State == VisitorState.Announced && visit.Until >= Clock.Now;

    private async Task MadeAsync(AnnouncedVisit made)
    {
        await LoadAsync();
        Toasts.Show(L["visits.made"], Tone.Ok);
        code = made;
    }

    private async Task RevokeAsync(AnnouncedVisit visit)
    {
        if (!await Dialogs.ConfirmAsync(new(L["visits.revoke"], L["visits.revoke.ask", visit.Name], L["visits.revoke"]))) return;
        var result = await Service.RevokeAsync(visit.Id, user, default);
        Toasts.Show(result.Ok ? L["visits.revoked"].Value : result.Error!.Explain(S, L), result.Ok ? Tone.Ok : Tone.Bad);
        await LoadAsync();
    }

    private static string Spaced(string? code) => code is { Length: 6 } ? $"{code[..3]} {code[3..]}" : code ?? "";
}

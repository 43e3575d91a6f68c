using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Assemblies;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Assemblies;

/// <summary>
/// An assembly on the phone of who attends: what is voted and all units they carry on one screen, how they get in, their proxies, and what
/// came of it.
/// </summary>
public sealed partial class AssemblyPhone
{
    private static readonly string[] Tables =
        ["assemblies", "assembly_items", "assembly_proxies", "assembly_attendance", "assembly_votes", "assembly_ballots"];

    private readonly Dictionary<long, BallotChoice> choices = [];
    private PhoneView? view;
    private Guid press;
    private string? refusal;
    private bool confirming, giving, busy;

    [Inject] private AssemblyService Service { get; set; } = null!;

    [Inject] private AssemblyRegister Register { get; set; } = null!;

    [Inject] private AssemblyVoting Voting { get; set; } = null!;

    [Inject] private NavigationManager Nav { get; set; } = null!;

    [Inject] private Toasts Toasts { get; set; } = null!;

    [Inject] private Me Me { get; set; } = null!;

    [Inject] private IStringLocalizer<AssemblyWords> L { get; set; } = null!;

    [Inject] private IStringLocalizer<SharedWords> S { get; set; } = null!;

    [Parameter, EditorRequired] public long Id { get; set; }

    private IReadOnlyList<PhoneUnit> Waiting => [.. (view?.Carried ?? []).Where(u => u.Choice is null)];

    /// <summary>What was chosen of that which can still be said: a vote may close, and a unit leave, while one chooses.</summary>
    private IReadOnlyList<(PhoneUnit Unit, BallotChoice Choice)> Chosen =>
        [.. Waiting.Where(u => choices.ContainsKey(u.ApartmentId)).Select(u => (u, choices[u.ApartmentId]))];

    protected override async Task OnParametersSetAsync()
    {
        await LoadAsync();
        if (view is null) Nav.NotFound();
    }

    private async Task LoadAsync()
    {
        var before = view?.Running?.Vote?.Id;
        view = await Service.PhoneAsync(Id, await Me.GetAsync(), default);
        if (before == view?.Running?.Vote?.Id) return;
        choices.Clear();
        confirming = false;
    }

    private void ChooseAll(BallotChoice choice)
    {
        foreach (var unit in Waiting) choices[unit.ApartmentId] = choice;
    }

    private void Review()
    {
        // One press of the button that casts: sent again over a bad network, it is still this one.
        (press, confirming, refusal) = (Guid.NewGuid(), true, null);
    }

    private IEnumerable<(BallotChoice Choice, decimal Sum, int Count, IEnumerable<string> Units)> Sums() => Chosen.GroupBy(c => c.Choice)
        .OrderBy(g => g.Key).Select(g => (g.Key, g.Sum(c => c.Unit.Coefficient), g.Count(), g.Select(c => c.Unit.Unit)));

    private async Task CastAsync()
    {
        if (view?.Running?.Vote is not { } vote) return;
        busy = true;
        try
        {
            var cast = await Voting.CastAsync(
                vote.Id, Chosen.ToDictionary(c => c.Unit.ApartmentId, c => c.Choice), press, await Me.GetAsync(), default);
            if (cast.Ok)
            {
                Nav.NavigateTo(string.Create(CultureInfo.InvariantCulture, $"/assemblies/receipts/{cast.Value}"));
                return;
            }

            refusal = cast.Explained(L, S);
        }
        finally
        {
            busy = false;
        }

        await LoadAsync();
    }

    private async Task JoinAsync() => await SayAsync(await Register.JoinAsync(Id, await Me.GetAsync(), default), "join.done");

    private async Task LeaveAsync() => await SayAsync(
        await Register.LeaveAsync(Id, [.. view!.Carried.Select(u => u.ApartmentId)], await Me.GetAsync(), default), "leave.done");

    private async Task RevokeAsync(ProxyView proxy) =>
        await SayAsync(await Register.RevokeProxyAsync(proxy.Id, await Me.GetAsync(), default), "proxy.revoked");

    private async Task GivenAsync(bool given)
    {
        giving = false;
        if (given) await LoadAsync();
    }

    private async Task SayAsync(Result result, string done)
    {
        refusal = result.Ok ? null : result.Explained(L, S);
        if (result.Ok) Toasts.Show(L[done], Tone.Ok);
        await LoadAsync();
    }
}

using Microsoft.AspNetCore.Components;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Home;

namespace Portal.Areas.Home;

/// <summary>The first screen of the gate's people, before they go to the terminal: who is inside, who is expected, what waits.</summary>
public sealed partial class GuardDashboard
{
    private static readonly string[] Tables = ["visitors", "packages", "gate_notes", "parking"];

    private bool failed;

    [Parameter, EditorRequired] public CurrentUser User { get; set; } = CurrentUser.Nobody;

    /// <summary>Loaded while prerendering and carried into the circuit.</summary>
    [PersistentState] public GuardHome? Shown { get; set; }

    [Inject] private HomeService Homes { get; set; } = null!;
    [Inject] private BuildingClock Clock { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        if (Shown is null) await LoadAsync();
    }

    private async Task LoadAsync()
    {
        var result = await Homes.GuardAsync(User, default);
        failed = !result.Ok;
        if (result.Ok) Shown = result.Value;
    }

    private IReadOnlyList<Need> Needs(GuardHome home)
    {
        var over = home.Inside.Where(v => v.Overstays(Clock.Now)).OrderByDescending(v => Clock.Now - v.Entered - v.Limit).ToList();
        return
        [
            new(
                over.Count,
                Tone.Warn,
                L["guard.overstays"],
                over is [var worst, ..]
                    ?
                    [
                        L["need.overstay.who", worst.Name, worst.Unit],
                        L["need.overstay.time", Formats.Duration(Clock.Now - worst.Entered), Formats.Duration(worst.Limit)],
                    ]
                    : [],
                L["guard.overstays.verb"],
                "/gate"
            ),
            new(home.PackagesWaiting, Tone.Warn, L["guard.packages"], [L["guard.packages.line"]], L["guard.packages.verb"], "/packages"),
            new(
                home.Notes.Count, Tone.Warn, L["guard.notes"], home.Notes is [var note, ..] ? [note.Text] : [], L["guard.notes.verb"],
                "/gate?panel=notes"),
        ];
    }

    private Trend? EntriesTrend(GuardHome home)
    {
        var change = home.EntriesToday - home.EntriesYesterdayByNow;
        return change == 0
            ? new Trend(TrendWay.Flat, L["kpi.same"], L["guard.entries.against"], null)
            : new Trend(change > 0 ? TrendWay.Up : TrendWay.Down, Formats.Number(Math.Abs(change)), L["guard.entries.against"], null);
    }
}

using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Parking;

namespace Portal.Areas.Parking;

/// <summary>The parking: a plan by level, or all spaces as a list. Level, space and what the legend shows stand in the address.</summary>
public sealed partial class Parking
{
    private static readonly string[] Tables = ["parking", "parking_levels", "visitors", "vehicles"];

    private CurrentUser user = CurrentUser.Nobody;
    private ParkingPlan? plan;
    private IReadOnlyList<Need> needs = [];
    private IReadOnlyList<IReadOnlyList<SpotRow?>> rows = [];
    private IReadOnlyList<(SpotState State, int Count)> legend = [];
    private IReadOnlyList<(int Id, string Name)> types = [];
    private SpotRow? selected;
    private SpotDetail? detail;
    private SpotState? show;
    private ParkingRow? editing;
    private long? edited;
    private string typed = "";
    private string? said;
    private bool list, adding, renaming, assigning;
    private int width = ParkingPlans.DefaultWidth;
    private ElementReference floor;
    private IJSObjectReference? module;
    private bool attached;

    [SupplyParameterFromQuery(Name = "level")] public string? LevelInQuery { get; set; }

    [SupplyParameterFromQuery(Name = "space")] public string? SpaceInQuery { get; set; }

    [SupplyParameterFromQuery(Name = "show")] public string? ShowInQuery { get; set; }

    [SupplyParameterFromQuery(Name = "view")] public string? View { get; set; }

    [SupplyParameterFromQuery(Name = "assign")] public string? AssignInQuery { get; set; }

    private string LevelName => plan?.Levels.FirstOrDefault(l => l.Key == plan.Level)?.Name ?? L["level.none"];

    protected override async Task OnParametersSetAsync()
    {
        list = View == "list";
        show = ShowInQuery switch
        {
            "over" => SpotState.VisitorOver,
            _ => Enum.TryParse<SpotState>(ShowInQuery, ignoreCase: true, out var state) && Enum.IsDefined(state) ? state : null,
        };
        assigning = AssignInQuery == "1";
        said = null;
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        user = await Me.GetAsync();
        var level = long.TryParse(LevelInQuery, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : (long?)null;
        var chosen = AddressValue.Id(SpaceInQuery) is { } space ? await Plans.SpotAsync(space, user, CancellationToken.None) : null;
        level ??= chosen?.LevelKey;
        if (await Plans.PlanAsync(level, user, CancellationToken.None) is not { } found) return;
        plan = found;
        var drawn = found.Spots.Where(s => s is { Row: not null, Column: not null }).ToList();
        rows =
        [
            .. drawn.GroupBy(s => s.Row!.Value).OrderBy(g => g.Key).Select(g => Line(g, drawn.Max(s => s.Column!.Value))),
            .. drawn.Count > 0 && drawn.Count < found.Spots.Count
                ? found.Spots.Except(drawn).Chunk(Math.Max(ParkingPlans.DefaultWidth, drawn.Max(s => s.Column!.Value)))
                    .Select(IReadOnlyList<SpotRow?> (some) => some)
                : [],
        ];
        legend =
        [
            .. ParkingLook.Legend.Select(state => (
                State: state,
                Count: state == SpotState.Invaded ? found.Spots.Count(s => s.State == state) : found.Spots.Count(s => s.Counted == state)))
                .Where(one => one.Count > 0 || one.State == show),
        ];
        needs = Needs(found);
        selected = chosen is null ? null : found.Spots.FirstOrDefault(s => s.Id == chosen.Id);
        detail = selected is null ? null : chosen;
        if (types.Count == 0 && user.Can(Permissions.ParkingEdit)) types = await Spaces.VehicleTypesAsync(user, CancellationToken.None);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (edited is { } id && editing is null)
        {
            edited = null;
            var page = await Spaces.ListAsync(new ListQuery(selected?.Number, "number", Size: 100), await Me.GetAsync(), CancellationToken.None);
            editing = page.Rows.FirstOrDefault(r => r.Id == id);
            StateHasChanged();
        }

        if (list || rows.Count == 0)
        {
            attached = false;
            return;
        }

        if (attached) return;
        attached = true;
        module ??= await Js.InvokeAsync<IJSObjectReference>("import", "./Areas/Parking/Parking.razor.js");
        await module.InvokeVoidAsync("attach", floor);
    }

    public async ValueTask DisposeAsync()
    {
        if (module is null) return;
        try
        {
            await module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser went first.
        }
    }

    /// <summary>The spaces of a row at their columns; where nothing stands is nothing.</summary>
    private static SpotRow?[] Line(IEnumerable<SpotRow> row, int columns)
    {
        var line = new SpotRow?[columns];
        foreach (var spot in row) line[spot.Column!.Value - 1] = spot;
        return line;
    }

    private List<Need> Needs(ParkingPlan found)
    {
        var over = found.Stays.Where(s => s.Over(found.Now)).ToList();
        var twice = found.Limits.Cars == 0 ? []
            : found.Stays.Where(s => s.Nth > found.Limits.Cars).GroupBy(s => s.ApartmentId).Select(g => g.First()).ToList();
        var nights = found.Limits.Nights == 0 ? []
            : found.Stays.Where(s => s.Nights > found.Limits.Nights).GroupBy(s => s.ApartmentId).Select(g => g.First()).ToList();
        return
        [
            new Need(
                over.Count, Tone.Warn, L["need.over"],
                [.. over.Select(s => $"{s.Space ?? L["now.nowhere"].Value} · {s.Unit} · {Of(s)}")], L["need.see"],
                over is [{ SpaceId: { } at }, ..] ? To(-1, at, SpotState.VisitorOver) : To(found.Level, show: SpotState.VisitorOver)),
            new Need(
                found.Invaded.Count, Tone.Bad, L["need.invaded"],
                [.. found.Invaded.Select(s => L["need.invaded.line", s.Number, s.Unit ?? "–", s.Intruder ?? "–"].Value)],
                L["need.see"], found.Invaded is [var first, ..] ? To(-1, first.Id) : "/parking"),
            new Need(
                twice.Count + nights.Count, Tone.Warn, L["need.rule"],
                [
                    .. twice.Select(s => L["need.twice", s.Unit ?? "–", Places(s.ApartmentId)].Value),
                    .. nights.Select(s => L["need.nights", s.Unit ?? "–", s.Nights, found.Limits.Nights].Value),
                ],
                L["need.see"],
                twice.Concat(nights).FirstOrDefault()?.SpaceId is { } place ? To(-1, place) : To(found.Level, show: SpotState.VisitorInside)),
        ];

        string Of(StayNow stay) =>
            L["now.of", ParkingLook.Short(found.Now - stay.Since), ParkingLook.Short(TimeSpan.FromMinutes(stay.Limit))];

        string Places(long? unit) =>
            string.Join(", ", found.Stays.Where(s => s.ApartmentId == unit).OrderBy(s => s.Since).Select(s => s.Space ?? s.Plate));
    }

    private bool Wrong(StayNow stay) => plan is { } p
        && (stay.Over(p.Now) || (p.Limits.Cars > 0 && stay.Nth > p.Limits.Cars)
            || (p.Limits.Nights > 0 && stay.Nights > p.Limits.Nights));

    private string Against(StayNow stay) => plan is not { } p ? ""
        : p.Limits.Cars > 0 && stay.Nth > p.Limits.Cars ? L["now.nth", stay.Nth, p.Limits.Cars]
        : p.Limits.Nights > 0 && stay.Nights > p.Limits.Nights ? L["now.nights", stay.Nights, p.Limits.Nights]
        : stay.Limit > 0 ? L["now.limit", ParkingLook.Short(TimeSpan.FromMinutes(stay.Limit))]
        : "";

    private string FreeNumbers()
    {
        var free = plan!.Spots.Where(s => s.Counted == SpotState.Unassigned).Select(s => s.Number).ToList();
        return free.Count == 0 ? L["sum.none"] : $"{Formats.Number(free.Count)}: {string.Join(", ", free.Take(6))}{(free.Count > 6 ? "…" : "")}";
    }

    private long LevelOf(long space) => plan!.Spots.Any(s => s.Id == space) ? plan.Level : -1;

    private static string To(long level, long? space = null, SpotState? show = null)
    {
        List<string> parts = [];
        // Of a space on another level the plan is found by the space.
        if (level >= 0) parts.Add(FormattableString.Invariant($"level={level}"));
        if (space is { } id) parts.Add(FormattableString.Invariant($"space={id}"));
        if (show is { } state) parts.Add($"show={state.ToString().ToLowerInvariant()}");
        return parts.Count == 0 ? "/parking" : "/parking?" + string.Join('&', parts);
    }

    /// <summary>The one that is found is chosen; several are a list.</summary>
    private async Task FindAsync()
    {
        if (typed.Trim() is not { Length: > 0 } text) return;
        var found = await Spaces.ListAsync(new ListQuery(text, "number", Size: 10), await Me.GetAsync(), CancellationToken.None);
        var stay = plan?.Stays.FirstOrDefault(s => s.SpaceId is not null && Plates.Key(s.Plate) == Plates.Key(text));
        var target = found.Rows is [var only] ? only
            : found.Rows.FirstOrDefault(r => r.Number.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (target is null && stay is { Space: { } number })
        {
            var there = await Spaces.ListAsync(new ListQuery(number, "number"), await Me.GetAsync(), CancellationToken.None);
            target = there.Rows.FirstOrDefault(r => r.Id == stay.SpaceId);
        }

        if (target is not null) Nav.NavigateTo(To(target.LevelId ?? 0, target.Id));
        else if (found.Total > 1) Nav.NavigateTo($"/parking?view=list&q={Uri.EscapeDataString(text)}");
        else said = L["search.none", text];
    }

    /// <summary>The first space of the level that is nobody's.</summary>
    private void AssignNext()
    {
        var free = selected is { Counted: SpotState.Unassigned or SpotState.Reserved } one
            ? one
            : plan?.Spots.FirstOrDefault(s => s.Counted == SpotState.Unassigned);
        if (free is null) said = L["assign.none", LevelName];
        else Nav.NavigateTo(To(plan!.Level, free.Id) + "&assign=1");
    }

    private async Task DrawAsync()
    {
        var result = await Plans.LayOutAsync(plan!.Level, width, await Me.GetAsync(), CancellationToken.None);
        said = result.Ok ? L["plan.drawn", result.Value] : result.Error!.Explain(S, L);
        attached = false;
        await LoadAsync();
    }

    private async Task DrawAgainAsync()
    {
        width = Math.Clamp(plan!.Spots.Max(s => s.Column) ?? ParkingPlans.DefaultWidth, 1, ParkingPlans.Widest);
        await DrawAsync();
    }

    private async Task LevelDoneAsync(long? level)
    {
        adding = renaming = false;
        if (level is { } made && made != plan?.Level) Nav.NavigateTo(To(made));
        else await LoadAsync();
    }
}

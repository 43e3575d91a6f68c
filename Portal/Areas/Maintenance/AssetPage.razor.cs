using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Maintenance;
using Portal.Data.Operations;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Maintenance;

/// <summary>One piece of equipment: what it is, what inspections it needs, and those that were done.</summary>
public sealed partial class AssetPage(
    AssetService assets, WorkOrderService orders, InspectionDesk desk, InspectionService inspections, SettingsService settings, BuildingClock Clock, NavigationManager nav,
    Toasts toasts, Me me, IStringLocalizer<MaintenanceWords> L, IStringLocalizer<SharedWords> S)
{
    private static readonly string[] Tables = ["assets", "inspection_duties", "inspection_kinds", "inspections", "work_orders"];

    private AssetView? asset;
    private IReadOnlyList<InspectionKindRow> all = [];
    private IReadOnlyList<string> kinds = [];
    private IReadOnlyList<MaintenanceOption> towers = [];
    private Page<WorkOrderRow> work = Page<WorkOrderRow>.Empty;
    private DutyView? recorded;
    private Question? asked;
    private string host = "";
    private string? chosen;
    private bool edits, editing, missing;

    [Parameter] public long Id { get; set; }

    /// <summary>The kinds that it could be asked for besides.</summary>
    private List<InspectionKindRow> Free =>
        [.. all.Where(k => k.Active && asset?.Duties.Any(d => d.KindId == k.Id) != true)];

    private int? Chosen => int.TryParse(chosen, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    protected override async Task OnParametersSetAsync()
    {
        if (asset?.Id == Id) return;
        var user = await me.GetAsync();
        edits = user.Can(Permissions.MaintenanceEdit);
        var building = await settings.GetAsync(CancellationToken.None);
        host = building.PublicAddress.Length > 0 ? building.PublicAddress.TrimEnd('/') : nav.BaseUri.TrimEnd('/');
        await ReadAsync();
        if (!edits || missing) return;
        kinds = await assets.KindsAsync(user, CancellationToken.None);
        towers = await assets.TowersAsync(user, CancellationToken.None);
    }

    private async Task ReadAsync()
    {
        var user = await me.GetAsync();
        asset = await assets.FindAsync(Id, user, CancellationToken.None);
        missing = asset is null;
        if (!missing) work = await orders.ListAsync(new ListQuery(Size: 10, Filters: OfAsset), user, CancellationToken.None);
        if (missing) nav.NotFound();
        else if (edits) all = await inspections.KindsAsync(user, CancellationToken.None);
    }

    private Dictionary<string, string> OfAsset => new() { ["asset"] = Id.ToString(CultureInfo.InvariantCulture) };

    private static string? Place(AssetView a) => string.Join(" · ", new[] { a.Tower, a.Input.Place }.OfType<string>()) is { Length: > 0 } place ? place : null;

    private async Task AddAsync()
    {
        if (Chosen is not { } kind) return;
        await AskAsync(kind);
        chosen = null;
    }

    private async Task AskAsync(int kind) => await TellAsync(await desk.AskAsync(Id, kind, await me.GetAsync(), CancellationToken.None), "duty.asked");

    private async Task EndAsync(DutyView duty) =>
        await TellAsync(await desk.EndAsync(duty.Id, await me.GetAsync(), CancellationToken.None), "duty.ended.told");

    private async Task ReturnAsync() => await TellAsync(await assets.ReturnAsync(Id, await me.GetAsync(), CancellationToken.None), "asset.returned");

    private async Task<Result> DoAsync(string? reason)
    {
        var user = await me.GetAsync();
        var done = asked switch
        {
            { What: Asked.Withdraw, Id: var id } => await desk.WithdrawAsync(id, reason, user, CancellationToken.None),
            { What: Asked.Retire } => await assets.RetireAsync(Id, reason, user, CancellationToken.None),
            _ => Error.NotFound,
        };
        if (done.Ok) await ClosedAsync(true);
        return done;
    }

    private async Task ClosedAsync(bool done)
    {
        if (done) toasts.Show(L[asked is null ? "recorded" : asked.What == Asked.Retire ? "asset.retired.told" : "withdrawn.told"], Tone.Ok);
        (asked, recorded) = (null, null);
        if (done) await ReadAsync();
    }

    private async Task TellAsync(Result result, string done)
    {
        if (result.Ok) toasts.Show(L[done], Tone.Ok);
        else toasts.Show(result.Error!.Explain(S, L), Tone.Bad);
        await ReadAsync();
    }

    /// <summary>What a reason is asked for.</summary>
    private enum Asked
    {
        Retire,
        Withdraw,
    }

    private sealed record Question(Asked What, long Id);
}

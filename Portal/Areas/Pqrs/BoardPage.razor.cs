using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.JSInterop;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Database;
using Portal.Data.Pqrs;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Pqrs;

/// <summary>
/// Cases as cards in columns. A card goes where <see cref="PqrsFlow"/> lets it go, by mouse or by Alt and arrows; what the act needs to be
/// said is asked for before anything moves.
/// </summary>
public sealed partial class BoardPage
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource gone = new();
    private CurrentUser user = CurrentUser.Nobody;
    private IReadOnlyList<PqrsPresent> present = [];
    private IJSObjectReference? module;
    private DotNetObjectReference<BoardPage>? self;
    private ElementReference root;
    private CaseActs? acts;
    private PqrsDetail? moved;
    private PqrsAct? pending;
    private string? search, said;
    private bool mine;

    [Inject] private PqrsService Cases { get; set; } = null!;

    [Inject] private PqrsPresenceService Presence { get; set; } = null!;

    [Inject] private Me Me { get; set; } = null!;

    [Inject] private NavigationManager Nav { get; set; } = null!;

    [Inject] private IJSRuntime Js { get; set; } = null!;

    [Inject] private TimeProvider Time { get; set; } = null!;

    [Inject] private IStringLocalizer<PqrsWords> L { get; set; } = null!;

    private IReadOnlyList<PqrsColumn> columns = [];

    [SupplyParameterFromQuery(Name = "q")] public string? SearchInQuery { get; set; }

    [SupplyParameterFromQuery(Name = "assignee")] public string? AssigneeInQuery { get; set; }

    private string Query => string.Concat(
        search is { Length: > 0 } ? $"?q={Uri.EscapeDataString(search)}" : "",
        mine ? $"{(search is { Length: > 0 } ? "&" : "?")}assignee=me" : "");

    protected override async Task OnParametersSetAsync()
    {
        (search, mine) = (SearchInQuery, AssigneeInQuery == "me");
        await LoadAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            // The page may be left while the browser is asked.
            var left = gone.Token;
            self = DotNetObjectReference.Create(this);
            module = await Js.InvokeAsync<IJSObjectReference>("import", "./Areas/Pqrs/BoardPage.razor.js");
            await module.InvokeVoidAsync("attach", root, self);
            _ = Again.EveryAsync(Look, Time, atOnce: true, LookAsync, DispatchExceptionAsync, left);
        }

        if (pending is { } act && acts is not null)
        {
            pending = null;
            acts.Open(act);
        }
    }

    /// <summary>A card was put into a column, or moved there by keys.</summary>
    [JSInvokable]
    public async Task Move(long id, string column)
    {
        if (!Enum.TryParse<PqrsState>(column, out var to)) return;
        user = await Me.GetAsync();
        if (await Cases.FindAsync(id, user, CancellationToken.None) is not { } found) return;
        // What another did meanwhile decides, not what the card showed.
        if (ActTo(found.State, to) is not { } act)
        {
            said = L["board.not", found.Number, Heading(to)];
            await LoadAsync();
            return;
        }

        (moved, pending) = (found, act);
        StateHasChanged();
    }

    private async Task LoadAsync()
    {
        user = await Me.GetAsync();
        var filters = mine ? new Dictionary<string, string> { ["assignee"] = "me" } : null;
        columns = await Cases.BoardAsync(new ListQuery(search, Filters: filters), user, CancellationToken.None);
        StateHasChanged();
    }

    private async Task ChangedAsync()
    {
        if (moved is not null && await Cases.FindAsync(moved.Id, user, CancellationToken.None) is { } now)
        {
            if (now.State != moved.State) said = L["board.moved", now.Number, L.Word(now.State)];
            moved = now;
        }

        await LoadAsync();
    }

    private void SearchAsync(ChangeEventArgs change)
    {
        search = change.Value as string;
        Nav.NavigateTo($"/pqrs/board{Query}");
    }

    private void MineAsync(ChangeEventArgs change)
    {
        mine = change.Value is true;
        Nav.NavigateTo($"/pqrs/board{Query}");
    }

    private async Task LookAsync()
    {
        var now = await Presence.ListAsync(await Me.GetAsync(), gone.Token);
        if (now.SequenceEqual(present)) return;
        present = now;
        await InvokeAsync(StateHasChanged);
    }

    private bool May(PqrsRow row) => user.Can(Permissions.PqrsHandle) && To(row).Any();

    private IEnumerable<PqrsState> To(PqrsRow row) => columns.Select(c => c.State).Where(to => ActTo(row.State, to) is not null);

    private static PqrsAct? ActTo(PqrsState from, PqrsState to) =>
        PqrsFlow.Acts(from).Where(act => PqrsFlow.Next(from, act) == to).Cast<PqrsAct?>().FirstOrDefault();

    private string Heading(PqrsState state) =>
        state == PqrsState.Resolved ? L["board.resolved"] : L.Word(state);

    public async ValueTask DisposeAsync()
    {
        await gone.CancelAsync();
        gone.Dispose();
        self?.Dispose();
        if (module is null) return;
        try
        {
            await module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and the module with it.
        }
    }
}

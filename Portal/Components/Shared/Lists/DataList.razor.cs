using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.Extensions.Localization;
using Microsoft.JSInterop;
using Portal.Components.Layout;
using Portal.Data;
using Portal.Data.Database;
using Portal.Resources;

namespace Portal.Components.Shared;

/// <summary>
/// The one shape of a list: search, filters, sorting and pages stand in the address and are done by the server. Links and GET
/// forms carry every change, so a list works prerendered, can be bookmarked and sent.
/// </summary>
public partial class DataList<TRow> : DataListBase
{
    private readonly List<Column<TRow>> columns = [];
    private readonly List<TRow> selected = [];
    private readonly Latest latest = new();
    private SteadyRows<TRow> steady = null!;
    private PersistingComponentStateSubscription persisting;
    private ListQuery query = new();
    private Page<TRow>? page;
    private string path = "/";
    private string? typed;
    private int shownPage = 1, epoch;
    private bool loading, failed, opening;
    private MenuOf? menuOf;

    [Inject] private NavigationManager Nav { get; set; } = null!;

    [Inject] private Preferences Chosen { get; set; } = null!;

    [Inject] private PersistentComponentState Carried { get; set; } = null!;

    [Inject] private IJSRuntime Js { get; set; } = null!;

    [Inject] private IStringLocalizer<SharedWords> L { get; set; } = null!;

    [Inject] private ILogger<DataList<TRow>> Log { get; set; } = null!;

    /// <summary>Names the list for its saved columns: the area's word, such as <c>payments</c>.</summary>
    [Parameter, EditorRequired] public string Id { get; set; } = "";

    /// <summary>The service's list method. Called for each change of the address, cancelled when overtaken.</summary>
    [Parameter, EditorRequired] public Func<ListQuery, CancellationToken, Task<Page<TRow>>> Source { get; set; } = null!;

    [Parameter, EditorRequired] public RenderFragment? Columns { get; set; }

    [Parameter] public RenderFragment? Filters { get; set; }

    /// <summary>Read aloud as the list's name.</summary>
    [Parameter] public string? Label { get; set; }

    /// <summary>Sort without one in the address: a column's key, minus in front for descending.</summary>
    [Parameter] public string? DefaultSort { get; set; }

    /// <summary>Tables whose changes show without a reload (<see cref="RefreshAsync"/>).</summary>
    [Parameter] public IReadOnlyCollection<string>? LiveTables { get; set; }

    [Parameter] public bool Searchable { get; set; } = true;

    /// <summary>What the search looks at: "Apartment, payer, receipt, reference".</summary>
    [Parameter] public string? SearchHint { get; set; }

    /// <summary>The export endpoint; it gets the list's own query and <c>format=csv|xlsx</c>. Null where nothing is exported.</summary>
    [Parameter] public string? Export { get; set; }

    /// <summary>The row's own page; a click, or Enter on the row, opens it.</summary>
    [Parameter] public Func<TRow, string?>? RowHref { get; set; }

    /// <summary>What tells rows apart when they are loaded again: the id.</summary>
    [Parameter] public Func<TRow, object>? RowKey { get; set; }

    [Parameter] public Func<TRow, string?>? RowClass { get; set; }

    /// <summary>Lines of the row's menu, links and buttons. One menu serves all rows: it is drawn for the row whose dots are
    /// pressed.</summary>
    [Parameter] public RenderFragment<TRow>? RowMenu { get; set; }

    /// <summary>What tells a row's dots from those of the others, to who hears them: its number, its name.</summary>
    [Parameter] public Func<TRow, string?>? RowName { get; set; }

    /// <summary>What can be done with the ticked rows; with it, rows have boxes.</summary>
    [Parameter] public RenderFragment<IReadOnlyList<TRow>>? BulkActions { get; set; }

    /// <summary>Between the search and the tools.</summary>
    [Parameter] public RenderFragment? Toolbar { get; set; }

    /// <summary>Sums of everything filtered, after the count in the footer.</summary>
    [Parameter] public RenderFragment? Totals { get; set; }

    /// <summary>The count in words: "196 payments".</summary>
    [Parameter] public Func<int, string>? Count { get; set; }

    /// <summary>Shown when there has never been anything: say what to do.</summary>
    [Parameter] public RenderFragment? Empty { get; set; }

    internal override ListQuery Query => query;

    private bool Narrowed => !string.IsNullOrEmpty(query.Search) || query.Filters is { Count: > 0 };

    /// <summary>Loads the same page anew: after somebody added something, who wants to see it.</summary>
    public Task ReloadAsync() => InvokeAsync(LoadAsync);

    /// <summary>
    /// Says what the rows are now and moves none of them (<see cref="SteadyRows{TRow}"/>): for what others change, and after an act on
    /// a row.
    /// </summary>
    public Task RefreshAsync() => InvokeAsync(FollowAsync);

    internal void Add(Column<TRow> column) => columns.Add(column);

    internal void Remove(Column<TRow> column) => columns.Remove(column);

    internal override string Address(ListQuery asked) => ListAddress.Write(path, asked, DefaultSort);

    protected override async Task OnInitializedAsync()
    {
        path = PathOf(Nav.Uri);
        steady = new(KeyOf);
        query = ListAddress.Read(Nav.Uri, DefaultSort);
        typed = query.Search;
        Nav.LocationChanged += Moved;
        persisting = Carried.RegisterOnPersisting(Persist);
        if (!Take())
        {
            await LoadAsync();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!opening) return;
        opening = false;
        await Js.InvokeVoidAsync("vh.rowMenu", "list-menu-" + Id);
    }

    private object KeyOf(TRow row) => RowKey?.Invoke(row) ?? row!;

    private string MenuName(TRow row) =>
        RowName?.Invoke(row) is { Length: > 0 } name ? $"{L["action.more"].Value}: {name}" : L["action.more"].Value;

    private void OpenMenu(TRow row)
    {
        menuOf = new(row);
        opening = true;
    }

    private void Moved(object? sender, LocationChangedEventArgs moved)
    {
        if (PathOf(moved.Location) != path)
        {
            return;
        }

        var next = ListAddress.Read(moved.Location, DefaultSort);
        if (Address(next) == Address(query))
        {
            return;
        }

        // While somebody types, the box is theirs: it is only written anew when the address changed in another way.
        if (moved.HistoryEntryState != "typing" && next.Search != query.Search)
        {
            typed = next.Search;
            epoch++;
        }

        query = next;
        selected.Clear();
        _ = InvokeAsync(LoadAsync);
    }

    private async Task LoadAsync()
    {
        var ct = latest.Next();
        if (ct.IsCancellationRequested)
        {
            return;
        }

        loading = true;
        failed = false;
        StateHasChanged();
        try
        {
            var loaded = await Source(query, ct);
            if (ct.IsCancellationRequested)
            {
                return;
            }

            Show(loaded);
        }
        catch (Exception exception) when (ct.IsCancellationRequested || exception is OperationCanceledException)
        {
            return;
        }
        catch (Exception exception)
        {
            Log.LogError(exception, "The list {List} could not be loaded from {Address}", Id, Address(query));
            failed = true;
        }

        loading = false;
        StateHasChanged();
    }

    /// <summary>Shows what waits, and takes away what went; the focus goes on at the list, for the button goes.</summary>
    private async Task SettleAsync()
    {
        await LoadAsync();
        await Js.InvokeVoidAsync("vh.refocus", "list-" + Id);
    }

    private async Task FollowAsync()
    {
        if (page is null || page.Total == 0 || loading || failed || RowKey is null)
        {
            await LoadAsync();
            return;
        }

        var (ct, shown, went) = (latest.Next(), page, steady.Gone);
        try
        {
            var now = await Source(query, ct);
            var near = await NearAsync(now, ct);
            // Another address, or the answer of a later change, was faster.
            if (ct.IsCancellationRequested || !ReferenceEquals(shown, page)) return;
            steady.Follow(now.Rows, near, more: now.Total > shownPage * query.Size);
            // Nothing is left that a press could be meant for.
            if (now.Total == 0 || steady.Gone == steady.Shown.Count) Show(now);
            else Keep(new Page<TRow>(steady.Shown, now.Total));
        }
        catch (Exception exception) when (ct.IsCancellationRequested || exception is OperationCanceledException)
        {
            return;
        }
        catch (Exception exception) when (Outages.Of(exception) is not null)
        {
            // What is shown stays; it is asked for again when the database is back.
            return;
        }

        StateHasChanged();
        if (steady.Gone > went) await Js.InvokeVoidAsync("vh.refocus", "list-" + Id);
    }

    /// <summary>The rows beside this page, where one that is shown may have been moved to; nothing is asked where all are here.</summary>
    private async Task<List<TRow>> NearAsync(Page<TRow> now, CancellationToken ct)
    {
        var near = new List<TRow>();
        if (steady.Misses(now.Rows) && now.Total > shownPage * query.Size)
            near.AddRange((await Source(query with { Page = shownPage + 1 }, ct)).Rows);
        if (shownPage > 1 && steady.Misses(now.Rows.Concat(near)))
            near.AddRange((await Source(query with { Page = shownPage - 1 }, ct)).Rows);
        return near;
    }

    private void Show(Page<TRow> loaded)
    {
        steady.Show(loaded.Rows);
        Keep(loaded);
    }

    private void Keep(Page<TRow> loaded)
    {
        page = loaded;
        shownPage = Math.Clamp(query.Page, 1, Math.Max(1, (loaded.Total + query.Size - 1) / query.Size));
        selected.RemoveAll(row => !loaded.Rows.Contains(row) || steady.IsGone(row));

        // An open menu goes on with its row as it is now, and goes with it.
        if (menuOf is { } menu)
        {
            menuOf = loaded.Rows
                .Where(row => Equals(KeyOf(row), KeyOf(menu.Row)) && !steady.IsGone(row))
                .Select(row => new MenuOf(row))
                .FirstOrDefault();
        }
    }

    // The prerendered page goes over into the circuit instead of being asked of the database twice. Only a saving: where a row
    // does not survive JSON, the circuit loads it itself.
    private Task Persist()
    {
        if (page is not null && !failed)
        {
            Carried.PersistAsJson("list:" + Id, CarriedState.Pack(new Carry(Address(query), page)));
        }

        return Task.CompletedTask;
    }

    private bool Take()
    {
        try
        {
            if (Carried.TryTakeFromJson<byte[]>("list:" + Id, out var packed)
                && packed is { Length: > 0 }
                && CarriedState.Unpack<Carry>(packed) is { } carry
                && carry.Address == Address(query))
            {
                Show(carry.Page);
                return true;
            }
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            Log.LogDebug(exception, "Rows of the list {List} do not survive JSON: loading them again", Id);
        }

        return false;
    }

    private sealed record MenuOf(TRow Row);

    private sealed record Carry(string Address, Page<TRow> Page);

    private string PathOf(string uri) => "/" + Nav.ToBaseRelativePath(uri).Split('?', '#')[0];

    public void Dispose()
    {
        Nav.LocationChanged -= Moved;
        persisting.Dispose();
        latest.Dispose();
        GC.SuppressFinalize(this);
    }
}

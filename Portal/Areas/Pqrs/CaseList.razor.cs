using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Database;
using Portal.Data.Pqrs;

namespace Portal.Areas.Pqrs;

/// <summary>All cases, for those who handle them; what changes anywhere shows by itself.</summary>
public sealed partial class CaseList
{
    /// <summary>A name that does not fit is said whole by its title; a short one needs none, and the list stays light.</summary>
    private static string? Cut(string? name) => name?.Length > 18 ? name : null;

    private static readonly (string Key, string Address)[] Views =
    [
        ("all", "/pqrs"), ("active", "/pqrs?state=active"), ("mine", "/pqrs?state=active&assignee=me"), ("overdue", "/pqrs?due=overdue"),
        ("waiting", "/pqrs?state=waitingforpetitioner"), ("done", "/pqrs?state=resolved,closed"),
    ];

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(15);

    private DataList<PqrsRow>? list;
    private readonly CancellationTokenSource gone = new();
    private KeptFilters? kept;
    private IReadOnlyList<PqrsPresent> present = [];
    private IReadOnlyList<Tabs.Tab> tabs = [];
    private IReadOnlyList<FilterOption> states = [], dues = [], kinds = [], categories = [], priorities = [], assignees = [];
    private string current = "";

    [Parameter, EditorRequired] public CurrentUser User { get; set; } = CurrentUser.Nobody;

    protected override async Task OnInitializedAsync()
    {
        states = [new("active", L["tab.active"]), .. Options<PqrsState>(s => L.Word(s))];
        dues = [new("overdue", L["tab.overdue"]), new("soon", L["due.soon", PqrsClock.WarningDays])];
        kinds = Options<PqrsKind>(k => L.Word(k));
        priorities = Options<PqrsPriority>(p => L.Word(p));
        categories =
        [
            .. (await Cases.CategoriesAsync(User, CancellationToken.None))
                .Select(c => new FilterOption($"{c.Id}", L.Category(c.Name)))
                .OrderBy(c => c.Label, StringComparer.CurrentCultureIgnoreCase),
        ];
        assignees =
        [
            new("me", L["assignee.me"]),
            new("none", L["assignee.none"]),
            .. (await Cases.HandlersAsync(User, CancellationToken.None))
                .Where(h => h.Id != User.Id)
                .Select(h => new FilterOption($"{h.Id}", h.Name)),
        ];
        Nav.LocationChanged += Moved;
        await CountAsync();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        // Only in the circuit: the prerendered page is gone before anybody moves.
        if (firstRender) _ = Again.EveryAsync(Look, Time, atOnce: true, LookAsync, DispatchExceptionAsync, gone.Token);
    }

    private async Task<Page<PqrsRow>> LoadAsync(ListQuery query, CancellationToken ct) =>
        await Cases.ListAsync(query, await Me.GetAsync(ct), ct);

    private async Task RefreshAsync()
    {
        if (kept is not null) await kept.LoadAsync();
        await CountAsync();
        StateHasChanged();
        if (list is not null) await list.RefreshAsync();
    }

    private async Task CountAsync()
    {
        var counts = await Cases.CountsAsync(await Me.GetAsync(), CancellationToken.None);
        tabs =
        [
            .. Views.Select(view => new Tabs.Tab(
                view.Key,
                L["tab." + view.Key],
                view.Address,
                Count: view.Key switch
                {
                    "all" => counts.All,
                    "active" => counts.Active,
                    "mine" => counts.Mine,
                    "overdue" => counts.Overdue,
                    "waiting" => counts.Waiting,
                    _ => counts.Done,
                }
            )),
        ];
        Point();
    }

    private void Moved(object? sender, LocationChangedEventArgs moved) => _ = InvokeAsync(() =>
    {
        Point();
        StateHasChanged();
    });

    /// <summary>The tab whose filters are exactly those of the address; none when it was narrowed in another way.</summary>
    private void Point()
    {
        var here = Filters(Nav.Uri);
        current = Views.FirstOrDefault(view => Filters(view.Address) == here).Key ?? "";
    }

    private static string Filters(string address) =>
        string.Join(
            '&',
            (ListAddress.Read(address).Filters ?? new Dictionary<string, string>())
                .OrderBy(f => f.Key, StringComparer.Ordinal)
                .Select(f => $"{f.Key}={f.Value.ToLowerInvariant()}")
        );

    private static FilterOption[] Options<T>(Func<T, string> word) where T : struct, Enum =>
        [.. Enum.GetValues<T>().Select(value => new FilterOption(value.ToString().ToLowerInvariant(), word(value)))];

    /// <summary>Who is at which case: what only a living page shows.</summary>
    private async Task LookAsync()
    {
        var now = await Presence.ListAsync(await Me.GetAsync(), gone.Token);
        if (now.SequenceEqual(present)) return;
        present = now;
        await InvokeAsync(StateHasChanged);
    }

    public void Dispose()
    {
        gone.Cancel();
        gone.Dispose();
        Nav.LocationChanged -= Moved;
    }
}

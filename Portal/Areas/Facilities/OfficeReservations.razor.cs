using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Facilities;
using Portal.Data.Facilities.Rules;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Facilities;

/// <summary>
/// The office's bookings: a day, a week or a month, of one facility or all; the list; what waits for approval; who waits for a place. What
/// is shown stands in the address, and
/// changes when a booking does.
/// </summary>
public sealed partial class OfficeReservations(
    ReservationLists lists, WaitingList waiting, FacilityService facilities, Me me, BuildingClock clock, NavigationManager nav,
    IStringLocalizer<FacilitiesWords> words, IStringLocalizer<SharedWords> shared)
{

    private CurrentUser user = CurrentUser.Nobody;
    private IReadOnlyList<(long Id, string Name)> names = [];
    private ReservationTable? table;
    private ReservationRow? opened, dropped;
    private ChangeInput? target;
    private string view = "day";
    private string? loaded;
    private DateOnly day;
    private bool shutting;

    [SupplyParameterFromQuery(Name = "view")] public string? ViewInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "day")] public string? DayInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "facility")] public string? FacilityInAddressText { get; set; }

    private long? FacilityInAddress => AddressValue.Id(FacilityInAddressText);

    [SupplyParameterFromQuery(Name = "state")] public string? StateInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "q")] public string? SearchInAddress { get; set; }

    /// <summary>Carried from the prerendering into the circuit, with those below.</summary>
    [PersistentState] public List<CalendarLane>? Lanes { get; set; }

    [PersistentState] public CalendarMonth? Month { get; set; }

    [PersistentState] public List<QueueRow>? Queue { get; set; }

    [PersistentState] public List<WaitRow>? Waits { get; set; }

    [PersistentState] public int Pending { get; set; }

    [PersistentState] public int Waiting { get; set; }

    private IStringLocalizer<FacilitiesWords> L => words;
    private IStringLocalizer<SharedWords> S => shared;
    private BuildingClock Clock => clock;
    private bool Manages => user.Can(Permissions.ReservationsManage);
    private bool IsCalendar => view is "day" or "week" or "month";
    private int Days => view == "week" ? 7 : 1;
    private DateOnly First => view == "week" ? Period.Of(QuotaPeriod.Week, day).From : day;
    private EventCallback<DateOnly> DayPressed => EventCallback.Factory.Create<DateOnly>(this, DayViewAsync);
    private EventCallback<(ReservationRow Row, ChangeInput To)> Dropped =>
        EventCallback.Factory.Create<(ReservationRow Row, ChangeInput To)>(this, drop => (dropped, target) = drop);

    private string Heading => view switch
    {
        "week" => Formats.DateRange(First, First.AddDays(6)),
        "month" => BookingText.Capital(Formats.MonthYear(day)),
        _ => Formats.WeekdayDate(day),
    };

    /// <summary>Facilities on one day, or the days of one facility.</summary>
    private IReadOnlyList<BoardRow> Lines =>
        view == "week"
            ?
            [
                .. Enumerable
                    .Range(0, 7)
                    .Select(First.AddDays)
                    .Select(date => new BoardRow(
                        Lanes![0], date, BookingText.Capital(BookingText.ShortDay(date.ToDateTime(TimeOnly.MinValue))))),
            ]
            : [.. Lanes!.Select(lane => new BoardRow(lane, day, lane.Facility))];

    private IReadOnlyList<(string Value, string Title)> Views =>
        [("day", words["office.view.day"]), ("week", words["office.view.week"]), ("month", words["office.view.month"])];

    private IReadOnlyList<Tabs.Tab> Tabs =>
        [
            new("calendar", words["office.tab.calendar"], "/reservations", Glyph.Calendar),
            new("list", words["office.view.list"], "/reservations?view=list", Glyph.List),
            .. Manages
                ?
                [
                    new("queue", words["office.tab.queue"], "/reservations?view=queue", Glyph.Clock, Pending > 0 ? Pending : null),
                    new("waits", words["office.tab.waits"], "/reservations?view=waits", Glyph.People, Waiting > 0 ? Waiting : null),
                ]
                : Array.Empty<Tabs.Tab>(),
        ];

    protected override async Task OnParametersSetAsync()
    {
        user = await me.GetAsync();
        view = ViewInAddress switch
        {
            "day" or "week" or "month" or "list" => ViewInAddress,
            "queue" or "waits" when Manages => ViewInAddress,
            _ => StateInAddress is not null || SearchInAddress is not null ? "list" : "day",
        };
        day = AddressValue.Day(DayInAddress) ?? clock.Today;
        if (names.Count == 0) names = await facilities.NamesAsync(user, CancellationToken.None);
        var key = $"{view} {(view == "month" ? new DateOnly(day.Year, day.Month, 1) : First)} {FacilityInAddress}";
        var carried = loaded is null && (Lanes is not null || Month is not null || Queue is not null || Waits is not null);
        if (loaded != key && !carried) await LoadAsync();
        loaded = key;
    }

    /// <summary>Only what the view shows.</summary>
    private async Task LoadAsync()
    {
        (Pending, Waiting) = await lists.CountsAsync(user, CancellationToken.None);
        switch (view)
        {
            case "month":
                var month = await lists.MonthAsync(day.Year, day.Month, FacilityInAddress, user, CancellationToken.None);
                Month = month.Ok ? month.Value : null;
                break;
            case "queue":
                Queue = [.. await lists.QueueAsync(user, CancellationToken.None)];
                break;
            case "waits":
                Waits = [.. await waiting.AllAsync(null, user, CancellationToken.None)];
                break;
            case "day" or "week":
                var lanes = await lists.CalendarAsync(First, Days, FacilityInAddress, user, CancellationToken.None);
                Lanes = lanes.Ok ? [.. lanes.Value] : [];
                break;
        }
    }

    private async Task RefreshAsync()
    {
        user = await me.GetAsync();
        await LoadAsync();
        if (table is not null) await table.RefreshAsync();
        if (opened is not null) opened = Shown().FirstOrDefault(r => r.Id == opened.Id) ?? opened;
    }

    private IEnumerable<ReservationRow> Shown() => view switch
    {
        "month" => Month?.Bookings ?? [],
        "queue" => Queue?.Select(q => q.Row) ?? [],
        _ => Lanes?.SelectMany(l => l.Bookings) ?? [],
    };

    private async Task ClosedAsync(bool changed)
    {
        opened = null;
        if (changed) await RefreshAsync();
    }

    private async Task ChangedAsync(bool changed)
    {
        (dropped, target) = (null, null);
        if (changed) await RefreshAsync();
    }

    private Task ShowAsync(string? chosen) => GoToAsync(chosen ?? "day", day, FacilityInAddress);

    /// <summary>A day, a week or a month on or back.</summary>
    private Task GoAsync(int steps) =>
        GoToAsync(view, view == "month" ? day.AddMonths(steps) : day.AddDays(steps * Days), FacilityInAddress);

    private Task DayAsync(DateOnly to) => GoToAsync(view, to, FacilityInAddress);

    private Task DayViewAsync(DateOnly to) => GoToAsync("day", to, FacilityInAddress);

    private Task PickDayAsync(DateOnly? to) => to is { } date ? DayAsync(date) : Task.CompletedTask;

    private Task FacilityAsync(ChangeEventArgs change) =>
        GoToAsync(
            view, day, long.TryParse(change.Value?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null);

    private Task GoToAsync(string to, DateOnly date, long? facility)
    {
        var query = new Dictionary<string, object?>
        {
            ["view"] = to == "day" ? null : to,
            ["day"] = date == clock.Today ? null : date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["facility"] = facility,
        };
        nav.NavigateTo(nav.GetUriWithQueryParameters("/reservations", query), replace: true);
        return Task.CompletedTask;
    }
}

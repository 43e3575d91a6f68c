using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Facilities;
using Portal.Data.Facilities.Rules;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Facilities;

/// <summary>The office's bookings: a day in lanes, a week, or the list. What is shown stands in the address, and changes when a booking does.</summary>
public sealed partial class OfficeReservations(
    ReservationLists lists, FacilityService facilities, Me me, BuildingClock clock, NavigationManager nav, IStringLocalizer<FacilitiesWords> words)
{
    private CurrentUser user = CurrentUser.Nobody;
    private IReadOnlyList<(long Id, string Name)> names = [];
    private ReservationTable? table;
    private ReservationRow? opened;
    private string view = "day";
    private string? loaded;
    private DateOnly day;

    [SupplyParameterFromQuery(Name = "view")] public string? ViewInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "day")] public string? DayInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "facility")] public long? FacilityInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "state")] public string? StateInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "q")] public string? SearchInAddress { get; set; }

    /// <summary>Carried from the prerendering into the circuit, with the one below.</summary>
    [PersistentState] public List<CalendarLane>? Lanes { get; set; }

    [PersistentState] public int Pending { get; set; }

    private IStringLocalizer<FacilitiesWords> L => words;
    private BuildingClock Clock => clock;
    private bool Manages => user.Can(Permissions.ReservationsManage);
    private int Days => view == "week" ? 7 : 1;
    private DateOnly First => view == "week" ? Period.Of(QuotaPeriod.Week, day).From : day;

    private IReadOnlyList<(string Value, string Title)> Views =>
        [("day", words["office.view.day"]), ("week", words["office.view.week"]), ("list", words["office.view.list"])];

    protected override async Task OnParametersSetAsync()
    {
        user = await me.GetAsync();
        view = ViewInAddress is "week" or "list" or "day" ? ViewInAddress : StateInAddress is not null || SearchInAddress is not null ? "list" : "day";
        day = DateOnly.TryParseExact(DayInAddress, "yyyy-MM-dd", out var asked) ? asked : clock.Today;
        if (names.Count == 0) names = await facilities.NamesAsync(user, CancellationToken.None);
        var key = $"{view} {First} {FacilityInAddress}";
        if (loaded != key && !(loaded is null && Lanes is not null)) await LoadAsync();
        loaded = key;
    }

    private async Task LoadAsync()
    {
        Pending = await lists.PendingAsync(user, CancellationToken.None);
        if (view == "list") return;
        var lanes = await lists.CalendarAsync(First, Days, FacilityInAddress, user, CancellationToken.None);
        Lanes = lanes.Ok ? [.. lanes.Value] : [];
    }

    private async Task RefreshAsync()
    {
        user = await me.GetAsync();
        await LoadAsync();
        if (table is not null) await table.ReloadAsync();
        if (opened is not null) opened = Lanes?.SelectMany(l => l.Bookings).FirstOrDefault(r => r.Id == opened.Id) ?? opened;
    }

    private async Task ClosedAsync(bool changed)
    {
        opened = null;
        if (changed) await RefreshAsync();
    }

    private Task ShowAsync(string? chosen) => GoToAsync(chosen ?? "day", day, null);

    private Task GoAsync(int days) => GoToAsync(view, day.AddDays(days), FacilityInAddress);

    private Task DayAsync(DateOnly to) => GoToAsync(view, to, FacilityInAddress);

    private Task DayViewAsync(DateOnly to) => GoToAsync("day", to, FacilityInAddress);

    private Task PickDayAsync(ChangeEventArgs change) =>
        DateOnly.TryParseExact(change.Value?.ToString(), "yyyy-MM-dd", out var to) ? DayAsync(to) : Task.CompletedTask;

    private Task FacilityAsync(ChangeEventArgs change) => GoToAsync(view, day, long.TryParse(change.Value?.ToString(), out var id) ? id : null);

    private Task GoToAsync(string to, DateOnly date, long? facility)
    {
        var query = new Dictionary<string, object?> { ["view"] = to == "day" ? null : to };
        if (to != "list") query["day"] = date == clock.Today ? null : date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        query["facility"] = facility;
        nav.NavigateTo(nav.GetUriWithQueryParameters("/reservations", query), replace: true);
        return Task.CompletedTask;
    }

    private string BookAddress(long facility) => $"/book/{facility}?day={day:yyyy-MM-dd}";
}

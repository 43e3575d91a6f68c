using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Data.Facilities.Occupancy;
using Portal.Resources;

namespace Portal.Areas.Facilities;

/// <summary>How the facilities were used over a period. What is shown lives in the address.</summary>
public sealed partial class OccupancyReportPage
{
    private OccupancyPeriod period = new(OccupancyPeriod.Names[0], default, default);
    private OccupancyReport? report => Report;
    private IReadOnlyList<BarPoint> bookings = [], income = [];
    private IReadOnlyList<(long Id, string Name)> names = [];
    private string? error;
    private long? facility;
    private decimal unit = 1;
    private int every = 1;

    /// <summary>Carried from the prerendering into the circuit, so that it is counted once.</summary>
    [PersistentState] public OccupancyReport? Report { get; set; }

    /// <summary>The one facility that <see cref="Report"/> is about; null for all.</summary>
    [PersistentState] public long? ReportOf { get; set; }

    [SupplyParameterFromQuery] public string? Period { get; set; }

    [SupplyParameterFromQuery(Name = "from")] public string? First { get; set; }

    [SupplyParameterFromQuery(Name = "to")] public string? Last { get; set; }

    [SupplyParameterFromQuery(Name = "facility")] public string? OneInQuery { get; set; }

    private long? One => AddressValue.Id(OneInQuery);

    [Inject] private OccupancyService Occupancy { get; set; } = null!;
    [Inject] private FacilityService Facilities { get; set; } = null!;
    [Inject] private BuildingClock Clock { get; set; } = null!;
    [Inject] private NavigationManager Nav { get; set; } = null!;
    [Inject] private Hosting.Identity.Me Me { get; set; } = null!;
    [Inject] private IStringLocalizer<FacilitiesWords> F { get; set; } = null!;

    private string Address => period.Query(facility);

    protected override async Task OnParametersSetAsync()
    {
        (period, facility) = (OccupancyPeriod.Read(Period, First, Last, Clock.Today), One);
        var counted = Report is { } known && known.From == period.From && known.To == period.To && ReportOf == facility;
        if (counted) Draw(Report!);
        var user = await Me.GetAsync();
        if (names.Count == 0) names = [.. (await Facilities.NamesAsync(user, default)).Select(f => (f.Id, f.Name))];
        if (counted) return;
        var found = await Occupancy.ReportAsync(period.From, period.To, facility, user, default);
        (Report, ReportOf) = (found.Ok ? found.Value : null, facility);
        error = found.Ok ? null : found.Error!.Explain(S, L);
        if (Report is { } fresh) Draw(fresh);
    }

    private void Draw(OccupancyReport report)
    {
        var today = Clock.Today;
        every =
            report.Steps.Count <= 16 ? 1
            : report.Scale == OccupancyScale.Day ? 2
            : (report.Steps.Count + 11) / 12;
        bookings =
        [
            .. report.Steps.Select(s => new BarPoint(
                OccupancyText.Step(s, report), s.Bookings + s.NoShows, s.Bookings, Now(s),
                List("confirmed,completed,noshow", s.From, s.To))),
        ];
        income =
        [
            .. report.Steps.Select(s => new BarPoint(
                OccupancyText.Step(s, report), s.Charged, s.Paid, Now(s), List("confirmed,completed,noshow", s.From, s.To))),
        ];
        unit = report.Steps.Max(s => s.Charged) >= 1_000_000 ? 1_000_000 : 1_000;

        bool Now(OccupancyStep s) => s.From <= today && s.To >= today;
    }

    private Task FromAsync(DateOnly? day) =>
        GoAsync(day is { } from ? new OccupancyPeriod(OccupancyPeriod.Own, from, period.To < from ? from : period.To) : period, facility);

    private Task ToAsync(DateOnly? day) =>
        GoAsync(day is { } to ? new OccupancyPeriod(OccupancyPeriod.Own, period.From > to ? to : period.From, to) : period, facility);

    private Task FacilityAsync(ChangeEventArgs e) =>
        GoAsync(period, long.TryParse(e.Value?.ToString(), CultureInfo.InvariantCulture, out var id) ? id : null);

    private Task GoAsync(OccupancyPeriod to, long? one)
    {
        Nav.NavigateTo(To(to, one));
        return Task.CompletedTask;
    }

    private static string To(OccupancyPeriod period, long? facility) => "/reservations/report?" + period.Query(facility);

    /// <summary>The bookings behind a figure.</summary>
    private string List(string states) => List(states, period.From, period.To);

    private string List(string states, DateOnly from, DateOnly to) =>
        string.Create(CultureInfo.InvariantCulture, $"/reservations?view=list&state={states}&from={from:yyyy-MM-dd}&to={to:yyyy-MM-dd}")
        + (facility is { } id ? string.Create(CultureInfo.InvariantCulture, $"&facility={id}") : "");
}

using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Data.Facilities.Rules;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Facilities;

/// <summary>
/// The office books what repeats: first it looks at every day with what stands against it, chooses about each, then makes them in one go.
/// </summary>
public sealed partial class NewSeries(
    SeriesService series, BookingService bookings, FacilityService facilityNames, Me me, BuildingClock clock, NavigationManager nav,
    Toasts toasts, RefusalWords refusals, IStringLocalizer<FacilitiesWords> words, IStringLocalizer<SharedWords> shared)
{
    private readonly SeriesForm form = new();
    private readonly Dictionary<DateTime, DateTime> instead = [];
    private IReadOnlyList<(long Id, string Name)>? facilities;
    private IReadOnlyList<TimeOnly> starts = [];
    private BookableFacility? rules;
    private FormSummary? summary;
    private PickOption? home;
    private SeriesPlan? plan;
    private SeriesInput? planned;
    private string? failure;
    private bool busy;

    [SupplyParameterFromQuery(Name = "facility")] public string? FacilityInAddressText { get; set; }

    private long? FacilityInAddress => AddressValue.Id(FacilityInAddressText);

    private IStringLocalizer<FacilitiesWords> L => words;
    private IStringLocalizer<SharedWords> S => shared;
    private RefusalWords Refusals => refusals;
    private BuildingClock Clock => clock;
    private string Name => rules?.Name ?? "";
    private int Conflicts => plan!.Occurrences.Count(o => !o.Free);
    private int Makes => plan!.Occurrences.Count(o => o.Free) + instead.Count;

    protected override async Task OnInitializedAsync()
    {
        var user = await me.GetAsync();
        facilities = await facilityNames.NamesAsync(user, CancellationToken.None);
        if (facilities.Count == 0) return;
        form.FacilityId = facilities.Any(f => f.Id == FacilityInAddress) ? FacilityInAddress!.Value : facilities[0].Id;
        form.From = clock.Today.AddDays(1);
        form.Until = clock.Today.AddMonths(3);
        form.Weekdays.Add(Opening.Weekday(form.From.Value));
        await FacilityAsync();
    }

    /// <summary>Another facility has other hours and lengths.</summary>
    private async Task FacilityAsync()
    {
        var day = form.From ?? clock.Today;
        var found = await bookings.DaysAsync(form.FacilityId, day, 7, day, null, await me.GetAsync(), CancellationToken.None);
        if (!found.Ok) return;
        rules = found.Value.Facility;
        form.Minutes = Math.Clamp(form.Minutes, rules.ShortestBooking, rules.LongestBooking);
        starts =
        [
            .. Enumerable
                .Range(0, 1440 / Math.Max(rules.SlotMinutes, 5))
                .Select(i => TimeOnly.MinValue.AddMinutes(i * Math.Max(rules.SlotMinutes, 5)))
                .Union([form.Start])
                .Order(),
        ];
        plan = null;
    }

    private async Task PlanAsync()
    {
        busy = true;
        try
        {
            (plan, failure) = (null, null);
            instead.Clear();
            var input = form.ToInput();
            var found = await series.PlanAsync(input, await me.GetAsync(), CancellationToken.None);
            summary!.Show(found.Errors);
            if (found.Ok) (plan, planned) = (found.Value, input);
        }
        finally
        {
            busy = false;
        }
    }

    private async Task MakeAsync()
    {
        var choices = plan!
            .Occurrences.Where(o => !o.Free)
            .Select(o => new SeriesChoice(o.Start, instead.TryGetValue(o.Start, out var start) ? start : null))
            .ToList();
        var made = await series.MakeAsync(planned!, choices, await me.GetAsync(), CancellationToken.None);
        if (made.Ok)
        {
            toasts.Show(words["series.made", made.Value.Booked], Tone.Ok);
            nav.NavigateTo($"/reservations/series/{made.Value.Id}");
            return;
        }

        // Somebody was faster: what was chosen stays chosen where it still can be.
        var chosen = instead.ToDictionary();
        await PlanAsync();
        foreach (var (from, to) in chosen.Where(c => plan?.Occurrences.Any(o => o.Start == c.Key && o.Nearest?.Start == c.Value) == true))
            instead[from] = to;
        failure = made.Error!.Code == "series.conflict" ? words["series.faster"] : made.Error.Explain(shared, words);
    }

    private void Toggle(int day, bool on)
    {
        if (on) form.Weekdays.Add(day);
        else form.Weekdays.Remove(day);
    }

    private Task DespiteAsync(ChangeEventArgs change)
    {
        form.DespiteArrears = change.Value is true;
        return PlanAsync();
    }

    private void Pick(PickOption? option) => (home, form.ApartmentId) = (option, option?.Id);

    private async Task<IReadOnlyList<PickOption>> FindAsync(string text, CancellationToken ct) =>
        [.. (await bookings.FindHomesAsync(text, await me.GetAsync(ct), ct)).Select(h => new PickOption(h.Id, h.Name, h.Resident))];

    private static string Group(SeriesOccurrence one) => one.Start.ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture);
}

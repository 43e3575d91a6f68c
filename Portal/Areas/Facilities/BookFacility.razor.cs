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
/// Books one facility. Day, hour and length stand in the address; the rules are asked as soon as a slot is chosen, so that the person hears
/// why not before pressing, and again by the booking itself, which decides.
/// </summary>
public sealed partial class BookFacility(
    BookingService bookings, ReservationService reservations, Me me, BuildingClock clock, NavigationManager nav, RefusalWords refusals,
    IStringLocalizer<FacilitiesWords> words, IStringLocalizer<SharedWords> shared)
{
    private const int StripDays = 7;
    private static readonly Dictionary<string, object> pickWiring = new() { ["id"] = "bk-home" };

    private CurrentUser user = CurrentUser.Nobody;
    private bool started;
    private PickOption? home;
    private Booked? done;
    private BookingInput? doneFor;
    private string? failure;
    private int people = 1;
    private ElementReference why;
    private DateTime? pressed;
    private bool accepted, rules, refused;

    [Parameter] public long FacilityId { get; set; }

    [SupplyParameterFromQuery(Name = "day")] public string? DayInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "start")] public string? StartInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "minutes")] public int? MinutesInAddress { get; set; }

    /// <summary>Carried from the prerendering into the circuit, with the two below.</summary>
    [PersistentState] public FacilityDays? View { get; set; }

    [PersistentState] public BookingQuote? Quote { get; set; }

    [PersistentState] public List<BookingHome>? Homes { get; set; }

    [PersistentState] public DateOnly Day { get; set; }

    private IStringLocalizer<FacilitiesWords> L => words;
    private IStringLocalizer<SharedWords> S => shared;
    private RefusalWords Refusals => refusals;
    private BuildingClock Clock => clock;
    private bool Staff => user.Can(Permissions.ReservationsManage);
    private int Minutes { get; set; }
    private long? ApartmentId { get; set; }

    /// <summary>What the chosen slot amounts to; null while none is chosen.</summary>
    private BookingInput? Wanted { get; set; }

    /// <summary>Something stands against it that accepting the terms does not cure.</summary>
    private bool Blocked => Quote is { } quote && quote.Refusals.Any(r => r is not TermsNotAccepted);

    private bool Ready => Quote is { Refusals.Count: 0 } && ApartmentId is not null;

    protected override async Task OnParametersSetAsync()
    {
        user = await me.GetAsync();
        var carried = View is not null && !started && View.Facility.Id == FacilityId;
        if (carried)
        {
            Choose(View!);
            ApartmentId = Homes?.FirstOrDefault()?.Id;
            Wanted = WantedAt(View!);
        }
        else
        {
            await LoadAsync();
        }

        started = true;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // On a phone the hours fill the screen: who presses one that is not free is brought to the reason.
        if (pressed is not null && pressed == Wanted?.Start && Quote is not null)
        {
            pressed = null;
            if (Blocked) await why.FocusAsync();
        }
    }

    private async Task LoadAsync()
    {
        Homes ??= Staff ? [] : [.. await bookings.HomesAsync(user, CancellationToken.None)];
        ApartmentId ??= Homes.FirstOrDefault()?.Id;
        Day = await DayAsync();
        var from = Day.AddDays(-3) < clock.Today ? clock.Today : Day.AddDays(-3);
        var days = await bookings.DaysAsync(FacilityId, from, StripDays, Day, MinutesInAddress, user, CancellationToken.None);
        if (!days.Ok)
        {
            if (days.Error == Error.NotFound) nav.NotFound();
            else refused = true;
            return;
        }

        Choose(days.Value);
        await AskAsync(WantedAt(days.Value));
        View = days.Value;
    }

    /// <summary>The day of the address, or the first of the next two weeks with something free.</summary>
    private async Task<DateOnly> DayAsync()
    {
        if (DateOnly.TryParseExact(DayInAddress, "yyyy-MM-dd", out var day)) return day < clock.Today ? clock.Today : day;
        var next = await bookings.DaysAsync(FacilityId, clock.Today, StripDays * 2, clock.Today, MinutesInAddress, user, CancellationToken.None);
        return next.Ok && next.Value.Days.FirstOrDefault(d => !d.Full) is { } free ? free.Date : clock.Today;
    }

    private void Choose(FacilityDays view) =>
        Minutes = Math.Clamp(MinutesInAddress ?? view.Facility.ShortestBooking, view.Facility.ShortestBooking, view.Facility.LongestBooking);

    /// <summary>The hour of the address, whatever it is worth, or the first that is free.</summary>
    private BookingInput? WantedAt(FacilityDays view)
    {
        DateTime? start = TimeOnly.TryParseExact(StartInAddress, "HH:mm", out var time) ? Day.ToDateTime(time) : view.Slots.FirstOrDefault(s => s.Free)?.Start;
        return start is { } from ? new BookingInput(FacilityId, from, from.AddMinutes(Minutes), people, accepted, ApartmentId) : null;
    }

    private Task AskAsync() => AskAsync(Wanted);

    /// <summary>Asks the rules about a slot. What is on screen stays until the answer is there.</summary>
    private async Task AskAsync(BookingInput? slot)
    {
        var asked = slot is null ? null : slot with { People = people, TermsAccepted = accepted, ApartmentId = ApartmentId };
        var answer = asked is null ? null : await bookings.QuoteAsync(asked, user, CancellationToken.None);
        (Wanted, Quote) = (asked, answer is { Ok: true } ? answer.Value : null);
        failure = answer?.Error?.Explain(shared, words);
    }

    private async Task RefreshAsync()
    {
        if (done is not null) return;
        user = await me.GetAsync();
        await LoadAsync();
    }

    private async Task BookAsync()
    {
        if (Wanted is null || !Ready) return;
        var booked = await reservations.BookAsync(Wanted, user, CancellationToken.None);
        if (booked.Ok)
        {
            (done, doneFor) = (booked.Value, Wanted);
            return;
        }

        // Somebody was faster, or the rules changed meanwhile: the page shows what is true now, with the nearest free slots.
        await LoadAsync();
        if (Quote is { Refusals.Count: 0 }) failure = booked.Error!.Explain(shared, words);
    }

    private Task AnotherAsync()
    {
        (done, doneFor, accepted) = (null, null, false);
        nav.NavigateTo($"/book/{FacilityId}");
        return LoadAsync();
    }

    private Task ShowDayAsync(DateOnly day) => ShowAsync(day, null);

    private Task ShowAsync(DateOnly day, DateTime? start)
    {
        nav.NavigateTo(Address(FacilityId, day, start), replace: true);
        return Task.CompletedTask;
    }

    private Task PressAsync(SlotOption slot)
    {
        pressed = slot.Start;
        return ShowAsync(Day, slot.Start);
    }

    private Task TakeAsync(FreeSlot slot)
    {
        nav.NavigateTo(Address(slot.FacilityId, DateOnly.FromDateTime(slot.Start), slot.Start), replace: slot.FacilityId == FacilityId);
        return Task.CompletedTask;
    }

    private string Address(long facility, DateOnly day, DateTime? start) => nav.GetUriWithQueryParameters($"/book/{facility}", new Dictionary<string, object?>
    {
        ["day"] = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["start"] = start?.ToString("HH:mm", CultureInfo.InvariantCulture),
        ["minutes"] = facility == FacilityId ? MinutesInAddress : null,
    });

    private Task LengthAsync(int minutes)
    {
        nav.NavigateTo(nav.GetUriWithQueryParameter("minutes", minutes), replace: true);
        return Task.CompletedTask;
    }

    private Task PeopleAsync(int count)
    {
        people = count;
        return AskAsync();
    }

    private Task AcceptAsync(ChangeEventArgs change)
    {
        accepted = change.Value is true;
        return AskAsync();
    }

    private Task AgreeAsync()
    {
        (accepted, rules) = (true, false);
        return AskAsync();
    }

    private Task ChooseHomeAsync(ChangeEventArgs change)
    {
        ApartmentId = long.TryParse(change.Value?.ToString(), out var id) ? id : ApartmentId;
        return AskAsync();
    }

    private Task PickAsync(PickOption? option)
    {
        home = option;
        ApartmentId = option?.Id;
        return AskAsync();
    }

    private async Task<IReadOnlyList<PickOption>> FindAsync(string text, CancellationToken ct) =>
        [.. (await bookings.FindHomesAsync(text, user, ct)).Select(h => new PickOption(h.Id, h.Name, h.Resident))];
}

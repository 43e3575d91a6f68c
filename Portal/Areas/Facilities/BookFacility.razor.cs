using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.JSInterop;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Facilities;
using Portal.Data.Facilities.Rules;
using Portal.Data.Operations;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Facilities;

/// <summary>
/// Books one facility. Day, hour and length stand in the address; the rules are asked as soon as a slot is chosen, so that the person hears
/// why not before pressing, and again by the booking itself, which decides.
/// </summary>
public sealed partial class BookFacility(
    BookingService bookings, ReservationService reservations, OwnReservations own, WaitingList waiting, SettingsService rulesOfHouse, Me me,
    BuildingClock clock, NavigationManager nav, IJSRuntime js, Toasts toasts, RefusalWords refusals,
    IStringLocalizer<FacilitiesWords> words, IStringLocalizer<SharedWords> shared)
{
    private const int StripDays = 7;
    private static readonly TimeOnly Noon = new(12, 0);
    private static readonly Dictionary<string, object> pickWiring = new() { ["id"] = "bk-home" };

    private CurrentUser user = CurrentUser.Nobody;
    private BuildingSettings settings = new();
    private bool started;
    private PickOption? home;
    private long? ownerId;
    private string? failure, note;
    private IReadOnlyList<RefusalText> told = [];
    private int people = 1;
    private ElementReference why;
    private DateTime? pressed;
    private string? focus;
    private bool accepted, rules, refused, despite, took;
    private (long Facility, DateTime Start)? chosen;

    [Parameter] public long FacilityId { get; set; }

    [SupplyParameterFromQuery(Name = "day")] public string? DayInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "start")] public string? StartInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "minutes")] public string? MinutesInAddressText { get; set; }

    private int? MinutesInAddress => AddressValue.Count(MinutesInAddressText);

    /// <summary>The booking that was made here: in the address, so that it is still there after a lost connection.</summary>
    [SupplyParameterFromQuery(Name = "booked")] public string? BookedInAddressText { get; set; }

    private long? BookedInAddress => AddressValue.Id(BookedInAddressText);

    /// <summary>Carried from the prerendering into the circuit, with those below.</summary>
    [PersistentState] public FacilityDays? View { get; set; }

    [PersistentState] public BookingQuote? Quote { get; set; }

    [PersistentState] public List<BookingHome>? Homes { get; set; }

    [PersistentState] public DateOnly Day { get; set; }

    [PersistentState] public OwnBooking? Done { get; set; }

    /// <summary>What the person waits for in this facility.</summary>
    [PersistentState] public List<WaitRow>? Queue { get; set; }

    /// <summary>In whose name the office may book.</summary>
    private IReadOnlyList<BookingResident> Residents { get; set; } = [];

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

    private bool Unaccepted => Quote is { } quote && quote.Refusals.Any(r => r is TermsNotAccepted);

    /// <summary>
    /// What stands on the screen is what the rules were asked about, for this apartment. The office ticks the terms for its resident; a
    /// resident accepts them by pressing.
    /// </summary>
    private bool Ready =>
        Quote is not null && !Blocked && (!Unaccepted || !Staff) && ApartmentId is not null && Wanted?.ApartmentId == ApartmentId;

    /// <summary>To make up one's mind; what is paid first is held anyway.</summary>
    private bool MayHold => !Staff && Ready && Quote is { PayFirst: false };

    private (DateTime Start, DateOnly Day)? Chosen =>
        chosen is { } one && one.Facility == FacilityId ? (one.Start, DateOnly.FromDateTime(one.Start)) : null;

    private WaitRow? Waits =>
        Wanted is { } wanted ? Queue?.Find(w => w.State == WaitState.Waiting && w.Start < wanted.End && wanted.Start < w.End) : null;

    protected override async Task OnParametersSetAsync()
    {
        user = await me.GetAsync();
        settings = await rulesOfHouse.GetAsync(CancellationToken.None);
        var carried = View is not null && !started && View.Facility.Id == FacilityId;
        if (carried)
        {
            Choose(View!);
            ApartmentId = Homes?.FirstOrDefault()?.Id;
            Wanted = WantedAt(View!);
            if (Quote is null) Wanted = null;
        }
        else
        {
            await LoadAsync();
        }

        started = true;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // On a phone the hours fill the screen: who presses one that is not free is brought to the reason, who takes another to what it is.
        if ((took || (pressed is not null && pressed == Wanted?.Start && Blocked)) && Quote is not null)
        {
            (pressed, focus, took) = (null, null, false);
            await why.FocusAsync();
        }
        else if (focus is { } id)
        {
            // What was pressed is drawn anew, and may have lost the focus by that.
            focus = null;
            await js.InvokeVoidAsync("vh.refocus", id);
        }
    }

    private async Task LoadAsync()
    {
        told = [];
        Done = await DoneAsync();
        if (Done is not null) return;
        Homes ??= Staff ? [] : [.. await bookings.HomesAsync(user, CancellationToken.None)];
        ApartmentId ??= Homes.FirstOrDefault()?.Id;
        var days = await DaysAsync();
        if (!days.Ok)
        {
            if (days.Error == Error.NotFound) nav.NotFound();
            else refused = true;
            return;
        }

        Day = days.Value.Day;
        Choose(days.Value);
        Queue = [.. (await waiting.MineAsync(user, CancellationToken.None)).Where(w => w.FacilityId == FacilityId)];
        await AskAsync(WantedAt(days.Value));
        View = days.Value;
    }

    /// <summary>
    /// The day of the address, the one that was chosen before, or the first of the next two weeks with something free.
    /// </summary>
    private async Task<Result<FacilityDays>> DaysAsync()
    {
        if ((AddressValue.Day(DayInAddress) ?? Chosen?.Day) is not { } day)
            return await bookings.NextDaysAsync(FacilityId, StripDays, StripDays * 2, MinutesInAddress, user, CancellationToken.None);
        if (day < clock.Today) day = clock.Today;
        var from = day.AddDays(-3) < clock.Today ? clock.Today : day.AddDays(-3);
        return await bookings.DaysAsync(FacilityId, from, StripDays, day, MinutesInAddress, user, CancellationToken.None);
    }

    private void Choose(FacilityDays view) =>
        Minutes = Math.Clamp(
            MinutesInAddress ?? view.Facility.ShortestBooking, view.Facility.ShortestBooking, view.Facility.LongestBooking);

    /// <summary>
    /// The hour of the address or the one that was chosen before, whatever has become of it: nobody's hour changes by itself. Else the
    /// first that is free; where nothing is, the first: to say why.
    /// </summary>
    private BookingInput WantedAt(FacilityDays view)
    {
        var inAddress = AddressValue.Day(DayInAddress);
        var start = TimeOnly.TryParseExact(StartInAddress, "HH:mm", out var time) ? (inAddress ?? Day).ToDateTime(time)
            : Chosen is { } before && before.Day == (inAddress ?? before.Day) ? before.Start
            : (view.Slots.FirstOrDefault(s => s.Free) ?? view.Slots.FirstOrDefault())?.Start ?? Day.ToDateTime(Noon);
        chosen = (FacilityId, start);

        // What is left at the end of a day is shorter than the rest, and is asked for as it is.
        return new BookingInput(
            FacilityId, start, view.Slots.FirstOrDefault(s => s.Start == start)?.End ?? start.AddMinutes(Minutes), people, accepted,
            ApartmentId);
    }

    private Task AskAsync() => AskAsync(Wanted);

    /// <summary>Asks the rules about a slot. What is on screen stays until the answer is there.</summary>
    private async Task AskAsync(BookingInput? slot)
    {
        var asked = slot is null
            ? null
            : slot with
            {
                People = people,
                TermsAccepted = accepted,
                ApartmentId = ApartmentId,
                OwnerId = ownerId,
                DespiteArrears = despite,
            };
        var answer = asked is null ? null : await bookings.QuoteAsync(asked, user, CancellationToken.None);
        (Wanted, Quote) = (asked, answer is { Ok: true } ? answer.Value : null);
        failure = answer?.Error?.Explain(shared, words);
    }

    private async Task RefreshAsync()
    {
        user = await me.GetAsync();
        await LoadAsync();
    }
}

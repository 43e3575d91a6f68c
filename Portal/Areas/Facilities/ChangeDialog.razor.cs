using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Facilities;

/// <summary>
/// Moves a booking: another facility, day, hour, length or number of people. It shows what that costs and what stands against it before it
/// is done; what was shown is
/// what is agreed to.
/// </summary>
public sealed partial class ChangeDialog(
    ReservationChanges changes, FacilityService facilities, RefusalWords refusals, Me me, BuildingClock clock, Toasts toasts,
    IStringLocalizer<FacilitiesWords> words, IStringLocalizer<SharedWords> shared)
{

    private IReadOnlyList<(long Id, string Name)> names = [];
    private ChangeOptions? options;
    private ReservationRow? shown;
    private string? failure;
    private long facility;
    private DateOnly day;
    private DateTime start;
    private int minutes, people;
    private bool busy;

    /// <summary>The booking to be changed; null keeps it closed.</summary>
    [Parameter] public ReservationRow? Row { get; set; }

    /// <summary>What it was dragged to; null begins with what it is.</summary>
    [Parameter] public ChangeInput? To { get; set; }

    /// <summary>The office changes somebody's.</summary>
    [Parameter] public bool ForOthers { get; set; }

    /// <summary>True when it was changed.</summary>
    [Parameter] public EventCallback<bool> OnClosed { get; set; }

    private IStringLocalizer<FacilitiesWords> L => words;
    private RefusalWords Refusals => refusals;
    private ChangeQuote? Quote { get; set; }

    private DateOnly Earliest =>
        Row is { } row && DateOnly.FromDateTime(row.Start) < clock.Today ? DateOnly.FromDateTime(row.Start) : clock.Today;

    private ChangeInput Input => new(facility, start, start.AddMinutes(minutes), people);

    /// <summary>The same as a wish to book, for the words about the nearest slots.</summary>
    private BookingInput Wanted => new(facility, start, start.AddMinutes(minutes), people);

    private bool Changed => shown is { } row && Input != new ChangeInput(row.FacilityId, row.Start, row.End, row.People);

    private bool Ready => Quote is { Refusals.Count: 0 } && Changed && failure is null;

    private string Press => Ready && Quote!.Difference > 0 ? L["change.press.more", Formats.Money(Quote.Difference)] : L["change.press"];

    protected override async Task OnParametersSetAsync()
    {
        if (Row?.Id == shown?.Id) return;
        shown = Row;
        (failure, Quote, options) = (null, null, null);
        if (Row is not { } row) return;
        var to = To ?? new ChangeInput(row.FacilityId, row.Start, row.End, row.People);
        (facility, start, people) = (to.FacilityId, to.Start, to.People);
        (day, minutes) = (DateOnly.FromDateTime(to.Start), (int)(to.End - to.Start).TotalMinutes);
        names = await facilities.NamesAsync(await me.GetAsync(), CancellationToken.None);
        await LookAsync();
    }

    /// <summary>
    /// The slots of the chosen day, and what the rules say to the chosen one. What is on screen stays until the answer is there.
    /// </summary>
    private async Task LookAsync()
    {
        if (shown is null) return;
        var user = await me.GetAsync();
        var found = await changes.OptionsAsync(shown.Id, facility, day, minutes, user, CancellationToken.None);
        if (found.Ok) minutes = found.Value.Minutes;
        var quote = await changes.QuoteAsync(shown.Id, Input, user, CancellationToken.None);
        (options, Quote) = (found.Ok ? found.Value : null, quote.Ok ? quote.Value : null);
        failure = quote.Error?.Explain(shared, words);
    }

    private Task FacilityAsync(ChangeEventArgs change)
    {
        facility = long.TryParse(change.Value?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : facility;
        return LookAsync();
    }

    private Task DayAsync(DateOnly? to)
    {
        if (to is not { } date) return Task.CompletedTask;
        (day, start) = (date, date.ToDateTime(TimeOnly.FromDateTime(start)));
        return LookAsync();
    }

    private Task StartAsync(DateTime to)
    {
        start = to;
        return LookAsync();
    }

    private Task LengthAsync(int to)
    {
        minutes = to;
        return LookAsync();
    }

    private Task PeopleAsync(int to)
    {
        people = to;
        return LookAsync();
    }

    private Task TakeAsync(FreeSlot slot)
    {
        (facility, start, day, minutes) = (
            slot.FacilityId, slot.Start, DateOnly.FromDateTime(slot.Start), (int)(slot.End - slot.Start).TotalMinutes);
        return LookAsync();
    }

    private async Task MoveAsync()
    {
        if (shown is null || Quote is null) return;
        busy = true;
        try
        {
            var moved = await changes.MoveAsync(shown.Id, Input, Quote.Price.Total, await me.GetAsync(), CancellationToken.None);
            if (moved.Ok)
            {
                toasts.Show(
                    L[
                        moved.Value.State == ReservationState.Pending ? "change.done.pending" : "change.done",
                        shown.Number ?? shown.Facility
                    ],
                    Tone.Ok
                );
                await OnClosed.InvokeAsync(true);
                return;
            }

            // Somebody was faster, or a price changed: what is true now, and why it was not done.
            await LookAsync();
            if (Quote is { Refusals.Count: 0 }) failure = moved.Error!.Explain(shared, words);
        }
        finally
        {
            busy = false;
        }
    }

    private string Difference(ChangeQuote quote) => quote.Difference switch
    {
        0 => L["change.same"],
        > 0 => "+ " + Formats.Money(quote.Difference),
        _ => "− " + Formats.Money(-quote.Difference),
    };

    private string Consequence(ChangeQuote quote)
    {
        var what = quote.Difference switch { 0 => "", > 0 => L["change.charged"].Value, _ => L["change.returned"].Value };
        var until = quote.Price.CancelFreeUntil switch
        {
            null => L[ForOthers ? "sum.cancel.free" : "cancel.always"].Value,
            { } late when late <= clock.Now => L["cancel.now", Formats.Money(quote.Price.CancelCharge)].Value,
            { } free => L["change.cancel.until", BookingText.Moment(free), Formats.Money(quote.Price.CancelCharge)].Value,
        };
        return $"{what} {until}".Trim();
    }
}

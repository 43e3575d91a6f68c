using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Facilities;

/// <summary>
/// Closes one facility or several for some days. It shows whom that meets before it is done, and what becomes of each booking; what was not
/// shown is not cancelled.
/// </summary>
public sealed partial class BlackoutDialog(
    BlackoutService blackouts, FacilityService facilities, BuildingClock clock, Me me, Toasts toasts,
    IStringLocalizer<FacilitiesWords> words, IStringLocalizer<SharedWords> shared)
{
    private IReadOnlyList<(long Id, string Name)> names = [];
    private IReadOnlyList<MetBooking> met = [];
    private HashSet<long> chosen = [], cancelled = [];
    private DateOnly? first, last;
    private TimeOnly? from, to;
    private string? failure;
    private string reason = "";
    private bool allDay, shown;

    [Parameter] public bool Open { get; set; }

    [Parameter] public EventCallback<bool> OpenChanged { get; set; }

    /// <summary>What is closed to begin with; without it all facilities.</summary>
    [Parameter] public long? FacilityId { get; set; }

    /// <summary>The day it begins with; without it tomorrow.</summary>
    [Parameter] public DateOnly? Day { get; set; }

    [Parameter] public EventCallback OnClosed { get; set; }

    private IStringLocalizer<FacilitiesWords> L => words;
    private IStringLocalizer<SharedWords> S => shared;
    private BuildingClock Clock => clock;

    /// <summary>Of this weekend, also while it lasts.</summary>
    private DateOnly Saturday =>
        clock.Today.AddDays(clock.Today.DayOfWeek == DayOfWeek.Sunday ? -1 : DayOfWeek.Saturday - clock.Today.DayOfWeek);

    /// <summary>Every field says a day or an hour; while one cannot be read nothing is closed, and that field says why.</summary>
    private bool Readable => first is not null && last is not null && (allDay || (from is not null && to is not null));

    private DateTime Start => first!.Value.ToDateTime(allDay ? TimeOnly.MinValue : from!.Value);

    /// <summary>Of whole days, the midnight after the last.</summary>
    private DateTime End => allDay ? last!.Value.AddDays(1).ToDateTime(TimeOnly.MinValue) : last!.Value.ToDateTime(to!.Value);

    private string Press =>
        cancelled.Count switch
        {
            0 => L["blackout.press"],
            1 => L["blackout.press.cancel.one"],
            _ => L["blackout.press.cancel", cancelled.Count],
        };

    private string Consequence => met.Where(m => cancelled.Contains(m.Row.Id)).Sum(m => m.Paid) is > 0 and var paid
        ? L["blackout.sum.paid", cancelled.Count, met.Count - cancelled.Count, Formats.Money(paid)]
        : L["blackout.sum", cancelled.Count, met.Count - cancelled.Count];

    protected override async Task OnParametersSetAsync()
    {
        if (Open == shown) return;
        shown = Open;
        if (!Open) return;
        names = await facilities.NamesAsync(await me.GetAsync(), CancellationToken.None);
        first = last = Day is { } day && day > clock.Today ? day : clock.Today.AddDays(1);
        (from, to, allDay, reason, failure) = (new TimeOnly(8, 0), new TimeOnly(18, 0), true, "", null);
        (chosen, cancelled) = (FacilityId is { } one ? [one] : [.. names.Select(n => n.Id)], []);
        await LookAsync();
    }

    private async Task LookAsync()
    {
        if (!Readable) return;
        var found = await blackouts.MetAsync([.. chosen], Start, End, await me.GetAsync(), CancellationToken.None);
        met = found.Ok ? found.Value : [];
        cancelled.IntersectWith(met.Select(m => m.Row.Id));
    }

    private Task DaysAsync(DateOnly begins, DateOnly ends)
    {
        (first, last, allDay) = (begins, ends, true);
        return LookAsync();
    }

    private Task FirstAsync(DateOnly? day)
    {
        first = day;
        if (last < day) last = day;
        return LookAsync();
    }

    private Task LastAsync(DateOnly? day)
    {
        last = day;
        return LookAsync();
    }

    private Task HoursAsync(TimeOnly? begins, TimeOnly? ends)
    {
        (from, to) = (begins, ends);
        return LookAsync();
    }

    private Task AllDayAsync(ChangeEventArgs change)
    {
        allDay = change.Value is true;
        return LookAsync();
    }

    private Task ToggleAsync(long facility)
    {
        if (!chosen.Remove(facility)) chosen.Add(facility);
        return LookAsync();
    }

    private Task AllAsync()
    {
        chosen = chosen.Count == names.Count ? FacilityId is { } one ? [one] : [] : [.. names.Select(n => n.Id)];
        return LookAsync();
    }

    private void Mark(long booking)
    {
        if (!cancelled.Remove(booking)) cancelled.Add(booking);
    }

    private async Task AddAsync()
    {
        if (!Readable)
        {
            failure = L["blackout.unread"];
            return;
        }

        long[] order = [.. chosen.OrderBy(id => id == FacilityId ? 0 : 1).ThenBy(id => id)];
        var input = new BlackoutInput(Start, End, reason, cancelled.Count > 0)
        {
            Also = order[1..],
            Kept = [.. met.Select(m => m.Row.Id).Where(id => !cancelled.Contains(id))],
            Seen = [.. met.Select(m => m.Row.Id)],
        };
        var added = await blackouts.AddAsync(order[0], input, await me.GetAsync(), CancellationToken.None);
        if (!added.Ok)
        {
            failure = string.Join(
                " ",
                added.Errors.Select(e =>
                    $"{(e.Field == nameof(BlackoutInput.Reason) ? L["blackout.reason"] + ": " : null)}{e.Explain(shared, words)}"
                )
            );
            await LookAsync();
            return;
        }

        toasts.Show(
            added.Value switch
            {
                0 => L["blackout.done"],
                1 => L["blackout.done.cancelled.one"],
                var n => L["blackout.done.cancelled", n],
            },
            Tone.Ok
        );
        await OpenChanged.InvokeAsync(false);
        await OnClosed.InvokeAsync();
    }
}

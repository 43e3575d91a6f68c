using Portal.Data.Pqrs;

namespace Portal.Data.Passes;

/// <summary>What a pass says at a moment.</summary>
public enum PassVerdictKind
{
    /// <summary>Come in.</summary>
    Fits,

    /// <summary>Later today, or on another day.</summary>
    Early,

    Expired,

    /// <summary>Recurring: not on this weekday, or not on a holiday.</summary>
    WrongDay,

    /// <summary>Recurring: on this day, at another hour.</summary>
    WrongHour,

    Paused,
    Revoked,

    /// <summary>Single and delivery: somebody came with it. The others: whoever it is for is inside.</summary>
    Used,

    /// <summary>Event: as many as fit are inside.</summary>
    OverCapacity,
}

/// <param name="From">The window it fits, or the next one; null where none is left.</param>
/// <param name="Until">Of the same window.</param>
public sealed record PassVerdict(PassVerdictKind Kind, DateTime? From = null, DateTime? Until = null);

/// <summary>One window in which a pass opens, on the building's wall clock; both ends belong to it.</summary>
public readonly record struct PassWindow(DateTime From, DateTime Until);

/// <summary>
/// When a pass opens, and the limits within which it is made. Nothing here reads a clock or a database, so that the terminal, the public
/// page and what is delivered late are judged alike.
/// </summary>
internal static class PassRules
{
    /// <summary>Days that a single pass may span.</summary>
    public const int LongestSingleDays = 7;

    /// <summary>Days ahead that a pass of any kind may begin.</summary>
    public const int FurthestDays = 90;

    /// <summary>Days that an event may span.</summary>
    public const int LongestEventDays = 2;

    /// <summary>Hours that a delivery's pass may span.</summary>
    public const int LongestDeliveryHours = 4;

    /// <summary>Names of an event, and people without a name.</summary>
    public const int MostGuests = 200;

    public const byte EveryDay = 0b111_1111;

    /// <summary>The last day that a recurring or a vehicle's pass may have which begins on a day.</summary>
    public static DateOnly LastDay(DateOnly first) => first.AddYears(1);

    public static bool Has(byte weekdays, DateOnly day) => (weekdays & 1 << Bit(day)) != 0;

    /// <summary>When the window that begins on a day ends: past midnight where it ends before it begins.</summary>
    public static DateTime EndOf(DateOnly day, TimeOnly from, TimeOnly until) =>
        (until > from ? day : day.AddDays(1)).ToDateTime(until);

    /// <summary>Colombia's public holidays of the days between two moments.</summary>
    public static ISet<DateOnly> HolidaysBetween(DateTime from, DateTime until) =>
        Enumerable.Range(from.Year, until.Year - from.Year + 1).SelectMany(year => ColombianHolidays.Of(year).Keys).ToHashSet();

    /// <summary>
    /// The windows of a pass that touch the time between two moments, in their order. Revoked and paused ones have them too: whether it
    /// opens is asked of <see cref="Judge"/>.
    /// </summary>
    public static IReadOnlyList<PassWindow> Occurrences(Pass pass, DateTime from, DateTime until, ISet<DateOnly> holidays)
    {
        if (pass is not { Kind: PassKind.Recurring, Weekdays: { } weekdays, FromTime: { } begins, UntilTime: { } ends })
            return pass.StartsAt <= until && pass.EndsAt >= from ? [new PassWindow(pass.StartsAt, pass.EndsAt)] : [];
        var windows = new List<PassWindow>();
        // A window that began the day before may still be open.
        var day = DateOnly.FromDateTime(from > pass.StartsAt ? from : pass.StartsAt).AddDays(-1);
        var last = DateOnly.FromDateTime(until < pass.EndsAt ? until : pass.EndsAt);
        for (; day <= last; day = day.AddDays(1))
        {
            if (!Has(weekdays, day) || (!pass.Holidays && holidays.Contains(day))) continue;
            var window = new PassWindow(day.ToDateTime(begins), EndOf(day, begins, ends));
            if (window.From >= pass.StartsAt && window.Until <= pass.EndsAt && window.From <= until && window.Until >= from)
                windows.Add(window);
        }

        return windows;
    }

    /// <summary>How many visits are left of a pass, the one that is going on included.</summary>
    public static int Visits(Pass pass, DateTime now, ISet<DateOnly> holidays) =>
        Occurrences(pass, now, pass.EndsAt, holidays).Count(window => window.Until > now);

    /// <summary>Public holidays that fall on the weekdays of a recurring pass from now on: those it leaves out, or would.</summary>
    public static IReadOnlyList<DateOnly> HolidaysOnItsDays(Pass pass, DateTime now, ISet<DateOnly> holidays) =>
        pass.Weekdays is not { } weekdays
            ? []
            :
            [
                .. holidays
                    .Where(day => Has(weekdays, day) && day >= DateOnly.FromDateTime(now > pass.StartsAt ? now : pass.StartsAt)
                        && day <= DateOnly.FromDateTime(pass.EndsAt))
                    .Order(),
            ];

    /// <param name="guest">Whose code of an event was shown; null for the pass's own.</param>
    /// <param name="at">When somebody stands at the gate.</param>
    /// <param name="holidays">See <see cref="HolidaysBetween"/>.</param>
    /// <param name="insideNow">People who are inside with this pass; of an event, all its guests together.</param>
    /// <param name="entered">Single and delivery: stays begun with it. Event: stays of this guest that are not over.</param>
    public static PassVerdict Judge(
        Pass pass, PassGuest? guest, DateTime at, ISet<DateOnly> holidays, int insideNow, int entered = 0)
    {
        // What was revoked later did open then: a terminal without a line tells late.
        if (pass.RevokedAt <= at || guest?.RevokedAt <= at) return new PassVerdict(PassVerdictKind.Revoked);
        if (pass.EndsAt < at) return new PassVerdict(PassVerdictKind.Expired, pass.StartsAt, pass.EndsAt);
        PassVerdict In(PassVerdictKind kind, PassWindow? window) => new(kind, window?.From, window?.Until);
        var windows = Occurrences(pass, at, at, holidays);
        PassWindow? open = windows.Count > 0 ? windows[0] : null;
        var used = pass.Kind switch
        {
            PassKind.Single or PassKind.Delivery => entered > 0 || insideNow > 0,
            PassKind.Event => guest is not null && entered > 0,
            _ => insideNow > 0,
        };
        if (used) return In(PassVerdictKind.Used, open);
        var next = open ?? Next(pass, at, holidays);
        if (pass.PausedAt is not null) return In(PassVerdictKind.Paused, next);
        if (open is null)
        {
            if (next is not { } coming) return new PassVerdict(PassVerdictKind.Expired, pass.StartsAt, pass.EndsAt);
            if (pass.StartsAt > at || pass.Kind != PassKind.Recurring) return In(PassVerdictKind.Early, coming);
            var today = DateOnly.FromDateTime(at);
            var onItsDay = Has(pass.Weekdays ?? EveryDay, today) && (pass.Holidays || !holidays.Contains(today));
            return In(onItsDay ? PassVerdictKind.WrongHour : PassVerdictKind.WrongDay, coming);
        }

        return In(
            pass is { Kind: PassKind.Event, Capacity: { } most } && insideNow >= most ? PassVerdictKind.OverCapacity : PassVerdictKind.Fits,
            open);
    }

    /// <summary>The next window that begins after a moment.</summary>
    // A pass with fewer than one window in three weeks (one weekday, every one of them a holiday) is looked at to its end.
    private static PassWindow? Next(Pass pass, DateTime at, ISet<DateOnly> holidays)
    {
        foreach (var until in new[] { at.AddDays(22), pass.EndsAt })
        {
            foreach (var window in Occurrences(pass, at, until, holidays))
            {
                if (window.From > at) return window;
            }
        }

        return null;
    }

    private static int Bit(DateOnly day) => ((int)day.DayOfWeek + 6) % 7;
}

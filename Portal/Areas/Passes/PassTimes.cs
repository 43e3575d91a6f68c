using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data.Passes;

namespace Portal.Areas.Passes;

public enum PassWhen { Today, Tonight, Tomorrow, Other }

/// <summary>When somebody comes, as people say it, and how a pass's time is written.</summary>
public static class PassTimes
{
    private static readonly TimeSpan LastSecond = new(23, 59, 59);

    /// <summary>Today from this hour to midnight, tonight from 20:00 to 00:30, tomorrow from 8:00 to 20:00.</summary>
    public static (DateTime From, DateTime Until) Of(PassWhen when, DateTime now) => when switch
    {
        PassWhen.Tonight => (now.Date.AddHours(20), now.Date.AddDays(1).AddMinutes(30)),
        PassWhen.Tomorrow => (now.Date.AddDays(1).AddHours(8), now.Date.AddDays(1).AddHours(20)),
        _ => (now.Date.AddHours(now.Hour), now.Date + LastSecond),
    };

    /// <summary><c>hoy, 20:00 a 00:30</c>; with its last day where it is longer than a night.</summary>
    public static string Window(DateTime from, DateTime until, DateTime now, IStringLocalizer words)
    {
        var (first, last) = (TimeOnly.FromDateTime(from), TimeOnly.FromDateTime(until));
        if (first == TimeOnly.MinValue && last >= new TimeOnly(23, 59) && until - from > TimeSpan.FromHours(24))
            return words["window.whole", Day(from, now, words), Day(until, now, words)];
        return until - from < TimeSpan.FromHours(24)
            ? words["window", Day(from, now, words), Formats.Time(first), Formats.Time(last)]
            : words["window.days", Day(from, now, words), Formats.Time(first), Day(until, now, words), Formats.Time(last)];
    }

    public static string Day(DateTime at, DateTime now, IStringLocalizer words) => (at.Date - now.Date).Days switch
    {
        0 => words["day.today"],
        1 => words["day.tomorrow"],
        _ => ShortDate(at),
    };

    /// <summary><c>sáb 12 dic</c>.</summary>
    private static string ShortDate(DateTime at) =>
        $"{ShortDay(((int)at.DayOfWeek + 6) % 7)} {Formats.DayMonth(DateOnly.FromDateTime(at))}";

    /// <summary><c>lun, mié y vie</c>.</summary>
    public static string Weekdays(byte weekdays, IStringLocalizer words)
    {
        var names = Enumerable.Range(0, 7).Where(bit => (weekdays & 1 << bit) != 0).Select(bit => ShortDay(bit)).ToList();
        return names.Count switch
        {
            0 => "",
            7 => words["days.all"],
            1 => names[0],
            _ => words["days.and", string.Join(", ", names[..^1]), names[^1]],
        };
    }

    /// <summary>Of the week's day whose bit it is: 0 is Monday.</summary>
    public static string ShortDay(int bit) => CultureInfo.CurrentUICulture.DateTimeFormat.AbbreviatedDayNames[(bit + 1) % 7].TrimEnd('.');

    /// <inheritdoc cref="ShortDay"/>
    public static string LongDay(int bit) => CultureInfo.CurrentUICulture.DateTimeFormat.DayNames[(bit + 1) % 7];

    public static string Spaced(string? code) => code is { Length: 6 } ? $"{code[..3]} {code[3..]}" : code ?? "";

    /// <summary>Who or what a pass is for.</summary>
    public static string Title(PassRow pass, IStringLocalizer words) => pass.Kind switch
    {
        PassKind.Delivery => words["delivery.of", pass.Company ?? ""],
        PassKind.Vehicle => pass.Title is { } name ? $"{pass.Plate} · {name}" : pass.Plate ?? "",
        PassKind.Single when pass.People > 1 => words["and.more", pass.Title ?? "", pass.People - 1],
        _ => pass.Title ?? "",
    };

    /// <summary>When it opens, and what else tells it from others.</summary>
    public static string Line(PassRow pass, DateTime now, IStringLocalizer words)
    {
        var when = pass is { Kind: PassKind.Recurring, Weekdays: { } days, FromTime: { } from, UntilTime: { } until }
            ? words["recurring.line", Weekdays(days, words), Formats.Time(from), Formats.Time(until)].Value
            : Window(pass.From, pass.Until, now, words);
        return pass.Kind switch
        {
            PassKind.Event => $"{when} · {words["guests.of", pass.Invited, pass.Capacity ?? pass.Invited]}",
            PassKind.Delivery when pass.LeaveAtGate => $"{when} · {words["leave.short"]}",
            PassKind.Single when pass.Plate is { } plate => $"{when} · {plate}",
            _ => when,
        };
    }

    public static Glyph Icon(PassKind kind) => kind switch
    {
        PassKind.Event => Glyph.People,
        PassKind.Recurring => Glyph.Refresh,
        PassKind.Vehicle => Glyph.Car,
        PassKind.Delivery => Glyph.Package,
        _ => Glyph.Qr,
    };

    public static Tone Tone(PassState state) => state switch
    {
        PassState.Valid or PassState.Used => Components.Shared.Tone.Ok,
        PassState.Coming => Components.Shared.Tone.Info,
        PassState.Paused => Components.Shared.Tone.Warn,
        PassState.Denied => Components.Shared.Tone.Bad,
        _ => Components.Shared.Tone.Neutral,
    };
}

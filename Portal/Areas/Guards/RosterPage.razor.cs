using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Guards;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Guards;

/// <summary>Who is at the gate in a week, and where nobody is. Guards read it; who manages them writes it.</summary>
public sealed partial class RosterPage
{
    private static readonly string[] Tables = ["guard_shifts", "guards"];

    private RosterShift? chosen;
    private DateOnly onDay;
    private bool editing;

    [Inject] private RosterService Service { get; set; } = null!;
    [Inject] private BuildingClock Clock { get; set; } = null!;
    [Inject] private Dialogs Dialogs { get; set; } = null!;
    [Inject] private Toasts Toasts { get; set; } = null!;
    [Inject] private Me Me { get; set; } = null!;
    [Inject] private IStringLocalizer<GuardWords> L { get; set; } = null!;
    [Inject] private IStringLocalizer<SharedWords> S { get; set; } = null!;

    /// <summary>A day of the week, as 2026-11-23; this week without it.</summary>
    [SupplyParameterFromQuery(Name = "week")] public string? WeekInAddress { get; set; }

    /// <summary>What the prerendering carries into the circuit, taken once.</summary>
    [PersistentState] public RosterWeek? Carried { get; set; }

    private RosterWeek? Week { get; set; }

    private DateOnly This => BuildingClock.MondayOf(Clock.Today);

    private DateOnly Monday => AddressValue.Day(WeekInAddress) is { Year: > 2000 and < 2100 } day ? BuildingClock.MondayOf(day) : This;

    protected override async Task OnParametersSetAsync()
    {
        if (Week is null && Carried?.Monday == Monday) Week = Carried;
        if (Week?.Monday != Monday) await LoadAsync();
        Carried = Week;
    }

    private async Task LoadAsync()
    {
        Week = await Service.WeekAsync(Monday, await Me.GetAsync(), default);
        StateHasChanged();
    }

    private void Add(DateOnly day) => (chosen, onDay, editing) = (null, day, true);

    private void Edit(RosterShift shift) => (chosen, onDay, editing) = (shift, DateOnly.FromDateTime(shift.From), true);

    private async Task CopyAsync()
    {
        var copied = await Service.CopyAsync(Monday, await Me.GetAsync(), default);
        if (copied.Ok)
        {
            var (done, skipped) = copied.Value;
            Toasts.Show(
                skipped == 0 ? L["roster.copied", done] : L["roster.copied.skipped", done, skipped], skipped == 0 ? Tone.Ok : Tone.Warn);
        }
        else
        {
            Toasts.Show(copied.Error!.Explain(S, L), Tone.Bad);
        }

        await LoadAsync();
    }

    private async Task DeleteAsync(RosterShift shift)
    {
        editing = false;
        var day = DateOnly.FromDateTime(shift.From);
        var ask = L["roster.delete.ask", shift.Guard, Formats.WeekdayDate(day), Times(shift)];
        if (!await Dialogs.ConfirmAsync(new(L["roster.delete"], ask, S["action.delete"]))) return;
        var done = await Service.DeleteAsync(shift.Id, await Me.GetAsync(), default);
        Toasts.Show(done.Ok ? L["roster.deleted"].Value : done.Error!.Explain(S, L), done.Ok ? Tone.Ok : Tone.Bad);
        await LoadAsync();
    }

    private string At(DateOnly monday) => monday == This ? "/guards/roster" : $"/guards/roster?week={monday:yyyy-MM-dd}";

    /// <summary>A shift stands on the day on which it begins; what began before the Monday stands on the Monday. Gaps stand on each day.</summary>
    private static IReadOnlyList<Line> Lines(RosterWeek week, DateOnly day) =>
    [
        .. week.Shifts
            .Where(s => DateOnly.FromDateTime(s.From) is var first && (first == day || (first < week.Monday && day == week.Monday)))
            .Select(s => new Line(s.Span, s))
            .Concat(Roster.OfDay(week.Gaps, day).Select(g => new Line(g, null)))
            .OrderBy(l => l.Span.From),
    ];

    private static IReadOnlyList<RosterShift> Mine(RosterWeek week) =>
        [.. week.Shifts.Where(s => s.Own && DateOnly.FromDateTime(s.From) >= week.Monday)];

    private static TimeSpan Sum(IEnumerable<Span> spans) => spans.Aggregate(TimeSpan.Zero, (sum, s) => sum + s.Length);

    /// <summary>Of a roster, in hours also beyond a day: 32 h, 7 h 30.</summary>
    private static string Hours(TimeSpan length) =>
        length.Minutes == 0 ? $"{(int)length.TotalHours} h" : $"{(int)length.TotalHours} h {length.Minutes:00}";

    private static string Part(TimeSpan length) =>
        (Math.Clamp(length / TimeSpan.FromDays(1), 0, 1) * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    /// <summary>The end of a day is 24:00, as shifts are spoken of.</summary>
    private static string Range(Span span, DateOnly day)
    {
        var until = span.Until == day.AddDays(1).ToDateTime(TimeOnly.MinValue) ? "24:00" : Formats.Time(TimeOnly.FromDateTime(span.Until));
        return $"{Formats.Time(TimeOnly.FromDateTime(span.From))}–{until}";
    }

    private string Times(RosterShift shift)
    {
        var times = $"{Formats.Time(TimeOnly.FromDateTime(shift.From))}–{Formats.Time(TimeOnly.FromDateTime(shift.Until))}";
        return DateOnly.FromDateTime(shift.From) < Monday ? L["roster.since.sunday", times] : times;
    }

    private static string Capital(string text) => char.ToUpper(text[0], CultureInfo.CurrentUICulture) + text[1..];

    private sealed record Line(Span Span, RosterShift? Shift);
}

using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Home;
using Portal.Data.Operations;
using Portal.Data.Pqrs;

namespace Portal.Areas.Home;

/// <summary>
/// The first screen of administrators and staff: what needs them, then figures with their trend, then charts. One trip to the database.
/// </summary>
public sealed partial class OfficeDashboard
{
    private static readonly string[] Tables = ["payments", "pqrs", "visitors", "reservations", "charges"];

    private string line = "";
    private bool failed;

    [Parameter, EditorRequired] public CurrentUser User { get; set; } = CurrentUser.Nobody;

    /// <summary>Loaded while prerendering and carried into the circuit.</summary>
    [PersistentState] public OfficeHome? Shown { get; set; }

    [Inject] private HomeService Homes { get; set; } = null!;
    [Inject] private SettingsService Settings { get; set; } = null!;
    [Inject] private BuildingClock Clock { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        if (Shown is null) await LoadAsync();
        else await TitleAsync(Shown);
    }

    private async Task LoadAsync()
    {
        var result = await Homes.OfficeAsync(User, default);
        failed = !result.Ok;
        if (!result.Ok) return;
        Shown = result.Value;
        await TitleAsync(Shown);
    }

    private async Task TitleAsync(OfficeHome home) =>
        line = L["office.line", (await Settings.GetAsync(default)).Name, home.Towers, home.Apartments];

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpper(text[0], CultureInfo.CurrentCulture) + text[1..];

    private static string Month(DateOnly month) => month.ToString("MMMM", CultureInfo.CurrentCulture);

    private IReadOnlyList<Need> Needs(OfficeHome home) =>
        [
            new(
                home.Overdue.Count,
                Tone.Bad,
                L["need.pqrs"],
                home.Overdue.Worst is { } worst
                    ? [$"{worst.Number.Replace("PQRS-", "", StringComparison.Ordinal)} · {L["unit", worst.Unit]}", Due(worst)]
                    : [],
                L["need.pqrs.verb"],
                home.Overdue is { Count: 1, Worst: { } one } ? $"/pqrs/{one.Id}" : "/pqrs?due=overdue"
            ),
            new(
                home.Pending.Count,
                Tone.Warn,
                L["need.payments"],
                home.Pending.OldestSince is { } since
                    ?
                    [
                        L["need.payments.sum", Formats.Money(home.Pending.Sum)],
                        L["need.payments.oldest", home.Pending.OldestUnit ?? "", Formats.Relative(since, Clock.Now)],
                    ]
                    : [],
                L["need.payments.verb"],
                "/payments?state=pending"
            ),
            new(
                home.Overstays.Count,
                Tone.Warn,
                L["need.overstay"],
                home.Overstays.Name is { } name
                    ?
                    [
                        L["need.overstay.who", name, home.Overstays.Unit ?? ""],
                        L["need.overstay.time", Formats.Duration(home.Overstays.Inside), Formats.Duration(home.Overstays.Limit)],
                    ]
                    : [],
                L["need.overstay.verb"],
                "/gate"
            ),
        ];

    private string Due(RecentCase worst) =>
        worst.DueOn is { } due
            ? worst.DaysGiven is { } given
                ? L["need.pqrs.due", Formats.DayMonth(due), given + BusinessDays.Between(due, Clock.Today), given]
                : L["need.pqrs.due.plain", Formats.DayMonth(due)]
            : "";

    private Trend? CollectedTrend(OfficeHome home)
    {
        if (home.Collection.ShareThen is not { } then) return null;
        var today = Clock.Today;
        var lastMonth = new DateOnly(today.Year, today.Month, 1).AddMonths(-1);
        var day = lastMonth.AddDays(Math.Min(today.Day, DateTime.DaysInMonth(lastMonth.Year, lastMonth.Month)) - 1);
        return Between(
            (home.Collection.Current.Share - then) * 100, L["kpi.collected.against", Formats.DayMonth(day)], upIsGood: true,
            by => L["kpi.points", Formats.Number(by, 1)], least: 0.05m);
    }

    private Trend? ArrearsTrend(OfficeHome home) =>
        home.Arrears.Before is not { } before || before == 0
            ? null
            : Between(
                (home.Arrears.Total - before) / before * 100, L["kpi.arrears.against", Month(Clock.Today.AddDays(-Clock.Today.Day))],
                upIsGood: false, by => Formats.Percent(by, 1), least: 0.05m);

    private Trend? CasesTrend(OfficeHome home) => home.Cases.WeekAgo is not { } then ? null
        : Between(home.Cases.Count - then, L["kpi.cases.against"], upIsGood: false, by => Formats.Number(by));

    private Trend? UsageTrend(OfficeHome home) =>
        home.Usage.Weeks.Count < 2
            ? null
            : Between(
                (home.Usage.Current - home.Usage.Weeks[^2]) * 100, L["kpi.usage.against"], upIsGood: true,
                by => L["kpi.points", Formats.Number(by)]);

    private Trend Between(decimal change, string against, bool upIsGood, Func<decimal, string> words, decimal least = 0.5m)
    {
        var size = Math.Abs(change);
        return size < least
            ? new Trend(TrendWay.Flat, L["kpi.same"], against, null)
            : new Trend(change > 0 ? TrendWay.Up : TrendWay.Down, words(size), against, change > 0 == upIsGood);
    }

    private static IReadOnlyList<BarPoint> Bars(OfficeHome home) =>
        [
            .. home.Collection.Months.Select(
                (m, i) =>
                    new BarPoint(
                        m.Month.ToString("MMM", CultureInfo.CurrentCulture).TrimEnd('.'), m.Billed, m.Collected,
                        i == home.Collection.Months.Count - 1,
                        $"/payments?from={m.Month:yyyy-MM-dd}&to={m.Month.AddMonths(1).AddDays(-1):yyyy-MM-dd}")
            ),
        ];

    private IReadOnlyList<AgeBar> Ages(OfficeHome home) =>
        [
            .. home.Arrears.Ages.Select(
                (a, i) =>
                    new AgeBar(
                        a.ToDays is { } to ? L[i == 0 ? "ages.range" : "ages.range.short", a.FromDays, to] : L["ages.over", a.FromDays - 1],
                        a.Amount, a.Apartments, $"/collection?age={a.FromDays}")
            ),
        ];

    private IReadOnlyList<DayLane> Lanes(OfficeHome home) =>
        [
            .. home.Today.Select(f => new DayLane(
                f.Name,
                [
                    .. f.Slots.Select(s => new DaySlot(
                        TimeOnly.FromDateTime(s.Start),
                        TimeOnly.FromDateTime(s.End),
                        s.Label
                            ?? (
                                s.End - s.Start < TimeSpan.FromHours(3)
                                    ? $"{s.People}/{f.Capacity}"
                                    : L["day.shared", s.People, f.Capacity ?? 0]
                            ),
                        s.Waiting ? SlotKind.Waiting : SlotKind.Booked,
                        $"/reservations?facility={f.Id}"
                    )),
                ]
            )),
        ];
}

using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Components.Layout;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Bank;
using Portal.Data.Home;

namespace Portal.Areas.Home;

/// <summary>The administrator's month of money: where it stands, what needs them, what came in, who owes, where the money lies.</summary>
public sealed partial class MoneyPage
{
    private CurrentUser user = CurrentUser.Nobody;
    private bool failed;

    /// <summary>Loaded while prerendering and carried into the circuit.</summary>
    [PersistentState] public MoneyMonth? Shown { get; set; }

    /// <summary>The accounts that lie in banks; null for who does not see them.</summary>
    [PersistentState] public IReadOnlyList<BankAccountRow>? Banks { get; set; }

    /// <summary>A step of the month.</summary>
    /// <param name="Done">How much of it, 0 to 1.</param>
    /// <param name="Fact">When, how many, how much.</param>
    private sealed record Step(string Title, double Done, string Fact, string Verb, string Href);

    protected override async Task OnInitializedAsync()
    {
        user = await Me.GetAsync();
        if (Shown is null) await LoadAsync();
    }

    private async Task LoadAsync()
    {
        var result = await Homes.MoneyAsync(user, default);
        if (user.Can(Permissions.BankView)) Banks = await Bank.AccountsAsync(user, default);
        failed = !result.Ok;
        if (result.Ok) Shown = result.Value;
        StateHasChanged();
    }

    /// <summary>On a phone they are reached from here.</summary>
    private IEnumerable<NavItem> Rooms => Navigation.Items.Where(item => item.In == "money" && item.AnyOf.Any(user.Can));

    private IEnumerable<Step> Steps(MoneyMonth month)
    {
        var end = month.Month.AddMonths(1).AddDays(-1);
        var before = month.Month.AddDays(-1);
        if (user.Can(Permissions.BillingView))
        {
            yield return month.Run.On is { } on
                ? new(L["money.step.bill"], 1, L["money.step.bill.done", Formats.DayMonth(on), month.Run.Charges], L["money.step.bill.verb"], "/billing")
                : new(L["money.step.bill"], 0, L["money.step.bill.open"], L["money.step.bill.verb"], "/billing");
            if (month.Run is { On: not null, Told: > 0 })
                yield return new(
                    L["money.step.send"], 1, L["money.step.send.done", month.Run.Told], L["money.step.bill.verb"], "/billing");
        }

        yield return new(
            L["money.step.collect"], month.Billed == 0 ? 0 : Math.Min(1, (double)month.Share),
            month.Run.DueOn is { } due
                ? L["money.step.collect.due", Formats.Percent(month.Share * 100, 1), Formats.DayMonth(due)]
                : Formats.Percent(month.Share * 100, 1),
            L["money.step.collect.verb"], "/collection");
        if (Banks?.Where(b => b.FirstLine is not null).ToList() is { Count: > 0 } banks)
        {
            var open = banks.Sum(b => b.Open);
            var first = banks.Find(b => b.Open > 0) ?? banks[0];
            yield return new(
                L["money.step.bank"], open == 0 ? 1 : 0,
                open == 0 ? L["money.step.bank.done", Formats.DayMonth(banks.Max(b => b.LastLine)!.Value)] : L["money.lines", open],
                L["money.step.bank.verb"], $"/bank/{first.Id}/reconcile");
        }

        if (month.Accounts is null) yield break;
        var closed = month.ClosedThrough >= before;
        yield return closed
            ? new(L["money.step.close"], 0, L["money.step.close.on", Formats.DayMonth(end.AddDays(1))], L["money.step.close.verb"], "/ledger")
            : new(L["money.step.close"], 0, L["money.step.close.late", Named(before)], L["money.step.close.verb"], "/ledger");
    }

    private IReadOnlyList<Need> Needs(MoneyMonth month)
    {
        var old = month.Ages[^1];
        var needs = new List<Need>
        {
            new(
                old.Apartments, Tone.Bad, L["money.need.old"],
                month.Worst is { } worst
                    ? [Formats.Money(old.Amount), L["money.need.old.worst", worst.Unit, Formats.Money(worst.Owed), worst.Days]]
                    : [],
                L["money.need.old.verb"], "/collection?age=91"),
            new(
                month.Pending.Count, Tone.Warn, L["need.payments"],
                month.Pending.OldestSince is { } since
                    ?
                    [
                        L["need.payments.sum", Formats.Money(month.Pending.Sum)],
                        L["need.payments.oldest", month.Pending.OldestUnit ?? "", Formats.Relative(since, Clock.Now)],
                    ]
                    : [],
                L["need.payments.verb"], "/payments?state=pending"),
        };
        if (Banks is { Count: > 0 } banks)
        {
            var oldest = banks.Min(b => b.Oldest);
            needs.Add(new(
                banks.Sum(b => b.Deposits), Tone.Warn, L["money.need.unknown"],
                oldest is { } day
                    ? [L["money.need.unknown.sum", Formats.Money(banks.Sum(b => b.Unidentified))], L["money.need.unknown.oldest", Formats.DayMonth(day)]]
                    : [],
                L["money.need.unknown.verb"], "/bank"));
        }

        if (month.OnlineReviews is { Number: > 0 and var odd, Received: var received })
        {
            needs.Add(new(
                odd, Tone.Warn, L["money.need.online"], [L["money.need.online.sum", Formats.Money(received)]], L["money.need.online.verb"],
                "/payments/online?state=review"));
        }

        return needs;
    }

    private Trend? BilledTrend(MoneyMonth month) => month.LastBilled == 0 ? null
        : Change(month.Billed - month.LastBilled, by => Formats.Millions(by), L["money.against", Month(month.Month.AddMonths(-1))], null);

    private Trend? CollectedTrend(MoneyMonth month) => month.ShareThen is not { } then ? null
        : Change(
            Math.Round((month.Share - then) * 100, 1), by => L["kpi.points", Formats.Number(by, 1)],
            L["money.against.day", Month(month.Month.AddMonths(-1))], true);

    private Trend? ArrearsTrend(MoneyMonth month) => month.ArrearsBefore is not { } before || before == 0 ? null
        : Change(
            Math.Round((month.Overdue - before) / before * 100, 1), by => Formats.Percent(by, 1),
            L["money.against.end", Month(month.Month.AddMonths(-1))], false);

    private Trend? CashTrend(IReadOnlyList<MoneyAccount> accounts) =>
        Change(accounts.Sum(a => a.Now - a.Before), by => Formats.Millions(by), L["money.since"], null);

    /// <param name="upIsGood">Null where it is neither.</param>
    private Trend Change(decimal by, Func<decimal, string> say, string against, bool? upIsGood) =>
        by == 0 ? new Trend(TrendWay.Flat, L["money.same"], against, null)
        : new Trend(by > 0 ? TrendWay.Up : TrendWay.Down, say(Math.Abs(by)), against, upIsGood is { } up ? up == by > 0 : null);

    private static IReadOnlyList<CumulativeChart.Point> Points(IReadOnlyList<DayCollected> days) =>
        [.. days.Select(d => new CumulativeChart.Point(d.Day.Day, d.Amount))];

    private string Age(AgeBucket age) => age.ToDays is { } to ? L["ages.range", age.FromDays, to] : L["ages.over", age.FromDays - 1];

    private IReadOnlyList<AgeBar> Bars(MoneyMonth month) =>
        [.. month.Ages.Select(a => new AgeBar(Age(a), a.Amount, a.Apartments, $"/collection?age={a.FromDays}"))];

    private static string Month(DateOnly month) => month.ToString("MMMM", CultureInfo.CurrentCulture);

    private static string Named(DateOnly month) => Formats.MonthYear(month);

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpper(text[0], CultureInfo.CurrentCulture) + text[1..];
}

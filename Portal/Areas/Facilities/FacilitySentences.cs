using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data.Facilities;

namespace Portal.Areas.Facilities;

/// <summary>The rules of a facility in sentences, as they stand in the form now.</summary>
/// <param name="alike">The names of the other facilities of the kind.</param>
/// <param name="holdMinutes">How long a place is held that is to be paid first.</param>
public sealed class FacilitySentences(FacilityInput rules, IReadOnlyList<string> alike, int holdMinutes, IStringLocalizer words)
{
    public IEnumerable<string> All() =>
        [.. Closed(), Open(), Room(), .. When(), .. HowOften(), .. Cost()];

    public string Open() => rules.Hours.Count == 0 ? words["sum.never"] : words["sum.open", string.Join("; ", Week())];

    public string Room() =>
        rules.Capacity is { } people ? words[rules.Shared ? "sum.shared" : "sum.exclusive", people] : words["sum.exclusive.any"];

    private IEnumerable<string> Closed()
    {
        if (rules.State != FacilityState.Available) yield return words["sum.closed", words[BookingText.Chip(rules.State).Key]];
    }

    public IEnumerable<string> When()
    {
        yield return rules.MinMinutes == rules.MaxMinutes
            ? words["sum.slot.fixed", Length(rules.MinMinutes)]
            : words["sum.slot", Length(rules.SlotMinutes), Length(rules.MinMinutes), Length(rules.MaxMinutes)];
        if (rules is { BufferMinutes: > 0, Shared: false }) yield return words["sum.buffer", Length(rules.BufferMinutes)];
        var days = rules.MaxAdvanceDays switch
        {
            0 => words["sum.ahead.today"],
            1 => words["sum.ahead.day"],
            var many => words["sum.ahead.days", many],
        };
        yield return rules.MinNoticeMinutes > 0 ? words["sum.ahead", days, Length(rules.MinNoticeMinutes)] : words["sum.ahead.any", days];
        yield return words[
            rules.ApprovalRequired ? "sum.approval"
            : rules.PayFirst && rules.HourlyRate + rules.Deposit > 0 ? "sum.pay_first"
            : "sum.at_once",
            Length(holdMinutes)];
    }

    public IEnumerable<string> HowOften()
    {
        if (rules.Quotas.Count == 0 && rules.OpenLimit is null) yield return words["sum.quota.none"];
        foreach (var quota in rules.Quotas) yield return BookingText.Quota(quota, words);
        if (rules.OpenLimit is { } open) yield return words[open == 1 ? "sum.open_limit.one" : "sum.open_limit", open];
        if (alike.Count > 0 && (rules.Quotas.Count > 0 || rules.OpenLimit is not null))
            yield return words["sum.kind", BookingText.Join([.. alike.Append(Name).Order(StringComparer.CurrentCulture)], words)];
    }

    private string Name => string.IsNullOrWhiteSpace(rules.Name) ? words["sum.this"] : rules.Name.Trim();

    public IEnumerable<string> Cost()
    {
        yield return rules.HourlyRate > 0 ? words["sum.price", Formats.Money(rules.HourlyRate)] : words["sum.price.free"];
        if (rules.Deposit > 0) yield return words["sum.deposit", Formats.Money(rules.Deposit)];
        yield return rules.ChangeNoticeMinutes > 0 ? words["sum.change", Length(rules.ChangeNoticeMinutes)] : words["sum.change.any"];
        yield return rules is { HourlyRate: > 0, CancelChargePercent: > 0, CancelNoticeMinutes: > 0 }
            ? words["sum.cancel", Length(rules.CancelNoticeMinutes), rules.CancelChargePercent]
            : words["sum.cancel.free"];
        if (!string.IsNullOrWhiteSpace(rules.Terms)) yield return words["sum.terms"];
        if (rules.CheckIn) yield return words["sum.check_in"];
    }

    /// <summary>Days with the same hours in one breath: "de lunes a viernes de 8:00 a 22:00".</summary>
    private IEnumerable<string> Week()
    {
        var days = Enumerable.Range(1, 7)
            .Select(day => (Day: day, Hours: rules.Hours.Where(h => h.Weekday == day).Select(h => (h.OpensAt, h.ClosesAt)).ToList()))
            .Where(d => d.Hours.Count > 0).ToList();
        for (var i = 0; i < days.Count;)
        {
            var j = i;
            while (j + 1 < days.Count && days[j + 1].Hours.SequenceEqual(days[i].Hours) && days[j + 1].Day == days[j].Day + 1) j++;
            var names = j - i == 6 ? words["week.all"].Value
                : j > i ? words["week.range", BookingText.Weekday(days[i].Day), BookingText.Weekday(days[j].Day)].Value
                : BookingText.Weekday(days[i].Day);
            var after = j > i ? words["hours.next"].Value : BookingText.Weekday(days[i].Day % 7 + 1);
            yield return $"{names} {BookingText.Join([.. days[i].Hours.Select(h => Span(h.OpensAt, h.ClosesAt, after))], words)}";
            i = j + 1;
        }
    }

    /// <param name="after">The day after, in words.</param>
    private string Span(TimeOnly opens, TimeOnly closes, string after) =>
        opens == closes && opens == TimeOnly.MinValue ? words["hours.whole"]
        : words[
            "range.from", Hour(opens),
            closes == TimeOnly.MinValue ? "24:00" : closes > opens ? Hour(closes) : words["hour.of", Hour(closes), after].Value];

    private static string Hour(TimeOnly time) => BookingText.Hour(DateTime.UnixEpoch + time.ToTimeSpan());

    private string Length(int minutes) => BookingText.Length(minutes, words);
}

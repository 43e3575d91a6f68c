using Microsoft.Extensions.Localization;
using Portal.Data.Facilities;
using Portal.Data.Facilities.Rules;
using Portal.Resources;

namespace Portal.Areas.Facilities;

/// <summary>A refusal in words: what cannot be done, the rule, the value found, what would satisfy it.</summary>
/// <param name="HaveLabel">What stands before the value found: "Llevas", "Pediste".</param>
public sealed record RefusalText(string Title, string Rule, string Have, string HaveLabel, string Remedy)
{
    /// <summary>Where the person can do themselves what is to be done, when that is not on the booking page.</summary>
    public (string Href, string Text)? Act { get; init; }
}

/// <summary>
/// Puts each rule's refusal into words. The words are <c>refusal.{code}.title</c>, <c>.rule</c>, <c>.have</c> and <c>.do</c> of
/// <see cref="FacilitiesWords"/>; here stands which value goes where.
/// </summary>
public sealed class RefusalWords(IStringLocalizer<FacilitiesWords> words)
{
    /// <param name="facility">Its name.</param>
    /// <param name="kind">What quotas speak of: "BBQ".</param>
    /// <param name="forOthers">The office reads it, about somebody's apartment.</param>
    public RefusalText Explain(Refusal refusal, string facility, string? kind, bool forOthers = false) =>
        refusal switch
        {
            NotAvailable r => Text(r, "have.now", facility, words[BookingText.Chip(r.State).Key].Value),
            InThePast r => Text(
                r,
                "have.now",
                r.Start.Date == r.Now.Date
                    ? words[r.Start.Hour == 1 ? "at.one" : "at.hour", BookingText.Hour(r.Start)].Value
                    : words["at.moment", BookingText.Moment(r.Start)].Value,
                BookingText.Hour(r.Now)
            ),
            SkippedHour r => Text(r, "have.you", BookingText.Hour(r.Hour)),
            ClosedThatDay r => Closed(r, facility),
            OutsideHours r => Text(
                r, "have.you", Days(r.Day),
                BookingText.Join([.. r.Openings.Select(o => BookingText.Range(o.Opens, o.Closes, words))], words),
                BookingText.Range(r.Start, r.End, words)),
            OffTheGrid r => Text(
                r, "have.you", Length(r.SlotMinutes), BookingText.Range(r.Start, r.End, words), BookingText.Hour(r.Before),
                BookingText.Hour(r.After)),
            TooShort r => Text(r, "have.you", Length(r.Minutes), Length(r.Least)),
            TooLong r => Text(r, "have.you", Length(r.Minutes), Length(r.Most)),
            BlackedOut r => Text(r, "have.there", r.Reason, When(r.From, r.To), BookingText.Moment(r.To)),
            SlotTaken r => Text(r, "have.there", BookingText.Range(r.From, r.To, words), Length(r.BufferMinutes)) with
            {
                Rule = words[r.BufferMinutes > 0 ? "refusal.taken.rule.buffer" : "refusal.taken.rule", "", Length(r.BufferMinutes)],
            },
            NotEnoughRoom r => Text(r, "have.left", r.People, r.Left, r.Capacity) is var room && r.Left > 0
                ? room
                : room with
                {
                    Have = words["refusal.room.have.none"],
                    Remedy = words["refusal.room.do.none"],
                },
            TooSoon r => Text(r, "have.now", Length(r.NoticeMinutes), Length(r.Left), BookingText.Moment(r.Earliest)),
            TooFar r => Text(r, "have.now", r.AdvanceDays, r.Ahead, Formats.WeekdayDate(r.OpensOn)),
            TooManyPeople r => Text(r, "have.you", r.People, r.Capacity),
            QuotaUsed r => Quota(r, kind ?? facility, forOthers),
            OthersWait r => Text(r, "have.now", r.Ahead),
            ChangedTooLate r => Text(r, "have.now", Length(r.NoticeMinutes), BookingText.Moment(r.Until)),
            TooManyOpen r => Text(
                r, forOthers ? "have.apartment" : "have.used", r.Limit, kind ?? facility, r.Open, BookingText.Moment(r.Next)) with
            {
                Act = ("/reservations", words["see.mine"]),
            },
            InArrears r => Text(r, "have.now", Formats.Money(r.Owed), Formats.ShortDate(r.Since)) is var text && forOthers
                ? text with
                {
                    Remedy = words["refusal.arrears.do.staff"],
                }
                : text with
                {
                    Act = ("/payments/report", words["refusal.arrears.act"]),
                },
            HoldsAnother r => Text(r, "have.now", r.Facility, When(r.Start, r.End)) with
            {
                Act = ("/reservations", words["refusal.hold.act"]),
            },
            _ => new RefusalText(words["book.foot.choose"], "", "", "", ""),
        };

    /// <summary>The remedy, where the nearest slot that every rule allows is known.</summary>
    public string Nearest(FreeSlot slot, BookingInput wanted) =>
        slot.FacilityId != wanted.FacilityId ? words["nearest.facility", slot.Facility]
        : slot.Start.Date == wanted.Start.Date ? words["nearest.slot", BookingText.Range(slot.Start, slot.End, words)]
        : words["nearest.day", Formats.WeekdayDate(DateOnly.FromDateTime(slot.Start)), BookingText.Range(slot.Start, slot.End, words)];

    /// <summary>The same on the button.</summary>
    public string See(FreeSlot slot, BookingInput wanted) =>
        slot.FacilityId != wanted.FacilityId ? words["see.facility", slot.Facility]
        : slot.Start.Date == wanted.Start.Date ? words["see.slot", BookingText.Range(slot.Start, slot.End, words)]
        : words["see.day", Formats.WeekdayDate(DateOnly.FromDateTime(slot.Start))];

    /// <summary>One or two words in the slot itself.</summary>
    public string Short(SlotOption slot) => slot.Why switch
    {
        null => slot.Left is { } left ? words["slot.left", left] : words["slot.free"],
        TooShort r => words["slot.short", Formats.Duration(TimeSpan.FromMinutes(r.Least))],
        var why => words["slot." + why.Code] is { ResourceNotFound: false } word ? word : words["slot.taken"],
    };

    private RefusalText Quota(QuotaUsed r, string kind, bool forOthers)
    {
        var unit = r.Period switch { QuotaPeriod.Day => "day", QuotaPeriod.Week => "week", _ => "month" };
        var period = "refusal.quota." + unit;
        var rule = $"refusal.quota.{(r.Subject == QuotaSubject.Person ? "person." : "")}{unit}.rule";
        var month = Formats.LanguageOf().DateTimeFormat.GetMonthName(r.Taken[0].Month);
        object[] values = [r.Quota, kind, r.Taken.Count, UsedDays(r.Taken), Formats.WeekdayDate(r.FreeFrom), month];
        return new RefusalText(
            words[period + (!forOthers ? ".title" : r.Subject == QuotaSubject.Person ? ".title.person" : ".title.staff"), values],
            words[rule + (r.Quota == 1 ? ".one" : ""), values],
            words["refusal.quota.have", values],
            words[forOthers ? "refusal.have.apartment" : "refusal.have.used"],
            words["refusal.quota.do", values]);
    }

    /// <summary><c>sáb 7 y sáb 14 de noviembre</c>.</summary>
    private string UsedDays(IReadOnlyList<DateTime> used)
    {
        var culture = Formats.LanguageOf();
        var days = BookingText.Join([.. used.Select(BookingText.ShortDay)], words);
        return culture.TwoLetterISOLanguageName == "en"
            ? $"{days} {used[^1].ToString("MMMM", culture)}"
            : $"{days} de {used[^1].ToString("MMMM", culture)}";
    }

    private RefusalText Closed(ClosedThatDay r, string facility)
    {
        var text = Text(
            r, "have.you", facility, Days(r.Day), Formats.WeekdayDate(r.Day), r.NextOpen is { } next ? Formats.WeekdayDate(next) : "");
        return r.NextOpen is null ? text with { Remedy = words["refusal.closed_day.do.never"] } : text;
    }

    private RefusalText Text(Refusal refusal, string have, params object[] values) =>
        new(
            words[$"refusal.{refusal.Code}.title", values], words[$"refusal.{refusal.Code}.rule", values],
            words[$"refusal.{refusal.Code}.have", values], words["refusal." + have], words[$"refusal.{refusal.Code}.do", values]);

    private string Length(int minutes) => BookingText.Length(minutes, words);

    /// <summary><c>sábados</c>, <c>Saturdays</c>: what is the rule of every one.</summary>
    private static string Days(DateOnly day)
    {
        var name = day.ToString("dddd", Formats.LanguageOf());
        return name.EndsWith('s') ? name : name + "s";
    }

    private string When(DateTime from, DateTime to) =>
        from.Date == to.Date || (from.Date == from && to == from.AddDays(1)) || to - from < TimeSpan.FromHours(12)
            ? $"{Formats.WeekdayDate(DateOnly.FromDateTime(from))}, {BookingText.Range(from, to, words)}"
        : from == from.Date && to == to.Date
            ? words[
                "range.days",
                Formats.WeekdayDate(DateOnly.FromDateTime(from)),
                Formats.WeekdayDate(DateOnly.FromDateTime(to).AddDays(-1))
            ]
        : words["range.from", BookingText.Moment(from), BookingText.Moment(to)];
}

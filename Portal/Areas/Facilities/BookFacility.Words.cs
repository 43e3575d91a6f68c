using Portal.Data.Facilities;
using Portal.Data.Facilities.Rules;

namespace Portal.Areas.Facilities;

/// <summary>What the booking page says.</summary>
public sealed partial class BookFacility
{
    /// <summary>What is left at the end of a day is off the grid because it is too short: said once.</summary>
    private IEnumerable<RefusalText> Explained(BookingQuote quote) =>
        quote
            .Refusals.Where(r =>
                r is not TermsNotAccepted
                && !(r is OffTheGrid { Start: var start, Before: var slot } && start == slot && quote.Refusals.Any(q => q is TooShort))
            )
            .Select(r => refusals.Explain(r, View!.Facility.Name, View.Facility.Kind, Staff));

    /// <summary>Fewer people would do, or that the office says so: the rows to change that stay in sight.</summary>
    private bool CanFix(BookingQuote quote) =>
        quote
            .Refusals.Where(r => r is not TermsNotAccepted)
            .All(r => r is TooManyPeople or NotEnoughRoom { Left: > 0 } || (Staff && r is InArrears));

    /// <summary>How many people would do, where nothing else stands in the way.</summary>
    private int? Fewer(BookingQuote quote) =>
        !quote.Refusals.All(r => r is TooManyPeople or NotEnoughRoom { Left: > 0 } or TermsNotAccepted)
            ? null
            : quote
                .Refusals.Select(r =>
                    r switch
                    {
                        TooManyPeople many => many.Capacity,
                        NotEnoughRoom room => room.Left,
                        _ => (int?)null,
                    }
                )
                .Min();

    /// <summary>Other slots are worth telling: not where too many people are the only trouble, which no other slot cures.</summary>
    private static bool Offers(BookingQuote quote) =>
        quote.Nearest.Count > 0 && !quote.Refusals.All(r => r is TooManyPeople or TermsNotAccepted);

    private string Conditions(BookingQuote quote)
    {
        List<string> lines = [];
        if (quote.NeedsApproval) lines.Add(words["approval.note"]);
        if (quote.Price.CancelFreeUntil is not { } until) lines.Add(words[Staff ? "sum.cancel.free" : "cancel.always"]);
        else if (until <= clock.Now) lines.Add(words["cancel.now", Formats.Money(quote.Price.CancelCharge)]);
        else
            lines.Add(
                $"{words[Staff ? "cancel.free.until.staff" : "cancel.free.until"]} {words["cancel.until", BookingText.Moment(until), Formats.Percent(View!.Facility.CancelChargePercent, 0)]}"
            );
        lines.AddRange(
            quote
                .Quotas.Where(q => q.Subject == QuotaSubject.Apartment && q.Used < q.Most)
                .Select(q =>
                    words[
                        $"quota.with.{q.Period.ToString().ToLowerInvariant()}{(Staff ? ".staff" : "")}",
                        q.Used + 1,
                        q.Most,
                        Formats.LanguageOf().DateTimeFormat.GetMonthName(Day.Month)
                    ].Value
                )
        );

        return string.Join(" ", lines);
    }

    /// <summary>What the button does. With the rules not accepted yet, pressing it accepts them, and it says so.</summary>
    private string Press(BookingQuote quote)
    {
        var act =
            quote.NeedsApproval ? "ask"
            : quote.PayFirst ? "pay"
            : "book";
        return words[
            $"book.press.{act}{(Unaccepted && !Staff ? ".accept" : "")}{(quote.Price.Total > 0 ? "" : ".free")}",
            Formats.Money(quote.Price.Total)
        ];
    }

    private string Foot(BookingQuote quote) =>
        ApartmentId is null ? words["apartment.choose"]
        : quote.Refusals.Any(r => r is TermsNotAccepted) ? words["terms.missing", View!.Facility.Name]
        : quote.PayFirst ? words["book.foot.hold", settings.HoldMinutes]
        : quote.Price.Total == 0 ? ""
        : (Staff ? home?.Label : Homes?.FirstOrDefault(h => h.Id == ApartmentId)?.Name) is { } name ? words["book.foot.account", name]
        : words["book.foot.account.plain"];
}

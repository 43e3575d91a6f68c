using System.Globalization;
using Portal.Data.Facilities;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>What the confirmation of a booking is printed from. Times on the building's wall clock.</summary>
/// <param name="Number">Such as R-2026-000731.</param>
public sealed record BookingConfirmationModel(
    BuildingHeader Building, string Number, BookingConfirmation Booking, Verification Verification, DocumentStamp Stamp);

/// <summary>
/// What a resident shows at the gate: which facility, when, what it costs and what of that is paid, what cancelling costs, the terms, and
/// the code. One that gives no right
/// to the place (yet, or any more) says so across the page.
/// </summary>
public static class BookingConfirmationDocument
{
    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(BookingConfirmationModel model, CultureInfo culture)
    {
        using var buffer = new MemoryStream();
        Write(model, culture, buffer);
        return buffer.ToArray();
    }

    /// <inheritdoc cref="Render"/>
    public static void Write(BookingConfirmationModel model, CultureInfo culture, Stream output)
    {
        var words = new Wording(culture);
        var booking = model.Booking;
        new PdfDocument(model.Building, "booking", model.Number, booking.Made is { } made ? words["booking.made", words.Moment(made)] : " ",
            words["booking.subject", booking.Facility, booking.Person], model.Stamp, model.Verification)
            .Write(output, words, flow => Compose(flow, model, words));
    }

    private static void Compose(Flow flow, BookingConfirmationModel model, Wording words)
    {
        var booking = model.Booking;
        var ended = booking.State is ReservationState.Cancelled or ReservationState.Expired;
        if (ended)
            flow.Ground = Watermark.Of(flow.Type, words[$"booking.watermark.{booking.State}"]);
        flow.Add(
            new Columns(
                12,
                Upright.Top,
                (
                    ColumnWidth.Part(),
                    new Stack(
                        1.5, new Words(words["booking.for", booking.Person], TextStyle.BodySoft),
                        new Words(booking.Facility, TextStyle.Sum with { Size = 24, Leading = 30 }, mostLines: 2),
                        new Words(When(booking, words), TextStyle.Heading, mostLines: 2))
                ),
                (ColumnWidth.Content, State(booking, words))
            ),
            before: 18
        );
        if (Notice(booking, words, ended) is { } notice) flow.Add(notice, before: 12);
        flow.Add(
            Facts.Of(
                (words["fact.unit"], Unit(booking, words)),
                (words["booking.fact.people"], Formats.Number(booking.People, 0, words.Culture)),
                (words["booking.fact.length"], Formats.Duration(booking.End - booking.Start, words.Culture)),
                (words["booking.fact.code"], booking.Code), (words["booking.fact.note"], booking.Notes)),
            before: 15
        );
        Money(flow, booking, words);
        if (!ended && booking.State is not (ReservationState.Completed or ReservationState.NoShow))
        {
            flow.Add(Headings.Of(words["booking.cancel"]), before: 18, keep: 30);
            flow.Add(new Words(Words.Marked(Cancelling(model, words), TextStyle.Body, TextStyle.BodyStrong)), before: 3);
        }

        if (!string.IsNullOrWhiteSpace(booking.Terms))
        {
            flow.Add(Headings.Of(words["booking.terms"]), before: 18, keep: 30);
            flow.AddText(new Words(booking.Terms.Trim(), TextStyle.Body), before: 3);
        }
    }

    /// <summary>One line for a booking of one day, also where it ends at midnight; both days where it goes on into the next.</summary>
    private static string When(BookingConfirmation booking, Wording words)
    {
        var (first, last) = (DateOnly.FromDateTime(booking.Start), DateOnly.FromDateTime(booking.End));
        var (from, to) = (Formats.Time(TimeOnly.FromDateTime(booking.Start)), Formats.Time(TimeOnly.FromDateTime(booking.End)));
        var day = Capital(Formats.LongWeekdayDate(first, words.Culture));
        return first == last ? words["booking.when", day, from, to]
            : booking.End == first.AddDays(1).ToDateTime(TimeOnly.MinValue) ? words["booking.when", day, from, "24:00"]
            : words["booking.when.over", day, from, Formats.LongWeekdayDate(last, words.Culture), to];
    }

    private static Chip State(BookingConfirmation booking, Wording words) =>
        booking.State switch
        {
            ReservationState.Confirmed => new(Icon.Done, words["booking.state.Confirmed"], Tone.Good),
            ReservationState.Pending => new(Icon.Waiting, words["booking.state.Pending"], Tone.Warning),
            ReservationState.Held when booking.HeldUntil is { } until => new(
                Icon.Clock, words["booking.state.Held", Formats.Time(TimeOnly.FromDateTime(until))], Tone.Warning),
            ReservationState.Completed => new(Icon.Done, words["booking.state.Completed"], Tone.Neutral),
            ReservationState.NoShow => new(Icon.Late, words["booking.state.NoShow"], Tone.Neutral),
            ReservationState.Expired => new(Icon.Voided, words["booking.state.Expired"], Tone.Bad),
            _ => new(Icon.Voided, words["booking.state.Cancelled"], Tone.Bad),
        };

    private static Box? Notice(BookingConfirmation booking, Wording words, bool ended)
    {
        if (ended)
        {
            var lines = new List<Block>
            {
                new Words(
                    booking.Ended is { } at
                        ? words[$"booking.ended.{booking.State}", words.LongMoment(at)]
                        : words[$"booking.ended.plain.{booking.State}"],
                    TextStyle.BodyStrong with
                    {
                        Colour = Ink.Danger,
                    }
                ),
            };
            if (!string.IsNullOrWhiteSpace(booking.EndReason))
                lines.Add(new Words(words["booking.ended.why", booking.EndReason], TextStyle.Body, mostLines: 6));
            lines.Add(new Words(words["booking.ended.effect"], TextStyle.BodySoft));
            return new(new Stack(1.5, [.. lines]), padding: 10, ground: Ink.DangerSoft);
        }

        var text =
            booking.State is ReservationState.Pending or ReservationState.Held ? words[$"booking.not_yet.{booking.State}"]
            : booking.Moved ? words["booking.moved"]
            : null;
        return text is null ? null : new(new Words(text, TextStyle.BodyMedium), padding: 10, ground: Ink.WarningSoft);
    }

    private static void Money(Flow flow, BookingConfirmation booking, Wording words)
    {
        // What is not on the account yet is shown as it was fixed; nothing of it can be paid.
        List<(string Concept, string? Detail, decimal Amount, decimal Paid)> lines =
            booking.Charges.Count > 0
                ? [.. booking.Charges.Select(c => (c.Concept, c.Number, c.Amount, c.Paid))]
                :
                [
                    .. new[]
                    {
                        (words["booking.hours"], (string?)null, booking.Price, 0m),
                        (words["booking.deposit"], words["booking.deposit.note"], booking.Deposit, 0m),
                    }.Where(l => l.Item3 > 0),
                ];
        if (booking.Charges.Count == 0 && booking.State is ReservationState.Cancelled or ReservationState.Expired) return;
        var note =
            lines.Count == 0 ? words["booking.money.free"]
            : booking.Charges.Count == 0 && booking.State is ReservationState.Pending or ReservationState.Held
                ? words["booking.money.later"]
            : words["booking.money.fixed"];
        flow.Add(Headings.Of(words["booking.money"], note), before: 18, keep: lines.Count == 0 ? 0 : 60);
        if (lines.Count == 0) return;
        flow.Add(new Gap(4));
        var table = new Table(
            new TableColumn(words["booking.column.concept"], ColumnWidth.Part()),
            new(words["booking.column.amount"], ColumnWidth.ContentAtLeast(76), Side.Right),
            new(words["booking.column.paid"], ColumnWidth.ContentAtLeast(76), Side.Right),
            new(words["booking.column.left"], ColumnWidth.ContentAtLeast(60), Side.Right));
        foreach (var (concept, detail, amount, paid) in lines)
        {
            table.Row(
                Table.Described(concept, detail), Table.Figure(words.Money(amount)), Table.Figure(words.Money(paid)),
                Table.Figure(words.Money(amount - paid), TextStyle.CellStrong));
        }

        table.Total =
        [
            Table.Cell(words["booking.total"], TextStyle.Heading),
            Table.Figure(words.Money(lines.Sum(l => l.Amount)), TextStyle.Total),
            Table.Figure(words.Money(lines.Sum(l => l.Paid)), TextStyle.Total),
            Table.Figure(words.Money(lines.Sum(l => l.Amount - l.Paid)), TextStyle.Total),
        ];
        table.AddTo(flow);
    }

    private static string Cancelling(BookingConfirmationModel model, Wording words)
    {
        if (model.Booking is not { CancelFreeUntil: { } until, State: ReservationState.Confirmed } booking)
            return words["booking.cancel.free"];
        var moment = words.LongMoment(until);
        return booking.CancelCharge == 0
            ? words["booking.cancel.until.free", moment]
            : words[
                model.Stamp.GeneratedAt > until ? "booking.cancel.past" : "booking.cancel.until",
                moment,
                words.Money(booking.CancelCharge)
            ];
    }

    private static string? Unit(BookingConfirmation booking, Wording words) =>
        booking.Apartment is null ? null
        : booking.Tower is { Length: <= 3 } ? words["booking.unit", booking.Tower, booking.Apartment]
        : $"{booking.Tower} {booking.Apartment}";

    private static string Capital(string text) => char.ToUpper(text[0], CultureInfo.InvariantCulture) + text[1..];
}

using System.Globalization;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>What an apartment is asked to pay. Amounts in pesos.</summary>
/// <param name="Month">The first day of the month that is billed.</param>
/// <param name="Day">Through which it tells, interest included.</param>
/// <param name="Since">The day whose balance is <paramref name="Previous"/>; below zero it is credit.</param>
/// <param name="Running">Interest through <paramref name="Day"/> that is not charged yet.</param>
/// <param name="Later">What falls due only after <paramref name="DueOn"/>.</param>
/// <param name="Asked">To be paid by <paramref name="DueOn"/>.</param>
/// <param name="Discount">Off for who pays all of it by <paramref name="DiscountUntil"/>.</param>
/// <param name="Late">Something of it is past its day already.</param>
/// <param name="Waiting">Reported payments that are not confirmed: they do not count yet.</param>
/// <param name="UnitShort">What the payer writes as reference: "B 1204".</param>
public sealed record BillModel(
    BuildingHeader Building, string Unit, string? Owner, DateOnly Month, DateOnly Day, DateOnly Since, decimal Previous,
    IReadOnlyList<StatementLine> Lines, decimal Running, decimal Later, decimal Asked, DateOnly DueOn, decimal? Discount,
    DateOnly? DiscountUntil, bool Late, decimal Waiting, string? HowToPay, string UnitShort, DocumentStamp Stamp)
{
    public decimal Total => Previous + Lines.Sum(l => l.Charge - l.Payment) + Running;
}

/// <summary>The bill of an apartment: what was left, what was paid, what this month asks, and how to pay it.</summary>
public static class BillDocument
{
    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(BillModel bill, CultureInfo culture)
    {
        using var buffer = new MemoryStream();
        Write(bill, culture, buffer);
        return buffer.ToArray();
    }

    /// <inheritdoc cref="Render"/>
    public static void Write(BillModel bill, CultureInfo culture, Stream output)
    {
        var words = new Wording(culture);
        new PdfDocument(
            bill.Building, "bill", bill.UnitShort, Month(bill, words), words["bill.subject", bill.Unit], bill.Stamp, null)
            .Write(output, words, flow => Compose(flow, bill, words));
    }

    private static string Month(BillModel bill, Wording words) =>
        Formats.MonthYear(bill.Month, words.Culture) is { Length: > 0 } text ? char.ToUpper(text[0], words.Culture) + text[1..] : "";

    private static void Compose(Flow flow, BillModel bill, Wording words)
    {
        flow.Add(Sum(bill, words), before: 18);
        if (bill is { Discount: { } off, DiscountUntil: { } until })
        {
            flow.Add(
                new Box(
                    new Words(Words.Marked(
                        words["bill.early", words.Money(bill.Asked - off), words.LongDate(until), words.Money(off)], TextStyle.Body,
                        TextStyle.BodyStrong)),
                    padding: 10, ground: Ink.SuccessSoft),
                before: 12);
        }

        flow.Add(
            Facts.Of(
                (words["fact.unit"], bill.Unit), (words["fact.owner"], bill.Owner), (words["bill.fact.month"], Month(bill, words)),
                (words["bill.fact.due"], words.LongDate(bill.DueOn)), (words["bill.fact.day"], words.LongDate(bill.Day))),
            before: 15);
        flow.Add(Headings.Of(words["bill.lines"], words["bill.lines.note", words.LongDate(bill.Since)]), before: 18, keep: 60);
        flow.Add(new Gap(4));
        Lines(bill, words).AddTo(flow);
        if (bill.Later > 0)
            flow.Add(new Words(words["bill.later", words.Money(bill.Later), words.LongDate(bill.DueOn)], TextStyle.BodySoft), before: 10);
        if (bill.Waiting > 0) flow.Add(new Words(words["bill.waiting", words.Money(bill.Waiting)], TextStyle.BodySoft), before: 6);
        if (bill.Asked == 0) return;
        flow.Add(
            new Box(
                new Stack(
                    3, [new Words(words["bill.pay"], TextStyle.Heading), .. Pay(bill, words)]),
                padding: 12, border: Ink.Line),
            before: 18);
    }

    private static IEnumerable<Block> Pay(BillModel bill, Wording words)
    {
        foreach (var line in (bill.HowToPay ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            yield return new Words(line, TextStyle.Body, mostLines: 4);
        yield return new Words(Words.Marked(words["bill.pay.reference", bill.UnitShort], TextStyle.BodySoft, TextStyle.BodyStrong));
        yield return new Words(words["bill.pay.order"], TextStyle.BodySoft);
    }

    private static Columns Sum(BillModel bill, Wording words) => new(12, Upright.Bottom,
        (ColumnWidth.Part(), new Stack(0,
            new Words(
                bill.Total < 0 ? words["bill.credit"] : bill.Asked == 0 ? words["bill.nothing"]
                    : words["bill.asked", words.LongDate(bill.DueOn)], TextStyle.BodySoft),
            new Words(words.Money(bill.Total < 0 ? -bill.Total : bill.Asked), TextStyle.Sum),
            new Words(NumberWords.Pesos(bill.Total < 0 ? -bill.Total : bill.Asked, words.Culture), TextStyle.BodySoft))),
        (ColumnWidth.Content, bill.Asked == 0 ? new Chip(Icon.Done, words["statement.paid"], Tone.Good)
            : bill.Late ? new Chip(Icon.Late, words["statement.late"], Tone.Bad)
            : new Chip(Icon.Clock, words["bill.due", words.Date(bill.DueOn)], Tone.Warning)));

    private static Table Lines(BillModel bill, Wording words)
    {
        var table = new Table(
            new TableColumn(words["statement.column.date"], ColumnWidth.ContentAtLeast(58)),
            new(words["statement.column.concept"], ColumnWidth.Part()),
            new(words["bill.column.amount"], ColumnWidth.ContentAtLeast(80), Side.Right));
        Row(bill.Since, words[bill.Previous < 0 ? "bill.previous.credit" : "bill.previous"], null, bill.Previous);
        foreach (var line in bill.Lines) Row(line.Date, line.Concept, line.Detail, line.Charge - line.Payment);
        if (bill.Running > 0) Row(bill.Day, words["bill.running"], words["bill.running.note"], bill.Running);
        table.Total =
        [
            new Gap(0), Table.Cell(words["bill.total", words.LongDate(bill.Day)], TextStyle.Heading),
            Table.Figure(words.Money(bill.Total), TextStyle.Total),
        ];
        return table;

        void Row(DateOnly day, string concept, string? detail, decimal amount) => table.Row(
            Table.Cell(words.Date(day), TextStyle.CellFigure with { Colour = Ink.Mute }), Table.Described(concept, detail),
            Table.Figure(words.Money(amount), amount < 0 ? TextStyle.CellFigure with { Colour = Ink.Success } : TextStyle.CellStrong));
    }
}

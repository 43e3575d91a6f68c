using System.Globalization;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>What a payment receipt says. Amounts in pesos, times on the building's wall clock.</summary>
/// <param name="Number">Without gaps per year, such as RC-2026-001284.</param>
/// <param name="PayerDocument">Already masked as the reader may see it.</param>
/// <param name="PaidAt">Midnight where the time of day is not known; then only the day is printed.</param>
/// <param name="Method">In the reader's language, such as "PSE, Bancolombia".</param>
/// <param name="ConfirmedBy">Name and role.</param>
/// <param name="Rule">In what order the payment was applied and by which rule, one sentence.</param>
/// <param name="Lines">How it was applied, in order. What is left of <paramref name="Amount"/> after them is shown as credit.</param>
/// <param name="Void">Set if the receipt was voided.</param>
/// <param name="UnitShort">Beside the total, such as "Torre B 1204"; the full name if not given.</param>
public sealed record ReceiptModel(
    BuildingHeader Building, string Number, DateTime IssuedAt, string Payer, string? PayerDocument, string Unit, decimal Amount,
    DateTime PaidAt, string Method, string? Reference, string? ConfirmedBy, string? Rule, IReadOnlyList<ReceiptLine> Lines,
    ReceiptVoid? Void, Verification Verification, DocumentStamp Stamp, string? UnitShort = null);

/// <summary>One charge or interest that the payment went to.</summary>
/// <param name="Detail">How it comes about, such as "$ 510.000 · 16 días · 1,98 % mensual".</param>
/// <param name="Owed">Before this payment.</param>
/// <param name="Applied">Of this payment.</param>
public sealed record ReceiptLine(string Concept, string? Detail, decimal Owed, decimal Applied)
{
    /// <summary>Still owed after this payment.</summary>
    public decimal Left => Owed - Applied;
}

/// <summary>When and why a receipt stopped being valid.</summary>
public sealed record ReceiptVoid(DateTime At, string? Reason);

/// <summary>A payment receipt: one page for any usual payment, more if it went to very many charges.</summary>
public static class ReceiptDocument
{
    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(ReceiptModel receipt, CultureInfo culture)
    {
        using var buffer = new MemoryStream();
        Write(receipt, culture, buffer);
        return buffer.ToArray();
    }

    /// <inheritdoc cref="Render"/>
    public static void Write(ReceiptModel receipt, CultureInfo culture, Stream output)
    {
        var words = new Wording(culture);
        var subject = words["receipt.subject", receipt.Payer, receipt.Unit];
        new PdfDocument(
            receipt.Building, "receipt", receipt.Number, words.LongMoment(receipt.IssuedAt), subject, receipt.Stamp,
            receipt.Verification).Write(output, words, flow => Compose(flow, receipt, words));
    }

    private static void Compose(Flow flow, ReceiptModel receipt, Wording words)
    {
        if (receipt.Void is not null)
        {
            flow.Ground = Watermark.Of(flow.Type, words["receipt.watermark"]);
        }

        flow.Add(Sum(receipt, words), before: 18);
        flow.Add(new Gap(15));
        if (receipt.Void is { } voided)
        {
            flow.Add(VoidNotice(voided, words));
            flow.Add(new Gap(12));
        }

        flow.Add(
            Facts.Of(
                (words["fact.unit"], receipt.Unit),
                (words["fact.method"], receipt.Method),
                (words["fact.document"], receipt.PayerDocument),
                (words["fact.reference"], receipt.Reference),
                (
                    words["fact.paid"],
                    receipt.PaidAt.TimeOfDay == TimeSpan.Zero
                        ? words.Date(DateOnly.FromDateTime(receipt.PaidAt))
                        : words.Moment(receipt.PaidAt)
                ),
                (words["fact.confirmed"], receipt.ConfirmedBy)
            )
        );
        flow.Add(Headings.Of(words["receipt.applied"], receipt.Rule), before: 18, keep: 60);
        flow.Add(new Gap(4));
        Lines(receipt, words).AddTo(flow);
    }

    private static Columns Sum(ReceiptModel receipt, Wording words) => new(12, Upright.Bottom,
        (ColumnWidth.Part(), new Stack(0,
            new Words(words["receipt.from", receipt.Payer], TextStyle.BodySoft),
            new Words(words.Money(receipt.Amount), TextStyle.Sum),
            new Words(NumberWords.Pesos(receipt.Amount, words.Culture), TextStyle.BodySoft))),
        (ColumnWidth.Content, receipt.Void is null
            ? new Chip(Icon.Done, words["receipt.confirmed"], Tone.Good)
            : new Chip(Icon.Voided, words["receipt.voided"], Tone.Bad)));

    private static Box VoidNotice(ReceiptVoid voided, Wording words)
    {
        var lines = new List<Block>
        {
            new Words(words["receipt.voided.when", words.LongMoment(voided.At)], TextStyle.BodyStrong with { Colour = Ink.Danger }),
        };
        if (!string.IsNullOrWhiteSpace(voided.Reason))
        {
            lines.Add(new Words(words["receipt.voided.why", voided.Reason], TextStyle.Body, mostLines: 6));
        }

        lines.Add(new Words(words["receipt.voided.effect"], TextStyle.BodySoft));
        return new(new Stack(1.5, [.. lines]), padding: 10, ground: Ink.DangerSoft);
    }

    private static Table Lines(ReceiptModel receipt, Wording words)
    {
        var table = new Table(
            new TableColumn(" ", ColumnWidth.ContentAtLeast(9)),
            new(words["receipt.column.concept"], ColumnWidth.Part()),
            new(words["receipt.column.owed"], ColumnWidth.ContentAtLeast(76), Side.Right),
            new(words["receipt.column.applied"], ColumnWidth.ContentAtLeast(76), Side.Right),
            new(words["receipt.column.left"], ColumnWidth.ContentAtLeast(60), Side.Right));
        for (var i = 0; i < receipt.Lines.Count; i++)
        {
            var line = receipt.Lines[i];
            AddRow(
                Formats.Number(i + 1, 0, words.Culture), line.Concept, line.Detail, words.Money(line.Owed), line.Applied,
                words.Money(line.Left));
        }

        var credit = receipt.Amount - receipt.Lines.Sum(line => line.Applied);
        if (credit > 0)
        {
            AddRow(" ", words["receipt.credit"], words["receipt.credit.detail"], " ", credit, " ");
        }

        table.Total =
        [
            new Gap(0), Table.Cell(words["receipt.total", receipt.UnitShort ?? receipt.Unit], TextStyle.Heading),
            Table.Figure(words.Money(receipt.Lines.Sum(line => line.Owed)), TextStyle.Total),
            Table.Figure(words.Money(receipt.Amount), TextStyle.Total),
            Table.Figure(words.Money(receipt.Lines.Sum(line => line.Left)), TextStyle.Total),
        ];
        return table;

        void AddRow(string index, string concept, string? detail, string owed, decimal applied, string left) => table.Row(
            Table.Cell(index, TextStyle.CellFigure with { Colour = Ink.Mute }), Table.Described(concept, detail), Table.Figure(owed),
            Table.Figure(words.Money(applied), TextStyle.CellStrong), Table.Figure(left));
    }
}

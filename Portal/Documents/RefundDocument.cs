using System.Globalization;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>Credit that was given back. Amounts in pesos, times on the building's wall clock.</summary>
/// <param name="Verification">Null of a refund from before refunds had a code.</param>
public sealed record RefundModel(
    BuildingHeader Building, string Number, DateTime IssuedAt, string Unit, string? Payee, decimal Amount, DateOnly PaidOn, string Method,
    string? Reference, string Reason, string? MadeBy, IReadOnlyList<RefundLine> Lines, Verification? Verification, DocumentStamp Stamp);

/// <summary>The payment that some of it is from.</summary>
public sealed record RefundLine(string? Receipt, DateOnly PaidOn, decimal Amount);

/// <summary>The paper of a refund, which who got the money signs.</summary>
public static class RefundDocument
{
    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(RefundModel refund, CultureInfo culture)
    {
        using var buffer = new MemoryStream();
        Write(refund, culture, buffer);
        return buffer.ToArray();
    }

    /// <inheritdoc cref="Render"/>
    public static void Write(RefundModel refund, CultureInfo culture, Stream output)
    {
        var words = new Wording(culture);
        new PdfDocument(
            refund.Building, "refund", refund.Number, words.LongMoment(refund.IssuedAt), words["refund.subject", refund.Unit], refund.Stamp,
            refund.Verification).Write(output, words, flow => Compose(flow, refund, words));
    }

    private static void Compose(Flow flow, RefundModel refund, Wording words)
    {
        flow.Add(
            new Stack(
                0, new Words(refund.Payee is { } payee ? words["refund.to", payee] : words["refund.to.unit", refund.Unit], TextStyle.BodySoft),
                new Words(words.Money(refund.Amount), TextStyle.Sum),
                new Words(NumberWords.Pesos(refund.Amount, words.Culture), TextStyle.BodySoft)),
            before: 18);
        flow.Add(
            Facts.Of(
                (words["fact.unit"], refund.Unit), (words["fact.method"], refund.Method), (words["refund.fact.day"], words.LongDate(refund.PaidOn)),
                (words["fact.reference"], refund.Reference), (words["refund.fact.reason"], refund.Reason),
                (words["refund.fact.by"], refund.MadeBy)),
            before: 15);
        flow.Add(Headings.Of(words["refund.sources"], words["refund.sources.note"]), before: 18, keep: 60);
        flow.Add(new Gap(4));
        var table = new Table(
            new TableColumn(words["refund.column.receipt"], ColumnWidth.Part()),
            new(words["refund.column.paid"], ColumnWidth.ContentAtLeast(80)),
            new(words["refund.column.amount"], ColumnWidth.ContentAtLeast(80), Side.Right));
        foreach (var line in refund.Lines)
        {
            table.Row(
                Table.Cell(line.Receipt ?? words["refund.no_receipt"]), Table.Cell(words.Date(line.PaidOn), TextStyle.CellFigure),
                Table.Figure(words.Money(line.Amount), TextStyle.CellStrong));
        }

        table.Total =
        [
            Table.Cell(words["note.total"], TextStyle.Heading), new Gap(0), Table.Figure(words.Money(refund.Amount), TextStyle.Total),
        ];
        table.AddTo(flow);
        flow.Add(Signature.Of(new Signer(words["refund.received"], refund.Payee, words["refund.received.document"])), before: 24);
    }
}

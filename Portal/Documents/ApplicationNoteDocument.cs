using System.Globalization;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>What became of money after its receipt was issued.</summary>
/// <param name="IssuedBy">Null where the portal did it by itself.</param>
/// <param name="VoidedReceipt">The number of the receipt that was voided; null where credit met a charge.</param>
/// <param name="Reason">Why it was voided.</param>
/// <param name="Reopened">Charges that owe again, with what was taken back from each.</param>
/// <param name="Applied">What of earlier receipts went to which charge.</param>
public sealed record ApplicationNoteModel(
    BuildingHeader Building, string Number, DateTime IssuedAt, string Unit, string? IssuedBy, string? VoidedReceipt, string? Reason,
    IReadOnlyList<ApplicationNoteLine> Reopened, IReadOnlyList<ApplicationNoteLine> Applied, Verification Verification,
    DocumentStamp Stamp);

/// <summary>One charge.</summary>
/// <param name="Receipt">The receipt of the payment the money is from.</param>
/// <param name="Owed">Before.</param>
/// <param name="Amount">Taken back from it, or applied to it.</param>
public sealed record ApplicationNoteLine(string Concept, string? Detail, string? Receipt, decimal Owed, decimal Amount);

/// <summary>
/// The note that stands beside the receipts when money moves after they were issued: what owes again, what was applied since, and that the
/// receipts hold as they are.
/// </summary>
public static class ApplicationNoteDocument
{
    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(ApplicationNoteModel note, CultureInfo culture)
    {
        using var buffer = new MemoryStream();
        Write(note, culture, buffer);
        return buffer.ToArray();
    }

    /// <inheritdoc cref="Render"/>
    public static void Write(ApplicationNoteModel note, CultureInfo culture, Stream output)
    {
        var words = new Wording(culture);
        new PdfDocument(
            note.Building, "note", note.Number, words.LongMoment(note.IssuedAt), words["note.subject", note.Unit], note.Stamp,
            note.Verification).Write(output, words, flow => Compose(flow, note, words));
    }

    private static void Compose(Flow flow, ApplicationNoteModel note, Wording words)
    {
        flow.Add(
            new Words(
                note.VoidedReceipt is { } voided ? words["note.title.void", voided] : words["note.title.credit"], TextStyle.Title,
                mostLines: 3),
            before: 18);
        flow.Add(
            Facts.Of(
                (words["fact.unit"], note.Unit), (words["note.fact.by"], note.IssuedBy), (words["note.fact.reason"], note.Reason)),
            before: 15);
        if (note.Reopened.Count > 0)
        {
            flow.Add(Headings.Of(words["note.reopened"], words["note.reopened.note"]), before: 18, keep: 60);
            flow.Add(new Gap(4));
            Reopened(note, words).AddTo(flow);
        }

        if (note.Applied.Count > 0)
        {
            flow.Add(Headings.Of(words["note.applied"], words["note.applied.note"]), before: 18, keep: 60);
            flow.Add(new Gap(4));
            Applied(note, words).AddTo(flow);
        }

        flow.Add(new Words(words["note.stands"], TextStyle.BodySoft), before: 14);
    }

    private static Table Reopened(ApplicationNoteModel note, Wording words)
    {
        var table = new Table(
            new TableColumn(words["receipt.column.concept"], ColumnWidth.Part()),
            new(words["note.column.reopened"], ColumnWidth.ContentAtLeast(90), Side.Right));
        foreach (var line in note.Reopened)
            table.Row(Table.Described(line.Concept, line.Detail), Table.Figure(words.Money(line.Amount), TextStyle.CellStrong));
        table.Total =
        [
            Table.Cell(words["note.total"], TextStyle.Heading),
            Table.Figure(words.Money(note.Reopened.Sum(line => line.Amount)), TextStyle.Total),
        ];
        return table;
    }

    private static Table Applied(ApplicationNoteModel note, Wording words)
    {
        var table = new Table(
            new TableColumn(words["note.column.from"], ColumnWidth.ContentAtLeast(80)),
            new(words["receipt.column.concept"], ColumnWidth.Part()),
            new(words["receipt.column.owed"], ColumnWidth.ContentAtLeast(50), Side.Right),
            new(words["receipt.column.applied"], ColumnWidth.ContentAtLeast(50), Side.Right),
            new(words["receipt.column.left"], ColumnWidth.ContentAtLeast(50), Side.Right));
        foreach (var line in note.Applied)
        {
            table.Row(
                Table.Cell(line.Receipt ?? " ", TextStyle.CellFigure), Table.Described(line.Concept, line.Detail),
                Table.Figure(words.Money(line.Owed)), Table.Figure(words.Money(line.Amount), TextStyle.CellStrong),
                Table.Figure(words.Money(line.Owed - line.Amount)));
        }

        table.Total =
        [
            Table.Cell(words["note.total"], TextStyle.Heading), new Gap(0), new Gap(0),
            Table.Figure(words.Money(note.Applied.Sum(line => line.Amount)), TextStyle.Total), new Gap(0),
        ];
        return table;
    }
}

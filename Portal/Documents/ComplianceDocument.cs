using System.Globalization;
using Portal.Data.Audit;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;
using Portal.Resources;

namespace Portal.Documents;

/// <summary>What the compliance report is printed from.</summary>
/// <param name="Oldest">By the building's clock, as the log and its archive go back.</param>
public sealed record ComplianceModel(
    BuildingHeader Building, ComplianceReport Report, DateTime? Oldest, DateTime? OldestArchived, string? MadeBy, DocumentStamp Stamp);

/// <summary>Who may do what, what was done, whether the books agree, and how far back all of it can be told.</summary>
public static class ComplianceDocument
{
    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(ComplianceModel model, CultureInfo culture)
    {
        using var buffer = new MemoryStream();
        var words = new Wording(culture);
        var area = new Wording(culture, typeof(AuditWords));
        var period = Formats.DateRange(model.Report.From, model.Report.To, words.Culture);
        new PdfDocument(
            model.Building, "compliance", period, model.MadeBy ?? "", words["compliance.subject", period], model.Stamp, null)
            .Write(buffer, words, flow => Compose(flow, model, words, area));
        return buffer.ToArray();
    }

    private static void Compose(Flow flow, ComplianceModel model, Wording words, Wording area)
    {
        var report = model.Report;
        flow.Add(Headings.Of(area["compliance.figures"], null), before: 18, keep: 60);
        flow.Add(new Gap(4));
        var table = new Table(
            new TableColumn(area["compliance.figure"], ColumnWidth.Part()),
            new(area["compliance.number"], ColumnWidth.ContentAtLeast(70), Side.Right),
            new(area["compliance.amount"], ColumnWidth.ContentAtLeast(90), Side.Right));
        foreach (var row in report.Rows)
        {
            table.Row(
                Table.Cell(area[$"figure.{row.Figure}"]), Table.Figure(row.Number.ToString("N0", words.Culture)),
                Table.Figure(row.Amount is { } amount ? words.Money(amount) : ""));
        }

        table.AddTo(flow);
        if (report.Proof is { } proof)
        {
            flow.Add(Headings.Of(area["compliance.books"], null), before: 18, keep: 60);
            flow.Add(new Gap(4));
            flow.Add(new Words(
                proof.Agrees ? area["compliance.books.agree"] : area["compliance.books.off", proof.Faults.Values.Sum()],
                TextStyle.BodyStrong));
            flow.Add(Facts.Of(
                (area["books.entries"], proof.Entries.ToString("N0", words.Culture)), (area["books.receivables"], words.Money(proof.Receivables)),
                (area["books.credits"], words.Money(proof.Credits)), (area["books.suppliers"], words.Money(proof.Suppliers)),
                (area["books.reserve"], words.Money(proof.Reserve)), (area["books.receipts"], proof.Receipts.ToString("N0", words.Culture))),
                before: 6);
        }

        flow.Add(Headings.Of(area["compliance.reach"], null), before: 18, keep: 60);
        flow.Add(new Gap(4));
        flow.Add(Facts.Of(
            (area["reach.oldest"], model.Oldest is { } oldest ? words.LongMoment(oldest) : null),
            (area["reach.archived"], report.Reach.Archived.ToString("N0", words.Culture)),
            (area["reach.oldest.archived"], model.OldestArchived is { } first ? words.LongMoment(first) : null),
            (area["reach.kept"], area["reach.kept.text", report.Reach.Months, report.Reach.Years])));
    }
}

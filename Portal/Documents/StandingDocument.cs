using System.Globalization;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>The certificate of good standing. Times on the building's wall clock.</summary>
/// <param name="CutOff">The day whose end it tells of.</param>
/// <param name="NotYetDue">Issued by then, due later.</param>
public sealed record StandingModel(
    BuildingHeader Building, string Number, DateTime IssuedAt, DateOnly CutOff, string Unit, string? Owner, string? OwnerDocument,
    Signer Signatory, IReadOnlyList<StatementDue> NotYetDue, Verification Verification, DocumentStamp Stamp);

/// <summary>Certifies that an apartment owed nothing of the common expenses at the end of a day (Ley 675 of 2001, art. 29).</summary>
public static class StandingDocument
{
    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(StandingModel standing, CultureInfo culture)
    {
        using var buffer = new MemoryStream();
        Write(standing, culture, buffer);
        return buffer.ToArray();
    }

    /// <inheritdoc cref="Render"/>
    public static void Write(StandingModel standing, CultureInfo culture, Stream output)
    {
        var words = new Wording(culture);
        new PdfDocument(
            standing.Building, "standing", standing.Number, words.LongMoment(standing.IssuedAt), words["standing.subject", standing.Unit],
            standing.Stamp, standing.Verification).Write(output, words, flow => Compose(flow, standing, words));
    }

    private static void Compose(Flow flow, StandingModel standing, Wording words)
    {
        flow.Add(new Words(words["standing.title"], TextStyle.Title, mostLines: 2), before: 22);
        flow.AddText(
            new Words(Words.Marked(
                words[
                    "standing.text", standing.Signatory.Name, Lower(standing.Signatory.As) ?? words["certificate.role"],
                    standing.Building.Name, standing.Unit, words.LongDate(standing.CutOff)],
                TextStyle.Body, TextStyle.BodyStrong)),
            before: 14);
        flow.Add(
            Facts.Of(
                (words["fact.unit"], standing.Unit), (words["standing.fact.cutoff"], words.LongDate(standing.CutOff)),
                (words["fact.owner"], standing.Owner), (words["fact.document"], standing.OwnerDocument)),
            before: 16);
        if (standing.NotYetDue.Count > 0)
        {
            flow.Add(Headings.Of(words["standing.later"], words["standing.later.note"]), before: 18, keep: 60);
            flow.Add(new Gap(4));
            var table = new Table(
                new TableColumn(words["statement.column.concept"], ColumnWidth.Part()),
                new(words["standing.column.due"], ColumnWidth.ContentAtLeast(70)),
                new(words["statement.column.left"], ColumnWidth.ContentAtLeast(80), Side.Right));
            foreach (var due in standing.NotYetDue)
            {
                table.Row(
                    Table.Described(due.Concept, due.Detail), Table.Cell(words.Date(due.DueOn), TextStyle.CellFigure),
                    Table.Figure(words.Money(due.Left)));
            }

            table.AddTo(flow);
        }

        flow.AddText(new Words(words["standing.limits"], TextStyle.BodySoft), before: 16);
        flow.Add(Signature.Of(standing.Signatory), before: 26);
    }

    /// <summary>As a role stands within a sentence.</summary>
    internal static string? Lower(string? role) =>
        string.IsNullOrWhiteSpace(role) ? null : char.ToLowerInvariant(role.Trim()[0]) + role.Trim()[1..];
}

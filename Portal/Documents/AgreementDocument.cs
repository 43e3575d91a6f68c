using System.Globalization;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>A payment agreement, to be signed by both. Amounts in pesos.</summary>
/// <param name="Act">The minutes that decided the waiver; null where nothing is waived.</param>
/// <param name="InterestStands">No interest on what is agreed while it is kept.</param>
public sealed record AgreementModel(
    BuildingHeader Building, string Number, DateTime IssuedAt, string Unit, string? Owner, string? OwnerDocument, Signer Signatory,
    IReadOnlyList<AgreementDebt> Charges, decimal Capital, decimal Interest, decimal Waived, string? Act, decimal Total, bool InterestStands,
    int GraceDays, IReadOnlyList<AgreementDay> Days, Verification Verification, DocumentStamp Stamp);

/// <summary>A charge that is agreed upon.</summary>
public sealed record AgreementDebt(string Concept, DateOnly DueOn, decimal Capital, decimal Interest);

/// <summary>A day of payment.</summary>
/// <param name="Covers">In words.</param>
/// <param name="Left">Of the agreement, once it is paid.</param>
public sealed record AgreementDay(int Line, DateOnly DueOn, string Covers, decimal Amount, decimal Left);

/// <summary>The paper of an agreement: what about, by when how much, what keeps and what breaks it, and two lines to sign on.</summary>
public static class AgreementDocument
{
    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(AgreementModel agreement, CultureInfo culture)
    {
        using var buffer = new MemoryStream();
        Write(agreement, culture, buffer);
        return buffer.ToArray();
    }

    /// <inheritdoc cref="Render"/>
    public static void Write(AgreementModel agreement, CultureInfo culture, Stream output)
    {
        var words = new Wording(culture);
        new PdfDocument(
            agreement.Building, "agreement", agreement.Number, words.LongMoment(agreement.IssuedAt),
            words["agreement.subject", agreement.Unit], agreement.Stamp, agreement.Verification)
            .Write(output, words, flow => Compose(flow, agreement, words));
    }

    private static void Compose(Flow flow, AgreementModel agreement, Wording words)
    {
        flow.Add(
            new Stack(
                0, new Words(words["agreement.sum", agreement.Unit], TextStyle.BodySoft),
                new Words(words.Money(agreement.Total), TextStyle.Sum),
                new Words(NumberWords.Pesos(agreement.Total, words.Culture), TextStyle.BodySoft)),
            before: 18);
        flow.Add(
            Facts.Of(
                (words["fact.unit"], agreement.Unit), (words["fact.owner"], agreement.Owner),
                (words["agreement.fact.day"], words.LongDate(DateOnly.FromDateTime(agreement.IssuedAt))),
                (words["fact.document"], agreement.OwnerDocument)),
            before: 14);
        flow.Add(Headings.Of(words["agreement.charges"], words["agreement.charges.note"]), before: 16, keep: 60);
        flow.Add(new Gap(4));
        Charges(agreement, words).AddTo(flow);
        flow.Add(Headings.Of(words["agreement.days"]), before: 18, keep: 60);
        flow.Add(new Gap(4));
        Days(agreement, words).AddTo(flow);
        flow.Add(Headings.Of(words["agreement.terms"]), before: 18, keep: 40);
        foreach (var term in Terms(agreement, words)) flow.AddText(new Words(term, TextStyle.Body), before: 5);
        flow.Add(
            Signature.Of(agreement.Signatory, new Signer(agreement.Owner ?? agreement.Unit, agreement.OwnerDocument, agreement.Unit)),
            before: 22);
    }

    private static IEnumerable<string> Terms(AgreementModel agreement, Wording words)
    {
        yield return words["agreement.term.charges"];
        yield return words[agreement.InterestStands ? "agreement.term.stands" : "agreement.term.runs"];
        yield return words["agreement.term.stages"];
        yield return words["agreement.term.breaks", agreement.GraceDays];
        if (agreement.Waived > 0) yield return words["agreement.term.waiver", words.Money(agreement.Waived), agreement.Act ?? ""];
        yield return words["agreement.term.others"];
    }

    private static Table Charges(AgreementModel agreement, Wording words)
    {
        var table = new Table(
            new TableColumn(words["statement.column.concept"], ColumnWidth.Part()),
            new(words["debt.column.due"], ColumnWidth.ContentAtLeast(62)),
            new(words["debt.column.capital"], ColumnWidth.ContentAtLeast(70), Side.Right),
            new(words["debt.column.interest"], ColumnWidth.ContentAtLeast(62), Side.Right),
            new(words["debt.column.owed"], ColumnWidth.ContentAtLeast(74), Side.Right));
        foreach (var charge in agreement.Charges)
        {
            table.Row(
                Table.Cell(charge.Concept), Table.Cell(words.Date(charge.DueOn), TextStyle.CellFigure), Table.Figure(charge.Capital == 0 ? "–" : words.Money(charge.Capital)),
                Table.Figure(charge.Interest == 0 ? "–" : words.Money(charge.Interest)), Table.Figure(words.Money(charge.Capital + charge.Interest), TextStyle.CellStrong));
        }

        if (agreement.Waived > 0)
        {
            table.Row(
                Table.Described(words["agreement.waived"], agreement.Act), new Gap(0), new Gap(0),
                Table.Figure(words.Money(-agreement.Waived)), Table.Figure(words.Money(-agreement.Waived), TextStyle.CellStrong));
        }

        table.Total =
        [
            Table.Cell(words["agreement.total"], TextStyle.Heading), new Gap(0), Table.Figure(words.Money(agreement.Capital), TextStyle.Total),
            Table.Figure(words.Money(agreement.Interest - agreement.Waived), TextStyle.Total),
            Table.Figure(words.Money(agreement.Total), TextStyle.Total),
        ];
        return table;
    }

    private static Table Days(AgreementModel agreement, Wording words)
    {
        var table = new Table(
            new TableColumn(" ", ColumnWidth.ContentAtLeast(9)),
            new(words["agreement.column.day"], ColumnWidth.ContentAtLeast(68)),
            new(words["agreement.column.covers"], ColumnWidth.Part()),
            new(words["agreement.column.pays"], ColumnWidth.ContentAtLeast(70), Side.Right),
            new(words["agreement.column.left"], ColumnWidth.ContentAtLeast(70), Side.Right));
        foreach (var day in agreement.Days)
        {
            table.Row(
                Table.Cell(Formats.Number(day.Line, 0, words.Culture), TextStyle.CellFigure with { Colour = Ink.Mute }),
                Table.Cell(words.Date(day.DueOn), TextStyle.CellFigure), Table.Cell(day.Covers),
                Table.Figure(words.Money(day.Amount), TextStyle.CellStrong), Table.Figure(words.Money(day.Left)));
        }

        return table;
    }
}

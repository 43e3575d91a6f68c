using System.Globalization;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>The account of one apartment over a period. Amounts in pesos; a balance above zero is owed, below zero is credit.</summary>
/// <param name="Opening">The balance before the first line.</param>
/// <param name="Lines">Charges, interest and payments of the period, oldest first.</param>
/// <param name="Due">What is still open on the last day, oldest first; interest line by line.</param>
public sealed record StatementModel(
    BuildingHeader Building, string Unit, string? Owner, DateOnly From, DateOnly To, decimal Opening, IReadOnlyList<StatementLine> Lines,
    IReadOnlyList<StatementDue> Due, Verification? Verification, DocumentStamp Stamp)
{
    /// <summary>The balance after the last line.</summary>
    public decimal Closing => Opening + Lines.Sum(line => line.Charge - line.Payment);
}

/// <summary>One movement: either a charge or a payment, the other is 0.</summary>
/// <param name="Detail">Its number, or how the interest comes about.</param>
public sealed record StatementLine(DateOnly Date, string Concept, string? Detail, decimal Charge, decimal Payment);

/// <summary>An open charge or interest.</summary>
/// <param name="DaysLate">0 if it is not due yet.</param>
public sealed record StatementDue(string Concept, string? Detail, DateOnly DueOn, int DaysLate, decimal Left);

/// <summary>
/// The statement of account of an apartment: balance, what is still to pay, then every movement with the running balance.
/// </summary>
public static class StatementDocument
{
    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(StatementModel statement, CultureInfo culture)
    {
        using var buffer = new MemoryStream();
        Write(statement, culture, buffer);
        return buffer.ToArray();
    }

    /// <inheritdoc cref="Render"/>
    public static void Write(StatementModel statement, CultureInfo culture, Stream output)
    {
        var words = new Wording(culture);
        new PdfDocument(statement.Building, "statement", statement.Unit, Formats.DateRange(statement.From, statement.To, words.Culture),
            words["statement.subject", statement.Unit], statement.Stamp, statement.Verification)
            .Write(output, words, flow => Compose(flow, statement, words));
    }

    private static void Compose(Flow flow, StatementModel statement, Wording words)
    {
        flow.Add(Balance(statement, words), before: 18);
        flow.Add(Facts.Of(
            (words["fact.unit"], statement.Unit), (words["fact.owner"], statement.Owner),
            (words["fact.period"], Formats.DateRange(statement.From, statement.To, words.Culture))), before: 15);
        if (statement.Due.Count > 0)
        {
            flow.Add(Headings.Of(words["statement.due"], words["statement.due.note", words.LongDate(statement.To)]), before: 18, keep: 60);
            flow.Add(new Gap(4));
            Due(statement, words).AddTo(flow);
        }

        flow.Add(
            Headings.Of(words["statement.movements"], statement.Lines.Count == 0 ? words["statement.movements.none"] : null), before: 20,
            keep: 60);
        flow.Add(new Gap(4));
        Movements(statement, words).AddTo(flow);
    }

    private static Columns Balance(StatementModel statement, Wording words)
    {
        var closing = statement.Closing;
        var chip = closing < 0 ? new Chip(Icon.Done, words["statement.credit"], Tone.Good)
            : closing == 0 ? new Chip(Icon.Done, words["statement.paid"], Tone.Good)
            : statement.Due.Any(due => due.DaysLate > 0) ? new Chip(Icon.Late, words["statement.late"], Tone.Bad)
            : new Chip(Icon.Clock, words["statement.owed"], Tone.Warning);
        return new(12, Upright.Bottom,
            (ColumnWidth.Part(), new Stack(0,
                new Words(words["statement.balance", words.LongDate(statement.To)], TextStyle.BodySoft),
                new Words(words.Money(closing), TextStyle.Sum),
                new Words(NumberWords.Pesos(closing, words.Culture), TextStyle.BodySoft))),
            (ColumnWidth.Content, chip));
    }

    private static Table Due(StatementModel statement, Wording words)
    {
        var table = new Table(
            new TableColumn(words["statement.column.concept"], ColumnWidth.Part()),
            new(words["statement.column.due"], ColumnWidth.ContentAtLeast(60)),
            new(words["statement.column.late"], ColumnWidth.ContentAtLeast(50), Side.Right),
            new(words["statement.column.left"], ColumnWidth.ContentAtLeast(70), Side.Right));
        foreach (var due in statement.Due)
        {
            table.Row(
                Table.Described(due.Concept, due.Detail),
                Table.Cell(words.Date(due.DueOn), TextStyle.CellFigure),
                Table.Figure(
                    due.DaysLate > 0 ? Formats.Number(due.DaysLate, 0, words.Culture) : " ",
                    TextStyle.CellStrong with
                    {
                        Colour = Ink.Danger,
                    }
                ),
                Table.Figure(words.Money(due.Left), TextStyle.CellStrong)
            );
        }

        table.Total =
        [
            Table.Cell(words["statement.due.total"], TextStyle.Heading),
            new Gap(0),
            new Gap(0),
            Table.Figure(words.Money(statement.Due.Sum(due => due.Left)), TextStyle.Total),
        ];
        return table;
    }

    private static Table Movements(StatementModel statement, Wording words)
    {
        var table = new Table(
            new TableColumn(words["statement.column.date"], ColumnWidth.ContentAtLeast(58)),
            new(words["statement.column.concept"], ColumnWidth.Part()),
            new(words["statement.column.charge"], ColumnWidth.ContentAtLeast(66), Side.Right),
            new(words["statement.column.payment"], ColumnWidth.ContentAtLeast(66), Side.Right),
            new(words["statement.column.balance"], ColumnWidth.ContentAtLeast(66), Side.Right));
        var balance = statement.Opening;
        table.Row(
            Table.Cell(words.Date(statement.From), TextStyle.CellFigure with { Colour = Ink.Mute }), Table.Cell(words["statement.opening"]),
            Table.Figure(" "), Table.Figure(" "), Table.Figure(words.Money(balance)));
        foreach (var line in statement.Lines)
        {
            balance += line.Charge - line.Payment;
            table.Row(
                Table.Cell(words.Date(line.Date), TextStyle.CellFigure with { Colour = Ink.Mute }),
                Table.Described(line.Concept, line.Detail), Amount(line.Charge), Amount(line.Payment), Table.Figure(words.Money(balance)));
        }

        table.Total =
        [
            new Gap(0), Table.Cell(words["statement.total"], TextStyle.Heading),
            Table.Figure(words.Money(statement.Lines.Sum(line => line.Charge)), TextStyle.Total),
            Table.Figure(words.Money(statement.Lines.Sum(line => line.Payment)), TextStyle.Total),
            Table.Figure(words.Money(statement.Closing), TextStyle.Total),
        ];
        return table;

        Words Amount(decimal amount) => Table.Figure(amount == 0 ? " " : words.Money(amount));
    }
}

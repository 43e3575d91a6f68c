using System.Globalization;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>The debt certificate. Amounts in pesos, rates in percent.</summary>
/// <param name="Day">Through which interest is counted.</param>
public sealed record DebtModel(
    BuildingHeader Building, string Number, DateTime IssuedAt, DateOnly Day, string Unit, string? Owner, string? OwnerDocument,
    Signer Signatory, IReadOnlyList<DebtCharge> Charges, IReadOnlyList<DebtRateLine> Rates, Verification Verification, DocumentStamp Stamp)
{
    public decimal Capital => Charges.Sum(c => c.Capital);
    public decimal Interest => Charges.Sum(c => c.Interest);
    public decimal Total => Capital + Interest;
}

/// <summary>A charge that is owed.</summary>
/// <param name="Capital">Still owed of it.</param>
/// <param name="Interest">Still owed of its interest.</param>
/// <param name="Lines">How that comes about.</param>
public sealed record DebtCharge(string Concept, DateOnly DueOn, int DaysLate, decimal Capital, decimal Interest, IReadOnlyList<DebtEntry> Lines);

/// <summary>One step to what is owed: the charge, days of interest, a payment.</summary>
/// <param name="Days">Of interest; null for what is none.</param>
/// <param name="Balance">What bears it.</param>
/// <param name="Yearly">Percent a year, effective.</param>
/// <param name="DayRate">Percent a day.</param>
/// <param name="Amount">Below zero it was paid or taken off.</param>
public sealed record DebtEntry(
    string Text, string? Detail, int? Days, decimal? Balance, decimal? Yearly, decimal? DayRate, decimal Amount);

/// <summary>What a month's rate comes from. Percent a year, effective.</summary>
public sealed record DebtRateLine(DateOnly Month, decimal Certified, decimal Cap, decimal? Assembly, decimal Yearly, string Resolution);

/// <summary>
/// Certifies a debt so that it can be demanded in court: with the building's certificate alone (Ley 675 of 2001, art. 48). So it leaves no
/// sum unexplained.
/// </summary>
public static class DebtDocument
{
    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(DebtModel debt, CultureInfo culture)
    {
        using var buffer = new MemoryStream();
        Write(debt, culture, buffer);
        return buffer.ToArray();
    }

    /// <inheritdoc cref="Render"/>
    public static void Write(DebtModel debt, CultureInfo culture, Stream output)
    {
        var words = new Wording(culture);
        new PdfDocument(
            debt.Building, "debt", debt.Number, words.LongMoment(debt.IssuedAt), words["debt.subject", debt.Unit], debt.Stamp,
            debt.Verification).Write(output, words, flow => Compose(flow, debt, words));
    }

    private static void Compose(Flow flow, DebtModel debt, Wording words)
    {
        flow.Add(new Words(words["debt.title"], TextStyle.Title, mostLines: 2), before: 20);
        flow.AddText(
            new Words(Words.Marked(
                words[
                    "debt.text", debt.Signatory.Name, StandingDocument.Lower(debt.Signatory.As) ?? words["certificate.role"],
                    debt.Building.Name, debt.Unit, words.LongDate(debt.Day),
                    StandingDocument.Lower(NumberWords.Pesos(debt.Total, words.Culture))!, words.Money(debt.Total).Replace(' ', '\u00a0')],
                TextStyle.Body, TextStyle.BodyStrong)),
            before: 12);
        flow.Add(
            Facts.Of(
                (words["fact.unit"], debt.Unit), (words["debt.fact.day"], words.LongDate(debt.Day)), (words["debt.fact.owner"], debt.Owner),
                (words["fact.document"], debt.OwnerDocument)),
            before: 14);
        flow.Add(Headings.Of(words["debt.summary"]), before: 16, keep: 60);
        flow.Add(new Gap(4));
        Summary(debt, words).AddTo(flow);
        // A charge of one step is explained where it is listed.
        var detailed = debt.Charges.Where(c => c.Lines.Count > 1).ToList();
        if (detailed.Count > 0) flow.Add(Headings.Of(words["debt.detail"], words["debt.detail.note"]), before: 20, keep: 130);
        foreach (var charge in detailed) Detail(flow, charge, words);
        if (debt.Rates.Count > 0)
        {
            flow.Add(Headings.Of(words["debt.rates"], words["debt.rates.note"]), before: 20, keep: 60);
            flow.Add(new Gap(4));
            Rates(debt, words).AddTo(flow);
        }

        flow.AddText(new Words(words["debt.running", words.LongDate(debt.Day.AddDays(1))], TextStyle.BodySoft), before: 14);
        flow.Add(Signature.Of(debt.Signatory), before: 22);
    }

    private static Table Summary(DebtModel debt, Wording words)
    {
        var table = new Table(
            new TableColumn(words["statement.column.concept"], ColumnWidth.Part()),
            new(words["debt.column.due"], ColumnWidth.ContentAtLeast(62)),
            new(words["debt.column.late"], ColumnWidth.ContentAtLeast(40), Side.Right),
            new(words["debt.column.capital"], ColumnWidth.ContentAtLeast(70), Side.Right),
            new(words["debt.column.interest"], ColumnWidth.ContentAtLeast(62), Side.Right),
            new(words["debt.column.owed"], ColumnWidth.ContentAtLeast(74), Side.Right));
        foreach (var charge in debt.Charges)
        {
            table.Row(
                Table.Described(charge.Concept, charge.Lines.Count == 1 ? charge.Lines[0].Detail : null), Table.Cell(words.Date(charge.DueOn), TextStyle.CellFigure),
                Table.Figure(Formats.Number(charge.DaysLate, 0, words.Culture)), Table.Figure(Sum(charge.Capital, words)),
                Table.Figure(Sum(charge.Interest, words)), Table.Figure(words.Money(charge.Capital + charge.Interest), TextStyle.CellStrong));
        }

        table.Total =
        [
            Table.Cell(words["note.total"], TextStyle.Heading), new Gap(0), new Gap(0), Table.Figure(words.Money(debt.Capital), TextStyle.Total),
            Table.Figure(words.Money(debt.Interest), TextStyle.Total), Table.Figure(words.Money(debt.Total), TextStyle.Total),
        ];
        return table;
    }

    private static void Detail(Flow flow, DebtCharge charge, Wording words)
    {
        flow.Add(
            new Words(Words.Marked(words["debt.charge", charge.Concept, words.LongDate(charge.DueOn)], TextStyle.BodySoft, TextStyle.BodyStrong)),
            before: 12, keep: 110);
        var table = new Table(
            new TableColumn(words["debt.column.what"], ColumnWidth.Part()),
            new(words["debt.column.days"], ColumnWidth.ContentAtLeast(28), Side.Right),
            new(words["debt.column.balance"], ColumnWidth.ContentAtLeast(64), Side.Right),
            new(words["debt.column.yearly"], ColumnWidth.ContentAtLeast(48), Side.Right),
            new(words["debt.column.daily"], ColumnWidth.ContentAtLeast(64), Side.Right),
            new(words["debt.column.amount"], ColumnWidth.ContentAtLeast(70), Side.Right));
        foreach (var line in charge.Lines)
        {
            table.Row(
                Table.Described(line.Text, line.Detail),
                Table.Figure(line.Days is { } days ? Formats.Number(days, 0, words.Culture) : " "),
                Table.Figure(line.Balance is { } balance ? words.Money(balance) : " "),
                Table.Figure(line.Yearly is { } yearly ? Percent(yearly, 2, words) : " "),
                Table.Figure(line.DayRate is { } daily ? Percent(daily, 8, words) : " "),
                Table.Figure(words.Money(line.Amount), TextStyle.CellStrong));
        }

        table.Total =
        [
            Table.Cell(words["debt.owed", words.Money(charge.Capital), words.Money(charge.Interest)], TextStyle.BodyStrong), new Gap(0),
            new Gap(0), new Gap(0), new Gap(0), Table.Figure(words.Money(charge.Capital + charge.Interest), TextStyle.CellStrong),
        ];
        table.AddTo(flow);
    }

    private static Table Rates(DebtModel debt, Wording words)
    {
        var table = new Table(
            new TableColumn(words["debt.column.month"], ColumnWidth.ContentAtLeast(70)),
            new(words["debt.column.resolution"], ColumnWidth.Part()),
            new(words["debt.column.certified"], ColumnWidth.ContentAtLeast(56), Side.Right),
            new(words["debt.column.cap"], ColumnWidth.ContentAtLeast(50), Side.Right),
            new(words["debt.column.assembly"], ColumnWidth.ContentAtLeast(50), Side.Right),
            new(words["debt.column.charged"], ColumnWidth.ContentAtLeast(50), Side.Right));
        foreach (var rate in debt.Rates)
        {
            table.Row(
                Table.Cell(Formats.MonthYear(rate.Month, words.Culture)), Table.Cell(rate.Resolution),
                Table.Figure(Percent(rate.Certified, 2, words)), Table.Figure(Percent(rate.Cap, 2, words)),
                Table.Figure(rate.Assembly is { } lower ? Percent(lower, 2, words) : "–"),
                Table.Figure(Percent(rate.Yearly, 2, words), TextStyle.CellStrong));
        }

        return table;
    }

    private static string Sum(decimal amount, Wording words) => amount == 0 ? "–" : words.Money(amount);

    private static string Percent(decimal value, int places, Wording words) => Formats.Number(value, places, words.Culture) + " %";
}

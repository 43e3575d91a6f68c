using System.Globalization;
using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>What the voucher of a payment to a supplier says (comprobante de egreso). Amounts in pesos.</summary>
/// <param name="Number">Of the expense and its payment, such as EG-2026-000031-1.</param>
/// <param name="Total">Of the invoice; <paramref name="Before"/> was paid of it before.</param>
/// <param name="Void">Set where the payment was taken back.</param>
public sealed record VoucherModel(
    BuildingHeader Building, string Number, DateOnly PaidOn, string Supplier, string? TaxId, string? Bank, string Method, string? Reference,
    decimal Amount, string Invoice, DateOnly InvoicedOn, string Description, decimal Total, decimal Before,
    IReadOnlyList<VoucherLine> Lines, string? MadeBy, string? ApprovedBy, string? PaidBy, ReceiptVoid? Void, DocumentStamp Stamp);

/// <summary>A line of its entry in the books.</summary>
public sealed record VoucherLine(string Code, string Account, decimal Debit, decimal Credit);

/// <summary>The paper behind money that left for a supplier, with room for who receives it to sign.</summary>
public static class VoucherDocument
{
    /// <exception cref="PdfException">A library is missing or refused; the message names the fix.</exception>
    public static byte[] Render(VoucherModel voucher, CultureInfo culture)
    {
        using var buffer = new MemoryStream();
        var words = new Wording(culture);
        new PdfDocument(
            voucher.Building, "voucher", voucher.Number, words.LongDate(voucher.PaidOn), words["voucher.subject", voucher.Supplier],
            voucher.Stamp, Verification: null).Write(buffer, words, flow => Compose(flow, voucher, words));
        return buffer.ToArray();
    }

    private static void Compose(Flow flow, VoucherModel voucher, Wording words)
    {
        if (voucher.Void is not null) flow.Ground = Watermark.Of(flow.Type, words["voucher.watermark"]);
        flow.Add(Sum(voucher, words), before: 18);
        flow.Add(new Gap(15));
        if (voucher.Void is { } voided)
        {
            List<Block> lines =
                [new Words(words["voucher.voided.when", words.LongMoment(voided.At)], TextStyle.BodyStrong with { Colour = Ink.Danger })];
            if (voided.Reason is { } reason) lines.Add(new Words(reason, TextStyle.Body, mostLines: 6));
            flow.Add(new Box(new Stack(1.5, [.. lines]), padding: 10, ground: Ink.DangerSoft));
            flow.Add(new Gap(12));
        }

        flow.Add(Facts.Of(
            (words["voucher.tax_id"], voucher.TaxId), (words["voucher.day"], words.Date(voucher.PaidOn)),
            (words["voucher.invoice"], voucher.Invoice), (words["voucher.invoiced"], words.Date(voucher.InvoicedOn)),
            (words["voucher.method"], voucher.Method), (words["voucher.reference"], voucher.Reference),
            (words["voucher.bank"], voucher.Bank), (words["voucher.for"], voucher.Description)));
        flow.Add(Headings.Of(words["voucher.sums"], null), before: 18, keep: 60);
        flow.Add(new Gap(4));
        Sums(voucher, words).AddTo(flow);
        flow.Add(Headings.Of(words["voucher.lines"], null), before: 18, keep: 60);
        flow.Add(new Gap(4));
        Lines(voucher, words).AddTo(flow);
        flow.Add(Facts.Of(
            (words["voucher.made"], voucher.MadeBy), (words["voucher.approved"], voucher.ApprovedBy),
            (words["voucher.paid"], voucher.PaidBy), (words["voucher.received"], "________________________")), before: 24);
    }

    private static Columns Sum(VoucherModel voucher, Wording words) => new(12, Upright.Bottom,
        (ColumnWidth.Part(), new Stack(0,
            new Words(words["voucher.to", voucher.Supplier], TextStyle.BodySoft),
            new Words(words.Money(voucher.Amount), TextStyle.Sum),
            new Words(NumberWords.Pesos(voucher.Amount, words.Culture), TextStyle.BodySoft))),
        (ColumnWidth.Content, voucher.Void is null
            ? new Chip(Icon.Done, words["voucher.valid"], Tone.Good)
            : new Chip(Icon.Voided, words["voucher.voided"], Tone.Bad)));

    private static Table Sums(VoucherModel voucher, Wording words)
    {
        var left = voucher.Total - voucher.Before - (voucher.Void is null ? voucher.Amount : 0);
        var table = new Table(
            new TableColumn(words["voucher.total"], ColumnWidth.Part(), Side.Right),
            new(words["voucher.before"], ColumnWidth.Part(), Side.Right),
            new(words["voucher.now"], ColumnWidth.Part(), Side.Right), new(words["voucher.left"], ColumnWidth.Part(), Side.Right));
        table.Row(
            Table.Figure(words.Money(voucher.Total)), Table.Figure(words.Money(voucher.Before)),
            Table.Figure(words.Money(voucher.Amount), TextStyle.CellStrong), Table.Figure(words.Money(left)));
        return table;
    }

    private static Table Lines(VoucherModel voucher, Wording words)
    {
        var table = new Table(
            new TableColumn(words["voucher.account"], ColumnWidth.Part()),
            new(words["voucher.debit"], ColumnWidth.ContentAtLeast(90), Side.Right),
            new(words["voucher.credit"], ColumnWidth.ContentAtLeast(90), Side.Right));
        foreach (var line in voucher.Lines)
        {
            table.Row(
                Table.Described($"{line.Code} {line.Account}", null), Table.Figure(line.Debit == 0 ? " " : words.Money(line.Debit)),
                Table.Figure(line.Credit == 0 ? " " : words.Money(line.Credit)));
        }

        return table;
    }
}

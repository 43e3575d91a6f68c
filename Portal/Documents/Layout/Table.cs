using Portal.Documents.Drawing;

namespace Portal.Documents.Layout;

/// <summary>A column of a <see cref="Table"/>.</summary>
internal sealed record TableColumn(string Head, ColumnWidth Width, Side Side = Side.Left);

/// <summary>
/// Rows under a head that is repeated on every page. A row is never split; the last row stays with the total, the head with
/// the first row.
/// </summary>
internal sealed class Table(params TableColumn[] columns)
{
    private const double Between = 12;
    private const int MostLines = 20;

    private readonly List<Block[]> rows = [];
    private double padding;

    /// <summary>The row of sums under a strong line; written once, after the last row.</summary>
    public Block[]? Total { get; set; }

    public void Row(params Block[] cells) => rows.Add(cells);

    /// <summary>A cell of text. A cell shows at most twenty lines, so that every row fits on a page.</summary>
    public static Words Cell(string text, TextStyle? style = null, Side side = Side.Left) =>
        new(text, style ?? TextStyle.Cell, side, MostLines);

    /// <summary>A cell with what it comes from in small letters under it.</summary>
    public static Block Described(string text, string? detail) => string.IsNullOrWhiteSpace(detail)
        ? Cell(text)
        : new Stack(0, Cell(text), Cell(detail, TextStyle.CellNote));

    /// <summary>A figure, kept in one line at the right.</summary>
    public static Words Figure(string text, TextStyle? style = null) => new(text, style ?? TextStyle.CellFigure, Side.Right, 1);

    public void AddTo(Flow flow)
    {
        padding = flow.Tight ? 4.5 : 6;
        var widths = ColumnWidth.Divide(
            [.. columns.Select(column => column.Width)], flow.Width - Between * (columns.Length - 1), i => NaturalOf(flow.Type, i));
        var fixedColumns = Array.ConvertAll(widths, ColumnWidth.Fixed);
        var total = Total is null ? null : Line(fixedColumns, Total, Ink.Text, 1.125, above: true);
        var totalHeight = total?.Fit(flow.Type, flow.Width) ?? 0;

        var head = Head(fixedColumns);
        var first = rows.Count > 0 ? Line(fixedColumns, rows[0], Ink.Line, 0.75) : null;
        flow.Add(head, keep: (first?.Fit(flow.Type, flow.Width) ?? 0) + (rows.Count <= 1 ? totalHeight : 0));
        for (var i = 0; i < rows.Count; i++)
        {
            var row = i == 0 ? first! : Line(fixedColumns, rows[i], Ink.Line, 0.75);
            var height = row.Fit(flow.Type, flow.Width);
            if (height + (i == rows.Count - 1 ? totalHeight : 0) > flow.Left)
            {
                flow.NewPage();
                flow.Add(Head(fixedColumns));
            }

            flow.Add(row);
        }

        if (total is not null)
        {
            flow.Add(total);
        }
    }

    private double NaturalOf(Typesetter type, int column) =>
        rows.Append(Total ?? []).Where(cells => cells.Length > column).Select(cells => cells[column].Natural(type))
            .Append(type.Set([new Run(columns[column].Head, TextStyle.SmallStrong)]).Width).Max();

    private Stack Head(ColumnWidth[] widths) =>
        new(
            0,
            new Gap(padding),
            new Columns(
                Between,
                Upright.Bottom,
                [
                    .. columns.Select(
                        (column, i) =>
                            (widths[i], (Block)new Words(column.Head, TextStyle.SmallStrong with { Colour = Ink.Soft }, column.Side))
                    ),
                ]
            ),
            new Gap(padding),
            new Rule(Ink.StrongLine)
        );

    private Stack Line(ColumnWidth[] widths, Block[] cells, Colour colour, double thickness, bool above = false)
    {
        var row = new Columns(Between, Upright.Top, [.. cells.Select((cell, i) => (widths[i], cell))]);
        var rule = new Rule(colour, thickness);
        return above ? new Stack(0, rule, new Gap(padding + 1), row) : new Stack(0, new Gap(padding), row, new Gap(padding), rule);
    }
}

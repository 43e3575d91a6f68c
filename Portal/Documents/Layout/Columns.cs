using Portal.Documents.Drawing;

namespace Portal.Documents.Layout;

/// <summary>How wide a column is: points, as wide as its content, or a share of what is left.</summary>
internal readonly record struct ColumnWidth(double Points, double Share, bool OfContent)
{
    public static readonly ColumnWidth Content = new(0, 0, true);

    public static ColumnWidth ContentAtLeast(double points) => new(points, 0, true);

    public static ColumnWidth Fixed(double points) => new(points, 0, false);

    public static ColumnWidth Part(double share = 1) => new(0, share, false);

    /// <summary>
    /// The widths in points of columns that share <paramref name="room"/>; content that asks for too much is cut to what there is.
    /// </summary>
    public static double[] Divide(IReadOnlyList<ColumnWidth> columns, double room, Func<int, double> natural)
    {
        var widths = new double[columns.Count];
        for (var i = 0; i < columns.Count; i++)
        {
            widths[i] = columns[i].OfContent
                ? Math.Min(Math.Max(columns[i].Points, natural(i)), Math.Max(0, room - widths.Sum()))
                : columns[i].Points;
        }

        var left = Math.Max(0, room - widths.Sum());
        var shares = columns.Sum(column => column.Share);
        for (var i = 0; i < columns.Count; i++)
        {
            widths[i] += shares > 0 ? left * columns[i].Share / shares : 0;
        }

        return widths;
    }
}

internal enum Upright
{
    Top, Middle, Bottom,
}

/// <summary>Blocks side by side.</summary>
internal sealed class Columns(double between, Upright upright, params (ColumnWidth Width, Block Block)[] columns) : Block
{
    private readonly double[] heights = new double[columns.Length];
    private double[] widths = [];

    public override double Fit(Typesetter type, double width)
    {
        widths = ColumnWidth.Divide(
            [.. columns.Select(column => column.Width)], width - between * (columns.Length - 1), i => columns[i].Block.Natural(type));
        for (var i = 0; i < columns.Length; i++)
        {
            heights[i] = columns[i].Block.Fit(type, widths[i]);
        }

        return heights.Max();
    }

    public override double Natural(Typesetter type) =>
        columns.Sum(column => Math.Max(column.Width.Points, column.Width.OfContent ? column.Block.Natural(type) : 0))
        + between * (columns.Length - 1);

    public override void Paint(Canvas canvas, double x, double y)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            var spare = heights.Max() - heights[i];
            var down = upright switch
            {
                Upright.Middle => spare / 2,
                Upright.Bottom => spare,
                _ => 0,
            };
            columns[i].Block.Paint(canvas, x, y + down);
            x += widths[i] + between;
        }
    }
}

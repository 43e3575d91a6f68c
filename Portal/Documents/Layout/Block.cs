using Portal.Documents.Drawing;

namespace Portal.Documents.Layout;

/// <summary>
/// A rectangle of a document. It is fitted once into a width, which tells its height, and painted later, when the pages are
/// known; a block stands in one place only.
/// </summary>
internal abstract class Block
{
    /// <summary>Takes the width, in points, and returns the height that it needs.</summary>
    public abstract double Fit(Typesetter type, double width);

    /// <summary>Draws with its upper left corner at the given point. Called after <see cref="Fit"/>.</summary>
    public abstract void Paint(Canvas canvas, double x, double y);

    /// <summary>The width it would take if it had all the room; 0 for what stretches.</summary>
    public virtual double Natural(Typesetter type) => 0;
}

/// <summary>An empty height.</summary>
internal sealed class Gap(double height) : Block
{
    public override double Fit(Typesetter type, double width) => height;

    public override void Paint(Canvas canvas, double x, double y)
    {
    }
}

/// <summary>A horizontal line over the whole width.</summary>
internal sealed class Rule(Colour colour, double thickness = 0.75) : Block
{
    private double width;

    public override double Fit(Typesetter type, double width)
    {
        this.width = width;
        return thickness;
    }

    public override void Paint(Canvas canvas, double x, double y) => canvas.Fill(x, y, width, thickness, colour);
}

/// <summary>Something of a fixed size drawn by hand.</summary>
internal sealed class Drawn(double width, double height, Action<Canvas, double, double> paint) : Block
{
    public override double Fit(Typesetter type, double width) => height;

    public override double Natural(Typesetter type) => width;

    public override void Paint(Canvas canvas, double x, double y) => paint(canvas, x, y);
}

/// <summary>Blocks one under the other.</summary>
internal sealed class Stack(double between, params Block[] blocks) : Block
{
    private readonly double[] heights = new double[blocks.Length];

    public override double Fit(Typesetter type, double width)
    {
        for (var i = 0; i < blocks.Length; i++)
        {
            heights[i] = blocks[i].Fit(type, width);
        }

        return heights.Sum() + between * Math.Max(0, blocks.Length - 1);
    }

    public override double Natural(Typesetter type) => blocks.Length == 0 ? 0 : blocks.Max(block => block.Natural(type));

    public override void Paint(Canvas canvas, double x, double y)
    {
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i].Paint(canvas, x, y);
            y += heights[i] + between;
        }
    }
}

/// <summary>A block with room and perhaps a border or a ground around it.</summary>
internal sealed class Box(Block inner, double padding, double radius = 6, Colour? border = null, Colour? ground = null) : Block
{
    private double width;
    private double height;

    public override double Fit(Typesetter type, double width)
    {
        this.width = width;
        return height = inner.Fit(type, width - 2 * padding) + 2 * padding;
    }

    public override void Paint(Canvas canvas, double x, double y)
    {
        if (ground is { } fill)
        {
            canvas.FillRounded(x, y, width, height, radius, fill);
        }

        if (border is { } line)
        {
            canvas.StrokeRounded(x, y, width, height, radius, 0.75, line);
        }

        inner.Paint(canvas, x + padding, y + padding);
    }
}

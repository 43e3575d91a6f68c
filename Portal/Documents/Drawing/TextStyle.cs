namespace Portal.Documents.Drawing;

/// <summary>How a piece of text is set.</summary>
/// <param name="Size">In points.</param>
/// <param name="Leading">From one baseline to the next, in points.</param>
/// <param name="Weight">400 regular, 500 medium, 600 semibold.</param>
/// <param name="Tabular">Figures of equal width, for columns. Their glyphs make Cairo embed the font twice, so only where figures stand
/// under each other.</param>
/// <param name="Spacing">Added between letters, as a part of the size.</param>
internal sealed record TextStyle(double Size, double Leading, int Weight, Colour Colour, bool Tabular = false, double Spacing = 0)
{
    public static readonly TextStyle Body = new(9.75, 14.25, 400, Ink.Text);
    public static readonly TextStyle BodySoft = Body with { Colour = Ink.Soft };
    public static readonly TextStyle BodyMute = Body with { Colour = Ink.Mute };
    public static readonly TextStyle BodyMedium = Body with { Weight = 500 };
    public static readonly TextStyle BodyStrong = Body with { Weight = 600 };
    public static readonly TextStyle Cell = Body with { Leading = 13.5 };
    public static readonly TextStyle CellFigure = Cell with { Tabular = true };
    public static readonly TextStyle CellStrong = CellFigure with { Weight = 600 };
    public static readonly TextStyle Small = new(9, 12.75, 400, Ink.Soft);
    public static readonly TextStyle SmallMute = Small with { Colour = Ink.Mute };
    public static readonly TextStyle CellNote = SmallMute with { Leading = 12 };
    public static readonly TextStyle SmallStrong = Small with { Weight = 600 };
    public static readonly TextStyle Heading = new(11.25, 15, 600, Ink.Text);
    public static readonly TextStyle Total = new(11.25, 15, 600, Ink.Text, Tabular: true);
    public static readonly TextStyle Title = new(16.5, 21, 600, Ink.Text, Spacing: -0.018);
    public static readonly TextStyle Name = new(12.75, 16.5, 600, Ink.Text, Spacing: -0.012);
    public static readonly TextStyle Number = new(16.5, 21, 600, Ink.Primary, Spacing: -0.022);
    public static readonly TextStyle Sum = new(27, 33, 600, Ink.Text, Spacing: -0.026);
}

/// <summary>A piece of text in one style.</summary>
internal readonly record struct Run(string Text, TextStyle Style);

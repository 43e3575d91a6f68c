namespace Portal.Documents.Drawing;

/// <summary>A colour of a document, parts from 0 to 1.</summary>
internal readonly record struct Colour(double Red, double Green, double Blue, double Alpha = 1)
{
    public static Colour Hex(int rgb) => new((rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
}

/// <summary>The light colours of the portal (the tokens of its theme), which paper always has.</summary>
internal static class Ink
{
    public static readonly Colour Text = Colour.Hex(0x18232e);
    public static readonly Colour Soft = Colour.Hex(0x48535e);
    public static readonly Colour Mute = Colour.Hex(0x5f6871);
    public static readonly Colour Line = Colour.Hex(0xe3ded5);
    public static readonly Colour StrongLine = Colour.Hex(0x8a8378);
    public static readonly Colour Sunk = Colour.Hex(0xfaf8f5);
    public static readonly Colour Primary = Colour.Hex(0x17324d);
    public static readonly Colour PrimarySoft = Colour.Hex(0xe4ebf2);
    public static readonly Colour Accent = Colour.Hex(0x0f766e);
    public static readonly Colour AccentSoft = Colour.Hex(0xdbeeeb);
    public static readonly Colour Rest = Colour.Hex(0xd3ccc0);
    public static readonly Colour Success = Colour.Hex(0x17643a);
    public static readonly Colour SuccessSoft = Colour.Hex(0xe0f0e6);
    public static readonly Colour Warning = Colour.Hex(0x854600);
    public static readonly Colour WarningSoft = Colour.Hex(0xfcebcf);
    public static readonly Colour WarningSolid = Colour.Hex(0xc97814);
    public static readonly Colour Danger = Colour.Hex(0xa8221b);
    public static readonly Colour DangerSoft = Colour.Hex(0xfbe5e2);
    public static readonly Colour Info = Colour.Hex(0x1c5588);
    public static readonly Colour InfoSoft = Colour.Hex(0xe2edf7);
    public static readonly Colour Neutral = Colour.Hex(0x48535e);
    public static readonly Colour NeutralSoft = Colour.Hex(0xece8e1);
    public static readonly Colour White = Colour.Hex(0xffffff);
}

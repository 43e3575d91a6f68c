namespace Portal.Components.Shared;

/// <summary>560, 400 and 880 pixels in the middle; or a panel at the side for forms that belong to what stays in sight.</summary>
public enum DialogKind
{
    Normal,
    Small,
    Wide,
    Side,

    /// <summary>The search of the whole portal: near the top, without a head.</summary>
    Palette,
}

namespace Portal.Areas.Pqrs;

/// <summary>What a composer sends; it wears its dress.</summary>
public enum ComposerMode
{
    /// <summary>The petitioner's own words.</summary>
    Message,

    /// <summary>What the petitioner receives.</summary>
    Reply,

    /// <summary>What only those who handle cases see.</summary>
    Note,
}

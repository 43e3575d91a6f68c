namespace Portal.Components.Shared;

/// <summary>What an entry of a timeline is; public replies and internal notes never look alike.</summary>
public enum TimelineKind
{
    /// <summary>A small fact on the rail: the clock stood still, somebody was assigned.</summary>
    Dot,

    /// <summary>A resident's own words.</summary>
    Message,

    /// <summary>What the resident receives.</summary>
    Public,

    /// <summary>What only staff see.</summary>
    Note,
}

using Microsoft.AspNetCore.Components;
using Portal.Data.Audit;

namespace Portal.Components.Shared;

/// <summary>
/// Since when the first page of a circuit has to hear of changes: it carries what was read for its prerendering, and listens seconds later,
/// on a slow line many. Handed from the request to the circuit.
/// </summary>
public sealed class LiveStart(LiveFeed feed)
{
    /// <summary>A request's reading takes no longer, and what it read was told no later after it was saved.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    /// <summary>So long after the circuit began pages are still the first.</summary>
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);

    private readonly long _made = Environment.TickCount64;

    [PersistentState] public FeedMoment? Carried { get; set; } = feed.Moment(Margin);

    /// <summary>The moment of the prerendering; null: the page was read in this circuit.</summary>
    public FeedMoment? Read => Environment.TickCount64 - _made < First.TotalMilliseconds ? Carried : null;
}

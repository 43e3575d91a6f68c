namespace Portal.Components.Shared;

/// <summary>One step of the path above a page's title; without an address it is the page itself.</summary>
public sealed record Crumb(string Title, string? Href = null);

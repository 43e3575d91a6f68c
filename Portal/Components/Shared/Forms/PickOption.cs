namespace Portal.Components.Shared;

/// <summary>One thing to choose by searching: an apartment, a person.</summary>
/// <param name="Detail">A second line that tells two of one name apart.</param>
public sealed record PickOption(long Id, string Label, string? Detail = null);

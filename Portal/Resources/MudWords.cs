namespace Portal.Resources;

/// <summary>Words of packages at the gate.</summary>
public sealed class MudWords;

namespace Portal.Resources;

/// <summary>Words of guards and their insurances.</summary>
public sealed class GuardWords;

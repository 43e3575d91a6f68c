namespace Portal.Resources;

/// <summary>Words of payments over the gateway.</summary>
public sealed class OnlineWords;

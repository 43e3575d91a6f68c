namespace Portal.Resources;

/// <summary>Words of fines and their steps.</summary>
public sealed class FineWords;

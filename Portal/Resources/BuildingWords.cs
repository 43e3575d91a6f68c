namespace Portal.Resources;

/// <summary>Names the words of towers, apartments and who is tied to them.</summary>
public sealed class BuildingWords;

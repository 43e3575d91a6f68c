namespace Portal.Resources;

/// <summary>Words of the census of pets.</summary>
public sealed class PetWords;

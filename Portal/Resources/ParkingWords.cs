namespace Portal.Resources;

/// <summary>Words of parking spaces.</summary>
public sealed class ParkingWords;

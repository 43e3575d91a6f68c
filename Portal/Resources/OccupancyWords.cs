namespace Portal.Resources;

/// <summary>Names the words of the occupancy report.</summary>
public sealed class OccupancyWords;
